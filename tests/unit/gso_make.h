/* SPDX-License-Identifier: MIT */
/*
 * gso_make.h - superpackets for tests, and what becomes of them
 *
 * One packet is built at a time (@in), and cut into @out. Addresses are
 * 10.0.0.1 to 10.0.0.2 and fd00::1 to fd00::2; payload byte i is 7 i + 1.
 */
#ifndef SEGOFF_TESTS_GSO_MAKE_H
#define SEGOFF_TESTS_GSO_MAKE_H

#include <errno.h>
#include <segoff.h>

#include "../ref/ref.h"
#include "../test.h"

#define PACKET_MAX 150000
#define SEGS_MAX   1024

static struct {
	uint8_t at[PACKET_MAX];
	size_t len;
	size_t net;
	size_t th;
	size_t data;
	unsigned int link;
} in;

static struct {
	uint8_t *at;
	size_t len;
	struct segoff_meta meta;
} out[SEGS_MAX];

static uint8_t out_bytes[3 * PACKET_MAX];
static size_t nout;
static enum segoff_verdict why;

/* Building: each appends to @in. */

static inline void put(const void *p, size_t n)
{
	memcpy(in.at + in.len, p, n);
	in.len += n;
}

static inline void begin(unsigned int link)
{
	memset(&in, 0, sizeof(in));
	in.link = link;
}

static inline void ethernet(uint16_t type)
{
	static const uint8_t macs[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 };

	begin(SEGOFF_LINK_ETHERNET);
	put(macs, 12);
	in.len += 2;
	ref_put16(in.at + 12, type);
}

/* An IPv4 header with ID @id and fragment word @frag. */
static inline void ipv4(uint8_t proto, uint16_t id, uint16_t frag)
{
	uint8_t h[20] = { 0x45, 0, 0,  0, 0, 0, 0,  0, 64, proto,
			  0,	0, 10, 0, 0, 1, 10, 0, 0,  2 };

	ref_put16(h + 4, id);
	ref_put16(h + 6, frag);
	in.net = in.len;
	put(h, 20);
	in.th = in.len;
}

/* An IPv6 header with @next behind it: traffic class 12, label 12345. */
static inline void ipv6(uint8_t next)
{
	uint8_t h[40] = { 0x61, 0x21, 0x23, 0x45, 0, 0, next, 64 };

	h[8] = h[24] = 0xfd;
	h[23] = 1;
	h[39] = 2;
	in.net = in.len;
	put(h, 40);
	in.th = in.len;
}

/* An extension header of @len bytes. */
static inline void extension(uint8_t next, size_t len)
{
	memset(in.at + in.len, 0, len);
	in.at[in.len] = next;
	in.at[in.len + 1] = (uint8_t)(len / 8 - 1);
	in.at[in.len + 2] = 1; /* PadN over the rest */
	in.at[in.len + 3] = (uint8_t)(len - 4);
	in.len += len;
	in.th = in.len;
}

static inline void tcp(uint32_t seq, uint16_t flags, size_t options)
{
	uint8_t h[60] = { 0x1f, 0x90, 0xc3, 0x50, 0, 0, 0, 0, 0x11, 0x22,
			  0x33, 0x44, 0,    0,	  2, 0, 0, 0, 0xab, 0xcd };

	ref_put32(h + 4, seq);
	ref_put16(h + 12, (5 + options / 4) << 12 | flags);
	for (size_t i = 0; i < options; i++)
		h[20 + i] = (uint8_t)(0xe0 + i);
	put(h, 20 + options);
}

static inline void udp(size_t payload)
{
	uint8_t h[8] = { 0x12, 0x34, 0, 0x35 };

	ref_put16(h + 4, (8 + payload) & 0xffff);
	put(h, 8);
}

/* Payload, and with it what depends on the length: IP lengths, the seed. */

static inline bool in_is_ipv4(void)
{
	return in.at[in.net] >> 4 == 4;
}

static inline uint8_t in_proto(void)
{
	size_t n = in.data - in.th;

	return n == 8 ? 17 : n == 12 ? 132 : 6;
}

static inline uint16_t in_check_at(void)
{
	return in_proto() == 6 ? 16 : in_proto() == 132 ? 8 : 6;
}

static inline uint8_t *in_check(void)
{
	return in.at + in.th + in_check_at();
}

/* Pseudo-header sum for @len bytes of TCP or UDP. */
static inline uint16_t seed_for(size_t len)
{
	const uint8_t *ip = in.at + in.net;
	uint64_t sum = in_proto() + len;

	sum += in_is_ipv4() ? ref_sum(ip + 12, 8) : ref_sum(ip + 8, 32);
	return ref_fold(sum);
}

static inline void reseed(void)
{
	if (in_proto() == 132)
		ref_put32(in_check(), 0);
	else
		ref_put16(in_check(), seed_for(in.len - in.th));
}

static inline void ip_lengths(void)
{
	uint8_t *ip = in.at + in.net;

	if (!in_is_ipv4()) {
		ref_put16(ip + 4, (in.len - in.net - 40) & 0xffff);
		return;
	}
	ref_put16(ip + 2, (in.len - in.net) & 0xffff);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, in.th - in.net))));
}

static inline void payload(size_t n)
{
	in.data = in.len;
	for (size_t i = 0; i < n; i++)
		in.at[in.len++] = (uint8_t)(7 * i + 1);
	ip_lengths();
	reseed();
}

/* The usual ones. */

static inline void tcp4(size_t n)
{
	ethernet(0x0800);
	ipv4(6, 0x1234, 0x4000);
	tcp(1000, 0x10, 0);
	payload(n);
}

static inline void tcp6(size_t n)
{
	ethernet(0x86dd);
	ipv6(6);
	tcp(1000, 0x10, 0);
	payload(n);
}

static inline void udp4(size_t n)
{
	ethernet(0x0800);
	ipv4(17, 0x1234, 0x4000);
	udp(n);
	payload(n);
}

static inline void udp6(size_t n)
{
	ethernet(0x86dd);
	ipv6(17);
	udp(n);
	payload(n);
}

/* Metadata as a decent writer gives it. */
static inline struct segoff_meta meta_for(uint32_t gso_type, uint16_t gso_size)
{
	return (struct segoff_meta){
		.gso_type = gso_type,
		.gso_size = gso_size,
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.csum_start = (uint16_t)in.th,
		.csum_offset = in_check_at(),
	};
}

/* Cutting: the number of segments, or -errno with the verdict in @why. */
static inline int cut_pkt(const struct segoff_pkt *pkt,
			  const struct segoff_meta *m,
			  const struct segoff_gso_opts *o)
{
	size_t used = 0;
	struct segoff_gso g;
	int err = segoff_gso_init(&g, pkt, m, o, NULL);
	ssize_t n;

	nout = 0;
	why = segoff_gso_why(&g);
	if (err)
		return err;
	while (nout < SEGS_MAX) {
		out[nout].at = out_bytes + used;
		n = segoff_gso_next(&g, out[nout].at, sizeof(out_bytes) - used);
		if (n <= 0)
			break;
		used += out[nout].len = (size_t)n;
		segoff_gso_meta_of(&g, nout, &out[nout].meta);
		nout++;
	}
	return (int)nout;
}

static inline int cut_with(const struct segoff_meta *m,
			   const struct segoff_gso_opts *o)
{
	struct iovec v = { in.at, in.len };
	struct segoff_pkt pkt = { &v, 1, in.link };

	return cut_pkt(&pkt, m, o);
}

static inline int cut_as(const struct segoff_meta *m, uint32_t flags,
			 enum segoff_csum_out csum)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .csum = csum,
				     .frag_id = 0x5beddd07 };

	return cut_with(m, &o);
}

/* As Linux does it, to the letter. */
static inline int cut(const struct segoff_meta *m)
{
	return cut_as(m, SEGOFF_TRUST_SEED | SEGOFF_STRICT,
		      SEGOFF_OUT_COMPLETE);
}

#define refused(meta, want_err, want_why) \
	do {                              \
		eq(cut(meta), want_err);  \
		verdict(why, want_why);   \
	} while (0)

#define verdict(got, want)                                                  \
	((got) == (want) ?                                                  \
		 true :                                                     \
		 (test_fail(__FILE__, __LINE__),                            \
		  printf("verdict %s, want %s\n", segoff_verdict_name(got), \
			 segoff_verdict_name(want)),                        \
		  false))

/* Looking at segments. */

static inline uint8_t *seg_ip(size_t k)
{
	return out[k].at + in.net;
}

static inline uint16_t seg16(size_t k, size_t at)
{
	return ref_get16(out[k].at + at);
}

/* Sum over a segment's TCP or UDP with its own pseudo header: 0xffff if good */
static inline uint16_t l4_sum(size_t k, size_t th)
{
	return ref_fold((uint64_t)seed_for(out[k].len - th) +
			ref_sum(out[k].at + th, out[k].len - th));
}

static inline uint16_t ip_sum(size_t k)
{
	return ref_fold(ref_sum(seg_ip(k), in.th - in.net));
}

#endif
