/* SPDX-License-Identifier: MIT */
/*
 * port_pcapng.c - the pcapng format: what is read, copied and refused
 */
#include "port_make.h"

#define UNKNOWN UINT64_MAX

/* A block that nobody looks into. */
static void other(struct file *f, uint32_t type, unsigned int first, size_t n)
{
	size_t b = block(f, type);

	frame(f, first, n);
	block_end(f, b);
}

/* One section with a bit of everything; @length as the header tells it. */
static void everything(struct file *f, uint64_t length, unsigned int link)
{
	size_t b;

	section(f, length);
	interface(f, link, 262144, 0);
	interface(f, 101, 0, 9);
	interface(f, link, 40, 0x80 | 20);
	other(f, 4, 'n', 9);
	block_end(f, enhanced(f, 0, 0x123456789abcull, 1, 61, 1514));
	b = enhanced(f, 1, 0xfedcba9876543210ull, 2, 64, 64);
	option(f, 1, "why", 3);
	option_u32(f, 2, EPB_OUTBOUND | EPB_CSUM_NOTREADY);
	option(f, 0, "", 0);
	block_end(f, b);
	b = obsolete(f, 2, 3, 5, 3, 22, 99);
	option_u32(f, 2, EPB_INBOUND | EPB_TCP_PENDING);
	block_end(f, b);
	simple(f, 4, 63, 63);
	other(f, 5, 's', 4);
	other(f, 10, 'd', 11);
	other(f, 0xbad, 'c', 6);
	other(f, 0x40000bad, 'C', 8);
	other(f, 0x01000000, 1, 16);
	other(f, 0x80000001, 0, 0);
}

static bool next_packet(struct capture_reader *r, struct capture_record *rec)
{
	struct port_error e;
	int ret;

	while ((ret = capture_next(r, rec, &e)) > 0 && !rec->packet)
		;
	if (ret < 0)
		printf("#   %s\n", e.text);
	return eq(ret, 1);
}

static void simple_packets(struct capture_reader *r, uint32_t first_iface)
{
	struct capture_record rec;

	if (!next_packet(r, &rec))
		return;
	eq(rec.data, 28);
	eq(rec.caplen, 61);
	eq(rec.len, 1514);
	eq(rec.iface, first_iface);
	eq(rec.linktype, 1);
	eq(rec.time, 0x123456789abc);
	ok(rec.has_time && !rec.has_flags);
	eq(capture_ticks(r, rec.iface), 1000000);
	eq(capture_bytes(r, &rec)[rec.data + 60], 61);
	if (!next_packet(r, &rec))
		return;
	eq(rec.iface, first_iface + 1);
	eq(rec.linktype, 101);
	eq(rec.time, 0xfedcba9876543210);
	ok(rec.has_flags);
	eq(rec.flags, EPB_OUTBOUND | EPB_CSUM_NOTREADY);
	eq(capture_ticks(r, rec.iface), 1000000000);
	eq(capture_snaplen(r, rec.iface), 0);
}

static void old_packets(struct capture_reader *r, uint32_t first_iface,
			uint64_t number)
{
	struct capture_record rec;

	if (!next_packet(r, &rec))
		return;
	eq(rec.iface, first_iface + 2);
	eq(rec.caplen, 22);
	eq(rec.len, 99);
	eq(rec.data, 28);
	eq(rec.time, 5);
	eq(rec.flags, EPB_INBOUND | EPB_TCP_PENDING);
	eq(capture_ticks(r, rec.iface), 1 << 20);
	if (!next_packet(r, &rec))
		return;
	eq(rec.number, number);
	eq(rec.iface, first_iface);
	eq(rec.data, 12);
	eq(rec.caplen, 63);
	eq(rec.len, 63);
	ok(!rec.has_time && !rec.has_flags);
	eq(capture_bytes(r, &rec)[rec.data], 4);
}

static void reads(bool big)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	struct file f = { .big = big };

	everything(&f, UNKNOWN, 1);
	f.big = !big;
	everything(&f, UNKNOWN, 1);
	if (!eq(open_made(&r, &f, &e), 0))
		return;
	eq(capture_format(r), CAPTURE_PCAPNG);
	simple_packets(r, 0);
	old_packets(r, 0, 4);
	simple_packets(r, 3);
	old_packets(r, 3, 8);
	eq(capture_ticks(r, 2), 1 << 20);
	for (int i = 0; i < 6; i++) {
		eq(capture_next(r, &rec, &e), 1);
		ok(!rec.packet);
	}
	eq(capture_next(r, &rec, &e), 0);
	capture_close(r);
}

/* Sections of both orders; only their lengths change. */
static void copies(bool big)
{
	struct file f = { .big = big }, want = { .big = big };

	everything(&f, 1000, 1);
	everything(&want, UNKNOWN, 1);
	f.big = want.big = !big;
	everything(&f, UNKNOWN, 1);
	everything(&want, UNKNOWN, 1);
	save("in", f.p, f.n);
	copy_all(-1, 0);
	written_is("out", want.p, want.n);
}

static void replaces(bool big)
{
	struct file f = { .big = big }, want = { .big = big };

	everything(&f, UNKNOWN, 147);
	everything(&want, UNKNOWN, 1);
	f.big = want.big = !big;
	everything(&f, UNKNOWN, 147);
	everything(&want, UNKNOWN, 1);
	save("in", f.p, f.n);
	copy_all(147, 1);
	written_is("out", want.p, want.n);
}

/*
 * An unknown block of one byte order whose bytes are those of an interface in
 * the other: type, both sizes and the place of the link type.
 */
static void unknown_is_left_alone(bool big)
{
	static const uint8_t body[65792 - 12] = { 0, 1, 1, 0 };
	static uint8_t in[70000];
	struct file f = { .big = big }, tail = { .big = big };
	size_t n;

	section(&f, UNKNOWN);
	u32(&f, 0x01000000);
	u32(&f, 65792);
	memcpy(in, f.p, f.n);
	memcpy(in + f.n, body, sizeof(body));
	n = f.n + sizeof(body);
	u32(&tail, 65792);
	memcpy(in + n, tail.p, 4);
	save("in", in, n + 4);
	copy_all(1, 147);
	copy_all(256, 147);
	written_is("out", in, n + 4);
}

static void resolutions(void)
{
	static const struct {
		uint8_t value;
		uint64_t ticks;
	} known[] = {
		{ 1, 10 },
		{ 6, 1000000 },
		{ 19, 10000000000000000000u },
		{ 0x80, 1 },
		{ 0x80 | 10, 1024 },
		{ 0x80 | 63, (uint64_t)1 << 63 },
	};
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct file f = { 0 };

		section(&f, UNKNOWN);
		interface(&f, 1, 0, known[i].value);
		eq(open_made(&r, &f, &e), 0);
		eq(capture_next(r, &rec, &e), 1);
		eq(capture_next(r, &rec, &e), 1);
		eq(capture_ticks(r, 0), known[i].ticks);
		capture_close(r);
	}
}

/* The last of some records is damaged, and the text says so. */
static void damaged(const struct file *f, int good, const char *text)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e = { 0 };

	if (!eq(open_made(&r, f, &e), 0))
		return;
	for (int i = 0; i < good; i++)
		if (!eq(capture_next(r, &rec, &e), 1))
			printf("#   %s\n", e.text);
	eq(capture_next(r, &rec, &e), -EBADMSG);
	ok(contains(&e, text));
	eq(capture_next(r, &rec, &e), -EBADMSG);
	capture_close(r);
}

static void start(struct file *f)
{
	f->n = 0;
	section(f, UNKNOWN);
	interface(f, 1, 0, 0);
}

static void damage_of_blocks(bool big)
{
	struct file f = { .big = big };
	size_t b;

	start(&f);
	u32(&f, 0x99);
	u32(&f, 8);
	u32(&f, 8);
	damaged(&f, 2, "at byte 48, before the first packet: a block of 8 byt");
	f.n -= 8;
	u32(&f, 14);
	f.n += 12;
	damaged(&f, 2, "a block of 14 bytes");
	f.n = 52;
	u32(&f, CAPTURE_RECORD_MAX + 4);
	f.n += 12;
	damaged(&f, 2, "a block of 16777220 bytes");
	start(&f);
	other(&f, 77, 0, 4);
	f.p[f.n - (big ? 1 : 4)] ^= 4;
	damaged(&f, 2, "begins with size 16 ends with size 20");
	start(&f);
	b = block(&f, 0x0a0d0d0a);
	u32(&f, 0x11223344);
	block_end(&f, b);
	damaged(&f, 2, "no byte-order mark");
	start(&f);
	b = block(&f, 0x0a0d0d0a);
	u32(&f, 0x1a2b3c4d);
	u64(&f, 0);
	block_end(&f, b);
	damaged(&f, 2, "a section header of 24 bytes");
	start(&f);
	section(&f, UNKNOWN);
	f.p[f.n - 28 + (big ? 13 : 12)] = 2;
	damaged(&f, 2, "pcapng version 2.0, only 1 is known");
}

static void damage_of_packets(bool big)
{
	struct file f = { .big = big };
	size_t b;

	start(&f);
	block_end(&f, enhanced(&f, 0, 0, 0, 5, 5));
	b = f.n;
	block_end(&f, enhanced(&f, 1, 0, 0, 5, 5));
	damaged(&f, 3,
		"at byte 88, in packet 2: it is of interface 1, but the "
		"section has 1");
	f.n = b;
	block_end(&f, obsolete(&f, 0xffff, 0, 0, 0, 5, 5));
	damaged(&f, 3, "in packet 2: it is of interface 65535");
	f.n = b;
	section(&f, UNKNOWN);
	b = f.n;
	block_end(&f, enhanced(&f, 0, 0, 0, 5, 5));
	damaged(&f, 4, "interface 0, but the section has 0");
	f.n = b;
	simple(&f, 0, 4, 4);
	damaged(&f, 4, "interface 0, but the section has 0");
	start(&f);
	other(&f, 6, 0, 16);
	damaged(&f, 2, "a packet block of 28 bytes");
	start(&f);
	other(&f, 3, 0, 0);
	damaged(&f, 2, "a packet block of 12 bytes");
	start(&f);
	b = enhanced(&f, 0, 0, 0, 4, 5);
	f.p[b + (big ? 23 : 20)] = 5;
	block_end(&f, b);
	damaged(&f, 2, "5 bytes of a packet in a block of 36");
	memset(f.p + b + 20, 0xff, 4);
	damaged(&f, 2, "4294967295 bytes of a packet in a block of 36");
}

static void damage_of_interfaces(bool big)
{
	struct file f = { .big = big };

	section(&f, UNKNOWN);
	interface(&f, 1, 0, 20);
	damaged(&f, 1, "ticks of time are too short");
	f.n = 0;
	section(&f, UNKNOWN);
	interface(&f, 1, 0, 0xff);
	damaged(&f, 1, "ticks of time are too short");
	f.n = 0;
	section(&f, UNKNOWN);
	other(&f, 1, 0, 4);
	damaged(&f, 1, "an interface block of 16 bytes");
}

/* Damaged options cost nothing but themselves. */
static void damage_of_options(bool big)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	struct file f = { .big = big };
	size_t b;

	start(&f);
	b = enhanced(&f, 0, 0, 0, 5, 5);
	option(&f, 1, "comment", 7);
	u16(&f, 2);
	u16(&f, 5);
	u32(&f, EPB_CSUM_VALID);
	block_end(&f, b);
	b = enhanced(&f, 0, 0, 0, 5, 5);
	u16(&f, 2);
	u16(&f, 2);
	u32(&f, EPB_CSUM_VALID);
	option_u32(&f, 2, EPB_INBOUND);
	option_u32(&f, 2, EPB_OUTBOUND);
	block_end(&f, b);
	eq(open_made(&r, &f, &e), 0);
	if (next_packet(r, &rec))
		ok(!rec.has_flags && !rec.flags);
	if (next_packet(r, &rec)) {
		ok(rec.has_flags);
		eq(rec.flags, EPB_INBOUND);
	}
	capture_close(r);
	save("in", f.p, f.n);
	copy_all(-1, 0);
	written_is("out", f.p, f.n);
}

/* Captured length of a Simple Packet: the least of three. */
static void simple_lengths(void)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	struct file f = { 0 };

	section(&f, UNKNOWN);
	interface(&f, 1, 50, 0);
	interface(&f, 1, 10, 0);
	simple(&f, 0, 50, 1000);
	simple(&f, 0, 20, 30);
	simple(&f, 0, 8, 6);
	eq(open_made(&r, &f, &e), 0);
	if (next_packet(r, &rec))
		eq(rec.caplen, 50);
	if (next_packet(r, &rec))
		eq(rec.caplen, 20);
	if (next_packet(r, &rec))
		eq(rec.caplen, 6);
	eq(rec.len, 6);
	capture_close(r);
}

int main(void)
{
	static const char *const names[] = { "in", "out", NULL };

	make_begin();
	for (int big = 0; big < 2; big++) {
		test(big ? "big-endian, then little-endian" :
			   "little-endian, then big-endian");
		reads(big);
		test("copies are identical but for the section length");
		copies(big);
		test("link types are replaced in interface blocks");
		replaces(big);
		test("an unknown block is never taken for an interface");
		unknown_is_left_alone(big);
		test("damaged blocks");
		damage_of_blocks(big);
		test("damaged packets");
		damage_of_packets(big);
		test("damaged interfaces");
		damage_of_interfaces(big);
		test("damaged options");
		damage_of_options(big);
	}
	test("time resolutions, decimal and binary");
	resolutions();
	test("captured length of Simple Packets");
	simple_lengths();
	return make_end(names);
}
