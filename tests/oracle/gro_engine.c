/* SPDX-License-Identifier: MIT */
/* gro_engine.c - the same train to libsegoff */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gro_path.h"
#include "net.h"
#include "rewrite.h"
#include "wire.h"

#define UDP	  17
#define TCP_FLAGS 32 /* behind the beginning of an IPv4 header */
#define PIECES	  512
#define PACKETS	  512
#define HDR_MOST  512
#define SUPER_IOV (TRAIN_MOST * PIECES)
#define TUNNEL_TYPES                                                \
	(SEGOFF_GSO_GRE | SEGOFF_GSO_GRE_CSUM | SEGOFF_GSO_IPXIP4 | \
	 SEGOFF_GSO_IPXIP6 | SEGOFF_GSO_UDP_TUNNEL |                \
	 SEGOFF_GSO_UDP_TUNNEL_CSUM)

/* Not another answer, but none that makes sense. */
static void broken(const struct train *t, const char *what)
{
	printf("oracle_gro: train %llu: libsegoff: %s\n",
	       (unsigned long long)t->number, what);
	abort();
}

/**
 * struct pushed - a packet as libsegoff gets it
 * @copy: without a byte to spare: a sanitizer would see who reads beyond
 */
struct pushed {
	uint8_t *copy;
	struct iovec *iov;
	struct segoff_gro_pkt p;
};

/**
 * struct taken - what came out of libsegoff
 * @cut: what leaves is cut
 * @rewritten: and rewritten before
 * @seen: for every packet how often it was in something
 */
struct taken {
	struct segoff_gro *g;
	const struct train *t;
	struct gro_answer *a;
	bool cut;
	bool rewritten;
	unsigned int seen[TRAIN_MOST];
};

static unsigned int cut_in_pieces(struct iovec *iov, uint8_t *bytes, size_t len,
				  size_t head, size_t step)
{
	size_t at = step && head < len ? head : len;
	unsigned int n = 1;

	if (step * (PIECES - 2) < len)
		at = len;
	iov[0] = (struct iovec){ bytes, at };
	for (; at < len; at += iov[n++].iov_len)
		iov[n] = (struct iovec){ bytes + at,
					 len - at < step ? len - at : step };
	return n;
}

static void prepare(struct pushed *to, const struct train *t, unsigned int i)
{
	const struct packet *from = &t->packet[i];

	to->copy = malloc(from->len);
	to->iov = calloc(PIECES, sizeof(*to->iov));
	if (!to->copy || !to->iov)
		net_die("memory");
	memcpy(to->copy, from->bytes, from->len);
	to->p = (struct segoff_gro_pkt){ .cookie = i };
	to->p.pkt.iov = to->iov;
	to->p.pkt.niov = cut_in_pieces(to->iov, to->copy, from->len, t->head[i],
				       t->step);
}

static void finish(struct pushed *p, const struct train *t, unsigned int i)
{
	if (memcmp(p->copy, t->packet[i].bytes, t->packet[i].len))
		broken(t, "a packet was changed");
	free(p->copy);
	free(p->iov);
}

static size_t take_bytes(const struct taken *k, const struct segoff_super *s,
			 uint8_t *to, size_t room)
{
	static struct iovec iov[SUPER_IOV];
	uint8_t hdr[HDR_MOST];
	size_t len = 0;
	ssize_t n;

	if (!k->t->scatter) {
		n = segoff_super_flat(s, to, room);
		if (n < 0)
			broken(k->t, "segoff_super_flat");
		return (size_t)n;
	}
	n = segoff_super_scatter(s, hdr, s->hlen, iov, s->niov);
	if (n < 0 || s->hlen > sizeof(hdr) || s->niov > SUPER_IOV)
		broken(k->t, "segoff_super_scatter");
	for (ssize_t i = 0; i < n; i++) {
		memcpy(to + len, iov[i].iov_base, iov[i].iov_len);
		len += iov[i].iov_len;
	}
	return len;
}

static void count_cookies(struct taken *k, const struct segoff_super *s)
{
	uint64_t cookie[TRAIN_MOST];
	size_t n = segoff_super_cookies(s, cookie, TRAIN_MOST);

	if (n != s->npkt)
		broken(k->t, "segoff_super_cookies");
	for (size_t i = 0; i < n; i++)
		k->seen[cookie[i]]++;
}

/* The header of the next frame; returns where that begins. */
static uint8_t *put_meta(struct taken *k, const struct segoff_meta *meta)
{
	struct answer *f = k->a->frames;
	uint8_t *to = f->bytes + f->used;

	struct segoff_meta plain = *meta;

	/* a packet socket leaves out what its header cannot say */
	plain.gso_type &= ~TUNNEL_TYPES;
	if (segoff_vnet_encode(&plain, to, TRAIN_VNET, NULL))
		broken(k->t, "segoff_vnet_encode");
	to[2] = to[3] = 0;
	k->a->merged += gro_is_super(to);
	return to + TRAIN_VNET;
}

/* All segments, each behind its header. */
static void put_segments(struct taken *k, struct segoff_gso *g)
{
	struct answer *f = k->a->frames;
	struct segoff_meta meta;
	uint8_t *to;
	ssize_t n;

	segoff_gso_meta(g, &meta);
	for (;;) {
		to = put_meta(k, &meta);
		n = segoff_gso_next(g, to, ANSWER_BYTES - f->used - TRAIN_VNET);
		if (n <= 0)
			return;
		answer_add(f, TRAIN_VNET + (size_t)n);
	}
}

/*
 * What leaves is cut, as by a device without offloads. Of a list Linux does not
 * finish checksums even then.
 */
static void take_cut(struct taken *k, const struct segoff_super *s)
{
	static uint8_t whole[TRAIN_PACKET];
	static struct segoff_pkt member[TRAIN_MOST];
	static struct iovec iov[SUPER_IOV];
	struct segoff_gso_opts o = {
		.sz = sizeof(o),
		.flags = SEGOFF_TRUST_SEED | SEGOFF_STRICT,
		.csum = s->npkt > 1 ? SEGOFF_OUT_PARTIAL : SEGOFF_OUT_COMPLETE,
	};
	struct iovec v = { whole, take_bytes(k, s, whole, sizeof(whole)) };
	struct segoff_pkt pkt = { &v, 1, s->link };
	ssize_t n = segoff_super_members(s, member, TRAIN_MOST, iov, SUPER_IOV);
	struct segoff_gso g;

	if (k->rewritten)
		rewrite_frame(whole, v.iov_len);
	if (n != s->npkt ||
	    segoff_gso_init_list(&g, &pkt, member + 1, (size_t)n - 1, &s->meta,
				 &o, NULL))
		broken(k->t, "segoff_gso_init_list");
	k->a->merged += n > 1;
	put_segments(k, &g);
	count_cookies(k, s);
}

/*
 * Linux before 6.9 makes the seed of an outer UDP checksum of the addresses of
 * the inner IP header, where the outer one would have them: inside IPv4 that is
 * the rest of the header and TCP's, as they came but for the flags.
 */
static void old_seed(const struct taken *k, uint8_t *frame, size_t len,
		     const struct segoff_super *s)
{
	const struct segoff_meta *m = &s->meta;
	size_t at = k->t->packet[s->cookie].at.l3, n = len - m->th_off;
	uint64_t sum = UDP + n;
	uint8_t ip[40];

	if (!(m->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM))
		return;
	memcpy(ip, k->t->packet[s->cookie].bytes + at, sizeof(ip));
	if (ip[0] >> 4 == 4)
		memcpy(ip + TCP_FLAGS, frame + at + TCP_FLAGS, 2);
	if (frame[m->net_off] >> 4 == 4)
		sum += wire_sum(ip + 12, 8);
	else
		sum += wire_sum(ip + 8, 32);
	put16(frame + m->th_off + 6, wire_fold(sum));
}

static void take(struct taken *k, const struct segoff_super *s)
{
	struct answer *f = k->a->frames;
	uint8_t *to = put_meta(k, &s->meta);
	size_t len = take_bytes(k, s, to, ANSWER_BYTES - f->used - TRAIN_VNET);

	if (len != s->len)
		broken(k->t, "segoff_super.len");
	if (k->t->old)
		old_seed(k, to, len, s);
	answer_add(f, TRAIN_VNET + len);
	count_cookies(k, s);
}

static void pop_all(struct taken *k)
{
	struct segoff_super s;

	while (segoff_gro_pop(k->g, &s))
		if (k->cut)
			take_cut(k, &s);
		else
			take(k, &s);
}

/* This kernel has no handler for it: it goes by. */
static bool goes_by(const struct gro_path *p, const struct spec *s)
{
	return s->tags && !p->vlan;
}

static void go_by(struct taken *k, const struct segoff_meta *meta,
		  unsigned int i)
{
	const struct packet *p = &k->t->packet[i];
	struct answer *f = k->a->frames;
	uint8_t *to;

	pop_all(k);
	to = put_meta(k, meta);
	memcpy(to, p->bytes, p->len);
	answer_add(f, TRAIN_VNET + p->len);
	k->seen[i]++;
}

static void push(struct taken *k, struct pushed *p,
		 const struct segoff_meta *meta)
{
	p->p.meta = meta;
	if (segoff_gro_push(k->g, &p->p))
		broken(k->t, "segoff_gro_push");
	if (p->p.why >= SEGOFF_V_COUNT)
		broken(k->t, "segoff_gro_pkt.why");
	if (!k->t->late)
		pop_all(k);
}

/* As a TAP device takes it. */
static bool accepted(const struct train *t, const struct pushed *p,
		     struct segoff_meta *meta, unsigned int i)
{
	struct segoff_vnet_opts o = { .sz = sizeof(o),
				      .writer = SEGOFF_WRITER_TAP };

	return !segoff_vnet_decode(t->packet[i].vnet, TRAIN_VNET, &p->p.pkt, &o,
				   meta, NULL);
}

static void arrive(struct taken *k, const struct gro_path *p,
		   struct pushed *pushed, unsigned int i)
{
	struct segoff_meta meta;

	if (!accepted(k->t, pushed, &meta, i)) {
		k->a->refused++;
		k->seen[i]++;
	} else if (goes_by(p, &k->t->spec[i])) {
		go_by(k, &meta, i);
	} else {
		push(k, pushed, &meta);
	}
}

static uint32_t flags_of(const struct gro_path *p, unsigned int way)
{
	return (p->udp[way] ? SEGOFF_GRO_UDP : 0) |
	       (p->list[way] ? SEGOFF_GRO_FRAGLIST : 0);
}

static void open_port(struct segoff_ports *all, struct segoff_port *open,
		      uint16_t port, enum segoff_proto kind)
{
	open[all->nport++] = (struct segoff_port){ port, (uint16_t)kind };
}

/* The ports that have a tunnel's socket: see gro_path_open_tunnels(). */
static const struct segoff_ports *ports(const struct gro_path *p,
					const struct train *t)
{
	static struct segoff_port open[7];
	static struct segoff_ports all = { open, 0 };

	all.nport = 0;
	if (!t->tunnels)
		return &all;
	open_port(&all, open, VXLAN_PORT, SEGOFF_P_VXLAN);
	if (!p->old)
		open_port(&all, open, GPE_PORT, SEGOFF_P_VXLAN_GPE);
	if (p->geneve)
		open_port(&all, open, GENEVE_PORT, SEGOFF_P_GENEVE);
	if (p->fou) {
		open_port(&all, open, TRAIN_GUE, SEGOFF_P_GUE);
		open_port(&all, open, TRAIN_FOU + 4, SEGOFF_P_IPV4);
		open_port(&all, open, TRAIN_FOU + 41, SEGOFF_P_IPV6);
		open_port(&all, open, TRAIN_FOU + 47, SEGOFF_P_GRE);
	}
	return &all;
}

static struct segoff_gro *new_gro(const struct gro_path *p,
				  const struct train *t)
{
	unsigned int way = t->kind->way;
	struct segoff_gro_opts o = { .sz = sizeof(o),
				     .flags = flags_of(p, way),
				     .profile = SEGOFF_GRO_LINUX,
				     .max_size = p->max_size[way],
				     .packets = PACKETS,
				     .ports = ports(p, t) };
	size_t size = segoff_gro_size(&o);
	void *mem = malloc(size);

	if (!mem)
		net_die("memory");
	return segoff_gro_init(mem, size, &o);
}

void gro_engine_ask(const struct gro_path *p, const struct train *t,
		    struct gro_answer *a)
{
	struct taken k = { new_gro(p, t), t,	a, p->cut[t->kind->way],
			   p->rewritten,  { 0 } };
	static struct pushed pushed[TRAIN_MOST];

	answer_clear(a->frames);
	a->refused = a->merged = 0;
	for (unsigned int i = 0; i < t->n; i++) {
		prepare(&pushed[i], t, i);
		arrive(&k, p, &pushed[i], i);
	}
	pop_all(&k);
	a->early = a->frames->n;
	segoff_gro_flush(k.g, UINT64_MAX);
	pop_all(&k);
	for (unsigned int i = 0; i < t->n; i++) {
		finish(&pushed[i], t, i);
		if (k.seen[i] != 1)
			broken(t, "a packet was lost, or came twice");
	}
	free(k.g);
}
