/* SPDX-License-Identifier: MIT */
/* shape.c - from the tables of proto/ to the masks of a shape */
#include "shape.h"

#define TCP_URGENT_AT 18

/* The bytes of a row, as far as they lie in the fixed part. */
static void clear(uint8_t *mask, uint32_t at, uint32_t n)
{
	memset(mask + at, 0, n);
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

static void make_same(struct segoff__shape *s, bool as_linux)
{
	memset(s->same, 0xff, sizeof(s->same));
	for (unsigned int i = 0; i < s->nlayer; i++) {
		const struct segoff_layer *l = &s->layer[i];
		const struct segoff__proto *p = segoff__protos[l->proto];

		for (unsigned int k = 0; k < p->nvary; k++)
			loosen(s->same, l->off, &p->field[k]);
	}
	if (as_linux && s->proto == IPPROTO_NR_TCP) /* quirk */
		clear(s->same, s->l4 + TCP_URGENT_AT, 2);
}

/*
 * Link header with VLAN tags; protocol and addresses, for IPv6 all but
 * traffic class, length and hop limit; ports. (gro_list_prepare,
 * inet_gro_receive, ipv6_gro_receive, tcp_gro_lookup.)
 */
static void make_key(struct segoff__shape *s)
{
	uint8_t *ip = s->key + s->l3;

	memset(s->key, 0xff, s->l4);
	memset(s->key + s->l4, 0, s->fixed - s->l4);
	memset(s->key + s->l4, 0xff, 4);
	if (s->version == 4) {
		clear(ip, 0, 9);
		clear(ip, 10, 2);
	} else {
		ip[0] = 0xf0;
		ip[1] = 0x0f;
		clear(ip, 4, 2);
		clear(ip, 7, 1);
	}
}

bool segoff__shape_is(const struct segoff__shape *s,
		      const struct segoff_stack *st)
{
	const struct segoff_layer *a = s->layer, *b = st->layer;
	unsigned int last = st->nlayer - 1u;

	if (s->nlayer != st->nlayer)
		return false;
	for (unsigned int i = 0; i < last; i++, a++, b++)
		if (a->proto != b->proto || a->len != b->len)
			return false;
	return a->proto == b->proto;
}

void segoff__shape_make(struct segoff__shape *s, const struct segoff_stack *st,
			bool as_linux)
{
	const struct segoff_layer *l4 = segoff__last(st);

	s->users = 0;
	memcpy(s->layer, st->layer, sizeof(s->layer));
	s->nlayer = st->nlayer;
	s->version = st->ip_version;
	s->proto = st->ip_proto;
	s->l3 = st->layer[st->net].off;
	s->l4 = l4->off;
	s->fixed = (uint16_t)(l4->off +
			      (l4->proto == SEGOFF_P_UDP ? UDP_LEN : TCP_MIN));
	make_same(s, as_linux);
	make_key(s);
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

			if (row_differs(s, l->off + f->at, n, a, b))
				return f->differs;
		}
	}
	return SEGOFF_V_GRO_OPTIONS;
}
