/* SPDX-License-Identifier: MIT */
/*
 * meta_make.h - a virtio_net_hdr in numbers, a frame, and what they lead to
 */
#ifndef SEGOFF_TESTS_META_MAKE_H
#define SEGOFF_TESTS_META_MAKE_H

#include <errno.h>
#include <segoff.h>

#include "../ref/ref.h"
#include "../test.h"

/* The header to be read, in the byte order of @o unless @little is set. */
static struct {
	uint8_t flags;
	uint8_t type;
	uint16_t hdr_len;
	uint16_t gso_size;
	uint16_t cs;
	uint16_t co;
	uint16_t outer_th;
	uint16_t inner_nh;
	size_t size;
	bool little;
} h;

static struct segoff_vnet_opts o;
static uint8_t frame[70000];
static size_t flen;
static unsigned int flink;
static struct segoff_meta m;
static enum segoff_verdict why;

static inline void put16(uint8_t *p, uint16_t v, bool big)
{
	p[big ? 0 : 1] = (uint8_t)(v >> 8);
	p[big ? 1 : 0] = (uint8_t)v;
}

/* Everything as in the first example: TCPV4, gso_size 1000, 3000 bytes. */
static inline void good_tcp4(void)
{
	static const uint8_t eth_ip_tcp[] = {
		2,  0,	  0,	0,    0,    2,	  2,	0,    0,    0,	  0,
		1,  8,	  0,	0x45, 0,    0x0b, 0xe0, 0x12, 0x34, 0x40, 0,
		64, 6,	  0,	0,    10,   0,	  0,	1,    10,   0,	  0,
		2,  0x1f, 0x90, 0xc3, 0x50, 0,	  0,	0,    1,    0,	  0,
		0,  2,	  0x50, 0x10, 2,    0,	  0,	0,    0,    0,
	};

	memset(&h, 0, sizeof(h));
	memset(frame, 0, sizeof(frame));
	memcpy(frame, eth_ip_tcp, sizeof(eth_ip_tcp));
	flen = sizeof(eth_ip_tcp) + 3000;
	flink = SEGOFF_LINK_ETHERNET;
	h.flags = SEGOFF_VNET_NEEDS_CSUM;
	h.type = SEGOFF_VNET_GSO_TCPV4;
	h.gso_size = 1000;
	h.cs = 34;
	h.co = 16;
	h.size = 10;
	o = (struct segoff_vnet_opts){ .sz = sizeof(o) };
}

/* The same, but UDP: 3000 bytes behind its header. */
static inline void good_udp4(uint8_t type)
{
	good_tcp4();
	frame[23] = 17;
	flen = 42 + 3000;
	h.type = type;
	h.co = 6;
}

/* The same without the Ethernet header, as a TUN device has it. */
static inline void good_tun(void)
{
	good_tcp4();
	memmove(frame, frame + 14, 60);
	flen -= 14;
	h.cs = 20;
	flink = SEGOFF_LINK_RAW;
	o.writer = SEGOFF_WRITER_TUN;
}

static inline int decode(void)
{
	struct iovec v = { frame, flen };
	struct segoff_pkt pkt = { &v, 1, flink };
	uint8_t hdr[64] = { h.flags, h.type };
	bool big = o.big_endian && !h.little;

	put16(hdr + 2, h.hdr_len, big);
	put16(hdr + 4, h.gso_size, big);
	put16(hdr + 6, h.cs, big);
	put16(hdr + 8, h.co, big);
	put16(hdr + 20, h.outer_th, false);
	put16(hdr + 22, h.inner_nh, false);
	memset(&m, 0x5a, sizeof(m));
	return segoff_vnet_decode(hdr, h.size, &pkt, &o, &m, &why);
}

#define verdict(got, want)                                                  \
	((got) == (want) ?                                                  \
		 true :                                                     \
		 (test_fail(__FILE__, __LINE__),                            \
		  printf("verdict %s, want %s\n", segoff_verdict_name(got), \
			 segoff_verdict_name(want)),                        \
		  false))

/* Accepted as a superpacket of this type (DODGY is always there). */
#define super(type)                                        \
	do {                                               \
		eq(decode(), 0);                           \
		verdict(why, SEGOFF_V_OK);                 \
		eq(m.gso_type, (type) | SEGOFF_GSO_DODGY); \
		eq(m.gso_size, h.gso_size);                \
		eq(m.gso_segs, 0);                         \
	} while (0)

/* Accepted as an ordinary packet. */
#define ordinary()                         \
	do {                               \
		eq(decode(), 0);           \
		verdict(why, SEGOFF_V_OK); \
		eq(m.gso_type, 0);         \
		eq(m.gso_size, 0);         \
	} while (0)

/* Refused: nothing is left in the metadata. */
#define refused_with(err, want)                             \
	do {                                                \
		static const struct segoff_meta none;       \
		eq(decode(), err);                          \
		verdict(why, want);                         \
		mem_eq(&m, sizeof(m), &none, sizeof(none)); \
	} while (0)

#define refused(want) refused_with(-EINVAL, want)

#endif
