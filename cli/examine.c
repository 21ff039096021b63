/* SPDX-License-Identifier: MIT */
/* examine.c - what is this packet of a capture */
#include "examine.h"

#include <errno.h>

#include "merged.h"

static uint32_t mtu_of(const struct examine_opts *o)
{
	return o->hints.mtu ? o->hints.mtu : 1500;
}

/*
 * Larger than the MTU: somebody's superpacket, whatever is inside. Where there
 * is no IP, the MTU is about what is behind the headers that are known.
 */
static bool above_mtu(const struct seen *s, const struct examine_opts *o)
{
	const struct segoff_stack *st = &s->st;
	size_t from = st->ip_version ? examine_network(st) : st->payload;

	return st->len - from > mtu_of(o);
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

/* A wrong checksum is passed over, or the packet left alone. */
static bool pass_over(const struct seen *s, const struct examine_opts *o,
		      struct finding *f)
{
	bool super = f->meta.gso_size;

	if (o->rewrite || s->rec.flags & EPB_CSUM_NOTREADY ||
	    (super && excused(s))) {
		f->fix_sum = true;
		return true;
	}
	f->alone = SEGOFF_V_CSUM_WRONG;
	return false;
}

/* The checksum of TCP or UDP. */
static void judge_transport(const struct seen *s, const struct examine_opts *o,
			    struct finding *f)
{
	bool udp = s->st.ip_proto == 17;

	switch (f->sum.state) {
	case SEGOFF_CSUM_PARTIAL:
		f->fix_sum = !f->sum.remote;
		break;
	case SEGOFF_CSUM_ABSENT:
		f->fix_sum = !udp;
		break;
	case SEGOFF_CSUM_WRONG:
		pass_over(s, o, f);
		break;
	default:
		break;
	}
}

/* The checksums of tunnels around it. */
static void judge_tunnels(const struct seen *s, const struct examine_opts *o,
			  struct finding *f)
{
	if (f->sum.outer == SEGOFF_CSUM_PARTIAL)
		f->fix_sum = true;
	else if (f->sum.outer == SEGOFF_CSUM_WRONG && !pass_over(s, o, f))
		f->about_tunnel = f->sum.state != SEGOFF_CSUM_WRONG;
}

/* The IPv4 header's own, of any packet. */
static void judge_ip(const struct examine_opts *o, struct finding *f,
		     const struct segoff_stack *st)
{
	f->ip_sum = ip_sum_of(&f->pkt, st);
	f->about_ip = f->sum.state != SEGOFF_CSUM_WRONG;
	if (o->rewrite || !f->ip_sum.found)
		f->fix_sum = true;
	else
		f->alone = SEGOFF_V_CSUM_WRONG;
}

static void judge_sums(const struct seen *s, const struct examine_opts *o,
		       struct finding *f)
{
	segoff_csum_verify(&f->pkt, &s->st, &f->sum);
	if (f->sum.state != SEGOFF_CSUM_NONE)
		judge_transport(s, o, f);
	judge_tunnels(s, o, f);
	/* cutting it, or setting its length, makes a new one anyway */
	if (!f->sum.ip_good && !f->meta.gso_size && !f->fix_length)
		judge_ip(o, f, &s->st);
}

/* How is it to be cut? */
static enum segoff_verdict size_of(const struct window *w, const struct seen *s,
				   const struct examine_opts *o,
				   struct finding *f)
{
	struct segoff_hints h = o->hints;

	f->merged = merged_find(&s->rec, window_bytes(w, s), &f->pkt, &s->st,
				&f->meta);
	if (f->merged)
		return SEGOFF_V_FROM_META;
	h.ports = o->ports;
	h.tcp_pending = s->rec.flags & EPB_TCP_PENDING;
	return segoff_infer(window_flows(w), s->flow, &f->pkt, &s->st, &h,
			    &f->meta);
}

static void examine_plain(const struct window *w, const struct seen *s,
			  const struct examine_opts *o, struct finding *f)
{
	f->alone = not_for_us(s, o);
	if (f->alone != SEGOFF_V_OK)
		return;
	if (s->st.end != SEGOFF_V_OK) {
		judge_sums(s, o, f);
		return;
	}
	f->how = size_of(w, s, o, f);
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

/* Metadata knows nothing of a limit that the user sets. */
static bool above_limit(const struct seen *s, const struct examine_opts *o,
			const struct segoff_bound *b)
{
	return o->hints.mtu_is_limit && b->segs > 1 &&
	       b->largest - examine_network(&s->st) > o->hints.mtu;
}

static bool begin_cut(const struct examine_opts *o,
		      const struct segoff_gso_opts *how, struct finding *f,
		      struct segoff_gso *g, struct segoff_bound *b)
{
	int err = segoff_gso_init(g, &f->pkt, &f->meta, how, b);

	if (!err)
		return true;
	f->alone = segoff_gso_why(g);
	f->refused = o->vnet && err != -EOPNOTSUPP;
	return false;
}

/*
 * A superpacket of SCTP lies flat in a capture. Its members are kept here until
 * the next one; there is room for any in 64 KB.
 */
static bool find_members(const struct seen *s, const struct examine_opts *o,
			 struct finding *f)
{
	static struct iovec piece[65536 / 4 + 2];
	const size_t room = sizeof(piece) / sizeof(*piece);
	ssize_t n;

	n = segoff_sctp_members(&f->pkt, &s->st, mtu_of(o), piece, room,
				&f->alone);
	if (n < 0)
		return false;
	if ((size_t)n > room) {
		f->alone = SEGOFF_V_GSO_UNSUPPORTED;
		return false;
	}
	f->pkt.iov = piece;
	f->pkt.niov = (unsigned int)n;
	return true;
}

bool examine_cut(const struct seen *s, const struct examine_opts *o,
		 const struct segoff_gso_opts *how, struct finding *f,
		 struct segoff_gso *g, struct segoff_bound *b)
{
	struct segoff_gso_opts whole = *how;

	if (f->meta.gso_size == SEGOFF_GSO_BY_FRAGS && !find_members(s, o, f))
		return false;
	/* the limit is about what will be on the wire */
	whole.partial = 0;
	if (!begin_cut(o, &whole, f, g, b))
		return false;
	if (above_limit(s, o, b)) {
		f->alone = SEGOFF_V_MTU_LIMIT;
		return false;
	}
	f->segments = b->segs;
	return !how->partial || begin_cut(o, how, f, g, b);
}
