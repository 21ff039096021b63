/* SPDX-License-Identifier: MIT */
/*
 * gro_law.c - what the kernel merged, cut again
 *
 * Theory of operation
 * -------------------
 * A packet socket shows a superpacket of a tunnel, but not what it is. That is
 * known of the train: its packets are found by their ports and what they carry.
 * From the first of them its metadata are made, and libsegoff must cut it into
 * just these.
 */
#include "gro_law.h"

#include <string.h>

#include "engine.h"
#include "wire.h"

#define TCP	 6
#define GRE_CSUM 0x8000u
#define BIG	 65535u
#define TELLS	 8 /* bytes of payload */
#define BIG	 65535u

/*
 * A superpacket of the answer.
 * @member: the packets in it, in order; TRAIN_MOST of room
 * @n: how many
 */
struct merged {
	const struct train *t;
	const uint8_t *vnet;
	uint8_t *frame;
	size_t len;
	unsigned int member[TRAIN_MOST];
	unsigned int n;
};

static uint32_t check_offset_of(const struct spec *s)
{
	return s->proto == TCP ? 16 : 6;
}

static size_t data_at(const struct train *t, unsigned int k)
{
	const struct spot *at = &t->packet[k].at;

	return at->l4 + at->l4_len - t->spec[k].payload;
}

/* Packets without much payload are told apart by their sequence numbers. */
static bool in_sequence(const struct merged *m, size_t done, unsigned int k)
{
	size_t seq = m->t->packet[k].at.l4 + 4;

	return m->t->spec[k].proto != TCP ||
	       get32(m->frame + seq) + (uint32_t)done ==
		       get32(m->t->packet[k].bytes + seq);
}

/* Are its ports those of packet @k, and its payload from @done on? */
static bool carries(const struct merged *m, size_t done, unsigned int k)
{
	const struct packet *p = &m->t->packet[k];
	size_t data = data_at(m->t, k), n = m->t->spec[k].payload;

	return m->len >= data + done + n && in_sequence(m, done, k) &&
	       !memcmp(m->frame + p->at.l4, p->bytes + p->at.l4, 4) &&
	       !memcmp(m->frame + data + done, p->bytes + data, n);
}

/* The packets that it is made of; false: there is something else in it. */
static bool find_members(struct merged *m, bool *seen)
{
	const struct train *t = m->t;
	size_t done = 0;

	for (unsigned int k = 0; k < t->n; k++) {
		if (seen[k] || !carries(m, done, k))
			continue;
		seen[k] = true;
		done += t->spec[k].payload;
		m->member[m->n++] = k;
		if (data_at(t, k) + done == m->len)
			return true;
	}
	return false;
}

static uint32_t shell_bits(const struct shell *h)
{
	if (h->type == SHELL_IP)
		return h->ip.version == 4 ? SEGOFF_GSO_IPXIP4 :
					    SEGOFF_GSO_IPXIP6;
	if (h->type == SHELL_GRE)
		return h->flags & GRE_CSUM ? SEGOFF_GSO_GRE_CSUM :
					     SEGOFF_GSO_GRE;
	return h->no_check ? SEGOFF_GSO_UDP_TUNNEL : SEGOFF_GSO_UDP_TUNNEL_CSUM;
}

static uint32_t l4_bit(const struct spec *s)
{
	if (s->proto != TCP)
		return SEGOFF_GSO_UDP_L4;
	return s->ip.version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
}

/* Do the identifications of this header stay the same? */
static bool stays(const struct ip *a, const struct ip *b)
{
	return a->version == 4 && a->id == b->id;
}

static uint32_t fixed_bits(const struct merged *m)
{
	const struct spec *a = &m->t->spec[m->member[0]];
	const struct spec *b = &m->t->spec[m->member[1]];
	bool outer = stays(&a->shell.ip, &b->shell.ip);
	bool inner = stays(&a->ip, &b->ip);

	if (a->shell.type != SHELL_IP) /* one bit for both */
		return outer || inner ? SEGOFF_GSO_TCP_FIXEDID : 0;
	return (outer ? SEGOFF_GSO_TCP_FIXEDID : 0) |
	       (inner ? SEGOFF_GSO_TCP_FIXEDID_INNER : 0);
}

static void make_meta(const struct merged *m, struct segoff_meta *meta)
{
	const struct spec *s = &m->t->spec[m->member[0]];
	const struct spot *at = &m->t->packet[m->member[0]].at;
	uint16_t inner = s->ip.version == 4 ? 0x0800 : 0x86dd;

	*meta = (struct segoff_meta){
		.gso_type = l4_bit(s) | shell_bits(&s->shell) | fixed_bits(m),
		.gso_size = get_le16(m->vnet + 4),
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.encapsulation = true,
		.csum_start = get_le16(m->vnet + 6),
		.csum_offset = get_le16(m->vnet + 8),
		.protocol = s->type,
		.net_off = (uint16_t)at->outer_l3,
		.th_off = (uint16_t)(at->outer_l3 + train_ip_len(&s->shell.ip)),
		.inner_mac_off = (uint16_t)(s->shell.teb ? at->l3 - 14 : 0),
		.inner_net_off = (uint16_t)at->l3,
		.inner_th_off = (uint16_t)at->l4,
		.inner_protocol = s->shell.teb ? TEB : inner,
	};
}

/* Can its packets come back at all? */
static bool reversible(const struct merged *m)
{
	const struct spec *a = &m->t->spec[m->member[0]];
	const struct spec *b = &m->t->spec[m->member[1]];

	if (a->partial || a->shell.remcsum)
		return false;
	if (a->shell.type == SHELL_IP || a->ip.version == 6 ||
	    a->shell.ip.version == 6)
		return true;
	return stays(&a->shell.ip, &b->shell.ip) == stays(&a->ip, &b->ip);
}

/* A zero that segmentation writes in the other form. */
static bool other_zero(const struct packet *p, const struct spec *s)
{
	return s->proto == TCP &&
	       get16(p->bytes + p->at.l4 + check_offset_of(s)) == 0xffff;
}

static const char *compare(const struct merged *m, const struct answer *segs)
{
	if (segs->n != m->n)
		return segs->n ? "another number of segments" : "refused";
	for (unsigned int i = 0; i < m->n; i++) {
		const struct packet *p = &m->t->packet[m->member[i]];

		if (other_zero(p, &m->t->spec[m->member[i]]))
			continue;
		if (answer_len(segs, i) != p->len ||
		    memcmp(segs->bytes + answer_start(segs, i), p->bytes,
			   p->len))
			return "a segment is not the packet";
	}
	return NULL;
}

static const char *check_super(struct gro_law *law, const struct merged *m)
{
	struct iovec iov = { m->frame, m->len };
	struct segoff_pkt pkt = { &iov, 1, SEGOFF_LINK_ETHERNET };
	struct segoff_gso_opts o = {
		.sz = sizeof(o), .flags = SEGOFF_TRUST_SEED | SEGOFF_STRICT
	};
	struct segoff_meta meta;

	if (!reversible(m)) {
		law->left++;
		return NULL;
	}
	law->cut++;
	make_meta(m, &meta);
	engine_segment(&pkt, &meta, &o, (unsigned int)(law->cut % 3),
		       law->segments);
	return compare(m, law->segments);
}

/* Above 64 KB headers are added, and lengths are gone. */
static bool too_big(const struct answer *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (answer_len(f, i) > BIG)
			return true;
	return false;
}

/* Datagrams with hardly any payload cannot be told apart. */
static bool ambiguous(const struct train *t)
{
	for (unsigned int k = 0; k < t->n; k++)
		if (t->spec[k].proto != TCP && t->spec[k].payload < TELLS)
			return true;
	return false;
}

const char *gro_law_check(struct gro_law *law, const struct train *t,
			  const struct gro_answer *a)
{
	bool seen[TRAIN_MOST] = { false };
	const struct answer *f = a->frames;
	unsigned int packets = 0;
	const char *wrong = NULL;

	if (too_big(f) || ambiguous(t)) {
		law->left++;
		return NULL;
	}
	for (size_t i = 0; i < f->n && !wrong; i++) {
		uint8_t *vnet = f->bytes + answer_start(f, i);
		struct merged m = { .t = t,
				    .vnet = vnet,
				    .frame = vnet + TRAIN_VNET,
				    .len = answer_len(f, i) - TRAIN_VNET };

		if (!find_members(&m, seen))
			return "a frame that nobody sent";
		packets += m.n;
		if (gro_is_super(vnet))
			wrong = check_super(law, &m);
	}
	return wrong || packets == t->n ? wrong : "a packet was lost";
}
