/* SPDX-License-Identifier: MIT */
/* odd.c - packets that look odd, remembered until the end */
#include "odd.h"

#include <stdlib.h>

#include "wire.h"

bool odds_init(struct odds *o, unsigned int limit)
{
	*o = (struct odds){ .limit = limit };
	o->odd = calloc((size_t)limit * ODD_KINDS + 1, sizeof(*o->odd));
	return o->odd != NULL;
}

void odds_free(struct odds *o)
{
	free(o->odd);
}

static bool is_ip(unsigned int proto)
{
	return proto == SEGOFF_P_IPV4 || proto == SEGOFF_P_IPV6;
}

static bool has_ports(unsigned int proto)
{
	return proto == SEGOFF_P_TCP || proto == SEGOFF_P_UDP ||
	       proto == SEGOFF_P_SCTP;
}

/* The IP header whose length was not filled in; else the innermost. */
static size_t broken_length(const struct finding *f,
			    const struct segoff_stack *st)
{
	const uint8_t *frame = f->iov.iov_base;

	for (unsigned int i = 0; i < st->net; i++) {
		const struct segoff_layer *l = &st->layer[i];
		const uint8_t *p = frame + l->off;

		if (is_ip(l->proto) &&
		    be16_at(p + (p[0] >> 4 == 4 ? 2 : 4)) <= l->len)
			return l->off;
	}
	return st->layer[st->net].off;
}

/* Who speaks to whom. */
static void describe(struct odd *n, const struct seen *s,
		     const struct finding *f)
{
	const uint8_t *frame = f->iov.iov_base, *l4;
	const struct segoff_stack *st = &s->st;
	unsigned int behind = st->net + 1u;
	size_t ip;

	n->number = s->rec.number;
	n->frame = s->len;
	if (!st->ip_version)
		return;
	ip = broken_length(f, st);
	packet_addresses(&f->pkt, st, &n->from, &n->to);
	n->proto = st->ip_proto;
	n->network = (uint32_t)(st->len - ip);
	n->length = be16_at(frame + ip + (frame[ip] >> 4 == 4 ? 2 : 4));
	if (behind == st->nlayer || !has_ports(st->layer[behind].proto))
		return;
	l4 = frame + st->layer[behind].off;
	n->from_port = be16_at(l4);
	n->to_port = be16_at(l4 + 2);
}

static struct odd *take(struct odds *o, const struct seen *s,
			const struct finding *f, enum odd_kind kind)
{
	static struct odd nowhere;
	struct odd *n = &nowhere;

	o->count[kind]++;
	if (o->named[kind] < o->limit) {
		o->named[kind]++;
		n = &o->odd[o->nodd++];
	}
	*n = (struct odd){ .kind = kind, .why = f->alone, .stack = o->stack };
	if (n != &nowhere)
		describe(n, s, f);
	n->found = f->sum.found;
	n->right = f->sum.right;
	n->seed_has_length = f->sum.seed_has_length;
	return n;
}

static void add_super(struct odds *o, const struct seen *s,
		      const struct finding *f, bool partial)
{
	struct odd *n = take(o, s, f, partial ? ODD_FRAME : ODD_SUPER);

	n->why = f->how;
	n->gso_size = f->meta.gso_size;
	n->segments = f->segments;
}

/* About the IPv4 header, not about what is behind it. */
static void take_ip(struct odds *o, const struct seen *s,
		    const struct finding *f, enum odd_kind kind)
{
	struct odd *n = take(o, s, f, kind);

	n->field = FIELD_IPV4;
	n->found = f->ip_sum.found;
	n->right = f->ip_sum.right;
}

static void take_tunnel(struct odds *o, const struct seen *s,
			const struct finding *f, enum odd_kind kind)
{
	take(o, s, f, kind)->field = FIELD_TUNNEL;
}

static void add_wrong(struct odds *o, const struct seen *s,
		      const struct finding *f)
{
	if (f->sum.state == SEGOFF_CSUM_WRONG)
		take(o, s, f, ODD_WRONG);
	else if (f->about_tunnel)
		take_tunnel(o, s, f, ODD_WRONG);
	else
		take_ip(o, s, f, ODD_WRONG);
}

static void add_sum(struct odds *o, const struct seen *s,
		    const struct finding *f)
{
	bool partial = f->sum.state == SEGOFF_CSUM_PARTIAL;

	if (f->sum.state == SEGOFF_CSUM_WRONG ||
	    f->alone == SEGOFF_V_CSUM_WRONG)
		add_wrong(o, s, f);
	else if (partial && f->sum.remote)
		take(o, s, f, ODD_REMOTE);
	else if (partial && f->meta.gso_size)
		o->count[ODD_PARTIAL]++; /* goes without saying */
	else if (partial)
		take(o, s, f, ODD_PARTIAL);
	else if (f->sum.outer == SEGOFF_CSUM_PARTIAL)
		take_tunnel(o, s, f, ODD_PARTIAL);
	else if (f->about_ip)
		take_ip(o, s, f, ODD_ABSENT);
	else if (f->fix_sum)
		take(o, s, f, ODD_ABSENT);
}

void odds_add(struct odds *o, const struct seen *s, const struct finding *f,
	      bool partial, uint32_t stack)
{
	o->packets++;
	o->stack = stack;
	if (f->refused) {
		take(o, s, f, ODD_REFUSED);
		return;
	}
	if (f->alone == SEGOFF_V_SNAPLEN) {
		take(o, s, f, ODD_SNAPLEN);
		return;
	}
	if (f->segments > 1)
		add_super(o, s, f, partial);
	if (f->fix_length)
		take(o, s, f, ODD_LENGTH);
	if (f->alone != SEGOFF_V_OK && f->alone != SEGOFF_V_CSUM_WRONG)
		take(o, s, f, ODD_ALONE);
	else
		add_sum(o, s, f);
}

const char *odd_name(enum odd_kind k)
{
	static const char *const names[ODD_KINDS] = {
		[ODD_SUPER] = "superpacket",
		[ODD_PARTIAL] = "partial-checksum",
		[ODD_ABSENT] = "absent-checksum",
		[ODD_LENGTH] = "length-not-filled-in",
		[ODD_ALONE] = "above-mtu",
		[ODD_SNAPLEN] = "snaplen",
		[ODD_WRONG] = "wrong-checksum",
		[ODD_REFUSED] = "refused-header",
		[ODD_FRAME] = "partial-frame",
		[ODD_REMOTE] = "remote-checksum",
	};

	return names[k];
}

uint64_t odds_attention(const struct odds *o)
{
	return o->count[ODD_WRONG] + o->count[ODD_REFUSED] +
	       o->count[ODD_ALONE];
}
