/* SPDX-License-Identifier: MIT */
/*
 * port_pcap.c - the classic capture format
 */
#include "port_make.h"

#define MICRO 0xa1b2c3d4u
#define NANO  0xa1b23c4du

/* Two packets; FCS length 4 in the bits above link type 1. */
static void make(struct file *f, bool big, uint32_t magic)
{
	*f = (struct file){ .big = big };
	pcap_header(f, magic, 0x24000001);
	pcap_packet(f, 1600000000, 999999, 60, 60);
	pcap_packet(f, 1600000001, 7, 33, 1514);
}

static void records(bool big, uint32_t magic, uint64_t ticks)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	struct file f;

	make(&f, big, magic);
	if (!eq(open_made(&r, &f, &e), 0))
		return;
	eq(capture_format(r), CAPTURE_PCAP);
	eq(strcmp(capture_compression(r), ""), 0);
	eq(capture_ticks(r, 0), ticks);
	eq(capture_snaplen(r, 0), 262144);
	eq(capture_next(r, &rec, &e), 1);
	eq(rec.at, 24);
	eq(rec.size, 76);
	eq(rec.number, 1);
	ok(rec.packet && rec.has_time && !rec.has_flags);
	eq(rec.data, 16);
	eq(rec.caplen, 60);
	eq(rec.len, 60);
	eq(rec.linktype, LINKTYPE_ETHERNET);
	eq(rec.iface, 0);
	eq(rec.flags, 0);
	eq(rec.time, 1600000000 * ticks + 999999);
	mem_eq(capture_bytes(r, &rec), rec.size, f.p + 24, 76);
	eq(capture_next(r, &rec, &e), 1);
	eq(rec.at, 100);
	eq(rec.number, 2);
	eq(rec.caplen, 33);
	eq(rec.len, 1514);
	eq(rec.time, 1600000001 * ticks + 7);
	eq(capture_next(r, &rec, &e), 0);
	eq(capture_next(r, &rec, &e), 0);
	capture_close(r);
}

static void copies(bool big, uint32_t magic)
{
	struct file f;

	make(&f, big, magic);
	save("in", f.p, f.n);
	copy_all(-1, 0);
	written_is("out", f.p, f.n);
}

static void replaces(bool big)
{
	struct file f, want;

	make(&f, big, MICRO);
	save("in", f.p, f.n);
	copy_all(1, 228);
	want = f;
	want.n = 20;
	u32(&want, 0x240000e4);
	want.n = f.n;
	written_is("out", want.p, want.n);
	copy_all(101, 228);
	written_is("out", f.p, f.n);
}

/* Two frames out of the first packet, then one that is as it was. */
static void builds(bool big, uint32_t magic, uint64_t ticks)
{
	struct capture_frame c = { .orig_len = 22, .segment = 1 };
	struct capture_reader *r;
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;
	struct file f, want = { .big = big };
	uint8_t *to;

	make(&f, big, magic);
	eq(open_made(&r, &f, &e), 0);
	eq(capture_create(&w, at("out"), r, -1, 0, &e), 0);
	capture_next(r, &rec, &e);
	for (c.segment = 1; c.segment < 3; c.segment++) {
		to = capture_begin(w, &rec, 2000, &e);
		memset(to, 0xee, 2000);
		to = capture_begin(w, &rec, 50, &e);
		memset(to, (int)c.segment, 20);
		c.len = 20;
		c.time = rec.time + c.segment;
		c.changed = c.has_flags = true;
		c.flags = EPB_OUTBOUND;
		capture_end(w, &rec, capture_bytes(r, &rec), &c);
	}
	capture_next(r, &rec, &e);
	capture_copy(w, &rec, capture_bytes(r, &rec), &e);
	eq(capture_packets(w), 3);
	eq(capture_written(w), 24 + 36 + 36 + 49);
	eq(capture_finish(w, &e), 0);
	capture_close(r);

	pcap_header(&want, magic, 0x24000001);
	for (unsigned int i = 1; i < 3; i++) {
		uint64_t time = 1600000000 * ticks + 999999 + i;
		uint8_t data[20];

		memset(data, (int)i, sizeof(data));
		u32(&want, time / ticks);
		u32(&want, time % ticks);
		u32(&want, 20);
		u32(&want, 22);
		put(&want, data, sizeof(data));
	}
	pcap_packet(&want, 1600000001, 7, 33, 1514);
	written_is("out", want.p, want.n);
}

/* What comes in with more bytes than it had goes out so. */
static void odd_lengths(void)
{
	struct file f = { 0 };

	pcap_header(&f, MICRO, 1);
	pcap_packet(&f, 1, 2000000, 64, 40);
	pcap_packet(&f, 2, 0, 0, 0);
	save("in", f.p, f.n);
	copy_all(-1, 0);
	written_is("out", f.p, f.n);
}

static void refuses(const void *p, size_t n, int code, const char *text)
{
	struct capture_reader *r = NULL;
	struct port_error e = { 0 };

	save("in", p, n);
	eq(capture_open(&r, at("in"), &e), code);
	eq(e.code, code);
	ok(r == NULL);
	ok(contains(&e, text));
	ok(contains(&e, at("in")));
}

static void no_capture(void)
{
	struct port_error e;
	struct capture_reader *r;

	test("what is no capture file is refused by name");
	refuses("", 0, -EILSEQ, "not a capture file (empty)");
	refuses("\0\1\2", 3, -EILSEQ, "has only 3 bytes");
	refuses("\0\1\2\3\4", 5, -EILSEQ, "begins with bytes 00 01 02 03");
	refuses("hello\tworld\n", 12, -EILSEQ, "looks like text");
	refuses("snoop", 5, -EILSEQ, "looks like text");
	refuses("\xa1\xb2\xcd\x34zz", 6, -EILSEQ, "editcap -F pcap");
	refuses("\x34\xcd\xb2\xa1zz", 6, -EILSEQ, "a modified libpcap");
	refuses("\x7f"
		"ELF\1",
		5, -EILSEQ, "a program");
	refuses("snoop\0\0\0\0", 9, -EILSEQ, "a snoop capture");
	refuses("PK\3\4", 4, -EILSEQ, "unpack it first");
	refuses("\x0a\x0d\x0d\x0azzzzzzzz", 12, -EILSEQ,
		"byte-order mark is damaged");
	eq(capture_open(&r, at("nothing"), &e), -ENOENT);
	ok(contains(&e, "nothing: cannot be opened: No such file"));
	eq(capture_open(&r, "/", &e), -EISDIR);
	ok(contains(&e, "Is a directory"));
}

static void bad_version(void)
{
	struct file f = { 0 };

	test("another version is refused");
	pcap_header(&f, MICRO, 1);
	f.p[4] = 3;
	refuses(f.p, f.n, -EBADMSG, "pcap version 3.4, only 2 is known");
}

/* Read a file of two packets of which the second is damaged. */
static void claims(uint32_t caplen, const char *text)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	struct file f;

	make(&f, false, MICRO);
	f.n = 108;
	u32(&f, caplen);
	f.n = 149;
	eq(open_made(&r, &f, &e), 0);
	eq(capture_next(r, &rec, &e), 1);
	eq(capture_next(r, &rec, &e), -EBADMSG);
	ok(contains(&e, text));
	memset(&e, 0, sizeof(e));
	eq(capture_next(r, &rec, &e), -EBADMSG);
	ok(contains(&e, text));
	mem_eq(capture_bytes(r, &(struct capture_record){ .at = 24 }), 76,
	       f.p + 24, 76);
	capture_close(r);
}

static void impossible(void)
{
	test("impossible lengths are damage");
	claims(CAPTURE_RECORD_MAX - 15,
	       "damaged at byte 100, in packet 2: a packet of 16777201 bytes");
	claims(0xffffffff, "a packet of 4294967295 bytes");
	claims(CAPTURE_RECORD_MAX - 16,
	       "breaks off at byte 149, in packet 2: 49 of at least 16777216");
	claims(34,
	       "breaks off at byte 149, in packet 2: 49 of at least 50 bytes");
}

/* What is written to the file afterwards would not fit what was said. */
static void grows_afterwards(void)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e = { 0 };
	struct file f;
	int fd;

	test("a failure is final, even if the file grows");
	make(&f, false, MICRO);
	f.n -= 3;
	eq(open_made(&r, &f, &e), 0);
	eq(capture_next(r, &rec, &e), 1);
	eq(capture_next(r, &rec, &e), -EBADMSG);
	fd = open(at("in"), O_WRONLY | O_APPEND);
	eq(write(fd, f.p + f.n, 3), 3);
	close(fd);
	memset(&e, 0, sizeof(e));
	eq(capture_next(r, &rec, &e), -EBADMSG);
	ok(contains(&e, "breaks off at byte 146, in packet 2"));
	capture_close(r);
}

int main(void)
{
	static const char *const names[] = { "in", "out", NULL };

	make_begin();
	for (int big = 0; big < 2; big++) {
		test(big ? "big-endian pcap" : "little-endian pcap");
		records(big, MICRO, 1000000);
		records(big, NANO, 1000000000);
		copies(big, MICRO);
		copies(big, NANO);
		replaces(big);
		builds(big, MICRO, 1000000);
		builds(big, NANO, 1000000000);
	}
	test("odd lengths and fractions are kept");
	odd_lengths();
	no_capture();
	bad_version();
	impossible();
	grows_afterwards();
	return make_end(names);
}
