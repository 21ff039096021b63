/* SPDX-License-Identifier: MIT */
/*
 * odd.c - what may be wrong with a superpacket
 *
 * Each row does one thing to one that was right. Most leave it something that
 * a kernel must refuse, drop or misunderstand in a particular way; those that
 * are harmless say so.
 */
#include <string.h>

#include <segoff.h>

#include "superpacket.h"
#include "wire.h"

#define NEEDS_CSUM	1
#define UDP_TUNNEL_CSUM 8
#define HIGH_LEN	65600u

static uint8_t *l4_check(struct superpacket *sp)
{
	return sp->frame + sp->l4 + check_offset(sp);
}

static void bump_le16(uint8_t *p, struct rnd *r)
{
	uint32_t by = rnd_between(r, 1, 20);

	if (rnd_chance(r, 20))
		put_le16(p, rnd_below(r, 65536));
	else
		put_le16(p, get_le16(p) + (rnd_chance(r, 50) ? by : -by));
}

static void csum_start(struct superpacket *sp, struct rnd *r)
{
	bump_le16(sp->vnet + VNET_CSUM_START, r);
}

static void csum_offset(struct superpacket *sp, struct rnd *r)
{
	bump_le16(sp->vnet + VNET_CSUM_OFFSET, r);
}

/* The field just inside the frame, or just beyond. */
static void csum_end(struct superpacket *sp, struct rnd *r)
{
	uint32_t start = get_le16(sp->vnet + VNET_CSUM_START);
	uint32_t end = (uint32_t)sp->len - start - 2 + rnd_below(r, 3);

	if (rnd_chance(r, 50))
		put_le16(sp->vnet + VNET_CSUM_OFFSET, end);
	else
		put_le16(sp->vnet + VNET_CSUM_START, start + end - 6);
}

/* Near where csum_start and the headroom (64, 66, 2) pass 16 bits. */
static void csum_high(struct superpacket *sp, struct rnd *r)
{
	uint32_t at = 65535 - (rnd_chance(r, 50) ? 64 : 2);

	if (sp->len < 14) /* the bridge goes by the addresses */
		return;
	if (sp->len < HIGH_LEN) {
		memset(sp->frame + sp->len, 0x11, HIGH_LEN - sp->len);
		sp->len = HIGH_LEN;
		put_le16(sp->vnet + VNET_GSO_SIZE, rnd_between(r, 30, 2000));
	}
	if (rnd_chance(r, 50))
		at = rnd_between(r, 65000, 65535);
	put_le16(sp->vnet + VNET_CSUM_START, at - 4 + rnd_below(r, 7));
	put_le16(sp->vnet + VNET_CSUM_OFFSET, rnd_below(r, 20));
	if (rnd_chance(r, 70))
		sp->vnet[VNET_TYPE] = 0;
}

static void csum_low(struct superpacket *sp, struct rnd *r)
{
	put_le16(sp->vnet + VNET_CSUM_START, rnd_below(r, 60));
}

static void no_csum(struct superpacket *sp, struct rnd *r)
{
	sp->vnet[VNET_FLAGS] &= (uint8_t)~NEEDS_CSUM;
	if (rnd_chance(r, 50))
		put16(l4_check(sp), build_full_checksum(sp));
	else if (rnd_chance(r, 50))
		put16(l4_check(sp), rnd_below(r, 65536));
}

static void seed(struct superpacket *sp, struct rnd *r)
{
	if (rnd_chance(r, 40))
		put16(l4_check(sp), build_full_checksum(sp));
	else
		put16(l4_check(sp),
		      rnd_chance(r, 50) ? rnd_below(r, 65536) : 0);
}

static void type(struct superpacket *sp, struct rnd *r)
{
	static const uint8_t types[] = { 0,    1,    2,	   3,	 4,    5,
					 6,    0x10, 0x11, 0x20, 0x21, 0x41,
					 0x61, 0x80, 0x81, 0x83, 0x84, 0x85 };

	sp->vnet[VNET_TYPE] = rnd_chance(r, 80) ?
				      types[rnd_below(r, LENGTH(types))] :
				      (uint8_t)rnd_below(r, 256);
}

static void ecn(struct superpacket *sp, struct rnd *r)
{
	(void)r;
	sp->vnet[VNET_TYPE] ^= 0x80;
}

static void gso_size(struct superpacket *sp, struct rnd *r)
{
	/* small ones for small frames only: segments have a limit */
	static const uint16_t sizes[] = { 0, 65534, 65535 };
	uint32_t least = (uint32_t)sp->len / 3000 + 1;

	put_le16(sp->vnet + VNET_GSO_SIZE,
		 rnd_chance(r, 50) ? sizes[rnd_below(r, LENGTH(sizes))] :
				     rnd_between(r, least, 65534));
}

/* Bits that mean nothing here. NEEDS_CSUM stays. */
static void flags(struct superpacket *sp, struct rnd *r)
{
	uint8_t bits = (uint8_t)(rnd_below(r, 128) * 2);

	if (sp->kind->tunnel == TUNNEL_VNET)
		bits &= (uint8_t)~UDP_TUNNEL_CSUM;
	sp->vnet[VNET_FLAGS] ^= bits;
}

static void hdr_len(struct superpacket *sp, struct rnd *r)
{
	static const uint8_t small[] = { 1, 13, 14, 15, 33, 34 };
	uint32_t n = rnd_below(r, 65536);

	if (rnd_chance(r, 40))
		n = (uint32_t)sp->len - 1 + rnd_below(r, 3);
	else if (rnd_chance(r, 50))
		n = small[rnd_below(r, LENGTH(small))];
	put_le16(sp->vnet + VNET_HDR_LEN, n);
}

static void udp_length(struct superpacket *sp, struct rnd *r)
{
	if (sp->proto == 17)
		put16(sp->frame + sp->l4 + 4,
		      rnd_chance(r, 50) ? 0 : rnd_below(r, 65536));
}

static void ip_length(struct superpacket *sp, struct rnd *r)
{
	put16(sp->frame + sp->l3 + (sp->version == 4 ? 2 : 4),
	      rnd_chance(r, 50) ? 0 : rnd_below(r, 65536));
}

static void ip_check(struct superpacket *sp, struct rnd *r)
{
	if (sp->version == 4)
		put16(sp->frame + sp->l3 + 10, rnd_below(r, 65536));
}

static void ip_first(struct superpacket *sp, struct rnd *r)
{
	sp->frame[sp->l3] = (uint8_t)rnd_below(r, 256);
	if (rnd_chance(r, 70)) /* only the header length */
		sp->frame[sp->l3] = (uint8_t)((sp->version << 4) |
					      (sp->frame[sp->l3] & 15));
}

static void fragment_bits(struct superpacket *sp, struct rnd *r)
{
	if (sp->version == 4)
		put16(sp->frame + sp->l3 + 6, rnd_below(r, 65536));
}

/* Another protocol number, at the IP header or an extension header. */
static void protocol(struct superpacket *sp, struct rnd *r)
{
	static const uint8_t protos[] = { 0,   1,   4,	 6,   17,  41, 43,  44,
					  47,  50,  51,	 58,  59,  60, 103, 132,
					  135, 136, 137, 139, 140, 253 };

	sp->frame[sp->next_at[rnd_below(r, sp->nnext)]] =
		protos[rnd_below(r, LENGTH(protos))];
}

static void ext_length(struct superpacket *sp, struct rnd *r)
{
	if (sp->nnext > 1)
		sp->frame[sp->next_at[rnd_between(r, 1, sp->nnext - 1)] + 1] =
			(uint8_t)(rnd_chance(r, 50) ? rnd_below(r, 6) :
						      rnd_below(r, 256));
}

static void ethertype(struct superpacket *sp, struct rnd *r)
{
	static const uint16_t types[] = { 0x0800, 0x86dd, 0x8100, 0x88a8,
					  0x0806, 0x8847, 0x8864, 0x6558,
					  0x9100, 0x0026, 0x05dc, 0x88cc };

	put16(sp->frame + sp->l3 - 2,
	      rnd_chance(r, 70) ? types[rnd_below(r, LENGTH(types))] :
				  rnd_below(r, 65536));
}

static void data_offset(struct superpacket *sp, struct rnd *r)
{
	uint8_t *p = sp->frame + sp->l4 + 12;

	if (sp->proto == 6)
		*p = (uint8_t)((*p & 15) | rnd_below(r, 16) << 4);
}

static void trailer(struct superpacket *sp, struct rnd *r)
{
	uint32_t n = rnd_between(r, 1, 60);

	if (sp->len < 14) /* the bridge goes by the addresses */
		return;
	rnd_bytes(r, sp->frame + sp->len, n);
	sp->len += n;
}

/* A header that is put there by others is whole. */
static uint32_t shortest(const struct superpacket *sp)
{
	return sp->kind->tunnel > TUNNEL_VNET ? sp->l3 : 0;
}

static void truncate(struct superpacket *sp, struct rnd *r)
{
	uint32_t least = shortest(sp);

	if (rnd_chance(r, 80))
		sp->len = rnd_between(r, least, sp->payload + 8);
	else
		sp->len = rnd_between(r, least, (uint32_t)sp->len);
}

/* Hardly a frame, and nothing said about it. */
static void tiny(struct superpacket *sp, struct rnd *r)
{
	sp->len = shortest(sp) + rnd_below(r, 24);
	sp->vnet[VNET_FLAGS] &= (uint8_t)~NEEDS_CSUM;
	sp->vnet[VNET_TYPE] = 0;
	put_le16(sp->vnet + VNET_HDR_LEN,
		 rnd_chance(r, 80) ? 0 : rnd_below(r, 24));
}

static void any_byte(struct superpacket *sp, struct rnd *r)
{
	/* not the addresses, which the bridge goes by */
	uint32_t n = rnd_between(r, 1, 4), from = 12;

	if (sp->kind->tunnel > TUNNEL_VNET) /* nor what the BPF program does */
		from = sp->outer_l3;
	while (n--)
		sp->frame[rnd_between(r, from, sp->payload)] =
			(uint8_t)rnd_below(r, 256);
}

/* What is odd about an inner IP header may be odd about the outer one. */
static void outer_ip(struct superpacket *sp, struct rnd *r)
{
	static void (*const rows[])(struct superpacket *,
				    struct rnd *) = { ip_length, ip_check,
						      ip_first, fragment_bits };
	uint32_t l3 = sp->l3;
	uint8_t version = sp->version;

	if (!sp->kind->tunnel)
		return;
	sp->l3 = sp->outer_l3;
	sp->version = sp->frame[sp->outer_l3] >> 4 == 4 ? 4 : 6;
	rows[rnd_below(r, LENGTH(rows))](sp, r);
	sp->l3 = l3;
	sp->version = version;
}

/* A length, a seed, or that there is one. */
static void outer_udp(struct superpacket *sp, struct rnd *r)
{
	uint8_t *udp = sp->frame + sp->outer_l4;

	if (sp->kind->tunnel != TUNNEL_VNET && sp->kind->tunnel != TUNNEL_UDP)
		return;
	if (rnd_chance(r, 30))
		put16(udp + 4, rnd_chance(r, 50) ? 0 : rnd_below(r, 65536));
	else if (rnd_chance(r, 50))
		put16(udp + 6, rnd_chance(r, 50) ? 0 : rnd_below(r, 65536));
	else
		sp->vnet[VNET_FLAGS] ^= UDP_TUNNEL_CSUM;
}

/* A tunnel that says it is another one. */
static void outer_gso(struct superpacket *sp, struct rnd *r)
{
	static const uint32_t bits[] = { 0, SEGOFF_GSO_GRE,
					 SEGOFF_GSO_UDP_TUNNEL };

	sp->outer_gso = bits[rnd_below(r, LENGTH(bits))];
	if (!sp->outer_gso)
		sp->outer_gso = sp->kind->version == 4 ? SEGOFF_GSO_IPXIP4 :
							 SEGOFF_GSO_IPXIP6;
}

/* Any byte from the outer IP header to the inner one. */
static void tunnel_byte(struct superpacket *sp, struct rnd *r)
{
	if (sp->kind->tunnel)
		sp->frame[rnd_between(r, sp->outer_l3, sp->l3 - 1)] =
			(uint8_t)rnd_below(r, 256);
}

static void tunnel_offset(struct superpacket *sp, struct rnd *r)
{
	bump_le16(sp->vnet +
			  (rnd_chance(r, 50) ? VNET_OUTER_TH : VNET_INNER_NH),
		  r);
}

static const struct odd {
	const char *name;
	unsigned int weight;
	bool harmless; /* the seed stays right, and the lengths */
	void (*apply)(struct superpacket *sp, struct rnd *r);
} odds[] = {
	{ "csum_start", 6, false, csum_start },
	{ "csum_offset", 6, false, csum_offset },
	{ "csum_end", 3, false, csum_end },
	{ "csum_high", 2, false, csum_high },
	{ "csum_low", 2, false, csum_low },
	{ "no_csum", 12, false, no_csum },
	{ "seed", 8, false, seed },
	{ "type", 8, false, type },
	{ "ecn", 3, true, ecn },
	{ "gso_size", 5, false, gso_size },
	{ "flags", 3, true, flags },
	{ "hdr_len", 5, true, hdr_len },
	{ "udp_length", 8, false, udp_length },
	{ "ip_length", 5, false, ip_length },
	{ "ip_check", 4, true, ip_check },
	{ "ip_first", 4, false, ip_first },
	{ "fragment_bits", 4, false, fragment_bits },
	{ "protocol", 8, false, protocol },
	{ "ext_length", 4, false, ext_length },
	{ "ethertype", 4, false, ethertype },
	{ "data_offset", 5, false, data_offset },
	{ "trailer", 5, false, trailer },
	{ "truncate", 4, false, truncate },
	{ "tiny", 1, false, tiny },
	{ "any_byte", 6, false, any_byte },
	{ "tunnel_offset", 4, false, tunnel_offset },
	{ "outer_ip", 6, false, outer_ip },
	{ "outer_udp", 6, false, outer_udp },
	{ "outer_gso", 3, false, outer_gso },
	{ "tunnel_byte", 3, false, tunnel_byte },
};

static const struct odd *pick_odd(struct rnd *r)
{
	unsigned int sum = 0, i, n;

	for (i = 0; i < LENGTH(odds); i++)
		sum += odds[i].weight;
	n = rnd_below(r, sum);
	for (i = 0; n >= odds[i].weight; i++)
		n -= odds[i].weight;
	return &odds[i];
}

static unsigned int how_many(struct rnd *r)
{
	unsigned int n = rnd_below(r, 100);

	if (n < 62)
		return 0;
	return n < 90 ? 1 : n < 97 ? 2 : 3;
}

void build_odd(struct superpacket *sp, struct rnd *r)
{
	for (unsigned int n = how_many(r); n; n--) {
		const struct odd *o = pick_odd(r);

		o->apply(sp, r);
		sp->odd[sp->nodd++] = o->name;
		sp->sound = sp->sound && o->harmless;
	}
	if (sp->nodd) /* headers must lie in the first piece, odd ones too */
		sp->step = 0;
}
