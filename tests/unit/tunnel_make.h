/* SPDX-License-Identifier: MIT */
/*
 * tunnel_make.h - superpackets in tunnels, and what their segments must be
 *
 * A packet is named by its headers, from the outside in:
 *
 *	make("eth ip4 vxlan* eth ip6 tcp", 2500);
 *
 * A star says that a tunnel has a checksum; "vxlan", "geneve" and their like
 * stand for the UDP header too. Every IP header has addresses and an
 * identification of its own. expect() writes a segment from the packet: first
 * the lengths, then the checksums from the inside out, each summed over all
 * that it covers.
 */
#ifndef SEGOFF_TESTS_TUNNEL_MAKE_H
#define SEGOFF_TESTS_TUNNEL_MAKE_H

#include "gso_make.h"

#define PARTS_MAX 32

/* Foo over UDP: what is behind these ports. */
#define FOU_IP4 5554
#define FOU_IP6 5556
#define FOU_GRE 5547

/* How a header is called, and how others announce it. */
struct kind {
	const char *name;
	uint16_t ether;
	uint8_t proto;
	uint8_t gpe;
	uint16_t ppp;
	uint16_t port;
};

static const struct kind kinds[] = {
	{ "eth", 0x6558, 0, 3, 0, 0 },
	{ "vlan", 0x8100, 0, 0, 0, 0 },
	{ "mpls", 0x8847, 0, 0, 0, 0 },
	{ "pppoe", 0x8864, 0, 0, 0, 0 },
	{ "ip4", 0x0800, 4, 1, 0x0021, 0 },
	{ "ip6", 0x86dd, 41, 2, 0x0057, 0 },
	{ "gre", 0, 47, 0, 0, 0 },
	{ "gre-key", 0, 47, 0, 0, 0 },
	{ "vxlan", 0, 17, 0, 0, 4789 },
	{ "gpe", 0, 17, 0, 0, 4790 },
	{ "geneve", 0, 17, 0, 0, 6081 },
	{ "gue", 0, 17, 0, 0, 6080 },
	{ "gue-private", 0, 17, 0, 0, 6080 },
	{ "fou4", 0, 17, 0, 0, FOU_IP4 },
	{ "fou6", 0, 17, 0, 0, FOU_IP6 },
	{ "fou-gre", 0, 17, 0, 0, FOU_GRE },
	{ "tcp", 0, 6, 0, 0, 0 },
	{ "udp", 0, 17, 0, 0, 0 },
	{ "sctp", 0, 132, 0, 0, 0 },
};

static const struct segoff_port tunnel_port[] = {
	{ 4789, SEGOFF_P_VXLAN },   { 4790, SEGOFF_P_VXLAN_GPE },
	{ 6081, SEGOFF_P_GENEVE },  { 6080, SEGOFF_P_GUE },
	{ FOU_IP4, SEGOFF_P_IPV4 }, { FOU_IP6, SEGOFF_P_IPV6 },
	{ FOU_GRE, SEGOFF_P_GRE },
};

static const struct segoff_ports tunnel_ports = {
	tunnel_port, sizeof(tunnel_port) / sizeof(*tunnel_port)
};

/* The headers of @in. */
static struct part {
	const struct kind *kind;
	size_t at;
	bool star;
} part[PARTS_MAX];

static size_t nparts;

static uint8_t want_at[PACKET_MAX];
static size_t want_len;

static inline bool is(size_t i, const char *name)
{
	return i < nparts && !strcmp(part[i].kind->name, name);
}

static inline bool is_ip_part(size_t i)
{
	return is(i, "ip4") || is(i, "ip6");
}

/* Does it begin with a UDP header that is a tunnel's? */
static inline bool is_udp_tunnel(size_t i)
{
	return part[i].kind->port != 0;
}

static inline bool is_gre_part(size_t i)
{
	return is(i, "gre") || is(i, "gre-key");
}

/* ---------------------------------------------------------------- making */

static inline void put16s(uint32_t v)
{
	ref_put16(in.at + in.len, v);
	in.len += 2;
}

/* An IP header of its own addresses, numbered from the outside. */
static inline void put_ip(size_t i, uint8_t proto)
{
	if (is(i, "ip4")) {
		ipv4(proto, (uint16_t)(0xfffe + 0x1111 * i), 0x4000);
		in.at[in.net + 14] = in.at[in.net + 18] = (uint8_t)i;
	} else {
		ipv6(proto);
		in.at[in.net + 22] = in.at[in.net + 38] = (uint8_t)i;
	}
}

static inline void put_gre(size_t i, uint16_t ether)
{
	bool key = is(i, "gre-key");

	put16s((part[i].star ? 0x8000u : 0) | (key ? 0x2000u : 0));
	put16s(ether);
	if (part[i].star)
		put("\xab\xcd\xef\x01", 4); /* of no account */
	if (key)
		put("\0\0\0\x2a", 4);
}

static inline void put_tunnel(size_t i, const struct kind *next)
{
	put16s(0xc000);
	put16s(part[i].kind->port);
	put("\0\0\0\0", 4);
	if (is(i, "vxlan")) {
		put("\x08\0\0\0\0\0\x2a\0", 8);
	} else if (is(i, "gpe")) {
		put("\x0c\0\0", 3);
		put(&next->gpe, 1);
		put("\0\0\x2a\0", 4);
	} else if (is(i, "geneve")) {
		put("\2\0", 2);
		put16s(next->ether);
		put("\0\0\x2a\0\1\2\3\1wxyz", 12);
	} else if (is(i, "gue")) {
		put("\0", 1);
		put(&next->proto, 1);
		put("\0\0", 2);
	} else if (is(i, "gue-private")) {
		put("\1", 1);
		put(&next->proto, 1);
		put("\0\1\0\0\0\0", 6);
	}
}

static inline void put_part(size_t i, const struct kind *next)
{
	part[i].at = in.len;
	if (is(i, "eth")) {
		put("\2\0\0\0\0\2\2\0\0\0\0\1", 12);
		put16s(next->ether);
	} else if (is(i, "vlan")) {
		put16s(0x0123);
		put16s(next->ether);
	} else if (is(i, "mpls")) {
		put("\0\1\0\x40\0\2\1\x40", 8);
	} else if (is(i, "pppoe")) {
		put("\x11\0\0\7\0\0", 6);
		put16s(next->ppp);
	} else if (is_ip_part(i)) {
		put_ip(i, next->proto);
	} else if (is_gre_part(i)) {
		put_gre(i, next->ether);
	} else if (is(i, "tcp")) {
		tcp(0xfffffff0, 0x99, 12); /* CWR ACK PSH FIN */
	} else if (is(i, "udp")) {
		udp(0);
	} else if (is(i, "sctp")) {
		put("\x0b\x59\x0b\x5a\x11\x22\x33\x44\0\0\0\0", 12);
	} else {
		put_tunnel(i, next);
	}
}

/* The names of the headers, apart. */
static inline void read_names(const char *names)
{
	size_t n, k;

	for (nparts = 0; *names; names += n + strspn(names + n, "* ")) {
		n = strcspn(names, "* ");
		for (k = 0; strlen(kinds[k].name) != n ||
			    memcmp(kinds[k].name, names, n) != 0;
		     k++)
			continue;
		part[nparts].kind = &kinds[k];
		part[nparts++].star = names[n] == '*';
	}
}

/* The IP header that part @i is behind. */
static inline size_t ip_before(size_t i)
{
	while (!is_ip_part(i))
		i--;
	return i;
}

/* Sum of the pseudo header of @n bytes of @proto. */
static inline uint64_t pseudo_for(const uint8_t *packet, size_t i,
				  uint8_t proto, size_t n)
{
	size_t ip = ip_before(i);
	const uint8_t *p = packet + part[ip].at;
	uint64_t addresses = is(ip, "ip4") ? ref_sum(p + 12, 8) :
					     ref_sum(p + 8, 32);

	return addresses + proto + (n & 0xffff) + (n >> 16);
}

/* The lengths of the headers of a packet of @len bytes. */
static inline void set_lengths(uint8_t *packet, size_t len)
{
	for (size_t i = 0; i < nparts; i++) {
		uint8_t *p = packet + part[i].at;
		size_t n = len - part[i].at;

		if (is(i, "ip4"))
			ref_put16(p + 2, n & 0xffff);
		else if (is(i, "ip6"))
			ref_put16(p + 4, (n - 40) & 0xffff);
		else if (is(i, "pppoe"))
			ref_put16(p + 4, (n - 6) & 0xffff);
		else if (is(i, "udp") || is_udp_tunnel(i))
			ref_put16(p + 4, n & 0xffff);
	}
}

static inline void set_ip_sum(uint8_t *ip)
{
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, 20))));
}

/* A superpacket as a sender leaves it, with seeds. */
static inline void make(const char *names, size_t n)
{
	static const struct kind none;

	read_names(names);
	begin(is(0, "eth") ? SEGOFF_LINK_ETHERNET : SEGOFF_LINK_RAW);
	for (size_t i = 0; i < nparts; i++)
		put_part(i, i + 1 < nparts ? part[i + 1].kind : &none);
	payload(n);
	set_lengths(in.at, in.len);
	for (size_t i = 0; i < nparts; i++) {
		if (is(i, "ip4"))
			set_ip_sum(in.at + part[i].at);
		if (is_udp_tunnel(i) && part[i].star)
			ref_put16(in.at + part[i].at + 6,
				  ref_fold(pseudo_for(in.at, i, 17,
						      in.len - part[i].at)));
	}
}

/* What the headers are called in gso_type. */
static inline uint32_t type_of(void)
{
	uint32_t type = 0;

	for (size_t i = 0; i < nparts; i++) {
		if (is_udp_tunnel(i))
			type |= part[i].star ? SEGOFF_GSO_UDP_TUNNEL_CSUM :
					       SEGOFF_GSO_UDP_TUNNEL;
		else if (is_gre_part(i))
			type |= part[i].star ? SEGOFF_GSO_GRE_CSUM :
					       SEGOFF_GSO_GRE;
		else if (is_ip_part(i) && is_ip_part(i + 1))
			type |= is(i, "ip4") ? SEGOFF_GSO_IPXIP4 :
					       SEGOFF_GSO_IPXIP6;
	}
	if (is(nparts - 1, "sctp"))
		return type | SEGOFF_GSO_SCTP;
	if (is(nparts - 1, "udp"))
		return type | SEGOFF_GSO_UDP_L4;
	return type | (in_is_ipv4() ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6);
}

/* Metadata without offsets, but for the checksum's. */
static inline struct segoff_meta tunnel_meta(uint16_t gso_size)
{
	struct segoff_meta m = meta_for(type_of(), gso_size);

	m.encapsulation = true;
	return m;
}

/*
 * And with them, as the kernel has them of one tunnel. A virtio_net_hdr has
 * no inner_mac_off: all up to the inner IP header is one.
 */
static inline struct segoff_meta tunnel_meta_at(uint16_t gso_size)
{
	struct segoff_meta m = tunnel_meta(gso_size);
	size_t outer = 0;

	while (!is_ip_part(outer))
		outer++;
	for (size_t i = ip_before(nparts - 1); i && !is_ip_part(i - 1); i--)
		if (is(i - 1, "eth"))
			m.inner_mac_off = (uint16_t)part[i - 1].at;
	m.protocol = part[outer].kind->ether;
	m.net_off = (uint16_t)part[outer].at;
	m.th_off = (uint16_t)part[outer + 1].at;
	m.inner_net_off = (uint16_t)in.net;
	m.inner_th_off = (uint16_t)in.th;
	m.inner_protocol = in_is_ipv4() ? 0x0800 : 0x86dd;
	return m;
}

/* ------------------------------------------------------------- expecting */

static inline bool is_fixed(size_t i, uint32_t type)
{
	if (i && is_ip_part(i - 1))
		return type & SEGOFF_GSO_TCP_FIXEDID_INNER;
	return type & SEGOFF_GSO_TCP_FIXEDID;
}

/* Segment @k of @n: what counts, and what is not in every segment. */
static inline void want_moving(size_t k, size_t n, size_t size, uint32_t type)
{
	uint8_t *l4 = want_at + in.th;

	for (size_t i = 0; i < nparts; i++) {
		uint8_t *p = want_at + part[i].at;

		if (is(i, "ip4") && !is_fixed(i, type))
			ref_put16(p + 4, (ref_get16(p + 4) + k) & 0xffff);
	}
	if (!is(nparts - 1, "tcp"))
		return;
	ref_put32(l4 + 4, ref_get32(l4 + 4) + (uint32_t)(k * size));
	if (k)
		l4[13] &= 0x7f;
	if (k + 1 < n)
		l4[13] &= 0xf6;
}

/* The checksum of part @i: a sum over it and all behind it. */
static inline void want_sum(size_t i)
{
	size_t len = want_len - part[i].at;
	uint8_t *p = want_at + part[i].at;
	uint8_t *check = p + (is(i, "tcp") ? 16 : 6);
	uint64_t sum = 0;

	if (is(i, "sctp")) {
		ref_put32(p + 8, ref_sctp_check(p, len));
		return;
	}
	if (is_gre_part(i)) {
		check = p + 4;
		ref_put32(check, 0);
	} else {
		ref_put16(check, 0);
		sum = pseudo_for(want_at, i, is(i, "tcp") ? 6 : 17, len);
	}
	sum = ref_not(ref_fold(sum + ref_sum(p, len)));
	if (!sum && part[i].kind->proto == 17)
		sum = 0xffff;
	ref_put16(check, (uint32_t)sum);
}

/* Segment @k of @in, cut into pieces of @size. */
static inline void expect(size_t k, size_t size, uint32_t type)
{
	size_t all = in.len - in.data, n = (all + size - 1) / size;
	size_t len = k + 1 < n ? size : all - k * size;

	memcpy(want_at, in.at, in.data);
	memcpy(want_at + in.data, in.at + in.data + k * size, len);
	want_len = in.data + len;
	set_lengths(want_at, want_len);
	want_moving(k, n, size, type);
	for (size_t i = nparts; i-- > 0;) {
		if (is(i, "ip4"))
			set_ip_sum(want_at + part[i].at);
		else if (i == nparts - 1 || part[i].star)
			want_sum(i);
	}
}

/* What was cut last is what it must be. */
static inline bool all_as_expected(size_t size, uint32_t type)
{
	size_t n = (in.len - in.data + size - 1) / size;
	bool good = eq(nout, n);

	for (size_t k = 0; good && k < nout; k++) {
		expect(k, size, type);
		good = mem_eq(out[k].at, out[k].len, want_at, want_len);
	}
	return good;
}

/* A packet is cut right, as Linux does it and as we do. */
static inline bool cuts_right(const struct segoff_meta *m)
{
	static const uint32_t flags[] = { 0,
					  SEGOFF_TRUST_SEED | SEGOFF_STRICT };
	bool good = true;

	for (size_t i = 0; good && i < 2; i++) {
		struct segoff_gso_opts o = { .sz = sizeof(o),
					     .flags = flags[i],
					     .ports = &tunnel_ports };
		good = ok(cut_with(m, &o) > 0) &&
		       all_as_expected(m->gso_size, m->gso_type);
	}
	return good;
}

#endif
