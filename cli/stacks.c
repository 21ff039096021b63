/* SPDX-License-Identifier: MIT */
/* stacks.c - the headers that packets begin with, and how often */
#include "stacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

#define BUCKETS	 (2 * STACKS_MAX)
#define ITEMS	 (SEGOFF_LAYERS_MAX + 1u)
#define NO_FIELD UINT32_MAX
#define GRE_CSUM 0x8000
#define GRE_KEY	 0x2000

/* A header, or why the walk ended: what it is, and the field that tells. */
struct item {
	uint32_t what;
	uint32_t field;
};

struct key {
	uint32_t n;
	struct item item[ITEMS];
};

struct stacks {
	uint32_t n;
	uint64_t others;
	uint16_t bucket[BUCKETS]; /* place from 1, or 0 */
	struct key key[STACKS_MAX];
	struct stack stack[STACKS_MAX];
};

struct stacks *stacks_new(void)
{
	return calloc(1, sizeof(struct stacks));
}

void stacks_free(struct stacks *s)
{
	free(s);
}

static uint32_t gre_key(const uint8_t *p)
{
	const uint8_t *key = p + (be16_at(p) & GRE_CSUM ? 8 : 4);

	if (!(be16_at(p) & GRE_KEY))
		return NO_FIELD;
	return be32_at(key);
}

/* The field that tells this header from others of its kind. */
static uint32_t field_of(const uint8_t *p, const struct segoff_layer *l,
			 bool last)
{
	switch (l->proto) {
	case SEGOFF_P_VLAN:
		return be16_at(p) & 0xfff;
	case SEGOFF_P_PPPOE:
		return be16_at(p + 2);
	case SEGOFF_P_MPLS: /* the top label */
		return be24_at(p) >> 4;
	case SEGOFF_P_GRE:
		return gre_key(p);
	case SEGOFF_P_VXLAN:
	case SEGOFF_P_VXLAN_GPE:
	case SEGOFF_P_GENEVE:
		return be24_at(p + 4);
	case SEGOFF_P_UDP: /* the port of a tunnel */
		return last ? NO_FIELD : be16_at(p + 2);
	default:
		return NO_FIELD;
	}
}

static void make_key(const struct segoff_pkt *pkt,
		     const struct segoff_stack *st, struct key *k)
{
	k->n = 0;
	for (unsigned int i = 0; i < st->nlayer; i++) {
		const struct segoff_layer *l = &st->layer[i];
		const uint8_t *p =
			(const uint8_t *)pkt->iov[0].iov_base + l->off;
		bool last = i + 1u == st->nlayer && st->end == SEGOFF_V_OK;

		k->item[k->n++] =
			(struct item){ l->proto, field_of(p, l, last) };
	}
	if (st->end != SEGOFF_V_OK)
		k->item[k->n++] =
			(struct item){ SEGOFF_P_COUNT + st->end, st->ip_proto };
}

/* Before the number of a header's field. */
static const char *field_name(uint32_t proto)
{
	switch (proto) {
	case SEGOFF_P_GRE:
		return "key ";
	case SEGOFF_P_VXLAN:
	case SEGOFF_P_VXLAN_GPE:
	case SEGOFF_P_GENEVE:
		return "vni ";
	default:
		return "";
	}
}

/* What is behind an IP header and not walked. */
static const char *other_protocol(uint32_t nr)
{
	switch (nr) {
	case 1:
		return "icmp";
	case 2:
		return "igmp";
	case 50:
		return "esp";
	case 51:
		return "ah";
	case 58:
		return "icmpv6";
	default:
		return NULL;
	}
}

static void end_text(const struct item *i, char text[32])
{
	enum segoff_verdict why =
		(enum segoff_verdict)(i->what - SEGOFF_P_COUNT);
	const char *name = segoff_verdict_name(why);

	if (why == SEGOFF_V_TRANSPORT || why == SEGOFF_V_EXT_HEADER)
		name = other_protocol(i->field);
	if (name)
		snprintf(text, 32, "%s", name);
	else
		snprintf(text, 32, "protocol %u", i->field);
}

static void item_text(const struct item *i, char text[32])
{
	const char *name;

	if (i->what >= SEGOFF_P_COUNT) {
		end_text(i, text);
		return;
	}
	name = segoff_proto_name((enum segoff_proto)i->what);
	if (i->field == NO_FIELD)
		snprintf(text, 32, "%s", name);
	else
		snprintf(text, 32, "%s %s%u", name, field_name(i->what),
			 i->field);
}

/* Stacks that are longer than the text are not told to the end, and say so. */
static void key_text(const struct key *k, char text[STACK_TEXT_MAX])
{
	static const char more[] = " / ...";
	size_t used = 0, n;
	char item[32];

	text[0] = 0;
	for (uint32_t i = 0; i < k->n; i++) {
		item_text(&k->item[i], item);
		n = strlen(item);
		if (used + n + 3 + sizeof(more) > STACK_TEXT_MAX) {
			memcpy(text + used, more, sizeof(more));
			return;
		}
		used += (size_t)snprintf(text + used, STACK_TEXT_MAX - used,
					 "%s%s", used ? " / " : "", item);
	}
}

static bool same(const struct key *a, const struct key *b)
{
	return a->n == b->n &&
	       !memcmp(a->item, b->item, a->n * sizeof(*a->item));
}

/* FNV-1a over the words of a key. */
static uint32_t hash(const struct key *k)
{
	uint32_t h = 2166136261u;

	for (uint32_t i = 0; i < k->n; i++) {
		h = (h ^ k->item[i].what) * 16777619u;
		h = (h ^ k->item[i].field) * 16777619u;
	}
	return h ^ h >> 15;
}

static uint32_t make(struct stacks *s, uint32_t bucket, const struct key *k)
{
	if (s->n == STACKS_MAX) {
		s->others++;
		return NO_STACK;
	}
	s->key[s->n] = *k;
	key_text(k, s->stack[s->n].text);
	s->stack[s->n].packets = 1;
	s->bucket[bucket] = (uint16_t)++s->n;
	return s->n - 1;
}

uint32_t stacks_count(struct stacks *s, const struct segoff_pkt *pkt,
		      const struct segoff_stack *st)
{
	struct key k;
	uint32_t b, i;

	make_key(pkt, st, &k);
	/* half of the buckets stay empty, so this ends */
	for (b = hash(&k) % BUCKETS; s->bucket[b]; b = (b + 1) % BUCKETS) {
		i = s->bucket[b] - 1u;
		if (same(&s->key[i], &k)) {
			s->stack[i].packets++;
			return i;
		}
	}
	return make(s, b, &k);
}

uint32_t stacks_number(const struct stacks *s)
{
	return s->n;
}

uint64_t stacks_others(const struct stacks *s)
{
	return s->others;
}

const struct stack *stacks_get(const struct stacks *s, uint32_t i)
{
	return &s->stack[i];
}

uint32_t stacks_sort(const struct stacks *s, uint32_t order[STACKS_MAX])
{
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t at = i;

		while (at &&
		       s->stack[order[at - 1]].packets < s->stack[i].packets) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
	return s->n;
}
