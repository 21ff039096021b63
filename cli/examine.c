/* SPDX-License-Identifier: MIT */
/* examine.c - what is this packet of a capture */
#include "examine.h"

/* Larger than the MTU: somebody's superpacket, whatever is inside. */
static bool above_mtu(const struct seen *s, const struct examine_opts *o)
{
	const struct segoff_stack *st = &s->st;
	uint32_t mtu = o->hints.mtu ? o->hints.mtu : 1500;

	return st->ip_version && st->len - st->layer[st->net].off > mtu;
}

/* Why a packet is left alone that is not, or not yet, for us to cut. */
static enum segoff_verdict not_for_us(const struct seen *s,
				      const struct examine_opts *o)
{
	if (s->caplen < s->len)
		return SEGOFF_V_SNAPLEN;
	if (s->st.end != SEGOFF_V_OK && s->st.end != SEGOFF_V_FRAGMENT &&
	    above_mtu(s, o))
		return s->st.end;
	return SEGOFF_V_OK;
}

/* A checksum that the capture's own flags vouch for, or give up. */
static bool excused(const struct seen *s)
{
	return s->rec.flags & (EPB_CSUM_NOTREADY | EPB_CSUM_VALID);
}

static void judge_sums(const struct seen *s, const struct examine_opts *o,
		       struct finding *f)
{
	bool super = f->meta.gso_size, udp;
	const uint8_t *ip;

	segoff_csum_verify(&f->pkt, &s->st, &f->sum);
	if (f->sum.state == SEGOFF_CSUM_NONE)
		return;
	udp = s->st.ip_proto == 17;
	ip = (const uint8_t *)f->iov.iov_base + s->st.layer[s->st.net].off;
	if (f->sum.state == SEGOFF_CSUM_PARTIAL ||
	    (f->sum.state == SEGOFF_CSUM_ABSENT && !udp))
		f->fix_sum = true;
	else if (f->sum.state == SEGOFF_CSUM_WRONG) {
		if (o->rewrite || s->rec.flags & EPB_CSUM_NOTREADY ||
		    (super && excused(s)))
			f->fix_sum = true;
		else
			f->alone = SEGOFF_V_CSUM_WRONG;
	}
	/* an IPv4 header sum of 0: left for the device, like the length */
	if (!f->sum.ip_good && !super && !f->fix_length) {
		if (o->rewrite || (!ip[10] && !ip[11]))
			f->fix_sum = true;
		else
			f->alone = SEGOFF_V_CSUM_WRONG;
	}
}

static void examine_plain(const struct window *w, const struct seen *s,
			  const struct examine_opts *o, struct finding *f)
{
	struct segoff_hints h = o->hints;

	f->alone = not_for_us(s, o);
	if (f->alone != SEGOFF_V_OK || s->st.end != SEGOFF_V_OK)
		return;
	h.tcp_pending = s->rec.flags & EPB_TCP_PENDING;
	f->how = segoff_infer(window_flows(w), s->flow, &f->pkt, &s->st, &h,
			      &f->meta);
	if (!f->meta.gso_size && f->how != SEGOFF_V_WIRE_SIZE) {
		f->alone = f->how;
		return;
	}
	f->fix_length = segoff_length_broken(&f->pkt, &s->st);
	judge_sums(s, o, f);
}

static enum segoff_writer writer_of(const struct seen *s)
{
	if (s->link == SEGOFF_LINK_ETHERNET)
		return SEGOFF_WRITER_TAP;
	return s->link == SEGOFF_LINK_RAW ? SEGOFF_WRITER_TUN :
					    SEGOFF_WRITER_NONE;
}

static void examine_vnet(const struct window *w, const struct seen *s,
			 const struct examine_opts *o, struct finding *f)
{
	const uint8_t *hdr = window_frame(w, s) - s->vnet;
	struct segoff_vnet_opts v = { .sz = sizeof(v),
				      .writer = (uint8_t)writer_of(s),
				      .tunnel = true,
				      .tunnel_csum = true };

	f->how = SEGOFF_V_FROM_META;
	if (s->caplen < s->len) {
		f->alone = SEGOFF_V_SNAPLEN;
		return;
	}
	if (s->vnet < o->vnet) {
		f->alone = SEGOFF_V_META_SHORT;
		f->refused = true;
		return;
	}
	f->refused = segoff_vnet_decode(hdr, o->vnet, &f->pkt, &v, &f->meta,
					&f->alone) < 0;
}

void examine(const struct window *w, const struct seen *s,
	     const struct examine_opts *o, struct finding *f)
{
	*f = (struct finding){ .how = SEGOFF_V_WIRE_SIZE };
	f->iov.iov_base = (void *)(uintptr_t)window_frame(w, s);
	f->iov.iov_len = s->caplen;
	f->pkt = (struct segoff_pkt){ &f->iov, 1, s->link };
	if (o->vnet)
		examine_vnet(w, s, o, f);
	else if (s->known_link)
		examine_plain(w, s, o, f);
}
