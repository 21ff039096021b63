/* SPDX-License-Identifier: MIT */
/* shape.c - from the tables of proto/ to the masks of a shape */
#include "shape.h"

#define TCP_URGENT_AT 18
#define GRE_CSUM_KEY  12 /* length of a GRE header with both */
#define VNI_AT	      4	 /* in VXLAN and Geneve */
#define VNI_LEN	      3

/* The bytes of a row, as far as they lie in the fixed part. */
static void clear(uint8_t *mask, uint32_t at, uint32_t n)
{
	memset(mask + at, 0, n);
}

/* What differs even between packets that are as long. */
static bool moves(const struct segoff__field *f, bool tunnel)
{
	if (f->rule == RULE_TRANSPORT_SUM || f->rule == RULE_BODY_SUM)
		return !tunnel;
	return f->rule != RULE_LENGTH && f->rule != RULE_LAST;
}

/* What may differ between a packet and the one that it follows. */
static void loosen(uint8_t *same, uint32_t at, const struct segoff__field *f)
{
	switch (f->rule) {
	case RULE_LENGTH:
	case RULE_COUNT:
	case RULE_OFFSET:
	case RULE_HEADER_SUM:
	case RULE_TRANSPORT_SUM:
	case RULE_BODY_SUM:
		clear(same, at + f->at, f->width);
		break;
	case RULE_LAST:
		same[at + f->at] &= (uint8_t) ~(f->arg >> 8);
		same[at + f->at + 1] &= (uint8_t)~f->arg;
		break;
	default: /* what only the first may have, no follower has */
		break;
	}
}

/* Is this row about something that the header has? */
static bool has_row(const struct segoff__shape *s, unsigned int layer,
		    const struct segoff__field *f)
{
	return f->rule != RULE_BODY_SUM || s->gre_sums >> layer & 1;
}

/*
 * Linux looks for the key where it would be without a checksum, and so compares
 * that instead; and nothing if there is no key (quirk).
 */
static void compare_gre_sum(const struct segoff__shape *s, unsigned int i,
			    uint8_t *mask)
{
	const struct segoff_layer *l = &s->layer[i];

	if (!(s->gre_sums >> i & 1))
		return;
	clear(mask, l->off + 4u, l->len - 4);
	if (l->len >= GRE_CSUM_KEY)
		memset(mask + l->off + 4, 0xff, 4);
}

static void make_same(struct segoff__shape *s, bool as_linux)
{
	memset(s->same, 0xff, sizeof(s->same));
	memset(s->like, 0xff, sizeof(s->like));
	for (unsigned int i = 0; i < s->nlayer; i++) {
		const struct segoff_layer *l = &s->layer[i];
		const struct segoff__proto *p = segoff__protos[l->proto];

		for (unsigned int k = 0; k < p->nvary; k++) {
			if (!has_row(s, i, &p->field[k]))
				continue;
			loosen(s->same, l->off, &p->field[k]);
			if (moves(&p->field[k], i + 1 < s->nlayer))
				loosen(s->like, l->off, &p->field[k]);
		}
	}
	for (unsigned int i = 0; as_linux && i < s->nlayer; i++)
		compare_gre_sum(s, i, s->same);
	if (as_linux && s->proto == IPPROTO_NR_TCP) { /* quirk */
		clear(s->same, s->l4 + TCP_URGENT_AT, 2);
		clear(s->like, s->l4 + TCP_URGENT_AT, 2);
	}
}

/*
 * Of an IP header protocol and addresses, for IPv6 all but traffic class,
 * length and hop limit.
 */
static void key_of_ip(uint8_t *ip, unsigned int proto)
{
	if (proto == SEGOFF_P_IPV4) {
		clear(ip, 0, 9);
		clear(ip, 10, 2);
	} else {
		ip[0] = 0xf0;
		ip[1] = 0x0f;
		clear(ip, 4, 2);
		clear(ip, 7, 1);
	}
}

/*
 * Link header with VLAN tags, tunnel headers but for lengths and checksums,
 * IP, ports. (gro_list_prepare, inet_gro_receive, ipv6_gro_receive,
 * udp_gro_receive, tcp_gro_lookup.)
 */
static void make_key(struct segoff__shape *s)
{
	memset(s->key, 0xff, s->l4);
	memset(s->key + s->l4, 0, sizeof(s->key) - s->l4);
	memset(s->key + s->l4, 0xff, 4);
	for (unsigned int i = 0; i + 1 < s->nlayer; i++) {
		const struct segoff_layer *l = &s->layer[i];
		const struct segoff__proto *p = segoff__protos[l->proto];

		if (is_ip(l->proto)) {
			key_of_ip(s->key + l->off, l->proto);
			continue;
		}
		for (unsigned int k = 0; k < p->nvary; k++)
			if (has_row(s, i, &p->field[k]))
				loosen(s->key, l->off, &p->field[k]);
		compare_gre_sum(s, i, s->key);
	}
}

/* Eight bytes of a header, of which @n from @from on tell flows apart. */
static void note_ident(struct segoff__shape *s, uint32_t at, uint32_t from,
		       uint32_t n)
{
	memset(s->key + at + from, 0xff, n);
	s->ident[s->nident++] = (uint16_t)at;
}

/*
 * LOSSLESS: whose packet it is, without anything that may change within a flow.
 * So a header that is odd finds the flow that it must not overtake.
 */
static void make_ident(struct segoff__shape *s, const struct segoff_layer *l)
{
	switch (l->proto) {
	case SEGOFF_P_IPV4:
		note_ident(s, l->off + 12u, 0, 8);
		break;
	case SEGOFF_P_IPV6:
		for (uint32_t i = 8; i < IPV6_LEN; i += 8)
			note_ident(s, l->off + i, 0, 8);
		break;
	case SEGOFF_P_VXLAN:
	case SEGOFF_P_VXLAN_GPE:
	case SEGOFF_P_GENEVE:
		note_ident(s, l->off, VNI_AT, VNI_LEN);
		break;
	default:
		break;
	}
}

/* A key is the end of a GRE header. */
static void make_gre_ident(struct segoff__shape *s, unsigned int i)
{
	const struct segoff_layer *l = &s->layer[i];
	uint32_t sum = s->gre_sums >> i & 1 ? 4 : 0;

	if (l->proto == SEGOFF_P_GRE && l->len > GRE_MIN + sum)
		note_ident(s, l->off + l->len - 8, 4, 4);
}

static void make_idents(struct segoff__shape *s, unsigned int net)
{
	memset(s->key, 0, sizeof(s->key));
	for (unsigned int i = 0; i < net; i++) {
		make_ident(s, &s->layer[i]);
		make_gre_ident(s, i);
	}
}

uint32_t segoff__gre_sums(const struct segoff_stack *st, const uint8_t *h)
{
	uint32_t bits = 0;

	for (unsigned int i = 0; i < st->nlayer; i++)
		if (st->layer[i].proto == SEGOFF_P_GRE &&
		    load16(h + st->layer[i].off) & GRE_CSUM)
			bits |= UINT32_C(1) << i;
	return bits;
}

bool segoff__shape_is(const struct segoff__shape *s,
		      const struct segoff_stack *st, uint32_t gre_sums)
{
	const struct segoff_layer *a = s->layer, *b = st->layer;
	unsigned int last = st->nlayer - 1u;

	if (s->nlayer != st->nlayer || s->gre_sums != gre_sums)
		return false;
	for (unsigned int i = 0; i < last; i++, a++, b++)
		if (a->proto != b->proto || a->len != b->len)
			return false;
	return a->proto == b->proto;
}

static void note_lengths(struct segoff__shape *s, const struct segoff_layer *l)
{
	const struct segoff__proto *p = segoff__protos[l->proto];

	for (unsigned int k = 0; k < p->nvary; k++) {
		const struct segoff__field *f = &p->field[k];

		if (f->rule == RULE_LENGTH)
			s->length[s->nlength++] = (struct segoff__shape_length){
				(uint16_t)(l->off + f->at),
				(uint16_t)(l->off + f->arg)
			};
	}
}

static void note_cover(struct segoff__shape *s, unsigned int i)
{
	const struct segoff_layer *l = &s->layer[i], *ip;
	struct segoff__shape_cover c = { .start = l->off };

	if (l->proto == SEGOFF_P_UDP) {
		ip = segoff__ip_of(l);
		c.check = (uint16_t)(l->off + UDP_CHECK_AT);
		c.ip = ip->off;
		c.ip_len = (uint16_t)ip->len;
	} else if (s->gre_sums >> i & 1) {
		c.check = (uint16_t)(l->off + GRE_CHECK_AT);
	} else {
		return;
	}
	s->cover[s->ncover++] = c;
}

/* What the headers around the innermost IP header have. */
static void note_outer(struct segoff__shape *s, unsigned int net)
{
	for (unsigned int i = 0; i < net; i++) {
		const struct segoff_layer *l = &s->layer[i];

		note_lengths(s, l);
		note_cover(s, i);
		s->nip += is_ip(l->proto);
		if (l->proto == SEGOFF_P_IPV4)
			s->v4[s->nv4++] = (struct segoff__shape_v4){
				l->off, i && is_ip(l[-1].proto)
			};
	}
	s->nip++;
	s->inner_below = net && is_ip(s->layer[net - 1].proto);
}

void segoff__shape_make(struct segoff__shape *s, const struct segoff_stack *st,
			uint32_t gre_sums, bool as_linux)
{
	const struct segoff_layer *l4 = segoff__last(st);

	memset(s, 0, offsetof(struct segoff__shape, length));
	memcpy(s->layer, st->layer, st->nlayer * sizeof(*s->layer));
	s->nlayer = st->nlayer;
	s->version = st->ip_version;
	s->proto = st->ip_proto;
	s->l3 = st->layer[st->net].off;
	s->outer = segoff__outer_ip(st)->off;
	s->l4 = l4->off;
	s->fixed = (uint16_t)(l4->off +
			      (l4->proto == SEGOFF_P_UDP ? UDP_LEN : TCP_MIN));
	s->gre_sums = gre_sums;
	make_same(s, as_linux);
	if (as_linux)
		make_key(s);
	else
		make_idents(s, st->net);
	if (is_tunnel(s) || st->net > 1)
		note_outer(s, st->net);
}

/* Does a row's field differ, as far as it must not? */
static bool row_differs(const struct segoff__shape *s, uint32_t at, uint32_t n,
			const uint8_t *a, const uint8_t *b)
{
	for (uint32_t i = at; i < at + n && i < s->fixed; i++)
		if ((a[i] ^ b[i]) & s->same[i])
			return true;
	return false;
}

enum segoff_verdict segoff__shape_differs(const struct segoff__shape *s,
					  const uint8_t *a, const uint8_t *b)
{
	for (unsigned int i = 0; i < s->nlayer; i++) {
		const struct segoff_layer *l = &s->layer[i];
		const struct segoff__proto *p = segoff__protos[l->proto];

		for (unsigned int k = 0; k < p->nfield; k++) {
			const struct segoff__field *f = &p->field[k];
			uint32_t n = f->width ? f->width : l->len - f->at;

			if (!has_row(s, i, f))
				continue;
			if (row_differs(s, l->off + f->at, n, a, b))
				return f->differs;
		}
	}
	return SEGOFF_V_GRO_OPTIONS;
}
