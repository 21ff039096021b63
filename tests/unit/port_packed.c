/* SPDX-License-Identifier: MIT */
/*
 * port_packed.c - compressed capture files
 *
 * The libraries are called by themselves here, to pack what is read and to
 * unpack what was written. A build without one of them must say so.
 */
#include "port_make.h"

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#define ROOM (4u << 20)

static uint8_t plain[ROOM], packed[ROOM], unpacked[ROOM];

struct packer {
	const char *name;
	const char *out;
	const char *damage; /* what is said of a wrong checksum */
	size_t (*pack)(const void *p, size_t n, uint8_t *to);
	size_t (*unpack)(const void *p, size_t n, uint8_t *to);
	size_t head; /* bytes that tell the compression */
};

#ifdef HAVE_ZLIB
static size_t gzip(const void *p, size_t n, uint8_t *to)
{
	z_stream z = { .next_out = to, .avail_out = ROOM };

	memcpy(unpacked, p, n);
	z.next_in = unpacked;
	z.avail_in = (uInt)n;
	deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static size_t gunzip(const void *p, size_t n, uint8_t *to)
{
	z_stream z = { .next_out = to, .avail_out = ROOM };

	memmove(packed, p, n);
	z.next_in = packed;
	z.avail_in = (uInt)n;
	inflateInit2(&z, 31);
	eq(inflate(&z, Z_FINISH), Z_STREAM_END);
	eq(z.avail_in, 0);
	inflateEnd(&z);
	return z.total_out;
}
#endif

#ifdef HAVE_ZSTD
static size_t zstd(const void *p, size_t n, uint8_t *to)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t size;

	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	size = ZSTD_compress2(z, to, ROOM, p, n);
	ok(!ZSTD_isError(size));
	ZSTD_freeCCtx(z);
	return size;
}

static size_t unzstd(const void *p, size_t n, uint8_t *to)
{
	size_t size = ZSTD_decompress(to, ROOM, p, n);

	ok(!ZSTD_isError(size));
	return size;
}
#endif

/* A pcap file whose packets of 1000 bytes do not get smaller. */
static size_t make(unsigned int packets)
{
	struct file f = { 0 };
	uint32_t state = 1;
	size_t n;

	pcap_header(&f, 0xa1b2c3d4, 1);
	memcpy(plain, f.p, f.n);
	n = f.n;
	for (unsigned int i = 0; i < packets; i++) {
		f.n = 0;
		pcap_packet(&f, i, 0, 1000, 1000);
		memcpy(plain + n, f.p, f.n);
		for (size_t k = 16; k < f.n; k++) {
			state = state * 1664525 + 1013904223;
			plain[n + k] = (uint8_t)(state >> 24);
		}
		n += f.n;
	}
	return n;
}

static size_t slurp(const char *name, uint8_t *to)
{
	FILE *f = fopen(at(name), "rb");
	size_t n = f ? fread(to, 1, ROOM, f) : 0;

	if (f)
		fclose(f);
	return n;
}

/* Both ways, with more bytes than fit into any buffer. */
static void there_and_back(const struct packer *p)
{
	struct capture_reader *r;
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;
	size_t n = make(3000), size = p->pack(plain, n, packed);
	uint64_t total;
	int ret;

	save("in", packed, size);
	eq(capture_open(&r, at("in"), &e), 0);
	eq(strcmp(capture_compression(r), p->name), 0);
	eq(capture_create(&w, at(p->out), r, -1, 0, &e), 0);
	while ((ret = capture_next(r, &rec, &e)) > 0) {
		eq(capture_copy(w, &rec, capture_bytes(r, &rec), &e), 0);
		capture_release(r, rec.at + rec.size);
	}
	eq(ret, 0);
	eq(capture_progress(r, &total), size);
	eq(total, size);
	eq(capture_written(w), n);
	eq(capture_finish(w, &e), 0);
	capture_close(r);
	size = slurp(p->out, packed);
	ok(size != n);
	eq(p->unpack(packed, size, unpacked), n);
	eq(memcmp(unpacked, plain, n), 0);
}

/* Read "in": how many packets, and how it ended. */
static int count(unsigned int *packets, struct port_error *e)
{
	struct capture_reader *r;
	struct capture_record rec;
	int ret = capture_open(&r, at("in"), e);

	*packets = 0;
	if (ret)
		return ret;
	while ((ret = capture_next(r, &rec, e)) > 0) {
		if (memcmp(capture_bytes(r, &rec), plain + rec.at, rec.size))
			return eq(rec.at, -1);
		++*packets;
	}
	capture_close(r);
	return ret;
}

/* Pack in three pieces that are cut at odd places. */
static size_t pack_pieces(const struct packer *p, size_t n, uint8_t *to)
{
	const size_t cut[] = { 0, 1, 1717, n };
	size_t size = 0;

	for (int i = 0; i < 3; i++)
		size += p->pack(plain + cut[i], cut[i + 1] - cut[i], to + size);
	return size;
}

static void pieces(const struct packer *p)
{
	unsigned int packets;
	struct port_error e;
	size_t n = make(3), size = pack_pieces(p, n, packed);

	save("in", packed, size);
	eq(count(&packets, &e), 0);
	eq(packets, 3);
}

/* Every length: nothing wrong is read, and what is missing is noticed. */
static void breaks_off(const struct packer *p)
{
	size_t n = make(3), size = p->pack(plain, n, packed);
	unsigned int packets, most = 0;
	struct port_error e;
	int ret;

	for (size_t k = 1; k < size; k++) {
		save("in", packed, k);
		ret = count(&packets, &e);
		eq(ret, k < p->head ? -EILSEQ : -EBADMSG);
		ok(packets >= most);
		most = packets;
		if (k >= p->head)
			ok(contains(&e, " data breaks off, at uncompressed "));
	}
	eq(most, 3);
	ok(contains(&e, "at uncompressed byte 3072, after packet 3"));
}

static void damage(const struct packer *p)
{
	size_t n = make(3), size = p->pack(plain, n, packed);
	unsigned int packets;
	struct port_error e;

	packed[size - 1] ^= 1;
	packed[size - 5] ^= 1;
	save("in", packed, size);
	eq(count(&packets, &e), -EBADMSG);
	ok(packets <= 3);
	ok(contains(&e, p->damage));
	size = p->pack(plain, n, packed);
	memcpy(packed + size, "garbage", 7);
	save("in", packed, size + 7);
	eq(count(&packets, &e), -EBADMSG);
	eq(packets, 3);
	ok(contains(&e, "is damaged: "));
	ok(contains(&e, ", at uncompressed byte 3072, after packet 3"));
}

/* A compressed file in a compressed file, and one of nothing. */
static void not_a_capture(const struct packer *p)
{
	size_t n = make(1), size = p->pack(plain, n, packed);
	unsigned int packets;
	struct port_error e;

	memcpy(plain, packed, size);
	size = p->pack(plain, size, packed);
	save("in", packed, size);
	eq(count(&packets, &e), -EILSEQ);
	ok(contains(&e, "data in compressed data; unpack it first"));
	size = p->pack("", 0, packed);
	save("in", packed, size);
	eq(count(&packets, &e), -EILSEQ);
	ok(contains(&e, "not a capture file (empty)"));
}

__attribute__((unused)) static void run(const struct packer *p)
{
	char name[80];

	snprintf(name, sizeof(name), "%s in and out", p->name);
	test(name);
	there_and_back(p);
	test("several pieces one after the other");
	pieces(p);
	test("compressed data that breaks off at every byte");
	breaks_off(p);
	test("damaged compressed data");
	damage(p);
	test("compressed data that is no capture file");
	not_a_capture(p);
}

/* Bytes behind the data that are no data. */
__attribute__((unused)) static void padded(const void *head, size_t nhead,
					   size_t zeros, const struct packer *p)
{
	size_t n = make(3);
	unsigned int packets;
	struct port_error e;

	memcpy(packed, head, nhead);
	n = nhead + p->pack(plain, n, packed + nhead);
	memset(packed + n, 0, zeros);
	save("in", packed, n + zeros);
	eq(count(&packets, &e), 0);
	eq(packets, 3);
}

#if !defined(HAVE_ZLIB) || !defined(HAVE_ZSTD)
static void without(const char *magic, const char *out, const char *text)
{
	struct capture_reader *r;
	struct capture_writer *w;
	struct port_error e;
	size_t n = make(1);

	test(text);
	save("in", magic, 4);
	eq(capture_open(&r, at("in"), &e), -ENOTSUP);
	ok(contains(&e, text));
	save("in", plain, n);
	eq(capture_open(&r, at("in"), &e), 0);
	eq(capture_create(&w, at(out), r, -1, 0, &e), -ENOTSUP);
	ok(contains(&e, text));
	eq(access(at(out), F_OK), -1);
	capture_close(r);
}
#endif

static void run_gzip(void)
{
#ifdef HAVE_ZLIB
	const struct packer p = { "gzip",
				  "out.gz",
				  "gzip data is damaged: "
				  "incorrect",
				  gzip,
				  gunzip,
				  2 };

	run(&p);
	test("gzip: zeros behind the data");
	padded("", 0, 600000, &p);
#else
	without("\x1f\x8b\x08", "out.gz", "this build has no gzip support");
#endif
}

static void run_zstd(void)
{
#ifdef HAVE_ZSTD
	const struct packer p = { "zstd", "out.zst", "zstd data is damaged: ",
				  zstd,	  unzstd,    4 };

	run(&p);
	test("zstd: a skippable frame before the data");
	padded("\x5a\x2a\x4d\x18\3\0\0\0abc", 11, 0, &p);
#else
	without("\x28\xb5\x2f\xfd", "out.zst",
		"this build has no zstd support");
#endif
}

int main(void)
{
	static const char *const names[] = { "in", "out.gz", "out.zst", NULL };

	make_begin();
	run_gzip();
	run_zstd();
	return make_end(names);
}
