/* SPDX-License-Identifier: MIT */
/* finish.c - what depends on everything else: lengths, seeds, virtio_net_hdr */
#include <string.h>

#include "superpacket.h"
#include "wire.h"

#define NEEDS_CSUM 1

/* Lengths that do not fit are 0 or cut, as senders of BIG TCP do it. */
static uint32_t field_length(size_t n, struct rnd *r)
{
	return n < 65536 || rnd_chance(r, 20) ? (uint32_t)n & 0xffff : 0;
}

static void set_ip_length(struct superpacket *sp, struct rnd *r, uint32_t at)
{
	uint8_t *p = sp->frame + at;
	size_t n = sp->len - at, hlen;

	if (p[0] >> 4 == 6) {
		put16(p + 4, field_length(n - 40, r));
		if (p[6] == 0 && p[42] == 0xc2)
			put32(p + 44, (uint32_t)n - 40);
		return;
	}
	hlen = (p[0] & 15u) * 4;
	put16(p + 2, field_length(n, r));
	put16(p + 10, 0);
	put16(p + 10, 0xffffu ^ wire_fold(wire_sum(p, hlen)));
}

uint64_t build_pseudo(const uint8_t *ip, const uint8_t *dst, uint8_t proto,
		      size_t len)
{
	uint64_t s = proto + (len >> 16) + (len & 0xffff);

	if (ip[0] >> 4 == 4)
		return s + wire_sum(ip + 12, 8);
	return s + wire_sum(ip + 8, 16) + wire_sum(dst, 16);
}

static uint64_t inner_pseudo(const struct superpacket *sp, uint32_t final_at)
{
	const uint8_t *ip = sp->frame + sp->l3;

	return build_pseudo(ip, final_at ? sp->frame + final_at : ip + 24,
			    sp->proto, sp->len - sp->l4);
}

uint16_t build_full_checksum(const struct superpacket *sp)
{
	const uint8_t *p = sp->frame + sp->l4;
	uint64_t s;

	if (sp->len < sp->payload) /* cut short by something odd */
		return 0;
	s = wire_sum(p, sp->len - sp->l4);
	s += 0xffffu ^ get16(p + check_offset(sp));
	return (uint16_t)~wire_fold(s + inner_pseudo(sp, 0));
}

static void set_transport(struct superpacket *sp, struct rnd *r)
{
	size_t n = sp->len - sp->l4;
	uint8_t *p = sp->frame + sp->l4;
	uint32_t final_at = rnd_chance(r, 50) ? sp->final_at : 0;

	if (sp->proto == 17) {
		put16(p + 4, (uint32_t)n & 0xffff);
		sp->sound = sp->sound && n < 65536;
	}
	/* RFC 8200 8.1 wants the last address of a Routing header */
	sp->sound = sp->sound && final_at == sp->final_at;
	put16(p + check_offset(sp), wire_fold(inner_pseudo(sp, final_at)));
}

static uint32_t pick_hdr_len(const struct superpacket *sp, struct rnd *r)
{
	unsigned int n = rnd_below(r, 100);

	if (n < 70)
		return sp->payload;
	return n < 85 ? 0 : sp->l4;
}

static void set_vnet(struct superpacket *sp, struct rnd *r)
{
	uint8_t *h = sp->vnet;

	rnd_bytes(r, h, VNET_MAX);
	h[VNET_FLAGS] = NEEDS_CSUM;
	h[VNET_TYPE] = sp->type;
	put_le16(h + VNET_HDR_LEN, pick_hdr_len(sp, r));
	put_le16(h + VNET_GSO_SIZE, sp->gso_size);
	put_le16(h + VNET_CSUM_START, sp->l4);
	put_le16(h + VNET_CSUM_OFFSET, check_offset(sp));
}

void build_finish(struct superpacket *sp, struct rnd *r)
{
	set_ip_length(sp, r, sp->l3);
	if (sp->kind->tunnel)
		set_ip_length(sp, r, sp->outer_l3);
	set_transport(sp, r);
	set_vnet(sp, r);
	if (sp->kind->tunnel)
		build_tunnel_finish(sp, r);
}
