/* SPDX-License-Identifier: MIT */
/* check_vnet.c - virtio_net_hdr against the model, both ways */
#include <stdlib.h>
#include <string.h>

#include "check.h"

static bool same_meta(const struct segoff_meta *a, const struct segoff_meta *b)
{
	return a->gso_type == b->gso_type && a->gso_size == b->gso_size &&
	       a->gso_segs == b->gso_segs && a->hdr_len == b->hdr_len &&
	       a->ip_summed == b->ip_summed &&
	       a->encapsulation == b->encapsulation &&
	       a->csum_start == b->csum_start &&
	       a->csum_offset == b->csum_offset && a->th_off == b->th_off &&
	       a->inner_net_off == b->inner_net_off &&
	       a->inner_th_off == b->inner_th_off &&
	       a->inner_protocol == b->inner_protocol &&
	       a->protocol == b->protocol && a->net_off == b->net_off &&
	       a->mac_off == b->mac_off;
}

static bool differ(struct complaint *why, const char *what,
		   const struct segoff_meta *m, const struct segoff_meta *want)
{
	return complain(why,
			"%s: type %x/%x size %u/%u segs %u/%u hdr_len "
			"%u/%u sum %u/%u start %u/%u off %u/%u th %u/%u net "
			"%u/%u proto %x/%x encap %u/%u inner %u/%u %u/%u "
			"%x/%x",
			what, m->gso_type, want->gso_type, m->gso_size,
			want->gso_size, m->gso_segs, want->gso_segs, m->hdr_len,
			want->hdr_len, m->ip_summed, want->ip_summed,
			m->csum_start, want->csum_start, m->csum_offset,
			want->csum_offset, m->th_off, want->th_off, m->net_off,
			want->net_off, m->protocol, want->protocol,
			m->encapsulation, want->encapsulation, m->inner_net_off,
			want->inner_net_off, m->inner_th_off,
			want->inner_th_off, m->inner_protocol,
			want->inner_protocol);
}

/* The header in memory of its own, so that ASan sees its end. */
static uint8_t *own_copy(const uint8_t *from, size_t n)
{
	uint8_t *p = malloc(n ? n : 1);

	if (n)
		memcpy(p, from, n);
	return p;
}

static bool decode(const struct gen_case *c, const struct pieces *p,
		   const struct segoff_vnet_opts *o, struct segoff_meta *want,
		   struct complaint *why)
{
	struct ref_pkt ref = { c->at, c->len, c->link };
	uint8_t *hdr = own_copy(c->vnet, c->vnet_size);
	enum segoff_verdict want_v, v = SEGOFF_V_COUNT;
	struct segoff_meta m;
	int want_err, err;

	memset(&m, 0x5a, sizeof(m));
	err = segoff_vnet_decode(hdr, c->vnet_size, &p->pkt, o, &m, &v);
	want_err = ref_decode(c->vnet, c->vnet_size, &ref, o, want, &want_v);
	free(hdr);
	if (err != want_err || v != want_v)
		return complain(why, "decode returned %d (%s), want %d (%s)",
				err, segoff_verdict_name(v), want_err,
				segoff_verdict_name(want_v));
	if (!same_meta(&m, want))
		return differ(why, "decode", &m, want);
	return true;
}

static bool encode(const struct segoff_meta *m, size_t size,
		   const struct segoff_vnet_opts *o, struct rnd *r,
		   struct complaint *why)
{
	uint8_t want[24] = { 0 };
	struct room hdr;
	bool fine = true;
	int err, want_err = ref_encode(m, want, size, o);

	room_make(&hdr, size, r);
	err = segoff_vnet_encode(m, hdr.at, size, o);
	if (room_overrun(&hdr))
		fine = complain(why, "encode wrote outside %zu bytes", size);
	else if (err != want_err)
		fine = complain(why, "encode returned %d, want %d", err,
				want_err);
	for (size_t i = 0; fine && !err && i < size; i++)
		if (hdr.at[i] != want[i])
			fine = complain(why,
					"encode: byte %zu is %02x, want "
					"%02x",
					i, hdr.at[i], want[i]);
	room_free(&hdr);
	return fine;
}

/* What the kernel takes when it is asked to. */
static bool negotiation(struct rnd *r, struct complaint *why)
{
	uint32_t bits = (uint32_t)rnd64(r) >> rnd_in(r, 20, 24);
	size_t size = rnd_below(r, 40);
	enum segoff_writer w = rnd_percent(r, 50) ? SEGOFF_WRITER_PACKET :
						    SEGOFF_WRITER_TAP;

	if (segoff_tun_offload_ok(bits) != ref_offload_ok(bits))
		return complain(why, "offload set %#x", bits);
	if (segoff_vnet_size_ok(w, size) != ref_size_ok(w, size))
		return complain(why, "header size %zu", size);
	return true;
}

/* Metadata that no header led to. */
static void any_meta(struct rnd *r, const struct gen_case *c,
		     struct segoff_meta *m)
{
	*m = c->meta;
	m->inner_net_off = rnd_percent(r, 95) ? rnd16(r) : 0;
	m->inner_th_off = rnd16(r);
	if (rnd_percent(r, 30))
		m->gso_type |= SEGOFF_GSO_UDP_TUNNEL;
	if (rnd_percent(r, 15))
		m->gso_type |= SEGOFF_GSO_UDP_TUNNEL_CSUM;
	m->protocol = rnd_percent(r, 50) ? 0x0800 : 0x86dd;
}

/*
 * What was read must be written, and read again, as it is: for every
 * superpacket but UFO, which cannot be written. A tunnelled packet that is no
 * superpacket would need an inner type that it no longer has.
 */
static bool round_trip(const struct gen_case *c, const struct pieces *p,
		       const struct segoff_meta *first, struct complaint *why)
{
	struct segoff_vnet_opts o = c->vopts;
	struct segoff_meta m = *first, again;
	size_t size = c->vnet_size;
	uint8_t hdr[24];

	if (m.gso_type & SEGOFF_GSO_UDP || size == 0 ||
	    (size != 10 && size != 12 && size != 20 && size != 24) ||
	    (m.gso_size == 0 && m.encapsulation))
		return true;
	o.vlan_outside = false;
	if (segoff_vnet_encode(&m, hdr, size, &o))
		return complain(why, "what was decoded cannot be encoded");
	if (m.gso_size == 0) {
		m.hdr_len = 0;
		o.writer = SEGOFF_WRITER_NONE;
	}
	if (segoff_vnet_decode(hdr, size, &p->pkt, &o, &again, NULL))
		return complain(why, "what was encoded cannot be decoded");
	if (m.gso_size == 0)
		m.th_off = again.th_off;
	return same_meta(&again, &m) || differ(why, "round trip", &again, &m);
}

bool check_vnet(const struct gen_case *c, struct rnd *r, struct complaint *why)
{
	static const size_t sizes[] = { 10, 12, 20, 24, 0, 9, 11, 25 };
	size_t first = headers_of(c);
	struct segoff_meta m, any;
	struct pieces p;
	bool fine;

	pieces_make(&p, c, first < 300 ? 300 : first, r);
	fine = decode(c, &p, NULL, &m, why) &&
	       decode(c, &p, &c->vopts, &m, why);
	if (fine && m.ip_summed | m.gso_size)
		fine = round_trip(c, &p, &m, why);
	fine = fine && negotiation(r, why);
	any_meta(r, c, &any);
	fine = fine &&
	       encode(&any, sizes[rnd_below(r, rnd_percent(r, 5) ? 8 : 4)],
		      rnd_percent(r, 90) ? &c->vopts : NULL, r, why);
	if (pieces_changed(&p))
		fine = complain(why, "the packet was changed");
	pieces_free(&p);
	return fine;
}
