/* SPDX-License-Identifier: MIT */
/* ref_csum.c - checksums of single packets */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ref_nest.h"

int ref_complete(uint8_t *pkt, size_t len, unsigned int link,
		 const struct segoff_meta *m)
{
	const struct ref_pkt p = { pkt, len, link };
	struct ref_nest n = { .p = &p };
	size_t start = m->csum_start, field = start + m->csum_offset;
	uint16_t v;

	if (m->ip_summed != SEGOFF_CHECKSUM_PARTIAL)
		return 0;
	if (field + 2 > len)
		return -EINVAL;
	if (ref_sctp_meant(&n, m)) {
		ref_put32(pkt + field,
			  ref_sctp_check(pkt + start, len - start));
		return 0;
	}
	v = ref_not(ref_fold(ref_sum(pkt + start, len - start)));
	/* never 0, for TCP neither */
	ref_put16(pkt + field, v ? v : 0xffff);
	return 0;
}

/* Where the transport header ends; 0 if it is broken. */
static size_t l4_end(const struct ref_pkt *p, const struct ref_walk *w)
{
	size_t there = p->len - w->th, len = 8;

	if (w->proto == 6)
		len = there < 20 ? 0 : (size_t)(p->at[w->th + 12] >> 4) * 4;
	if (len < (w->proto == 6 ? 20 : 8) || len > there)
		return 0;
	return w->th + len;
}

/*
 * The bytes behind an IP header, as that has it if it can be right: if it
 * covers all headers, no more than is there, and is not what 16 bits hold of a
 * longer one.
 */
static size_t ip_payload(const struct ref_pkt *p, const struct ref_walk *w,
			 size_t headers_end)
{
	size_t there = p->len - w->net, headers = headers_end - w->net, said;

	if (w->version == 4)
		said = ref_get16(p->at + w->net + 2);
	else
		said = 40u + ref_get16(p->at + w->net + 4);
	if (said < headers || said > there || (there - said) % 65536 == 0)
		said = there;
	return said - (w->th - w->net);
}

/*
 * The UDP header has the last word (RFC 768) if it is possible too, by the same
 * rule.
 */
size_t ref_upper_len(const struct ref_pkt *p, const struct ref_walk *w,
		     size_t headers_end)
{
	size_t said = ip_payload(p, w, headers_end), udp;

	udp = w->proto == 17 ? ref_get16(p->at + w->th + 4) : 0;
	if (udp < 8 || udp > said || (said - udp) % 65536 == 0)
		return said;
	return udp;
}

/*
 * Sum over the pseudo header and all bytes but the checksum's own. @end: where
 * the last header ends
 */
static void checksum_to(const struct ref_pkt *p, const struct ref_walk *w,
			bool final, size_t end, struct ref_checksum *c)
{
	size_t len = ref_upper_len(p, w, end);
	size_t before = w->proto == 6 ? 16 : 6;

	c->start = w->th;
	c->field = w->th + before;
	c->seed = ref_fold(ref_pseudo(p, w, final, len));
	c->seed_without = ref_fold(ref_pseudo(p, w, final, 0));
	c->seed_all = ref_fold(ref_pseudo(p, w, final, p->len - w->th));
	c->sum = ref_fold(ref_pseudo(p, w, final, len) +
			  ref_sum(p->at + w->th, before) +
			  ref_sum(p->at + c->field + 2, len - before - 2));
	c->right = ref_not(c->sum);
	if (w->proto == 17 && c->right == 0)
		c->right = 0xffff;
	c->udp = w->proto == 17;
}

bool ref_checksum_at(const struct ref_pkt *p, const struct ref_walk *w,
		     bool final, struct ref_checksum *c)
{
	size_t end;

	if (w->end != SEGOFF_V_OK || w->proto == 132)
		return false;
	end = l4_end(p, w);
	if (end)
		checksum_to(p, w, final, end, c);
	return end != 0;
}

bool ref_checksum(const struct ref_pkt *p, bool final, struct ref_checksum *c)
{
	struct ref_walk w;

	ref_walk(p, &w);
	return ref_checksum_at(p, &w, final, c);
}

static bool adds_up(const uint8_t *p, size_t n)
{
	return ref_fold(ref_sum(p, n)) == 0xffff;
}

static bool ipv4_good(const struct ref_pkt *p, const struct segoff_stack *st)
{
	for (size_t i = 0; i < st->nlayer; i++)
		if (st->layer[i].proto == SEGOFF_P_IPV4 &&
		    !adds_up(p->at + st->layer[i].off, st->layer[i].len))
			return false;
	return true;
}

/* A seed may be about either destination; what is right only about one. */
static void judge(const struct ref_pkt *p, const struct ref_checksum *c,
		  const struct ref_checksum *here, struct segoff_csum_report *r)
{
	r->field = (uint32_t)c->field;
	r->found = ref_get16(p->at + c->field);
	r->right = c->right;
	r->seed_has_length = false;
	if (ref_fold((uint64_t)c->sum + r->found) == 0xffff &&
	    !(c->udp && !r->found)) {
		r->state = SEGOFF_CSUM_GOOD;
	} else if (r->found == c->seed || r->found == here->seed ||
		   r->found == c->seed_without ||
		   r->found == here->seed_without) {
		r->state = SEGOFF_CSUM_PARTIAL;
		r->seed_has_length = r->found == c->seed ||
				     r->found == here->seed;
	} else {
		r->state = r->found ? SEGOFF_CSUM_WRONG : SEGOFF_CSUM_ABSENT;
	}
}

/* Where the last header ends: no length is believed that ends before it. */
static size_t all_headers(const struct ref_nest *n)
{
	return n->layer[n->n - 1].off + n->layer[n->n - 1].len;
}

/* The IP header in front of header @i, walked. */
static const struct ref_layer *ip_before(const struct ref_nest *n, size_t i)
{
	const struct ref_layer *l = &n->layer[i];

	while (l->proto != SEGOFF_P_IPV4 && l->proto != SEGOFF_P_IPV6)
		l--;
	return l;
}

/* RFC 2784: over all of GRE, with no pseudo header; so its seed is zero. */
static void gre_checksum(const struct ref_nest *n, size_t i,
			 struct ref_checksum *c)
{
	const struct ref_layer *l = &n->layer[i], *ip = ip_before(n, i);
	const uint8_t *h = n->p->at + l->off;
	size_t len = ip_payload(n->p, &ip->w, all_headers(n));

	len -= l->off - ip->w.th;
	*c = (struct ref_checksum){ .start = l->off, .field = l->off + 4 };
	c->sum = ref_fold(ref_sum(h, 4) + ref_sum(h + 6, len - 6));
	c->right = ref_not(c->sum);
}

/* false: a header has no checksum over what is behind it */
static bool cover(const struct ref_nest *n, size_t i, bool final,
		  struct ref_checksum *c)
{
	const struct ref_layer *l = &n->layer[i];
	const uint8_t *h = n->p->at + l->off;

	if (l->proto == SEGOFF_P_GRE && h[0] & 0x80)
		gre_checksum(n, i, c);
	else if (l->proto == SEGOFF_P_UDP && ref_get16(h + 6))
		checksum_to(n->p, &ip_before(n, i)->w, final, all_headers(n),
			    c);
	else
		return false;
	return true;
}

/* What @i says of all behind it; NONE: nothing. */
static enum segoff_csum_state judge_cover(const struct ref_nest *n, size_t i)
{
	struct segoff_csum_report r;
	struct ref_checksum c, here;

	if (!cover(n, i, true, &c) || !cover(n, i, false, &here))
		return SEGOFF_CSUM_NONE;
	judge(n->p, &c, &here, &r);
	return r.state;
}

/*
 * The worst of them. @later: the same packet with its innermost checksum
 * finished: what is right there is right. Decision: the last header that was
 * met is taken for no tunnel's, since nothing shows that it is.
 */
static enum segoff_csum_state outer(const struct ref_nest *n,
				    const struct ref_nest *later)
{
	enum segoff_csum_state worst = SEGOFF_CSUM_NONE, state;

	for (size_t i = 0; i + 1 < n->n; i++) {
		state = judge_cover(n, i);
		if (state && judge_cover(later, i) == SEGOFF_CSUM_GOOD)
			state = SEGOFF_CSUM_GOOD;
		if (state > worst)
			worst = state;
	}
	return worst;
}

/* As a device leaves it that finishes the innermost checksum. */
static enum segoff_csum_state outer_later(const struct ref_nest *n,
					  const struct ref_checksum *c)
{
	uint8_t *at = malloc(n->p->len);
	struct ref_pkt p = { at, n->p->len, n->p->link };
	struct ref_nest later = *n;
	enum segoff_csum_state state;

	memcpy(at, n->p->at, p.len);
	ref_put16(at + c->field, c->right);
	later.p = &p;
	state = outer(n, &later);
	free(at);
	return state;
}

/* SCTP: a field of zero is left for a device. */
static void judge_sctp(const struct ref_nest *n, struct segoff_csum_report *r)
{
	const struct ref_pkt *p = n->p;
	size_t len = ref_upper_len(p, &n->w, n->w.th + 12);

	r->field = (uint32_t)(n->w.th + 8);
	r->found = ref_get32(p->at + r->field);
	r->right = ref_sctp_check(p->at + n->w.th, len);
	r->state = r->found ? SEGOFF_CSUM_WRONG : SEGOFF_CSUM_PARTIAL;
	if (r->found == r->right)
		r->state = SEGOFF_CSUM_GOOD;
}

/* The innermost one, by a sum: @c. What a receiver finishes: R-TUN-9. */
static void judge_innermost(const struct ref_nest *n,
			    const struct ref_checksum *c,
			    const struct ref_checksum *here,
			    struct segoff_csum_report *r)
{
	judge(n->p, c, here, r);
	if (r->state == SEGOFF_CSUM_WRONG &&
	    (r->found == c->seed_all || r->found == here->seed_all)) {
		/* R-PART-3: of a frame whose lengths are those of a segment */
		r->state = SEGOFF_CSUM_PARTIAL;
		r->seed_has_length = true;
	}
	r->remote = ref_is_remote(n, c->start, c->field);
}

void ref_verify_ports(const struct ref_pkt *p, const struct segoff_ports *ports,
		      struct segoff_csum_report *r)
{
	struct ref_nest n = { .p = p, .ports = ports };
	struct ref_checksum c, here;
	struct segoff_stack st;

	*r = (struct segoff_csum_report){ .state = SEGOFF_CSUM_NONE };
	r->why = ref_dissect_ports(p, ports, &st);
	r->ip_good = ipv4_good(p, &st);
	ref_nest_walk(&n);
	if (r->why == SEGOFF_V_OK && n.w.proto == 132)
		judge_sctp(&n, r);
	else if (r->why == SEGOFF_V_OK && ref_checksum_at(p, &n.w, true, &c) &&
		 ref_checksum_at(p, &n.w, false, &here))
		judge_innermost(&n, &c, &here, r);
	if (r->state == SEGOFF_CSUM_PARTIAL && !r->remote && n.w.proto != 132)
		r->outer = outer_later(&n, &c);
	else
		r->outer = outer(&n, &n);
}

void ref_verify(const struct ref_pkt *p, struct segoff_csum_report *r)
{
	ref_verify_ports(p, NULL, r);
}

/* A checksum that sums up is right, whichever zero it is written with. */
static int fix_ipv4(uint8_t *pkt, const struct segoff_stack *st)
{
	int changed = 0;

	for (size_t i = 0; i < st->nlayer; i++) {
		uint8_t *ip = pkt + st->layer[i].off;
		size_t len = st->layer[i].len;

		if (st->layer[i].proto != SEGOFF_P_IPV4 || adds_up(ip, len))
			continue;
		ref_put16(ip + 10, 0);
		ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, len))));
		changed++;
	}
	return changed;
}

/* The checksum of a tunnel, all that it covers being right. */
static int fix_tunnel(uint8_t *pkt, const struct ref_nest *n, size_t i)
{
	struct ref_checksum c;

	if (!cover(n, i, true, &c) ||
	    ref_fold((uint64_t)c.sum + ref_get16(pkt + c.field)) == 0xffff)
		return 0;
	ref_put16(pkt + c.field, c.right);
	return 1;
}

static int fix_tunnels(uint8_t *pkt, const struct ref_pkt *p)
{
	struct ref_nest n = { .p = p };
	int changed = 0;

	ref_nest_walk(&n);
	for (size_t i = n.n ? n.n - 1 : 0; i-- > 0;)
		changed += fix_tunnel(pkt, &n, i);
	return changed;
}

/* R-TUN-9: what the receiver finishes holds the seed. */
static int fix_remote(uint8_t *pkt, const struct ref_pkt *p,
		      const struct segoff_csum_report *r)
{
	struct ref_nest n = { .p = p };
	struct ref_checksum c;

	ref_nest_walk(&n);
	if ((r->state == SEGOFF_CSUM_PARTIAL && r->seed_has_length) ||
	    !ref_checksum_at(p, &n.w, true, &c) || r->found == c.seed)
		return 0;
	ref_put16(pkt + r->field, c.seed);
	return 1;
}

static int fix_innermost(uint8_t *pkt, const struct ref_pkt *p,
			 const struct segoff_stack *st)
{
	struct segoff_csum_report r;

	ref_verify(p, &r);
	if (r.remote)
		return fix_remote(pkt, p, &r);
	if (r.state == SEGOFF_CSUM_NONE || r.state == SEGOFF_CSUM_GOOD)
		return 0;
	if (st->ip_version == 4 && st->ip_proto == 17 && r.found == 0)
		return 0;
	if (st->ip_proto == 132)
		ref_put32(pkt + r.field, r.right);
	else
		ref_put16(pkt + r.field, r.right);
	return 1;
}

int ref_rewrite(uint8_t *pkt, size_t len, unsigned int link)
{
	struct ref_pkt p = { pkt, len, link };
	struct segoff_stack st;
	int changed;

	ref_dissect(&p, &st);
	if (!st.ip_version)
		return 0;
	changed = fix_ipv4(pkt, &st);
	changed += fix_innermost(pkt, &p, &st);
	return changed + fix_tunnels(pkt, &p);
}
