/* SPDX-License-Identifier: MIT */
/* sound.c - is what came out of a tunnel what a receiver would take? */
#include "sound.h"

#include <string.h>

#include "wire.h"

#define LENGTH_MOST 65535 /* above that there is no right one */

/* A segment: the superpacket's headers, and some of its payload. */
struct segment {
	const struct superpacket *sp;
	const uint8_t *frame;
	size_t len;
};

static uint64_t pseudo(const struct segment *s, uint32_t l3, uint32_t final_at,
		       uint8_t proto, size_t n)
{
	const uint8_t *ip = s->frame + l3;

	return build_pseudo(ip, final_at ? s->frame + final_at : ip + 24, proto,
			    n);
}

static bool ip_right(const struct segment *s, uint32_t at)
{
	const uint8_t *ip = s->frame + at;
	size_t n = s->len - at;

	if (ip[0] >> 4 == 6)
		return get16(ip + 4) == n - 40;
	return get16(ip + 2) == n &&
	       wire_fold(wire_sum(ip, (ip[0] & 15u) * 4)) == 0xffff;
}

static bool inner_sum_right(const struct segment *s)
{
	size_t n = s->len - s->sp->l4;

	return wire_fold(wire_sum(s->frame + s->sp->l4, n) +
			 pseudo(s, s->sp->l3, s->sp->final_at, s->sp->proto,
				n)) == 0xffff;
}

static bool udp_length_right(const struct segment *s, uint32_t at)
{
	return get16(s->frame + at + 4) == s->len - at;
}

/* RFC 768: zero would mean that there is none. */
static bool outer_sum_right(const struct segment *s)
{
	const uint8_t *udp = s->frame + s->sp->outer_l4;
	size_t n = s->len - s->sp->outer_l4;

	if (!s->sp->outer_csum)
		return get16(udp + 6) ==
		       get16(s->sp->frame + s->sp->outer_l4 + 6);
	return get16(udp + 6) &&
	       wire_fold(wire_sum(udp, n) + pseudo(s, s->sp->outer_l3,
						   s->sp->outer_final_at, 17,
						   n)) == 0xffff;
}

static const char *check_segment(const struct segment *s)
{
	const struct superpacket *sp = s->sp;
	bool udp = sp->kind->tunnel != TUNNEL_IP &&
		   sp->kind->tunnel != TUNNEL_GRE;

	if (!ip_right(s, sp->outer_l3))
		return "the outer IP header";
	if (!ip_right(s, sp->l3))
		return "the inner IP header";
	if (udp && !udp_length_right(s, sp->outer_l4))
		return "the outer UDP length";
	if (sp->proto == 17 && !udp_length_right(s, sp->l4))
		return "the inner UDP length";
	if (udp && !outer_sum_right(s))
		return "the outer checksum";
	if (!inner_sum_right(s))
		return "the inner checksum";
	return NULL;
}

/* What the tunnel's own header and the link header before it hold. */
static bool tunnel_repeated(const struct segment *s)
{
	const struct superpacket *sp = s->sp;
	bool udp = sp->kind->tunnel != TUNNEL_IP &&
		   sp->kind->tunnel != TUNNEL_GRE;
	uint32_t at = sp->outer_l4 + (udp ? 8 : 0);

	return !memcmp(s->frame, sp->frame, sp->outer_l3) &&
	       !memcmp(s->frame + at, sp->frame + at, sp->l3 - at);
}

const char *sound_check(const struct superpacket *sp, const struct answer *a)
{
	size_t done = 0, n;

	for (size_t i = 0; i < a->n; i++) {
		struct segment s = { sp, a->bytes + answer_start(a, i),
				     answer_len(a, i) };
		const char *wrong;

		if (s.len > LENGTH_MOST)
			return NULL;
		if (s.len < sp->payload)
			return "a frame that has no room for its headers";
		n = s.len - sp->payload;
		if (done + n > sp->len - sp->payload ||
		    memcmp(s.frame + sp->payload,
			   sp->frame + sp->payload + done, n))
			return "the payload";
		done += n;
		wrong = tunnel_repeated(&s) ? check_segment(&s) :
					      "the tunnel's header";
		if (wrong)
			return wrong;
	}
	return done == sp->len - sp->payload ? NULL : "the payload's length";
}
