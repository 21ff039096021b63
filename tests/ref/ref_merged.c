/* SPDX-License-Identifier: MIT */
/* ref_merged.c - the frame of packets that were merged, from nothing */
#include <stdlib.h>
#include <string.h>

#include "ref_coalesce.h"

#define FIN_PSH 0x09

/* BIG TCP over IPv6 as 6.18 has it: 8 bytes behind the IPv6 header. R-GRO-14 */
static size_t jumbo_len(const struct ref_held *h)
{
	size_t ext = h->h.data - h->h.net - 40;

	return h->h.version == 6 && ext + h->payload > 65535 ? 8 : 0;
}

static void jumbo(uint8_t *ip, size_t len)
{
	uint8_t *hop = ip + 40;

	hop[0] = ip[6];
	hop[1] = 0;
	hop[2] = 0xc2;
	hop[3] = 4;
	ref_put32(hop + 4, (uint32_t)(len - 40));
	ip[6] = 0;
}

/* All headers; returns how many bytes they have now. */
static size_t headers(const struct ref_held *h, uint8_t *to)
{
	const uint8_t *from = h->first->at;
	size_t more = jumbo_len(h), cut = h->h.net + (more ? 40 : 0);

	memcpy(to, from, cut);
	memset(to + cut, 0, more);
	memcpy(to + cut + more, from + cut, h->h.data - cut);
	return h->h.data + more;
}

static size_t payloads(const struct ref_held *h, uint8_t *to)
{
	size_t n = 0;

	for (const struct ref_one *o = h->first; o; o = o->next) {
		memcpy(to + n, o->at + h->h.data, o->len - h->h.data);
		n += o->len - h->h.data;
	}
	return n;
}

static void network(const struct ref_held *h)
{
	uint8_t *ip = h->frame + h->h.net;
	size_t len = h->len - h->h.net;

	if (h->h.version == 4) {
		ref_put16(ip + 2, len > 65535 ? 0 : len);
		ref_put16(ip + 10, 0);
		ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, 20))));
		return;
	}
	ref_put16(ip + 4, jumbo_len(h) ? 0 : len - 40);
	if (jumbo_len(h))
		jumbo(ip, len);
}

/* R-GRO-1: flags of the last, a seed over the whole length. R-GRO-17: none. */
static void transport(const struct ref_held *h, size_t th)
{
	struct ref_pkt p = { h->first->at, h->first->len, h->link };
	struct ref_walk w = { .net = h->h.net, .version = h->h.version };
	uint16_t seed;

	ref_walk_ip(&p, &w);
	seed = ref_fold(ref_pseudo(&p, &w, false, h->len - th));
	if (h->h.proto == 17)
		ref_put16(h->frame + th + 4, h->len - th);
	if (h->list)
		return;
	if (h->h.proto == 17) {
		ref_put16(h->frame + th + 6, seed);
		return;
	}
	for (const struct ref_one *o = h->first; o; o = o->next)
		h->frame[th + 13] |= o->at[h->h.th + 13] & FIN_PSH;
	ref_put16(h->frame + th + 16, seed);
}

/* The checksum is the first one's, and what is known of that. */
static void describe_list(struct ref_held *h, const struct segoff_meta *first)
{
	bool partial = h->summed == SEGOFF_CHECKSUM_PARTIAL;

	h->meta.gso_type |= SEGOFF_GSO_FRAGLIST;
	h->meta.ip_summed = h->summed;
	h->meta.csum_start = partial ? first->csum_start : 0;
	h->meta.csum_offset = partial ? first->csum_offset : 0;
}

static void describe(struct ref_held *h, size_t hlen, size_t th)
{
	const struct segoff_meta first = h->meta;
	uint32_t type = SEGOFF_GSO_UDP_L4;

	if (h->h.proto == 6)
		type = h->h.version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
	/* */
	if (h->fixed_id && type == SEGOFF_GSO_TCPV4 && !h->list)
		type |= SEGOFF_GSO_TCP_FIXEDID;
	h->meta = (struct segoff_meta){
		.gso_type = type,
		.gso_size = (uint16_t)h->gso_size,
		.gso_segs = (uint16_t)h->count,
		.hdr_len = (uint16_t)hlen,
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.csum_start = (uint16_t)th,
		.csum_offset = h->h.proto == 6 ? 16 : 6,
		.protocol = h->h.version == 4 ? 0x0800 : 0x86dd,
		.net_off = (uint16_t)h->h.net,
		.th_off = (uint16_t)th,
	};
	if (h->list)
		describe_list(h, &first);
}

void ref_merged(struct ref_held *h)
{
	size_t hlen, th;

	h->frame = malloc(h->h.data + 8 + h->payload);
	hlen = headers(h, h->frame);
	h->len = hlen + payloads(h, h->frame + hlen);
	th = h->h.th + hlen - h->h.data;
	network(h);
	transport(h, th);
	describe(h, hlen, th);
	if (h->h.n)
		ref_outer_merged(h);
}
