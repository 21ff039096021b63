/* SPDX-License-Identifier: MIT */
/* ref_csum.c - checksums of single packets */
#include <errno.h>

#include "ref.h"

int ref_complete(uint8_t *pkt, size_t len, const struct segoff_meta *m)
{
	size_t start = m->csum_start, field = start + m->csum_offset;
	uint16_t v;

	if (m->ip_summed != SEGOFF_CHECKSUM_PARTIAL)
		return 0;
	if (field + 2 > len)
		return -EINVAL;
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
 * possible too.
 */
static size_t upper_len(const struct ref_pkt *p, const struct ref_walk *w,
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
	return udp >= 8 && udp <= said ? udp : said;
}

/* Sum over the pseudo header and all bytes but the checksum's own. */
bool ref_checksum_at(const struct ref_pkt *p, const struct ref_walk *w,
		     bool final, struct ref_checksum *c)
{
	size_t end, len, before;

	if (w->end != SEGOFF_V_OK)
		return false;
	end = l4_end(p, w);
	if (end == 0)
		return false;
	len = upper_len(p, w, end);
	before = w->proto == 6 ? 16 : 6;
	c->start = w->th;
	c->field = w->th + before;
	c->seed = ref_fold(ref_pseudo(p, w, final, len));
	c->seed_without = ref_fold(ref_pseudo(p, w, final, 0));
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

static bool ipv4_good(const struct ref_pkt *p, const struct segoff_stack *st)
{
	const struct segoff_layer *ip = &st->layer[st->net];

	return st->ip_version != 4 ||
	       ref_fold(ref_sum(p->at + ip->off, ip->len)) == 0xffff;
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

void ref_verify(const struct ref_pkt *p, struct segoff_csum_report *r)
{
	struct ref_checksum c, here;
	struct segoff_stack st;

	*r = (struct segoff_csum_report){ .state = SEGOFF_CSUM_NONE };
	r->why = ref_dissect(p, &st);
	r->ip_good = ipv4_good(p, &st);
	if (r->why == SEGOFF_V_OK && ref_checksum(p, true, &c) &&
	    ref_checksum(p, false, &here))
		judge(p, &c, &here, r);
}

/* A checksum that sums up is right, whichever zero it is written with. */
static int fix_ipv4(uint8_t *pkt, const struct ref_pkt *p,
		    const struct segoff_stack *st)
{
	uint8_t *ip = pkt + st->layer[st->net].off;

	if (ipv4_good(p, st))
		return 0;
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10,
		  ref_not(ref_fold(ref_sum(ip, st->layer[st->net].len))));
	return 1;
}

int ref_rewrite(uint8_t *pkt, size_t len, unsigned int link)
{
	struct ref_pkt p = { pkt, len, link };
	struct segoff_csum_report r;
	struct segoff_stack st;
	int changed;

	ref_dissect(&p, &st);
	if (!st.ip_version)
		return 0;
	changed = fix_ipv4(pkt, &p, &st);
	ref_verify(&p, &r);
	if (r.state == SEGOFF_CSUM_NONE || r.state == SEGOFF_CSUM_GOOD)
		return changed;
	if (st.ip_version == 4 && st.ip_proto == 17 && r.found == 0)
		return changed;
	ref_put16(pkt + r.field, r.right);
	return changed + 1;
}
