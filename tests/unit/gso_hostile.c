/* SPDX-License-Identifier: MIT */
/*
 * gso_hostile.c - nesting that somebody made to hurt: it ends, is refused with
 * its reason, or is cut right, and no byte outside the packet is read
 */
#include <stdlib.h>

#include "tunnel_make.h"

static struct segoff_meta m;

/* The packet's first @n bytes alone in memory, segmented; what comes of it. */
static int alone(size_t n, const struct segoff_meta *meta)
{
	struct segoff_gso_opts o = { .sz = sizeof(o), .ports = &tunnel_ports };
	uint8_t *copy = malloc(n ? n : 1);
	struct iovec v = { copy, n };
	struct segoff_pkt pkt = { &v, 1, in.link };
	struct segoff_gso g;
	int err;

	memcpy(copy, in.at, n);
	err = segoff_gso_init(&g, &pkt, meta, &o, NULL);
	nout = 0;
	while (!err && segoff_gso_next(&g, out_bytes, sizeof(out_bytes)) > 0)
		nout++;
	free(copy);
	return err;
}

static const char *const deep[] = {
	"eth vlan vlan vlan vlan vlan vlan vlan ip4 vxlan* eth vlan vlan "
	"ip4 gre* ip6 geneve* eth vlan vlan vlan ip4 tcp",
	"ip6 gue* gre* ip6 gue* gre* ip6 gue* gre* ip6 gue* gre* ip6 udp",
	"eth pppoe ip4 vxlan* eth mpls ip4 vxlan* eth pppoe ip4 vxlan* eth "
	"mpls ip4 vxlan* eth pppoe ip4 tcp",
	"ip4 gre* eth vlan ip4 gre* eth vlan ip4 gre* eth vlan ip4 gre* eth "
	"vlan ip4 udp",
};

static void test_short(void)
{
	test("the deepest stacks, cut short at every byte");
	for (size_t i = 0; i < 4; i++) {
		make(deep[i], 100);
		m = tunnel_meta(10);
		ok(cuts_right(&m));
		for (size_t n = 0; n < in.data; n++)
			ok(alone(n, &m) < 0);
		eq(alone(in.data + 11, &m), 0);
		eq(nout, 2);
	}
	test("every byte of their headers, broken");
	for (size_t i = 0; i < 4; i++) {
		make(deep[i], 100);
		m = tunnel_meta(10);
		for (size_t at = 0; at < in.data; at++)
			for (unsigned int bit = 0; bit < 8; bit++) {
				in.at[at] ^= (uint8_t)(1u << bit);
				if (!alone(in.len, &m))
					ok(nout <= in.len);
				in.at[at] ^= (uint8_t)(1u << bit);
			}
	}
}

static void test_offsets(void)
{
	test("offsets of a tunnel that point anywhere");
	make("eth ip4 vxlan* eth ip4 tcp", 30);
	for (size_t net = 0; net < in.len + 3; net++)
		for (size_t mac = 0; mac < in.len + 3; mac++) {
			m = tunnel_meta_at(10);
			m.inner_net_off = (uint16_t)net;
			m.inner_mac_off = (uint16_t)mac;
			m.inner_protocol = net & 1 ? 0x6558 : 0;
			if (!alone(in.len, &m))
				ok(nout <= in.len);
		}
	m = tunnel_meta_at(10);
	m.inner_net_off = m.inner_mac_off = m.th_off = 0xffff;
	ok(alone(in.len, &m) < 0);
}

/* More of one kind than there is room for. */
static void too_deep(const char *first, const char *again, unsigned int times,
		     const char *last)
{
	char names[600];
	size_t n = (size_t)snprintf(names, sizeof(names), "%s", first);

	while (times--)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s",
				      again);
	snprintf(names + n, sizeof(names) - n, "%s", last);
	make(names, 100);
	m = tunnel_meta(10);
	eq(alone(in.len, &m), -EINVAL);
	refused(&m, -EINVAL, SEGOFF_V_DEPTH);
}

static void test_depth(void)
{
	test("GUE in GUE, GRE in GRE, IP in IP");
	too_deep("ip4 ", "gue* ip4 ", 9, "tcp");
	too_deep("ip4 ", "gre eth ip6 ", 9, "tcp");
	too_deep("", "ip6 ", 30, "tcp");
	too_deep("eth ", "ip4 ip6 ", 14, "udp");
}

/* A label stack of @n labels in front of the last two headers. */
static void labels(size_t n, bool bottom)
{
	const size_t at = part[2].at, len = 4 * n - 8;

	memmove(in.at + at + len, in.at + at, in.len - at);
	memset(in.at + at, 0, len);
	in.at[at + len + 2] = 0;
	in.at[at + len + 6] = bottom;
	in.len += len;
	in.net += len;
	in.th += len;
	in.data += len;
	part[3].at += len;
	part[4].at += len;
}

static void test_labels(void)
{
	test("thousands of MPLS labels");
	make("ip4 gre* mpls ip4 tcp", 2500);
	labels(16000, true);
	m = tunnel_meta(1000);
	eq(in.data, 20 + 8 + 64000 + 20 + 32);
	ok(cuts_right(&m));
	eq(alone(in.len, &m), 0);
	test("that have no end");
	make("ip4 gre* mpls ip4 tcp", 2500);
	labels(16000, false);
	memset(in.at + part[2].at, 0, in.len - part[2].at);
	m = tunnel_meta(1000);
	eq(alone(in.len, &m), -EINVAL);
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);
	test("or end behind 64 KB");
	make("ip4 gre* mpls ip4 tcp", 2500);
	labels(17000, true);
	refused(&m, -EINVAL, SEGOFF_V_DEPTH);
}

/* What metadata steps over, as large as an offset can say. */
static void test_opaque(void)
{
	size_t len = 65535 - 54 - 50;

	test("a tunnel header of 64 KB");
	make("ip4 vxlan* eth ip4 tcp", 2500);
	memmove(in.at + in.net + len, in.at + in.net, in.len - in.net);
	memset(in.at + in.net, 0xff, len);
	in.len += len;
	in.net += len;
	in.th += len;
	in.data += len;
	part[2].at = part[1].at; /* of no account */
	part[3].at += len;
	part[4].at += len;
	ref_put16(in.at + 26, ref_fold(pseudo_for(in.at, 1, 17, in.len - 20)));
	m = tunnel_meta_at(1000);
	m.inner_mac_off = 0;
	ok(cuts_right(&m));
	eq(alone(in.len, &m), 0);
	eq(nout, 3);
}

/* Metadata that speak of a tunnel, and nothing that could be one. */
static void test_nothing(void)
{
	struct segoff_meta of_nothing = {
		.gso_type = SEGOFF_GSO_UDP_TUNNEL_CSUM,
		.encapsulation = true,
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.csum_offset = 6,
	};

	test("a tunnel's checksum that waits, and no header that has it");
	make("ip4 udp", 100);
	in.at[0] = 0xf5; /* neither version */
	eq(alone(in.len, &of_nothing), 0);
	eq(nout, 1);
	for (size_t n = 0; n < 8; n++)
		eq(alone(n, &of_nothing), -EINVAL);
}

int main(void)
{
	test_short();
	test_offsets();
	test_depth();
	test_labels();
	test_opaque();
	test_nothing();
	return test_end();
}
