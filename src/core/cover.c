/* SPDX-License-Identifier: MIT */
/*
 * cover.c - the checksums of tunnels
 *
 * Theory of operation
 * -------------------
 * The sum over a packet whose transport checksum is right is that of its pseudo
 * header, inverted; over an IPv4 header it is zero; over a GRE packet with a
 * checksum, too. So from the innermost checksum to the outermost each one is
 *
 *	not(what nobody writes + the run's words + pseudo header + below)
 *
 * where `below` needs no byte of the payload (run.c closes them in this order):
 *
 *	eth | ip | udp | vxlan | eth | ip | tcp | payload
 *		  ^-- cover: base + words |  0 | not(pseudo header of TCP)
 *
 * (lco_csum, gso_make_checksum). What is at an odd distance goes in with its
 * bytes swapped. Where nothing closes, as a CRC does not, the bytes are summed
 * (by_bytes).
 */
#include "cover.h"

#include "pseudo.h"

/* Tunnel headers of UDP: all but the last header of a packet. */
static unsigned int udp_tunnels(const struct segoff_stack *st)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i + 1 < st->nlayer; i++)
		n += st->layer[i].proto == SEGOFF_P_UDP;
	return n;
}

bool segoff__has_cover(const struct segoff__cut *c,
		       const struct segoff_layer *l)
{
	const uint8_t *p = segoff__head(c->pkt) + l->off;
	uint32_t type = c->meta->gso_type;

	if (c->o->csum == SEGOFF_OUT_KEEP)
		return false;
	if (l->proto == SEGOFF_P_GRE)
		return type & SEGOFF_GSO_GRE_CSUM && load16(p) & GRE_CSUM;
	if (l->proto != SEGOFF_P_UDP || !(type & SEGOFF_GSO_UDP_TUNNEL_CSUM))
		return false;
	return load_word(p + UDP_CHECK_AT) || udp_tunnels(c->st) == 1;
}

static uint32_t outer_pseudo(const struct segoff_gso *g,
			     const struct segoff_layer *ip, bool final)
{
	return segoff__pseudo(g->head + ip->off, ip->len, ip_version(ip),
			      IPPROTO_NR_UDP, final);
}

/* The seed without its length: made anew, or that of the packet as Linux. */
static uint32_t outer_seed(const struct segoff_gso *g,
			   const struct segoff__cut *c,
			   const struct segoff_layer *l)
{
	const struct segoff_layer *ip = segoff__ip_of(l);
	const uint8_t *udp = g->head + l->off;
	uint16_t old = load_word(udp + UDP_CHECK_AT);
	uint32_t len = (uint32_t)c->st->len - l->off, plain, final;

	if (c->o->flags & SEGOFF_TRUST_SEED) {
		if (c->meta->gso_type & SEGOFF_GSO_PARTIAL)
			len = load16(udp + UDP_LEN_AT);
		return old + (uint16_t)~fold32(words32(len));
	}
	plain = outer_pseudo(g, ip, false);
	if (ip->proto == SEGOFF_P_IPV4 || ip->len == IPV6_LEN ||
	    old == fold32(plain + words32(len)))
		return plain;
	/* of two destinations the one that the seed is about, else the last */
	final = outer_pseudo(g, ip, true);
	return c->o->flags & SEGOFF_STRICT &&
			       old != fold32(final + words32(len)) ?
		       plain :
		       final;
}

void segoff__plan_cover(struct segoff_gso *g, const struct segoff__cut *c,
			const struct segoff_layer *l, uint32_t out)
{
	struct segoff__cover *cover = &g->cover[g->ncover++];

	*cover = (struct segoff__cover){ .start = out };
	if (l->proto != SEGOFF_P_UDP)
		return;
	cover->pseudo = true;
	cover->zero = 0xffff;
	cover->seed = fold32(outer_seed(g, c, l));
}
