/* SPDX-License-Identifier: MIT */
/*
 * super.c - what leaves: a superpacket's header, its pieces, its metadata
 *
 * The header is that of the first packet with new lengths, a seed where the
 * transport checksum was, and FIN and PSH of the last packet.
 * (inet_gro_complete, ipv6_gro_complete, tcp_gro_complete,
 * udp_gro_complete_segment)
 */
#include "state.h"

#include <errno.h>

#include "../pseudo.h"
#include "../tunnel.h"

#define JUMBO_LEN 8u

static bool merged(const struct held *h)
{
	return h->npkt > 1;
}

/* Bytes of the Hop-by-Hop header that BIG TCP over IPv6 gets. */
static uint32_t jumbo(const struct held *h)
{
	return h->version == 6 && h->len - h->l3 - IPV6_LEN > UINT16_MAX ?
		       JUMBO_LEN :
		       0;
}

static uint32_t gso_type(const struct segoff_gro *g, const struct held *h)
{
	uint32_t type;

	if (h->proto == IPPROTO_NR_UDP)
		type = SEGOFF_GSO_UDP_L4;
	else
		type = h->version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
	/* Linux keeps it for TCP alone, and not for lists (quirk) */
	if (!is_linux(g) || (type == SEGOFF_GSO_TCPV4 && !is_list(g)))
		type |= h->tunnel   ? h->fixed_bits :
			h->fixed_id ? SEGOFF_GSO_TCP_FIXEDID :
				      0;
	return is_list(g) ? type | SEGOFF_GSO_FRAGLIST : type;
}

/* A list has the checksum of its first packet, in whatever state that is. */
static void describe_sum(const struct held *h, struct segoff_meta *m)
{
	m->ip_summed = h->summed;
	m->csum_start = m->csum_offset = 0;
	if (h->summed != SEGOFF_CHECKSUM_PARTIAL)
		return;
	m->csum_start = h->meta.csum_start;
	m->csum_offset = h->meta.csum_offset;
}

/* The headers of a superpacket, walked again: what held them is gone. */
static void walk_again(struct segoff_gro *g, const struct held *h)
{
	const struct segoff__route route = { .ports = g->o.ports,
					     .as_kernel = is_linux(g) };
	struct iovec iov = { (void *)(uintptr_t)h->first.at, h->first.len };
	struct segoff_pkt pkt = { &iov, 1, h->link };

	segoff__walk(&pkt, &route, &g->stack);
}

/* Linux forgets that GRE had a checksum, and remote checksums (quirks). */
static void describe_tunnel(const struct segoff_gro *g, const struct held *h,
			    struct segoff_meta *m)
{
	struct iovec iov = { (void *)(uintptr_t)h->first.at, h->first.len };
	struct segoff_pkt pkt = { &iov, 1, h->link };

	segoff_meta_describe(&pkt, &g->stack, m);
	if (is_linux(g))
		m->gso_type &= ~SEGOFF_GSO_TUNNEL_REMCSUM;
	if (is_linux(g) && m->gso_type & SEGOFF_GSO_GRE_CSUM)
		m->gso_type ^= SEGOFF_GSO_GRE_CSUM | SEGOFF_GSO_GRE;
}

static void describe(const struct segoff_gro *g, const struct held *h,
		     struct segoff_meta *m)
{
	uint16_t more = (uint16_t)jumbo(h);

	*m = (struct segoff_meta){
		.gso_type = gso_type(g, h),
		.gso_size = (uint16_t)h->gso_size,
		.gso_segs = (uint16_t)h->count,
		.hdr_len = (uint16_t)(h->hlen + more),
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.csum_start = (uint16_t)(h->l4 + more),
		.csum_offset = h->proto == IPPROTO_NR_UDP ? UDP_CHECK_AT :
							    TCP_CHECK_AT,
		.protocol = h->version == 4 ? 0x0800 : 0x86dd,
		.net_off = h->l3,
		.th_off = (uint16_t)(h->l4 + more),
	};
	if (is_list(g))
		describe_sum(h, m);
	if (h->tunnel)
		describe_tunnel(g, h, m);
}

bool segoff_gro_pop(struct segoff_gro *g, struct segoff_super *s)
{
	uint32_t i = g->ready;
	const struct held *h;

	if (g->popped != NOBODY)
		segoff__gro_release(g, g->popped);
	g->popped = i;
	if (i == NOBODY)
		return false;
	h = &g->held[i];
	g->ready = h->older;
	*s = (struct segoff_super){ .meta = h->meta,
				    .npkt = h->npkt,
				    .niov = (size_t)h->npkt + h->more,
				    .len = h->len,
				    .cookie = h->first.cookie,
				    .time = h->time,
				    .link = h->link,
				    .gro = g,
				    .at = i };
	if (merged(h)) {
		if (h->wrapped)
			walk_again(g, h);
		describe(g, h, &s->meta);
		s->hlen = h->hlen + jumbo(h);
		s->len += jumbo(h);
		s->niov++;
	}
	return true;
}

/* The length field, and the checksum with it (csum_replace2). */
static void put_ipv4(uint8_t *ip, uint32_t len)
{
	uint32_t sum;
	uint16_t old = load_word(ip + 2);

	store16(ip + 2, len > UINT16_MAX ? 0 : (uint16_t)len);
	sum = (uint16_t)~load_word(ip + 10) + minus(old) + load_word(ip + 2);
	store_word(ip + 10, (uint16_t)~fold32(sum));
}

/* Above 65,535 bytes Linux (before 7.0) puts a jumbo option in. */
static void put_ipv6(const struct held *h, uint8_t *ip)
{
	uint32_t len = h->len - h->l3 - IPV6_LEN;
	uint8_t *hop = ip + IPV6_LEN;

	if (!jumbo(h)) {
		store16(ip + 4, (uint16_t)len);
		return;
	}
	store16(ip + 4, 0);
	hop[0] = ip[6];
	hop[1] = 0;
	hop[2] = 0xc2;
	hop[3] = 4;
	store32(hop + 4, len + JUMBO_LEN);
	ip[6] = IPPROTO_NR_HOPOPTS;
}

static void put_transport(const struct segoff_gro *g, const struct held *h,
			  uint8_t *l4)
{
	uint32_t len = h->len - h->l4;
	uint16_t seed = fold32(segoff__pseudo(h->first.at + h->l3,
					      (uint32_t)h->l4 - h->l3,
					      h->version, h->proto, false) +
			       words32(len));

	if (h->proto == IPPROTO_NR_UDP)
		store16(l4 + UDP_LEN_AT, (uint16_t)len);
	if (is_list(g)) /* the rest is the first packet's own */
		return;
	if (h->proto == IPPROTO_NR_UDP) {
		store_word(l4 + UDP_CHECK_AT, seed);
		return;
	}
	l4[TCP_FLAGS_AT] |= h->flags;
	store_word(l4 + TCP_CHECK_AT, seed);
}

/* A tunnel's checksum: the seed, where there was one. */
static void put_cover(const struct segoff_gro *g, const struct held *h,
		      const struct segoff_layer *l, uint8_t *to)
{
	const struct segoff_layer *ip;

	if (l->proto == SEGOFF_P_GRE && !is_linux(g) &&
	    load16(to + l->off) & GRE_CSUM)
		store_word(to + l->off + GRE_CHECK_AT, 0);
	if (l->proto != SEGOFF_P_UDP || !load_word(to + l->off + UDP_CHECK_AT))
		return;
	ip = segoff__ip_of(l);
	store_word(to + l->off + UDP_CHECK_AT,
		   fold32(segoff__pseudo(to + ip->off, ip->len, ip_version(ip),
					 IPPROTO_NR_UDP, false) +
			  words32(h->len - l->off)));
}

/* The headers around the innermost IP header. */
static void put_outer(const struct segoff_gro *g, const struct held *h,
		      uint8_t *to)
{
	const struct segoff_stack *st = &g->stack;

	for (unsigned int i = 0; i < st->net; i++) {
		const struct segoff_layer *l = &st->layer[i];
		const struct segoff__proto *p = segoff__protos[l->proto];

		if (l->proto == SEGOFF_P_IPV4) {
			put_ipv4(to + l->off, h->len - l->off);
			continue;
		}
		for (unsigned int k = 0; k < p->nvary; k++)
			if (p->field[k].rule == RULE_LENGTH)
				store16(to + l->off + p->field[k].at,
					(uint16_t)(h->len - l->off -
						   p->field[k].arg));
		put_cover(g, h, l, to);
	}
}

static void put_header(const struct segoff_gro *g, const struct held *h,
		       uint8_t *to)
{
	uint32_t at = (uint32_t)h->l3 + (h->version == 6 ? IPV6_LEN : 0);
	uint32_t more = jumbo(h);

	memcpy(to, h->first.at, at);
	memcpy(to + at + more, h->first.at + at, h->hlen - at);
	if (h->wrapped)
		put_outer(g, h, to);
	if (h->version == 4)
		put_ipv4(to + h->l3, h->len - h->l3);
	else
		put_ipv6(h, to + h->l3);
	put_transport(g, h, to + h->l4 + more);
}

static struct iovec *add(struct iovec *to, const void *p, size_t n)
{
	if (n)
		*to++ = (struct iovec){ (void *)(uintptr_t)p, n };
	return to;
}

/* What a packet adds, behind the first @skip bytes. */
static struct iovec *add_member(struct iovec *to, const struct member *m,
				uint32_t skip)
{
	to = add(to, m->at + skip, m->len - skip);
	for (uint32_t i = 0; i < m->niov; i++)
		to = add(to, m->iov[i].iov_base, m->iov[i].iov_len);
	return to;
}

ssize_t segoff_super_scatter(const struct segoff_super *s, void *hdr,
			     size_t size, struct iovec *iov, size_t niov)
{
	const struct segoff_gro *g = s->gro;
	const struct held *h = &g->held[s->at];
	const struct member *m = &h->first;
	struct iovec *to = iov;

	if (size < s->hlen || niov < s->niov)
		return -ENOSPC;
	if (s->hlen) {
		put_header(g, h, hdr);
		to = add(to, hdr, s->hlen);
	}
	to = add_member(to, m, s->hlen ? h->hlen : 0);
	for (uint32_t n = h->npkt; n > 1; n--) {
		m = &g->member[m->next];
		to = add_member(to, m, 0);
	}
	return to - iov;
}

static uint8_t *copy(uint8_t *to, const void *p, size_t n)
{
	if (n)
		memcpy(to, p, n);
	return to + n;
}

static uint8_t *copy_member(uint8_t *to, const struct member *m, uint32_t skip)
{
	to = copy(to, m->at + skip, m->len - skip);
	for (uint32_t i = 0; i < m->niov; i++)
		to = copy(to, m->iov[i].iov_base, m->iov[i].iov_len);
	return to;
}

ssize_t segoff_super_flat(const struct segoff_super *s, void *buf, size_t size)
{
	const struct segoff_gro *g = s->gro;
	const struct held *h = &g->held[s->at];
	const struct member *m = &h->first;
	uint8_t *to = buf;

	if (size < s->len)
		return -ENOSPC;
	if (s->hlen) {
		put_header(g, h, to);
		to += s->hlen;
	}
	to = copy_member(to, m, s->hlen ? h->hlen : 0);
	for (uint32_t n = h->npkt; n > 1; n--) {
		m = &g->member[m->next];
		to = copy_member(to, m, 0);
	}
	return (ssize_t)s->len;
}

/* One of its packets, whole; those behind the first are kept without headers. */
static struct iovec *whole(struct iovec *to, struct segoff_pkt *pkt,
			   const struct member *m, uint32_t hlen)
{
	pkt->iov = to;
	to = add(to, m->at - hlen, m->len + hlen);
	for (uint32_t i = 0; i < m->niov; i++)
		*to++ = m->iov[i];
	pkt->niov = (unsigned int)(to - pkt->iov);
	return to;
}

ssize_t segoff_super_members(const struct segoff_super *s,
			     struct segoff_pkt *pkt, size_t n,
			     struct iovec *iov, size_t niov)
{
	const struct segoff_gro *g = s->gro;
	const struct held *h = &g->held[s->at];
	const struct member *m = &h->first;

	if (n < h->npkt || niov < s->niov)
		return -ENOSPC;
	for (uint32_t i = 0; i < h->npkt; i++) {
		pkt[i].link = h->link;
		iov = whole(iov, &pkt[i], m, i ? h->hlen : 0);
		if (i + 1 < h->npkt)
			m = &g->member[m->next];
	}
	return h->npkt;
}

size_t segoff_super_cookies(const struct segoff_super *s, uint64_t *cookie,
			    size_t n)
{
	const struct segoff_gro *g = s->gro;
	const struct held *h = &g->held[s->at];
	const struct member *m = &h->first;
	size_t i = 0;

	while (i < n && i < h->npkt) {
		cookie[i++] = m->cookie;
		if (i < h->npkt)
			m = &g->member[m->next];
	}
	return i;
}
