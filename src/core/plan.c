/* SPDX-License-Identifier: MIT */
/*
 * plan.c - from the tables of proto/ to the plan of one superpacket
 *
 * Theory of operation
 * -------------------
 * The headers are walked from the outside in, and of each only the rows that
 * vary. A row becomes a word (constant for a length), the moving half of a
 * pair, or the transport checksum. Whatever a row takes over is taken out of
 * the sum that covers it, so that base sums hold just the bytes that nobody
 * will write:
 *
 *	header checksum    = not(base + words + moving field)
 *	transport checksum = not(base + words + sequence + length + payload)
 *
 *	tunnel checksum	   = not(base + words + length + what closes below it)
 *
 * UFO cuts behind the IP header: there the IPv4 fragment field moves instead
 * of the identification, IPv6 gets a Fragment header, and the UDP header is
 * payload, with one checksum over the whole datagram, about the destination in
 * the IP header whatever its seed said (udp4_ufo_fragment, udp6_ufo_fragment).
 *
 * A superpacket of SCTP is cut where its pieces end. Its checksum is no sum, so
 * nothing of it can be known beforehand but the state behind the header.
 */
#include "plan_parts.h"

#include <segoff/csum.h>

#include "cover.h"
#include "pseudo.h"
#include "sctp_csum.h"

#define IP_MF  0x2000
#define IP6_MF 1

/* Payload of a partial frame at most (skb_segment). */
#define PARTIAL_MOST 65534u

static uint32_t minus32(uint32_t v)
{
	v = be32(v);
	return minus((uint16_t)v) + minus((uint16_t)(v >> 16));
}

/* Where a byte of the input's headers is in a segment's. */
static uint32_t moved(const struct segoff_gso *g, uint32_t at)
{
	if (at < g->splice_at)
		return at;
	return at + g->splice_len - g->splice_skip;
}

static struct segoff__pair *new_pair(struct segoff_gso *g)
{
	g->pair[g->npair] = (struct segoff__pair){ 0 };
	return &g->pair[g->npair++];
}

/* A header that is being worked out. */
struct layer_plan {
	const uint8_t *p; /* the header in the input */
	uint32_t out;	  /* where it is in a segment */
	uint32_t base;	  /* sum of what nobody writes */
	uint32_t type;	  /* gso_type as this header sees it */
	uint8_t sum;	  /* the checksum that covers it */
	bool fragments;	  /* the cut is behind this header */
};

static void plan_length(struct segoff_gso *g, struct layer_plan *lp,
			const struct segoff__field *f)
{
	/* no other row is about this word */
	g->word[g->nword++] = (struct segoff__word){
		.at = lp->out + f->at,
		.value = (uint16_t)(g->hlen - (lp->out + f->arg)),
		.is_length = 1,
		.sum = lp->sum,
	};
	lp->base += minus(load_word(lp->p + f->at));
}

static void plan_bits(struct segoff_gso *g, struct layer_plan *lp,
		      const struct segoff__field *f)
{
	uint16_t value = load16(lp->p + f->at);
	struct segoff__word *w;

	if (f->unless & lp->type || !(value & f->arg))
		return;
	w = word_at(g, lp->out + f->at);
	if (w->sum == SUM_NONE)
		lp->base += minus(load_word(lp->p + f->at));
	w->sum = lp->sum;
	w->value = value;
	if (f->rule == RULE_FIRST) {
		w->not_first |= f->arg;
		g->first_differs = true;
	} else {
		w->not_last |= f->arg;
	}
}

static void plan_count(struct segoff_gso *g, struct layer_plan *lp,
		       const struct segoff__field *f)
{
	struct segoff__pair *pair = &g->pair[g->npair - 1];

	if (lp->fragments)
		return;
	pair->at = lp->out + f->at;
	pair->value = load16(lp->p + f->at);
	pair->step = f->unless & lp->type ? 0 : g->mss ? g->size / g->mss : 1;
	lp->base += minus(load_word(lp->p + f->at));
}

static void plan_fragment(struct segoff_gso *g, struct layer_plan *lp,
			  const struct segoff__field *f)
{
	struct segoff__pair *pair = &g->pair[g->npair - 1];

	if (!lp->fragments)
		return;
	pair->at = lp->out + f->at;
	pair->step = g->size;
	pair->shift = 3;
	pair->more = IP_MF;
	lp->base += minus(load_word(lp->p + f->at));
}

/* The transport checksum, or that of a tunnel if it is to be made. */
static void plan_check(struct segoff_gso *g, struct layer_plan *lp,
		       const struct segoff__field *f)
{
	if (lp->sum == SUM_L4) {
		g->l4.check = lp->out + f->at;
	} else if (g->ncover && lp->sum == SUM_COVER + g->ncover - 1u &&
		   g->cover[g->ncover - 1].start == lp->out) {
		g->cover[g->ncover - 1].check = lp->out + f->at;
		if (f->rule == RULE_BODY_SUM) { /* reserved, made zero */
			word_at(g, lp->out + f->at + 2)->value = 0;
			lp->base += minus(load_word(lp->p + f->at + 2));
		}
	} else {
		return;
	}
	lp->base += minus(load_word(lp->p + f->at));
}

static void plan_field(struct segoff_gso *g, struct layer_plan *lp,
		       const struct segoff__field *f)
{
	switch (f->rule) {
	case RULE_LENGTH:
		plan_length(g, lp, f);
		break;
	case RULE_COUNT:
		plan_count(g, lp, f);
		break;
	case RULE_FRAGMENT:
		plan_fragment(g, lp, f);
		break;
	case RULE_FIRST:
	case RULE_LAST:
		plan_bits(g, lp, f);
		break;
	case RULE_OFFSET:
		g->l4.seq_at = lp->out + f->at;
		g->l4.seq = load32(lp->p + f->at);
		g->l4.has_seq = 1;
		lp->base += minus32(g->l4.seq);
		break;
	case RULE_HEADER_SUM:
		g->pair[g->npair - 1].check = lp->out + f->at;
		lp->base += minus(load_word(lp->p + f->at));
		break;
	case RULE_CRC32C:
	case RULE_TRANSPORT_SUM:
	case RULE_BODY_SUM:
		plan_check(g, lp, f);
		break;
	default:
		break;
	}
}

/*
 * The sum of a small header, of even length: not worth a call. The carry keeps
 * compilers from making vectors of it.
 */
static uint32_t header_sum(const uint8_t *p, uint32_t n)
{
	uint64_t s = 0, w;
	uint32_t v;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&w, p, 8);
		s += w;
		s += s < w;
	}
	s = (s & 0xffffffff) + (s >> 32);
	if (n & 4) {
		memcpy(&v, p, 4);
		s += v;
		p += 4;
	}
	if (n & 2)
		s += load_word(p);
	return (uint32_t)((s & 0xffff) + (s >> 16 & 0xffff) + (s >> 32));
}

static uint32_t layer_sum(const struct segoff_gso *g, const uint8_t *p,
			  uint32_t n)
{
	const struct segoff__cpu *cpu = g->cpu;

	return n > 64 || n & 1 ? cpu->sum(p, n) : header_sum(p, n);
}

/* An IP header directly behind another one has a bit of its own (quirk). */
static uint32_t type_for(const struct segoff__cut *c,
			 const struct segoff_layer *l)
{
	uint32_t type = c->meta->gso_type;

	if (!c->ips.types || l == c->st->layer || !is_ip(l->proto) ||
	    !is_ip(l[-1].proto))
		return type;
	type &= ~SEGOFF_GSO_TCP_FIXEDID;
	if (type & SEGOFF_GSO_TCP_FIXEDID_INNER)
		type |= SEGOFF_GSO_TCP_FIXEDID;
	return type;
}

/* The checksum that covers a header, begun if it is the header's own. */
static uint8_t sum_for(struct segoff_gso *g, const struct segoff__cut *c,
		       const struct segoff_layer *l)
{
	if (l->proto == SEGOFF_P_IPV4) {
		new_pair(g);
		return (uint8_t)(g->npair - 1);
	}
	if (l == segoff__last(c->st) && !is_ip(l->proto)) {
		g->l4.hlen = l->len;
		g->l4.zero = l->proto == SEGOFF_P_UDP ? 0xffff : 0;
		return SUM_L4;
	}
	if (may_cover(l) && segoff__has_cover(c, l))
		segoff__plan_cover(g, c, l, moved(g, l->off));
	return g->ncover ? (uint8_t)(SUM_COVER + g->ncover - 1) : SUM_NONE;
}

static void add_to_cover(struct segoff__cover *cover,
			 const struct layer_plan *lp)
{
	cover->base += in_cover(cover, lp->out, fold32(lp->base));
}

static bool innermost_ip(const struct segoff__cut *c,
			 const struct segoff_layer *l)
{
	return l == &c->st->layer[c->st->net];
}

/* An IPv6 header whose jumbo Hop-by-Hop header goes: TCP is next. */
static void plan_jumbo_next(struct segoff_gso *g, struct layer_plan *lp)
{
	struct segoff__word *w = word_at(g, lp->out + 6);

	w->value = (uint16_t)(IPPROTO_NR_TCP << 8 | lp->p[7]);
	w->sum = lp->sum;
	lp->base += minus(load_word(lp->p + 6)) +
		    minus(fold32(header_sum(lp->p + IPV6_LEN, g->splice_skip)));
}

static void plan_layer(struct segoff_gso *g, const struct segoff__cut *c,
		       const struct segoff_layer *l, bool innermost)
{
	const struct segoff__field *f = segoff__protos[l->proto]->field, *end;
	struct layer_plan lp = { .p = g->head + l->off,
				 .out = moved(g, l->off),
				 .type = type_for(c, l),
				 .fragments = c->fragments && innermost };

	lp.sum = sum_for(g, c, l);
	if (lp.sum != SUM_NONE)
		lp.base = layer_sum(g, lp.p, l->len);
	if (g->splice_skip && innermost_ip(c, l))
		plan_jumbo_next(g, &lp);
	for (end = f + segoff__protos[l->proto]->nvary; f < end; f++)
		plan_field(g, &lp, f);
	if (lp.sum == SUM_L4)
		g->l4.base = fold32(lp.base);
	else if (lp.sum < SUM_COVER)
		g->pair[lp.sum].base = fold32(lp.base);
	else if (lp.sum != SUM_NONE)
		add_to_cover(&g->cover[g->ncover - 1], &lp);
}

static uint32_t pseudo(const struct segoff_gso *g, const struct segoff__cut *c,
		       bool final)
{
	const struct segoff_layer *ip = &c->st->layer[c->st->net];

	return segoff__pseudo(g->head + ip->off, ip->len, c->st->ip_version,
			      c->st->ip_proto, final);
}

/* The checksum that is there: the seed, if it is PARTIAL. */
static uint16_t old_sum(const struct segoff_gso *g, const struct segoff__cut *c)
{
	const struct segoff_layer *l4 = segoff__last(c->st);

	return load_word(g->head + l4->off + l4_check_at(l4->proto));
}

bool segoff__about_final(const struct segoff_gso *g,
			 const struct segoff__cut *c)
{
	uint16_t old;

	if (c->st->ip_version == 4 || c->st->layer[c->st->net].len == IPV6_LEN)
		return false;
	old = old_sum(g, c);
	if (c->meta->ip_summed == SEGOFF_CHECKSUM_PARTIAL) {
		if (old == segoff__csum_fresh(c->pkt, c->st, false, true))
			return false;
		if (old == segoff__csum_fresh(c->pkt, c->st, true, true))
			return true;
	}
	return !(c->o->flags & SEGOFF_STRICT);
}

/* The seed of the input without its length. */
static uint32_t plan_seed(const struct segoff_gso *g,
			  const struct segoff__cut *c)
{
	const struct segoff_layer *l4 = segoff__last(c->st);
	uint32_t len = (uint32_t)c->st->len - l4->off;

	if (!c->trust)
		return pseudo(g, c, segoff__about_final(g, c));
	if (l4->proto == SEGOFF_P_UDP)
		len = load16(g->head + l4->off + UDP_LEN_AT);
	return old_sum(g, c) + minus32(len);
}

/* The transport checksum is left to somebody else. */
static void leave_partial(struct segoff_gso *g, const struct segoff__cut *c)
{
	g->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	g->csum_offset = l4_check_at(segoff__last(c->st)->proto);
	g->csum_start = (uint16_t)(g->l4.check - g->csum_offset);
}

static void plan_l4(struct segoff_gso *g, const struct segoff__cut *c)
{
	bool remote = c->meta->gso_type & SEGOFF_GSO_TUNNEL_REMCSUM;

	if (c->o->csum == SEGOFF_OUT_KEEP)
		return;
	g->l4.mode = L4_FULL;
	if (remote || c->o->csum == SEGOFF_OUT_PARTIAL)
		g->l4.mode = L4_SEED;
	g->l4.seed = fold32(plan_seed(g, c));
	g->l4.base = fold32(g->l4.base + g->l4.seed);
	if (g->l4.mode == L4_SEED && !remote)
		leave_partial(g, c);
}

/*
 * SCTP: the field is zero in all headers; what follows it is in none. What a
 * tunnel's checksum covers cannot be left to somebody else.
 */
static void plan_crc(struct segoff_gso *g, const struct segoff__cut *c)
{
	g->l4.mode = L4_NONE;
	if (c->o->csum == SEGOFF_OUT_KEEP)
		return;
	word_at(g, g->l4.check)->value = 0;
	word_at(g, g->l4.check + 2)->value = 0;
	if (c->o->csum == SEGOFF_OUT_PARTIAL && !g->ncover) {
		leave_partial(g, c);
		return;
	}
	g->l4.mode = L4_CRC;
	g->l4.base = segoff__sctp_state(g->head + segoff__last(c->st)->off);
}

size_t segoff__members(const struct segoff_pkt *pkt, size_t from,
		       size_t *largest)
{
	struct segoff__cursor cur = cursor_at(pkt, from);
	size_t n = 0, got;

	*largest = 0;
	while (cursor_take(&cur, SIZE_MAX, &got), got) {
		if (got > *largest)
			*largest = got;
		n++;
	}
	return n;
}

uint32_t segoff__jumbo(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st)
{
	const struct segoff_layer *ip = &st->layer[st->net];
	const uint8_t *p = segoff__head(pkt) + ip->off;

	if (st->ip_version != 6 || st->len - ip->off <= 65536 ||
	    ip->len != IPV6_LEN + 8 || p[6] != IPPROTO_NR_HOPOPTS ||
	    p[IPV6_LEN] != IPPROTO_NR_TCP || p[IPV6_LEN + 2] != 0xc2)
		return 0;
	return 8;
}

static void plan_jumbo(struct segoff_gso *g, const struct segoff__cut *c)
{
	g->splice_skip = (uint8_t)segoff__jumbo(c->pkt, c->st);
	if (!g->splice_skip)
		return;
	g->splice_at = c->st->layer[c->st->net].off + IPV6_LEN;
	g->hlen -= g->splice_skip;
	g->expand = false; /* no frame for a device has one */
}

/* UFO over IPv6: the Fragment header and the pair that moves its offset. */
static void plan_fragment_header(struct segoff_gso *g,
				 const struct segoff__cut *c)
{
	const struct segoff_layer *ip = &c->st->layer[c->st->net];
	const uint8_t *p = g->head + ip->off;
	struct segoff__pair *pair = new_pair(g);
	struct segoff__word *w;
	uint32_t at, next_at;

	at = segoff__ipv6_unfragmentable(p, ip->len, &next_at);
	g->splice_at = ip->off + at;
	g->splice_len = FRAG_LEN;
	g->hlen += FRAG_LEN;
	g->splice[0] = p[next_at];
	g->splice[1] = 0;
	store32(g->splice + 4, c->o->frag_id);
	pair->at = g->splice_at + 2;
	pair->more = IP6_MF;
	/* what each fragment adds includes the extension headers (quirk) */
	pair->step = g->size + ip->len - IPV6_LEN;
	w = word_at(g, ip->off + (next_at & ~UINT32_C(1)));
	w->value = (uint16_t)(IPPROTO_NR_FRAGMENT << 8 | p[next_at + 1]);
}

/* UFO: the UDP header leads the payload, its checksum covers all of it. */
static void plan_datagram(struct segoff_gso *g, const struct segoff__cut *c)
{
	const struct segoff_layer *ip = &c->st->layer[c->st->net];
	uint32_t at = ip->off + ip->len, len = (uint32_t)(c->st->len - at);
	struct segoff__cursor cur = cursor_at(c->pkt, at);
	uint16_t sum;

	memcpy(g->lead, g->head + at, UDP_LEN);
	g->at = g->lead;
	g->left = UDP_LEN;
	g->skip += UDP_LEN;
	if (c->o->csum == SEGOFF_OUT_KEEP)
		return;
	sum = fold32(cursor_sum(&cur, len, g->cpu) +
		     minus(load_word(g->lead + UDP_CHECK_AT)) + words32(len) +
		     pseudo(g, c, false));
	sum = (uint16_t)~sum;
	store_word(g->lead + UDP_CHECK_AT, sum ? sum : 0xffff);
}

void segoff__plan_payload(struct segoff_gso *g, const struct segoff__cut *c,
			  uint32_t at)
{
	g->cpu = segoff__cpu();
	g->head = segoff__head(c->pkt);
	g->piece = c->pkt->iov;
	g->npiece = c->pkt->niov;
	g->skip = at;
	g->payload = c->st->len - at;
	g->hlen = at;
}

/* SCTP: as many segments as there are members, and how long they are. */
static void plan_members(struct segoff_gso *g, const struct segoff__cut *c)
{
	size_t largest;

	g->by_frags = true;
	g->nseg = segoff__members(c->pkt, g->hlen, &largest);
	g->nseg += !g->nseg;
	g->size = (uint32_t)largest;
}

/*
 * How much each segment takes: gso_size, or for a device that cuts the rest by
 * itself, as many of them as fit (skb_segment).
 */
static void plan_sizes(struct segoff_gso *g, const struct segoff__cut *c)
{
	uint32_t size = c->meta->gso_size, most = (uint32_t)g->payload;

	g->size = size;
	g->gso_type = c->meta->gso_type;
	/* fragments and what is one segment are no partial frames */
	g->expand = c->meta->gso_type & SEGOFF_GSO_PARTIAL && !c->fragments &&
		    g->payload > size;
	if (most > PARTIAL_MOST)
		most = PARTIAL_MOST;
	if (c->partial && size && most / size > 1) {
		g->mss = size;
		g->size = most / size * size;
	}
	g->nseg = 1;
	if (size && g->payload > g->size)
		g->nseg = ((uint32_t)g->payload - 1) / g->size + 1;
	else
		g->size = (uint32_t)g->payload;
}

/* Headers that are the same in all segments; they count for what covers them. */
static void plan_constant(struct segoff_gso *g, const struct segoff_layer *l,
			  const struct segoff_layer *to)
{
	uint32_t n = to->off - l->off, at = moved(g, l->off);
	const uint8_t *p = g->head + l->off;
	struct segoff__cover *cover;

	if (!g->ncover)
		return;
	cover = &g->cover[g->ncover - 1];
	cover->base += in_cover(cover, at, fold32(layer_sum(g, p, n)));
}

/* What varies in headers, and between them what does not, from @l to @end. */
static void plan_layers(struct segoff_gso *g, const struct segoff__cut *c,
			const struct segoff_layer *l,
			const struct segoff_layer *end)
{
	const struct segoff_layer *constant = l;

	for (; l < end; l++) {
		if (!segoff__protos[l->proto]->nvary)
			continue;
		if (constant < l)
			plan_constant(g, constant, l);
		plan_layer(g, c, l, l + 1 == end);
		constant = l + 1;
	}
}

void segoff__plan(struct segoff_gso *g, const struct segoff__cut *c)
{
	unsigned int n = c->fragments ? c->st->net + 1u : c->st->nlayer;
	const struct segoff_layer *last = &c->st->layer[n - 1];

	segoff__plan_payload(g, c, last->off + last->len);
	if (c->by_frags)
		plan_members(g, c);
	else
		plan_sizes(g, c);
	plan_jumbo(g, c);
	if (c->fragments && c->st->ip_version == 6)
		plan_fragment_header(g, c);
	plan_layers(g, c, c->st->layer, last + 1);
	if (c->fragments)
		plan_datagram(g, c);
	else if (c->by_frags)
		plan_crc(g, c);
	else
		plan_l4(g, c);
	g->by_bytes = g->ncover && by_bytes(c);
}
