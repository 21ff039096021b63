/* SPDX-License-Identifier: MIT */
/*
 * port_breaks.c - files that break off, at every byte
 */
#include "port_make.h"

/* Where the records of the whole file are. */
static struct capture_record records[32];
static int nrecords;

static void make_pcap(struct file *f, bool big)
{
	*f = (struct file){ .big = big };
	pcap_header(f, 0xa1b2c3d4, 1);
	pcap_packet(f, 1, 2, 20, 60);
	pcap_packet(f, 3, 4, 0, 0);
	pcap_packet(f, 5, 6, 33, 33);
}

static void make_pcapng(struct file *f, bool big)
{
	size_t b;

	*f = (struct file){ .big = big };
	section(f, UINT64_MAX);
	interface(f, 1, 0, 9);
	block_end(f, enhanced(f, 0, 1, 2, 13, 13));
	b = block(f, 0xbad);
	u32(f, 7);
	block_end(f, b);
	simple(f, 3, 5, 5);
	section(f, UINT64_MAX);
	interface(f, 1, 0, 0);
	b = obsolete(f, 0, 0, 0, 4, 4, 4);
	option(f, 1, "text", 4);
	block_end(f, b);
}

static void read_whole(const struct file *f)
{
	struct capture_reader *r;
	struct port_error e;

	nrecords = 0;
	eq(open_made(&r, f, &e), 0);
	while (capture_next(r, &records[nrecords], &e) > 0)
		nrecords++;
	capture_close(r);
}

/* How many whole records there are in the first @n bytes. */
static int whole_records(size_t n)
{
	int i = 0;

	while (i < nrecords && records[i].at + records[i].size <= n)
		i++;
	return i;
}

/* Does the file end between two records, after @whole of them? */
static bool clean(size_t n, int whole)
{
	return whole ? records[whole - 1].at + records[whole - 1].size == n :
		       records[0].at == n;
}

/* What has to be said of a file of @n bytes. */
static void expect(char *text, size_t size, size_t n, int whole, size_t know)
{
	const struct capture_record *rec = &records[whole];
	uint64_t packets = 0;
	const char *place = "before the first packet";
	char number[40];

	for (int i = 0; i < whole; i++)
		packets += records[i].packet;
	if (n < 24 || (rec->at == 0)) {
		place = "in the file header";
	} else if (rec->packet && n - rec->at >= know) {
		snprintf(number, sizeof(number), "in packet %d",
			 (int)packets + 1);
		place = number;
	} else if (packets) {
		snprintf(number, sizeof(number), "after packet %d",
			 (int)packets);
		place = number;
	}
	snprintf(text, size, ": breaks off at byte %zu, %s: ", n, place);
}

/* Read and copy a file of @n bytes; returns what stopped it. */
static int read_broken(const struct file *f, int whole, struct port_error *e)
{
	struct capture_record rec;
	struct capture_reader *r;
	struct capture_writer *w;
	struct port_error unused;
	int i = 0, ret = open_made(&r, f, e);

	if (ret)
		return ret;
	eq(capture_create(&w, at("out"), r, -1, 0, &unused), 0);
	while ((ret = capture_next(r, &rec, e)) > 0) {
		eq(rec.at, records[i].at);
		eq(rec.number, records[i].number);
		eq(rec.size, records[i].size);
		mem_eq(capture_bytes(r, &rec), rec.size, f->p + rec.at,
		       rec.size);
		eq(capture_copy(w, &rec, capture_bytes(r, &rec), &unused), 0);
		i++;
	}
	eq(i, whole);
	eq(capture_finish(w, &unused), 0);
	written_is("out", f->p,
		   i ? records[i - 1].at + records[i - 1].size : records[0].at);
	capture_close(r);
	return ret;
}

/* @know: bytes of a record after which it is known for a packet */
static void every_byte(struct file *f, size_t know)
{
	struct port_error e;
	size_t size = f->n;
	char text[100];
	int whole, ret;

	read_whole(f);
	for (size_t n = 0; n <= size; n++) {
		f->n = n;
		whole = whole_records(n);
		memset(&e, 0, sizeof(e));
		ret = read_broken(f, whole, &e);
		if (n < 4) {
			eq(ret, -EILSEQ);
		} else if (clean(n, whole)) {
			eq(ret, 0);
		} else {
			expect(text, sizeof(text), n, whole, know);
			eq(ret, -EBADMSG);
			ok(contains(&e, text));
		}
	}
}

int main(void)
{
	static const char *const names[] = { "in", "out", NULL };
	struct file f;

	make_begin();
	for (int big = 0; big < 2; big++) {
		test(big ? "big-endian pcap" : "little-endian pcap");
		make_pcap(&f, big);
		every_byte(&f, 1);
		test(big ? "big-endian pcapng" : "little-endian pcapng");
		make_pcapng(&f, big);
		every_byte(&f, 4);
	}
	return make_end(names);
}
