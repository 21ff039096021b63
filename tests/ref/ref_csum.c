/* SPDX-License-Identifier: MIT */
/* ref_csum.c - checksums of single packets */
#include <errno.h>

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
 * The upper-layer length, as the IP header has it if it can be right: if it
 * covers all headers, no more than is there, and is not what 16 bits hold of a
 * longer one. Behind that, the UDP header has the last word (RFC 768) if it is
 * possible too, by the same rule.
 */
size_t ref_upper_len(const struct ref_pkt *p, const struct ref_walk *w,
		     size_t headers_end)
{
	size_t there = p->len - w->net, headers = headers_end - w->net, said,
	       udp;

	if (w->version == 4)
		said = ref_get16(p->at + w->net + 2);
	else
		said = 40u + ref_get16(p->at + w->net + 4);
	if (said < headers || said > there || (there - said) % 65536 == 0)
		said = there;
	said -= w->th - w->net;
	udp = w->proto == 17 ? ref_get16(p->at + w->th + 4) : 0;
	if (udp < 8 || udp > said || (said - udp) % 65536 == 0)
		return said;
	return udp;
}

/* Sum over the pseudo header and all bytes but the checksum's own. */
bool ref_checksum_at(const struct ref_pkt *p, const struct ref_walk *w,
		     bool final, struct ref_checksum *c)
{
	size_t end, len, before;

	if (w->end != SEGOFF_V_OK || w->proto == 132)
		return false;
	end = l4_end(p, w);
	if (end == 0)
		return false;
	len = ref_upper_len(p, w, end);
	before = w->proto == 6 ? 16 : 6;
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
	return true;
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
	} else if (r->found &&
		   (r->found == c->seed_all || r->found == here->seed_all)) {
		/* R-PART-3: of a frame whose lengths are those of a segment */
		r->state = SEGOFF_CSUM_PARTIAL;
		r->seed_has_length = true;
	} else {
		r->state = r->found ? SEGOFF_CSUM_WRONG : SEGOFF_CSUM_ABSENT;
	}
}

/* That of the innermost transport header, whatever is in front of it. */
static bool innermost(const struct ref_pkt *p, bool final,
		      struct ref_checksum *c)
{
	struct ref_nest n = { .p = p };

	return ref_nest_walk(&n) == SEGOFF_V_OK &&
	       ref_checksum_at(p, &n.w, final, c);
}

/* SCTP: a field of zero is left for a device. */
static void judge_sctp(const struct ref_pkt *p, struct segoff_csum_report *r)
{
	struct ref_nest n = { .p = p };
	size_t len;

	ref_nest_walk(&n);
	len = ref_upper_len(p, &n.w, n.w.th + 12);
	r->field = (uint32_t)(n.w.th + 8);
	r->found = ref_get32(p->at + r->field);
	r->right = ref_sctp_check(p->at + n.w.th, len);
	r->state = r->found ? SEGOFF_CSUM_WRONG : SEGOFF_CSUM_PARTIAL;
	if (r->found == r->right)
		r->state = SEGOFF_CSUM_GOOD;
}

void ref_verify(const struct ref_pkt *p, struct segoff_csum_report *r)
{
	struct ref_checksum c, here;
	struct segoff_stack st;

	*r = (struct segoff_csum_report){ .state = SEGOFF_CSUM_NONE };
	r->why = ref_dissect(p, &st);
	r->ip_good = ipv4_good(p, &st);
	if (r->why != SEGOFF_V_OK)
		return;
	if (st.ip_proto == 132)
		judge_sctp(p, r);
	else if (innermost(p, true, &c) && innermost(p, false, &here))
		judge(p, &c, &here, r);
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

/*
 * A checksum of a tunnel, all that it covers being right. UDP without one has
 * none. Decision: the last header that was met is taken for no tunnel's, since
 * nothing shows that it is.
 */
static int fix_tunnel(uint8_t *pkt, const struct ref_nest *n, size_t i,
		      size_t headers)
{
	const struct ref_layer *l = &n->layer[i];
	bool udp = l->proto == SEGOFF_P_UDP;
	uint8_t *h = pkt + l->off, *check = h + (udp ? 6 : 4);
	struct ref_walk w;
	size_t len;
	uint64_t sum = 0;
	uint16_t v;

	if (udp ? !ref_get16(check) : !(h[0] & 0x80))
		return 0;
	while (l->proto != SEGOFF_P_IPV4 && l->proto != SEGOFF_P_IPV6)
		l--;
	w = l->w;
	if (!udp) /* decision: not bounded by a UDP header in front of it */
		w.proto = 47;
	len = ref_upper_len(n->p, &w, headers);
	if (udp)
		sum = ref_pseudo(n->p, &w, true, len);
	else
		len -= n->layer[i].off - w.th;
	if (ref_fold(sum + ref_sum(h, len)) == 0xffff)
		return 0;
	ref_put16(check, 0);
	v = ref_not(ref_fold(sum + ref_sum(h, len)));
	ref_put16(check, v || !udp ? v : 0xffff);
	return 1;
}

static int fix_tunnels(uint8_t *pkt, const struct ref_pkt *p)
{
	struct ref_nest n = { .p = p };
	struct segoff_stack st;
	int changed = 0;

	ref_dissect(p, &st);
	ref_nest_walk(&n);
	for (size_t i = n.n ? n.n - 1 : 0; i-- > 0;)
		if (n.layer[i].proto == SEGOFF_P_UDP ||
		    n.layer[i].proto == SEGOFF_P_GRE)
			changed += fix_tunnel(pkt, &n, i, st.payload);
	return changed;
}

/* R-TUN-9: what the receiver finishes holds the seed. */
static bool is_remote(const struct ref_pkt *p, struct ref_checksum *c)
{
	struct ref_nest n = { .p = p };

	ref_nest_walk(&n);
	return innermost(p, true, c) && ref_is_remote(&n, c->start, c->field);
}

static int fix_remote(uint8_t *pkt, const struct ref_checksum *c,
		      const struct segoff_csum_report *r)
{
	if ((r->state == SEGOFF_CSUM_PARTIAL && r->seed_has_length) ||
	    r->found == c->seed)
		return 0;
	ref_put16(pkt + r->field, c->seed);
	return 1;
}

static int fix_innermost(uint8_t *pkt, const struct ref_pkt *p,
			 const struct segoff_stack *st)
{
	struct segoff_csum_report r;
	struct ref_checksum c;

	ref_verify(p, &r);
	if (r.state != SEGOFF_CSUM_NONE && is_remote(p, &c))
		return fix_remote(pkt, &c, &r);
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
