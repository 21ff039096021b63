/* SPDX-License-Identifier: MIT */
/* packets.c - TCP/IPv4 packets of the wire */
#include "packets.h"

#include <string.h>

#define L3 14
#define L4 34

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint32_t sum(const uint8_t *p, size_t n)
{
	uint32_t s = 0;

	for (size_t i = 0; i < n; i += 2)
		s += (uint32_t)p[i] << 8 | p[i + 1];
	return s;
}

static uint16_t done(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

void packet_headers(uint8_t *p, uint32_t flow, uint32_t k)
{
	static const uint8_t first[L4] = { 2, 0, 0, 0, 0,    2, 2,    0,
					   0, 0, 0, 1, 8,    0, 0x45, 0,
					   0, 0, 0, 0, 0x40, 0, 64,   6 };

	memset(p, 0, PACKET_HEADERS);
	memcpy(p, first, sizeof(first));
	put16(p + L3 + 2, PACKET_LEN - L3);
	put16(p + L3 + 4, k & 0xffff);
	put32(p + L3 + 12, 0x0a000000 + (flow >> 12));
	put32(p + L3 + 16, 0x0a800001);
	put16(p + L3 + 10, done(sum(p + L3, 20)));
	put16(p + L4, 1024 + (flow & 0xfff));
	put16(p + L4 + 2, 443);
	put32(p + L4 + 4, k * 1448);
	put16(p + L4 + 12, 0x8010);
	put16(p + L4 + 14, 512);
	memcpy(p + L4 + 20, "\x01\x01\x08\x0a", 4);
}

void packet_whole(uint8_t *p, uint32_t flow, uint32_t k)
{
	packet_headers(p, flow, k);
	for (size_t i = PACKET_HEADERS; i < PACKET_LEN; i++)
		p[i] = (uint8_t)(i * 7 + k + flow);
	put16(p + L4 + 16, done(sum(p + L3 + 12, 8) + 6 + PACKET_LEN - L4 +
				sum(p + L4, PACKET_LEN - L4)));
}

void packet_vxlan(uint8_t *p, uint32_t flow, uint32_t k, bool whole)
{
	static const uint8_t vxlan[8] = { 8, 0, 0, 0, 0, 0, 42, 0 };
	const uint32_t len = PACKET_LEN + VXLAN_HEADERS;
	uint8_t *inner = p + VXLAN_HEADERS;

	packet_headers(p, flow, k);
	(whole ? packet_whole : packet_headers)(inner, flow, k);
	put16(p + L3 + 2, len - L3);
	p[L3 + 9] = 17;
	put16(p + L3 + 10, 0);
	put16(p + L3 + 10, done(sum(p + L3, 20)));
	put16(p + L4 + 2, 4789);
	put16(p + L4 + 4, len - L4);
	memcpy(p + L4 + 8, vxlan, sizeof(vxlan));
	/* without the payload it only matters that there is one */
	put16(p + L4 + 6, 0x1234);
	if (!whole)
		return;
	put16(p + L4 + 6, 0);
	put16(p + L4 + 6, done(sum(p + L3 + 12, 8) + 17 + len - L4 +
			       sum(p + L4, len - L4)));
}
