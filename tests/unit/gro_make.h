/* SPDX-License-Identifier: MIT */
/*
 * gro_make.h - packets for coalescing, and what becomes of them
 *
 * A packet is built as in gso_make.h, its checksum finished, and pushed; it
 * may be changed before. Its cookie is its number. What left last is @got.
 */
#ifndef SEGOFF_TESTS_GRO_MAKE_H
#define SEGOFF_TESTS_GRO_MAKE_H

#include <stdlib.h>

#include "gso_make.h"

#define FIN 0x001
#define SYN 0x002
#define RST 0x004
#define PSH 0x008
#define ACK 0x010
#define URG 0x020
#define ECE 0x040
#define CWR 0x080
#define AE  0x100

#define CAME_MAX  70000
#define ARENA_MAX (8u << 20)
#define GOT_MAX	  600000

/* What is built next. */
static bool v6;

static struct {
	struct segoff_gro *g;
	struct segoff_gro_opts o;
	uint8_t arena[ARENA_MAX];
	size_t used;
	struct iovec iov[CAME_MAX];
	size_t n;
	int ret;
	struct segoff_meta meta; /* for the next packet, if @has_meta */
	bool has_meta;
	uint64_t time;
	uint32_t hash;
} gro;

static struct {
	struct segoff_super s;
	uint8_t at[GOT_MAX];
	uint64_t cookie[CAME_MAX];
	size_t net;
	size_t th;
	size_t data;
} got;

/* Begin anew; what is in gro.o besides these two stays. */
static inline void start(unsigned int profile, uint32_t flags)
{
	size_t size;

	free(gro.g);
	gro.o.sz = sizeof(gro.o);
	gro.o.profile = profile;
	gro.o.flags = flags;
	size = segoff_gro_size(&gro.o);
	gro.g = segoff_gro_init(malloc(size), size, &gro.o);
	gro.used = gro.n = 0;
	gro.time = gro.hash = 0;
	gro.has_meta = false;
	gro.meta = (struct segoff_meta){ 0 };
}

/* Everything as it is by default, from the next start() on. */
static inline void defaults(void)
{
	gro.o = (struct segoff_gro_opts){ .sz = sizeof(gro.o) };
	v6 = false;
}

/* From the seed that is there to the checksum. */
static inline void finish(void)
{
	uint16_t v = ref_not(ref_fold(ref_sum(in.at + in.th, in.len - in.th)));

	ref_put16(in_check(), v || in_proto() == 6 ? v : 0xffff);
}

/* All that depends on the bytes, anew. */
static inline void put_right(void)
{
	ip_lengths();
	if (in_proto() == 17)
		ref_put16(in.at + in.th + 4, in.len - in.th);
	reseed();
	finish();
}

static inline void build_tcp(uint32_t seq, uint16_t id, uint16_t flags,
			     size_t options, size_t n)
{
	ethernet(v6 ? 0x86dd : 0x0800);
	if (v6)
		ipv6(6);
	else
		ipv4(6, id, 0x4000);
	tcp(seq, flags, options);
	payload(n);
	finish();
}

static inline void build_udp(uint16_t id, size_t n)
{
	ethernet(v6 ? 0x86dd : 0x0800);
	if (v6)
		ipv6(17);
	else
		ipv4(17, id, 0x4000);
	udp(n);
	payload(n);
	finish();
}

static inline uint8_t *in_ip(void)
{
	return in.at + in.net;
}

static inline uint8_t *in_th(void)
{
	return in.at + in.th;
}

/* What push() said. It is called once, which verdict() does not promise. */
static inline void why_is_at(enum segoff_verdict v, enum segoff_verdict want,
			     const char *file, int line)
{
	if (v == want)
		return;
	test_fail(file, line);
	printf("verdict %s, want %s\n", segoff_verdict_name(v),
	       segoff_verdict_name(want));
}

#define why_is(v, want) why_is_at(v, want, __FILE__, __LINE__)

/* Push the packet of @in as these pieces. */
static inline enum segoff_verdict push_pieces(struct iovec *iov, unsigned int n)
{
	struct segoff_gro_pkt p = {
		.pkt = { iov, n, in.link },
		.meta = gro.has_meta ? &gro.meta : NULL,
		.cookie = gro.n,
		.time = gro.time,
		.hash = gro.hash,
		.why = SEGOFF_V_COUNT,
	};

	gro.ret = segoff_gro_push(gro.g, &p);
	if (!gro.ret)
		gro.n++;
	return p.why;
}

/* Push the packet of @in as it is. */
static inline enum segoff_verdict push(void)
{
	struct iovec *v = &gro.iov[gro.n];

	*v = (struct iovec){ gro.arena + gro.used, in.len };
	if (in.len)
		memcpy(v->iov_base, in.at, in.len);
	gro.used += in.len;
	return push_pieces(v, 1);
}

static inline enum segoff_verdict push_tcp(uint32_t seq, uint16_t id,
					   uint16_t flags, size_t n)
{
	build_tcp(seq, id, flags, 0, n);
	return push();
}

static inline enum segoff_verdict push_udp(uint16_t id, size_t n)
{
	build_udp(id, n);
	return push();
}

static inline void flush_all(void)
{
	segoff_gro_flush(gro.g, UINT64_MAX);
}

/* What leaves next, flat, with its headers found. */
static inline bool pop(void)
{
	struct ref_pkt p = { got.at, 0, in.link };
	struct segoff_stack st;

	if (!segoff_gro_pop(gro.g, &got.s))
		return false;
	eq(segoff_super_flat(&got.s, got.at, sizeof(got.at)), got.s.len);
	eq(segoff_super_cookies(&got.s, got.cookie, CAME_MAX), got.s.npkt);
	p.len = got.s.len;
	ref_dissect(&p, &st);
	if (st.ip_version) {
		got.net = st.layer[st.net].off;
		got.th = got.net + st.layer[st.net].len;
		got.data = st.payload;
	}
	return true;
}

/* The next one has these packets, @n from @first on. */
static inline void leaves_at(size_t first, size_t n, const char *file, int line)
{
	if (!pop()) {
		test_fail(file, line);
		printf("nothing leaves, want %zu from %zu on\n", n, first);
		return;
	}
	test_eq((long long)got.s.npkt, (long long)n, "npkt", file, line);
	for (size_t i = 0; i < got.s.npkt; i++)
		test_eq((long long)got.cookie[i], (long long)(first + i),
			"cookie", file, line);
	if (n > 1 || got.s.npkt > 1)
		return;
	test_mem_eq(got.at, got.s.len, gro.iov[first].iov_base,
		    gro.iov[first].iov_len, "alone", file, line);
}

#define leaves(first, n) leaves_at(first, n, __FILE__, __LINE__)

/* The next one has the packets with these numbers, one digit each. */
static inline void leaves_of(const char *which)
{
	size_t n = strlen(which);

	if (!ok(pop()))
		return;
	eq(got.s.npkt, n);
	for (size_t i = 0; i < n && i < got.s.npkt; i++)
		eq(got.cookie[i], which[i] - '0');
}

static inline void nothing_leaves_at(const char *file, int line)
{
	if (pop()) {
		test_fail(file, line);
		printf("%u packets leave, from %llu on\n", got.s.npkt,
		       (unsigned long long)got.s.cookie);
	}
}

#define nothing_leaves() nothing_leaves_at(__FILE__, __LINE__)

/* Flush; exactly this leaves: packets before and behind a border. */
#define two_leave(first, border, end)              \
	do {                                       \
		flush_all();                       \
		leaves(first, (border) - (first)); \
		leaves(border, (end) - (border));  \
		nothing_leaves();                  \
	} while (0)

/* Both profiles, one after the other. */
#define both_profiles(profile)                           \
	for (unsigned int profile = SEGOFF_GRO_LOSSLESS; \
	     profile <= SEGOFF_GRO_LINUX; profile++)

/* Looking at what left. */

static inline uint8_t *got_ip(void)
{
	return got.at + got.net;
}

static inline uint8_t *got_th(void)
{
	return got.at + got.th;
}

/* The header of what left must be that of packet @i, with these differences. */
static inline void header_is(size_t i, uint8_t or_flags)
{
	uint8_t want[200];
	size_t len = got.s.len;

	memcpy(in.at, gro.iov[i].iov_base, gro.iov[i].iov_len);
	in.len = len;
	in.net = got.net;
	in.th = got.th;
	in.data = got.data;
	memcpy(in.at + in.data, got.at + got.data, len - in.data);
	ip_lengths();
	if (in_proto() == 17)
		ref_put16(in.at + in.th + 4, len - in.th);
	else
		in_th()[13] |= or_flags;
	reseed();
	memcpy(want, in.at, in.data);
	mem_eq(got.at, got.data, want, in.data);
}

/* The payload of what left is that of these packets, one after the other. */
static inline void payload_is(size_t first, size_t n)
{
	size_t at = got.data;

	for (size_t i = first; i < first + n; i++) {
		const uint8_t *p = gro.iov[i].iov_base;

		mem_eq(got.at + at, gro.iov[i].iov_len - got.data, p + got.data,
		       gro.iov[i].iov_len - got.data);
		at += gro.iov[i].iov_len - got.data;
	}
	eq(at, got.s.len);
}

#endif
