/* SPDX-License-Identifier: MIT */
/*
 * fraglist.c - superpackets whose packets are still there
 *
 * Theory of operation
 * -------------------
 * A FRAGLIST superpacket is the first packet, with the lengths of the whole in
 * its headers, and members, the packets behind it as they came. To segment it
 * is to give them back:
 *
 *	superpacket  | eth | ip | tcp | payload ........................... |
 *	members                        | eth | ip | tcp | .. |
 *	                                               | eth | ip | tcp | .. |
 *	segment 0    | eth | ip | tcp |                of the superpacket
 *	segment k    | eth |           its link header,
 *	                   | ip | tcp |                of member k
 *
 * What a table of rules says elsewhere is known here from the packet itself;
 * so this is no plan, but the few fields that are put right: lengths, IPv4
 * identification and header checksum, and what network address translation has
 * done to the superpacket's addresses and ports, which is done to all members.
 *
 * segoff_gso_init() judges the superpacket, and plans for it as if members did
 * not exist. If they then turn out to be what the superpacket is made of, the
 * state is turned into that of a list; the headers of all of them are equally
 * long, so the superpacket's offsets hold for every segment.
 */
#include <segoff/csum.h>
#include <segoff/gso.h>

#include <errno.h>

#include "emit.h"
#include "opts.h"
#include "pieces.h"
#include "pseudo.h"

/* What may be said of a list; all else has more headers than are known here. */
#define LIST_TYPES                                                          \
	(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6 | SEGOFF_GSO_UDP_L4 |          \
	 SEGOFF_GSO_FRAGLIST | SEGOFF_GSO_TCP_ECN | SEGOFF_GSO_TCP_ACCECN | \
	 SEGOFF_GSO_TCP_FIXEDID)

/* segoff__list.flags */
enum {
	LIST_UDP = 1,
	LIST_FIXED_ID = 2,
	LIST_REWRITTEN = 4, /* addresses or ports are not the members' */
	LIST_PARTIAL = 8,   /* their checksums are unfinished */
	LIST_SETTLE = 16,   /* and are not to be kept so as they are */
	LIST_FINISH = 32,
	LIST_TRUST = 64,
	LIST_STRICT = 128,
};

/* ----------------------------------------------------------- is it a list? */

/* What the members have together. */
struct census {
	const struct segoff_stack *head; /* of the superpacket */
	size_t payload;
	size_t largest;
	size_t pieces;
};

/* Headers as long as the superpacket's, and where the first one's are. */
static bool same_headers(const struct segoff_gso *g, const struct census *c,
			 const struct segoff_stack *st)
{
	const struct segoff_layer *a = &c->head->layer[c->head->net];
	const struct segoff_layer *b = &st->layer[st->net];

	return segoff__has_l4(st) && st->ip_version == c->head->ip_version &&
	       st->ip_proto == c->head->ip_proto && a->len == b->len &&
	       b->off == g->list.from &&
	       st->payload - b->off == g->hlen - a->off;
}

static bool count(const struct segoff_gso *g, const struct segoff_pkt *m,
		  struct census *c)
{
	struct segoff_stack st;
	size_t len;

	segoff__walk_plain(m, false, &st);
	if (!same_headers(g, c, &st) || st.len <= st.payload ||
	    st.len - st.payload > g->payload - c->payload)
		return false;
	len = st.len - st.payload;
	c->payload += len;
	c->pieces += m->niov;
	if (len > c->largest)
		c->largest = len;
	return true;
}

/* Where the IP headers of members are: by the first of them. */
static uint32_t member_l3(const struct segoff_pkt *m)
{
	struct segoff_stack st;

	segoff__walk_plain(m, false, &st);
	return st.nlayer ? st.layer[st.net].off : 0;
}

/* Are the members the payload behind the first packet's? */
static bool adds_up(struct segoff_gso *g, const struct segoff_pkt *member,
		    size_t n, struct census *c)
{
	c->payload = c->largest = g->size;
	g->list.from = member_l3(member);
	for (size_t k = 0; k < n; k++)
		if (!count(g, &member[k], c))
			return false;
	return c->payload == g->payload;
}

/* Is there a list to be segmented, and nothing but a list? */
static bool said_to_be(const struct segoff_gso *g,
		       const struct segoff_stack *st,
		       const struct segoff_meta *m, size_t n)
{
	size_t field = (size_t)m->csum_start + m->csum_offset;

	if (!(m->gso_type & SEGOFF_GSO_FRAGLIST) || m->gso_type & ~LIST_TYPES ||
	    !n || g->nseg < 2 || g->splice_skip)
		return false;
	return m->ip_summed != SEGOFF_CHECKSUM_PARTIAL ||
	       (m->csum_start >= segoff__last(st)->off && field + 2 <= g->hlen);
}

/* ------------------------------------------------------------- it is a list */

/* Where a pair of addresses begins in an IP header, and how long each is. */
static uint32_t addresses_at(const struct segoff__list *l)
{
	return l->version == 4 ? 12 : 8;
}

static uint32_t address_len(const struct segoff__list *l)
{
	return l->version == 4 ? 4 : 16;
}

static bool is_rewritten(const struct segoff_gso *g)
{
	const struct segoff__list *l = &g->list;
	const uint8_t *m = segoff__head(l->member) + l->from;
	const uint8_t *ip = g->head + l->l3;
	uint32_t at = addresses_at(l), l4 = l->l4 - l->l3;

	return memcmp(ip + at, m + at, 2 * (size_t)address_len(l)) != 0 ||
	       memcmp(ip + l4, m + l4, 4) != 0;
}

static uint8_t flags_of(const struct segoff_gso *g,
			const struct segoff_stack *st,
			const struct segoff_meta *m,
			const struct segoff_gso_opts *o)
{
	uint8_t flags = st->ip_proto == IPPROTO_NR_UDP ? LIST_UDP : 0;

	if (m->gso_type & SEGOFF_GSO_TCP_FIXEDID)
		flags |= LIST_FIXED_ID;
	if (is_rewritten(g))
		flags |= LIST_REWRITTEN;
	if (m->ip_summed != SEGOFF_CHECKSUM_PARTIAL)
		return flags;
	flags |= LIST_PARTIAL;
	if (o && o->flags & SEGOFF_TRUST_SEED)
		flags |= LIST_TRUST;
	if (o && o->flags & SEGOFF_STRICT)
		flags |= LIST_STRICT;
	if (!o || o->csum == SEGOFF_OUT_COMPLETE)
		flags |= LIST_FINISH;
	if (!o || o->csum != SEGOFF_OUT_KEEP)
		flags |= LIST_SETTLE;
	return flags;
}

/* What segoff_gso_meta() says of the segments. */
static void describe(struct segoff_gso *g, const struct segoff_meta *m)
{
	bool left = g->list.flags & LIST_PARTIAL &&
		    !(g->list.flags & LIST_FINISH);

	g->list.csum_start = m->csum_start;
	g->list.csum_offset = m->csum_offset;
	g->ip_summed = left ? SEGOFF_CHECKSUM_PARTIAL : SEGOFF_CHECKSUM_NONE;
	g->csum_start = left ? m->csum_start : 0;
	g->csum_offset = left ? m->csum_offset : 0;
}

int segoff_gso_init_list(struct segoff_gso *g, const struct segoff_pkt *pkt,
			 const struct segoff_pkt *member, size_t n,
			 const struct segoff_meta *meta,
			 const struct segoff_gso_opts *o,
			 struct segoff_bound *b)
{
	int err = segoff_gso_init(g, pkt, meta, o, b);
	struct segoff_gso_opts own;
	struct segoff_stack st;
	struct census c = { .head = &st, .pieces = pkt->niov };

	if (err || !meta->gso_size)
		return err;
	segoff__walk_plain(pkt, true, &st);
	if (!said_to_be(g, &st, meta, n) || !adds_up(g, member, n, &c))
		return 0;
	g->nseg = n + 1;
	g->list.member = member;
	g->list.link = pkt->link;
	g->list.version = st.ip_version;
	g->list.l3 = st.layer[st.net].off;
	g->list.l4 = segoff__last(&st)->off;
	g->list.flags =
		flags_of(g, &st, meta, segoff__opts(o, &own, sizeof(own)));
	describe(g, meta);
	if (b)
		segoff__bound(g->nseg, g->hlen, g->payload, c.largest, c.pieces,
			      b);
	return 0;
}

/* ------------------------------------------------------------------ headers */

/* Put the superpacket's bytes into a member; what that adds to sums. */
static uint32_t replace(uint8_t *to, const uint8_t *from, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < n; i += 2)
		sum += minus(load_word(to + i)) + load_word(from + i);
	memcpy(to, from, n);
	return sum;
}

/*
 * RFC 1624. A seed covers addresses only; a UDP checksum of zero is none, and
 * must not become one.
 */
static void update(const struct segoff__list *l, uint8_t *check,
		   uint32_t addresses, uint32_t ports)
{
	uint16_t v = load_word(check);

	if (!v && l->flags & LIST_UDP)
		return;
	if (l->flags & LIST_PARTIAL)
		v = fold32(v + addresses);
	else
		v = (uint16_t)~fold32((uint16_t)~v + addresses + ports);
	store_word(check, !v && l->flags & LIST_UDP ? 0xffff : v);
}

/* One end of the flow, 0: source, 1: destination; untouched if it is right. */
static void rewrite_end(const struct segoff_gso *g, uint8_t *h, uint32_t end)
{
	const struct segoff__list *l = &g->list;
	uint32_t n = address_len(l);
	uint32_t ip = l->l3 + addresses_at(l) + end * n;
	uint32_t port = l->l4 + end * 2, addresses, ports;

	if (!memcmp(h + ip, g->head + ip, n) &&
	    !memcmp(h + port, g->head + port, 2))
		return;
	addresses = replace(h + ip, g->head + ip, n);
	ports = replace(h + port, g->head + port, 2);
	update(l,
	       h + l->l4 + (l->flags & LIST_UDP ? UDP_CHECK_AT : TCP_CHECK_AT),
	       addresses, ports);
}

/* Length, identification, header checksum. */
static void put_ip(const struct segoff_gso *g, uint8_t *h, size_t len)
{
	const struct segoff__list *l = &g->list;
	const struct segoff__cpu *cpu = g->cpu;
	uint8_t *ip = h + l->l3;
	uint16_t id;

	len += g->hlen - l->l3;
	if (l->version == 6) {
		store16(ip + 4, (uint16_t)(len - IPV6_LEN));
		return;
	}
	id = load16(g->head + l->l3 + 4);
	store16(ip + 2, (uint16_t)len);
	if (!(l->flags & LIST_FIXED_ID))
		store16(ip + 4, (uint16_t)(id + g->next));
	store_word(ip + 10, 0);
	store_word(ip + 10, (uint16_t)~cpu->sum(ip, l->l4 - l->l3));
}

/* The header of the next segment, which has @len bytes of payload. */
static void put_header(const struct segoff_gso *g, uint8_t *h, size_t len)
{
	const struct segoff__list *l = &g->list;
	const uint8_t *from;

	memcpy(h, g->head, g->next ? l->l3 : g->hlen);
	if (g->next) {
		from = segoff__head(&l->member[g->next - 1]) + l->from;
		memcpy(h + l->l3, from, g->hlen - l->l3);
	} else if (l->flags & LIST_UDP) {
		store16(h + l->l4 + UDP_LEN_AT, (uint16_t)(UDP_LEN + len));
	}
	if (g->next && l->flags & LIST_REWRITTEN) {
		rewrite_end(g, h, 0);
		rewrite_end(g, h, 1);
	}
	put_ip(g, h, len);
}

/* A seed that is not trusted: which destination is it about, if any? */
static uint16_t fresh(const struct segoff__list *l,
		      const struct segoff_pkt *seg, uint16_t found)
{
	struct segoff_stack st;
	uint16_t v;
	bool final;

	segoff__walk_plain(seg, true, &st);
	final = found != segoff__csum_fresh(seg, &st, false, true) &&
		(found == segoff__csum_fresh(seg, &st, true, true) ||
		 !(l->flags & LIST_STRICT));
	v = segoff__csum_fresh(seg, &st, final, !(l->flags & LIST_FINISH));
	return v || !(l->flags & LIST_FINISH) ? v : 0xffff;
}

/* The unfinished checksum of a segment (skb_checksum_help). */
static void settle(const struct segoff_gso *g, const struct iovec *iov,
		   unsigned int niov)
{
	const struct segoff__list *l = &g->list;
	const struct segoff_meta m = { .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				       .csum_start = l->csum_start,
				       .csum_offset = l->csum_offset };
	const struct segoff_pkt seg = { iov, niov, l->link };
	uint8_t *field =
		(uint8_t *)iov[0].iov_base + l->csum_start + l->csum_offset;
	uint32_t right = l->flags & LIST_UDP ? UDP_CHECK_AT : TCP_CHECK_AT;

	if (!(l->flags & LIST_SETTLE))
		return;
	if (!(l->flags & LIST_TRUST) && l->csum_start == l->l4 &&
	    l->csum_offset == right)
		store_word(field, fresh(l, &seg, load_word(field)));
	else if (l->flags & LIST_FINISH)
		segoff_csum_complete(&seg, &m);
}

/* The payload of the next segment, *@len bytes of it. */
static struct segoff__cursor next_payload(const struct segoff_gso *g,
					  size_t *len)
{
	const struct segoff__list *l = &g->list;
	const struct segoff_pkt *m;
	size_t at;

	if (!g->next) {
		*len = g->size;
		return (struct segoff__cursor){ .next = g->piece,
						.more = g->npiece,
						.skip = g->skip };
	}
	m = &l->member[g->next - 1];
	at = l->from + g->hlen - l->l3;
	*len = segoff__bytes(m) - at;
	return cursor_at(m, at);
}

/* ------------------------------------------------------------------- output */

/* The next segment at @to. */
static void put_flat(struct segoff_gso *g, struct segoff__cursor *c, size_t len,
		     uint8_t *to)
{
	struct iovec whole = { to, g->hlen + len };
	size_t got;

	put_header(g, to, len);
	for (to += g->hlen; len; to += got, len -= got) {
		const uint8_t *p = cursor_take(c, len, &got);

		memcpy(to, p, got);
	}
	settle(g, &whole, 1);
	g->next++;
}

ssize_t segoff__list_next(struct segoff_gso *g, void *buf, size_t size)
{
	struct segoff__cursor c;
	size_t len;

	c = next_payload(g, &len);
	if (size < g->hlen + len)
		return -ENOSPC;
	put_flat(g, &c, len, buf);
	return (ssize_t)(g->hlen + len);
}

ssize_t segoff__list_flat(struct segoff_gso *g, void *buf, size_t size,
			  struct iovec *seg, size_t nseg)
{
	struct segoff__cursor c;
	size_t n, len, gap;
	uint8_t *at = buf;

	for (n = 0; n < nseg && g->next < g->nseg; n++) {
		c = next_payload(g, &len);
		gap = flat_gap(at, g->hlen);
		if (size < gap + g->hlen + len)
			break;
		at += gap;
		put_flat(g, &c, len, at);
		seg[n] = (struct iovec){ at, g->hlen + len };
		at += g->hlen + len;
		size -= gap + g->hlen + len;
	}
	return n ? (ssize_t)n : -ENOSPC;
}

/* The pieces of a payload; their number, or 0 if there is no room. */
static size_t put_pieces(struct segoff__cursor *c, size_t len,
			 struct iovec *iov, size_t room)
{
	size_t n, got;

	for (n = 0; len && n < room; n++, len -= got) {
		const uint8_t *p = cursor_take(c, len, &got);

		iov[n] = (struct iovec){ (void *)(uintptr_t)p, got };
	}
	return len ? 0 : n;
}

ssize_t segoff__list_scatter(struct segoff_gso *g,
			     const struct segoff_scatter *out)
{
	size_t stride = hdr_stride(g->hlen), room = out->hdr_size / stride;
	struct iovec *iov = out->iov, *end = iov + out->niov;
	struct segoff__cursor c;
	size_t n, len, k;

	if (room > out->nseg)
		room = out->nseg;
	for (n = 0; n < room && g->next < g->nseg && iov != end; n++) {
		c = next_payload(g, &len);
		k = put_pieces(&c, len, iov + 1, (size_t)(end - iov) - 1);
		if (!k)
			break;
		iov[0].iov_base = (uint8_t *)out->hdr + n * stride;
		iov[0].iov_len = g->hlen;
		put_header(g, iov[0].iov_base, len);
		settle(g, iov, (unsigned int)k + 1);
		g->next++;
		out->pieces[n] = (unsigned int)k + 1;
		iov += k + 1;
	}
	return n ? (ssize_t)n : -ENOSPC;
}
