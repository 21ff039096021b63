/* SPDX-License-Identifier: MIT */
/* tunnel_check.c - is what came out of a tunnel right by itself? */
#include "tunnel_check.h"

#include <string.h>

#include <segoff.h>

#include "wire.h"

#define TCP 6
#define UDP 17
#define GRE 47

/**
 * struct check - a segment beside its superpacket
 * @t: tunnel
 * @l: where the headers of both are
 * @super: superpacket
 * @super_len: its bytes
 * @seg: segment
 * @len: its bytes
 * @nr: which it is
 * @at: payload bytes before it
 * @kept: its inner checksum is left as it is, but for the length
 */
struct check {
	const struct tunnel_dev *t;
	struct layers l;
	const uint8_t *super;
	size_t super_len;
	const uint8_t *seg;
	size_t len;
	size_t nr;
	size_t at;
	bool kept;
};

static bool all_ones(uint64_t sum)
{
	return wire_fold(sum) == 0xffff;
}

static bool ip_right(const struct check *c, size_t at, uint8_t version)
{
	const uint8_t *p = c->seg + at;

	if (version == 6)
		return get16(p + 4) == c->len - at - 40;
	return get16(p + 2) == c->len - at &&
	       all_ones(wire_sum(p, (p[0] & 15u) * 4)) &&
	       get16(p + 4) == (uint16_t)(get16(c->super + at + 4) + c->nr);
}

static bool outer_udp_right(const struct check *c)
{
	const uint8_t *ip = c->seg + c->l.net, *udp = c->seg + c->l.th;
	size_t n = c->len - c->l.th;
	uint64_t sum = UDP + n;

	sum += c->l.outer == 4 ? wire_sum(ip + 12, 8) : wire_sum(ip + 8, 32);
	if (get16(udp + 4) != n)
		return false;
	if (!(c->t->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM))
		return !get16(udp + 6);
	return get16(udp + 6) && all_ones(sum + wire_sum(udp, n));
}

static bool tunnel_right(const struct check *c)
{
	const uint8_t *p = c->seg + c->l.th;

	if (c->l.tunnel_proto == UDP)
		return outer_udp_right(c);
	if (c->l.tunnel_proto == GRE && p[0] & 0x80)
		return all_ones(wire_sum(p, c->len - c->l.th));
	return true;
}

/* The superpacket's checksum field is the seed; lengths differ. */
static bool checksum_right(const struct check *c)
{
	size_t th = c->l.inner_th, n = c->len - th;
	size_t field = th + (c->l.proto == TCP ? 16 : 6);
	uint64_t seed = get16(c->super + field) + n +
			(0xffffu ^ wire_fold(c->super_len - th));

	if (c->kept)
		return all_ones(seed + (0xffffu ^ get16(c->seg + field)));
	return all_ones(seed + wire_sum(c->seg + th, n));
}

static bool transport_right(const struct check *c)
{
	const uint8_t *p = c->seg + c->l.inner_th;

	if (c->l.proto == UDP)
		return get16(p + 4) == c->len - c->l.inner_th;
	return get32(p + 4) ==
	       (uint32_t)(get32(c->super + c->l.inner_th + 4) + c->at);
}

static bool payload_right(const struct check *c)
{
	size_t n = c->len - c->l.payload;

	return n <= c->super_len - c->l.payload - c->at &&
	       !memcmp(c->seg + c->l.payload, c->super + c->l.payload + c->at,
		       n);
}

static const char *check_segment(const struct check *c)
{
	struct layers l;

	if (!layers_find(&l, c->t, c->seg, c->len) ||
	    memcmp(&l, &c->l, sizeof(l)))
		return "headers";
	if (l.outer && !ip_right(c, l.net, l.outer))
		return "outer IP header";
	if (!tunnel_right(c))
		return "tunnel header";
	if (!ip_right(c, l.inner_net, l.inner))
		return "inner IP header";
	if (!transport_right(c))
		return "transport header";
	if (!checksum_right(c))
		return "transport checksum";
	return payload_right(c) ? NULL : "payload";
}

const char *tunnel_check(const struct tunnel_dev *t, const uint8_t *super,
			 size_t len, bool kept, const struct answer *wire)
{
	struct check c = {
		.t = t, .super = super, .super_len = len, .kept = kept
	};
	const char *wrong = NULL;

	if (!layers_find(&c.l, t, super, len))
		return "superpacket";
	for (c.nr = 0; c.nr < wire->n && !wrong; c.nr++) {
		c.seg = wire->bytes + answer_start(wire, c.nr);
		c.len = answer_len(wire, c.nr);
		wrong = check_segment(&c);
		c.at += c.len - c.l.payload;
	}
	return wrong || c.at == len - c.l.payload ? wrong : "payload's end";
}
