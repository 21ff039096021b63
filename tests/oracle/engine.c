/* SPDX-License-Identifier: MIT */
/* engine.c - the same question to libsegoff */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encap.h"
#include "net.h"
#include "wire.h"

#define PIECES_MAX 16384
#define BATCH	   64
#define HDR_ROOM   (1u << 20)

static struct iovec pieces[PIECES_MAX];

/* Not another answer, but none that makes sense. */
static void broken(const char *what)
{
	printf("oracle: libsegoff: %s\n", what);
	abort();
}

static unsigned int add_piece(unsigned int n, uint8_t *p, size_t len)
{
	pieces[n].iov_base = p;
	pieces[n].iov_len = len;
	return n + 1;
}

/* The packet in one piece, or its headers and then some at a time. */
static struct segoff_pkt as_packet(const struct superpacket *sp, uint8_t *frame,
				   enum segoff_link link)
{
	size_t at = sp->step ? sp->payload : sp->len, n;
	unsigned int k = add_piece(0, frame, at);

	for (; at < sp->len; at += n) {
		n = sp->len - at < sp->step ? sp->len - at : sp->step;
		k = add_piece(k, frame + at, n);
	}
	return (struct segoff_pkt){ pieces, k, link };
}

static void flat(struct segoff_gso *g, struct answer *a)
{
	static uint8_t buf[1u << 21];
	struct iovec seg[BATCH];
	ssize_t n;

	while ((n = segoff_gso_flat(g, buf, sizeof(buf), seg, BATCH)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			memcpy(a->bytes + a->used, seg[i].iov_base,
			       seg[i].iov_len);
			answer_add(a, seg[i].iov_len);
		}
	if (n < 0)
		broken("segoff_gso_flat");
}

static void one_by_one(struct segoff_gso *g, struct answer *a)
{
	ssize_t n;

	while ((n = segoff_gso_next(g, a->bytes + a->used,
				    ANSWER_BYTES - a->used)) > 0)
		answer_add(a, (size_t)n);
	if (n < 0)
		broken("segoff_gso_next");
}

static void gather(struct answer *a, const struct iovec *iov, unsigned int n)
{
	size_t len = 0;

	for (unsigned int i = 0; i < n; i++) {
		memcpy(a->bytes + a->used + len, iov[i].iov_base,
		       iov[i].iov_len);
		len += iov[i].iov_len;
	}
	answer_add(a, len);
}

static void scattered(struct segoff_gso *g, struct answer *a)
{
	static uint8_t hdr[HDR_ROOM];
	static struct iovec iov[2 * PIECES_MAX];
	unsigned int count[BATCH];
	struct segoff_scatter out = { hdr,	   sizeof(hdr), iov,
				      LENGTH(iov), count,	BATCH };
	const struct iovec *at;
	ssize_t n;

	while ((n = segoff_gso_scatter(g, &out)) > 0) {
		at = iov;
		for (ssize_t i = 0; i < n; i++) {
			gather(a, at, count[i]);
			at += count[i];
		}
	}
	if (n < 0)
		broken("segoff_gso_scatter");
}

void engine_segment(const struct segoff_pkt *pkt,
		    const struct segoff_meta *meta,
		    const struct segoff_gso_opts *o, unsigned int form,
		    struct answer *a)
{
	static void (*const forms[])(struct segoff_gso *,
				     struct answer *) = { flat, one_by_one,
							  scattered };
	struct segoff_bound b;
	struct segoff_gso g;

	answer_clear(a);
	if (segoff_gso_init(&g, pkt, meta, o, &b))
		return;
	forms[form](&g, a);
	if (a->n != b.segs)
		broken("segoff_bound.segs");
}

static struct segoff_vnet_opts decode_options(const struct path *p)
{
	return (struct segoff_vnet_opts){ .sz = sizeof(struct segoff_vnet_opts),
					  .writer = p->writer,
					  .tunnel = p->tunnel,
					  .tunnel_csum = p->tunnel,
					  .headroom = p->headroom,
					  .mtu = p->mtu };
}

/* A copy without a byte to spare: a sanitizer would see who reads beyond. */
static uint8_t *exact_copy(const struct superpacket *sp)
{
	uint8_t *copy = malloc(sp->len ? sp->len : 1);

	if (!copy)
		net_die("memory");
	memcpy(copy, sp->frame, sp->len);
	return copy;
}

/* The metadata of the packet as its writer's kernel has it, or an errno. */
static int decode(const struct path *p, const struct superpacket *sp,
		  const struct segoff_pkt *pkt, struct segoff_meta *meta)
{
	struct segoff_vnet_opts vo = decode_options(p);

	return -segoff_vnet_decode(sp->vnet, sp->vnet_size, pkt, &vo, meta,
				   NULL);
}

/* The same of one that is put into its tunnel later. */
static int decode_inner(const struct path *p, const struct superpacket *sp,
			struct segoff_meta *meta, bool *dropped)
{
	struct superpacket inner;
	struct segoff_pkt pkt;
	int err;

	encap_inner(sp, &inner);
	inner.step = 0;
	pkt = as_packet(&inner, inner.frame, SEGOFF_LINK_ETHERNET);
	err = decode(p, &inner, &pkt, meta);
	*dropped = !err && !encap_meta(sp, meta);
	return err;
}

static void finish_copy(uint8_t *copy, const struct superpacket *sp)
{
	if (memcmp(copy, sp->frame, sp->len))
		broken("its input was changed");
	free(copy);
}

void engine_built(const struct superpacket *sp, const struct segoff_meta *meta,
		  const struct segoff_gso_opts *o, struct answer *a)
{
	uint8_t *copy = exact_copy(sp);
	struct segoff_pkt pkt = as_packet(sp, copy, SEGOFF_LINK_ETHERNET);

	engine_segment(&pkt, meta, o, sp->form, a);
	finish_copy(copy, sp);
}

/* Behind any tags, is it labelled? */
static bool labelled(const struct superpacket *sp)
{
	size_t at = 12;
	uint16_t type;

	do {
		type = at + 2 > sp->len ? 0 : get16(sp->frame + at);
		at += 4;
	} while (type == 0x8100 || type == 0x88a8);
	return type == 0x8847 || type == 0x8848;
}

static bool leaves_sums(const struct path *p, const struct superpacket *sp)
{
	return p->partial && !(p->sums_labels && labelled(sp));
}

void engine_ask(const struct path *p, const struct superpacket *sp,
		uint32_t flags, uint32_t frag_id, struct segoff_meta *meta,
		struct answer *a)
{
	struct segoff_gso_opts go = { .sz = sizeof(go),
				      .flags = flags,
				      .csum = leaves_sums(p, sp) ?
						      SEGOFF_OUT_PARTIAL :
						      SEGOFF_OUT_COMPLETE,
				      .frag_id = frag_id };
	uint8_t *copy = exact_copy(sp);
	struct segoff_pkt pkt;
	struct segoff_meta own;
	bool dropped = false;

	meta = meta ? meta : &own;
	answer_clear(a);
	if (p->encap)
		a->err = decode_inner(p, sp, meta, &dropped);
	pkt = as_packet(sp, copy,
			p->writer == SEGOFF_WRITER_TUN ? SEGOFF_LINK_RAW :
							 SEGOFF_LINK_ETHERNET);
	if (!p->encap)
		a->err = decode(p, sp, &pkt, meta);
	if (!a->err && !dropped)
		engine_segment(&pkt, meta, &go, sp->form, a);
	finish_copy(copy, sp);
}
