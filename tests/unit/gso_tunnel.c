/* SPDX-License-Identifier: MIT */
/* gso_tunnel.c - segmentation of one tunnel (R-TUN-1 to R-TUN-8, R-TUN-12) */
#include "tunnel_make.h"

static struct segoff_meta m;

/*
 * By the ports, and with the metadata's offsets. What virtio steps over is
 * repeated, a length in it, too.
 */
static bool all_ways(const char *names, size_t n, uint16_t size)
{
	make(names, n);
	m = tunnel_meta(size);
	if (!cuts_right(&m))
		return false;
	m = tunnel_meta_at(size);
	if (!cuts_right(&m))
		return false;
	m.inner_mac_off = 0;
	return strstr(names, "pppoe") || cuts_right(&m);
}

static void check(const char *name, const char *const *names)
{
	static const uint16_t sizes[] = { 1000, 999, 2499, 1 };

	test(name);
	for (; *names; names++)
		for (size_t i = 0; i < 4; i++)
			if (!all_ways(*names, sizes[i] == 1 ? 7 : 2500,
				      sizes[i]))
				printf("# %s\n", *names);
}

static void test_kinds(void)
{
	static const char *const l2[] = { "eth ip4 vxlan eth ip4 tcp",
					  "eth ip4 vxlan* eth vlan ip4 tcp",
					  "eth ip4 geneve* eth ip4 tcp",
					  "eth ip4 gpe* eth ip6 tcp",
					  "eth ip4 gre eth ip4 tcp",
					  "eth ip4 gre-key* eth vlan ip6 tcp",
					  "eth vlan ip4 vxlan* eth mpls ip4 udp",
					  "eth ip6 vxlan* eth pppoe ip4 tcp",
					  "ip4 vxlan* eth ip4 udp",
					  NULL };
	static const char *const l3[] = { "eth ip4 gpe ip4 tcp",
					  "eth ip4 gpe* ip6 udp",
					  "eth ip4 geneve ip6 tcp",
					  "eth ip4 geneve* ip4 udp",
					  "ip6 gue ip4 tcp",
					  "ip6 gue* ip6 tcp",
					  "ip4 gue* gre ip6 tcp",
					  "ip4 fou4 ip4 tcp",
					  "ip4 fou6* ip6 udp",
					  "ip6 fou-gre* gre-key ip4 tcp",
					  "ip4 gre ip6 tcp",
					  "ip4 gre* ip4 udp",
					  "ip6 gre-key* ip6 tcp",
					  "ip6 gre mpls ip4 tcp",
					  "eth mpls ip4 gre ip4 tcp",
					  "eth pppoe ip4 ip4 tcp",
					  NULL };

	check("R-TUN-1 R-TUN-2 tunnels of Ethernet", l2);
	check("R-TUN-1 R-TUN-2 tunnels of IP", l3);
}

/* R-TUN-12: pairs, transports, with and without checksum */
static void test_pairs(void)
{
	static const char *const tunnels[] = { "vxlan%s eth ", "geneve%s ",
					       "gre%s ", "gre-key%s eth ", "" };
	char format[80], names[80];

	test("R-TUN-12 every pair of IP versions, TCP and UDP_L4");
	for (unsigned int i = 0; i < 80; i++) {
		snprintf(format, sizeof(format), "eth ip%c %sip%c %s",
			 i & 1 ? '6' : '4', tunnels[i / 16], i & 2 ? '6' : '4',
			 i & 4 ? "udp" : "tcp");
		snprintf(names, sizeof(names), format, i & 8 ? "*" : "");
		if (!all_ways(names, 3001, 700))
			printf("# %s\n", names);
	}
}

static void test_udp_tunnel(void)
{
	test("R-TUN-3 UDP_TUNNEL copies the outer check, whatever it is");
	make("eth ip4 vxlan eth ip4 tcp", 2500);
	ref_put16(in.at + part[2].at + 6, 0x1234);
	m = tunnel_meta_at(1000);
	eq(cuts_right(&m), true);
	eq(seg16(2, part[2].at + 6), 0x1234);
	make("eth ip6 vxlan eth ip4 tcp", 2500);
	m = tunnel_meta(1000);
	eq(cuts_right(&m), true);
	eq(seg16(2, part[2].at + 6), 0);

	test("R-TUN-4 the input's UDP length has no influence");
	make("eth ip4 vxlan* eth ip4 tcp", 2500);
	m = tunnel_meta(1000);
	ref_put16(in.at + part[2].at + 4, 0xdead);
	eq(cuts_right(&m), true);
	m = tunnel_meta_at(1000);
	eq(cuts_right(&m), true);

	test("R-TUN-4 the outer check is equal for equal lengths");
	eq(nout, 3);
	eq(seg16(0, part[2].at + 6), seg16(1, part[2].at + 6));
	ok(seg16(0, part[2].at + 6) != seg16(2, part[2].at + 6));

	test("R-TUN-4 without SEGOFF_TRUST_SEED the outer seed is made anew");
	ref_put16(in.at + part[2].at + 6, 0x5aa5);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	all_as_expected(1000, 0);
	eq(cut(&m), 3);
	expect(0, 1000, 0);
	ok(memcmp(out[0].at, want_at, want_len) != 0);
	eq(ref_get16(out[0].at + in.th + 16), ref_get16(want_at + in.th + 16));
}

/* An outer sum that comes to 0 is stored as 0xffff. */
static void test_zero(void)
{
	test("R-TUN-4 the outer check is never 0");
	make("ip4 vxlan* eth ip4 tcp", 25);
	m = tunnel_meta(10);
	eq(cuts_right(&m), true);
	/* the source port grows by what the checksum is */
	ref_put16(in.at + part[1].at,
		  ref_fold((uint64_t)ref_get16(in.at + part[1].at) +
			   seg16(0, part[1].at + 6)));
	eq(cuts_right(&m), true);
	eq(seg16(0, part[1].at + 6), 0xffff);
	eq(seg16(1, part[1].at + 6), 0xffff);

	test("R-TUN-5 GRE: 0 stays");
	make("ip4 gre-key* ip4 tcp", 25);
	m = tunnel_meta(10);
	eq(cuts_right(&m), true);
	ref_put16(in.at + part[1].at + 8, seg16(0, part[1].at + 4));
	eq(cuts_right(&m), true);
	eq(seg16(0, part[1].at + 4), 0);
}

static void test_gre(void)
{
	test("R-TUN-5 GRE: the input's check and reserved word do not matter");
	make("eth ip4 gre-key* ip4 tcp", 2500);
	m = tunnel_meta(1000);
	ref_put32(in.at + part[2].at + 4, 0x12345678);
	eq(cuts_right(&m), true);
	eq(seg16(1, part[2].at + 6), 0);

	test("R-TUN-5 GRE without GRE_CSUM: nothing in the header changes");
	m.gso_type = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_GRE;
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++)
		mem_eq(out[k].at + part[2].at, 12, in.at + part[2].at, 12);
	eq(l4_sum(2, in.th), 0xffff);
}

/* Identifications of the outer and the inner header of each segment. */
static void ids(const char *names, uint32_t type, bool outer, bool inner)
{
	make(names, 2500);
	m = tunnel_meta_at(1000);
	m.gso_type |= type;
	eq(cut(&m), 3);
	for (size_t k = 0, i = 0; k < 3; k++, i = 0) {
		while (!is(i, "ip4"))
			i++;
		eq(seg16(k, part[i].at + 4),
		   (ref_get16(in.at + part[i].at + 4) + (outer ? 0 : k)) &
			   0xffff);
		eq(seg16(k, in.net + 4),
		   (ref_get16(in.at + in.net + 4) + (inner ? 0 : k)) & 0xffff);
		eq(ip_sum(k), 0xffff);
	}
}

#define OUTER SEGOFF_GSO_TCP_FIXEDID
#define INNER SEGOFF_GSO_TCP_FIXEDID_INNER

static void test_fixed(void)
{
	static const char *const reset[] = { "eth ip4 vxlan* eth ip4 tcp",
					     "ip4 gre ip4 tcp",
					     "ip4 gue* ip4 tcp" };

	test("R-TUN-7 IPIP: both bits of fixed identification act alone");
	ids("eth ip4 ip4 tcp", 0, false, false);
	ids("eth ip4 ip4 tcp", OUTER, true, false);
	ids("eth ip4 ip4 tcp", INNER, false, true);
	ids("eth ip4 ip4 tcp", OUTER | INNER, true, true);
	test("R-TUN-7 4in6: the inner bit is about the inner header");
	ids("eth ip6 ip4 tcp", INNER, true, true);
	ids("eth ip6 ip4 tcp", OUTER, false, false);

	test("R-TUN-8 UDP tunnels, GRE: both obey TCP_FIXEDID (Q-1)");
	for (size_t i = 0; i < 3; i++) {
		ids(reset[i], 0, false, false);
		ids(reset[i], OUTER, true, true);
		ids(reset[i], INNER, false, false);
		ids(reset[i], OUTER | INNER, true, true);
	}
}

/* Datagrams in tunnels that become fragments: only the inner header says so. */
static void test_ufo(void)
{
	static const char *const names[] = { "eth ip4 vxlan* eth ip4 udp",
					     "eth ip4 vxlan eth ip4 udp",
					     "ip4 gre* ip4 udp",
					     "ip6 ip4 udp" };

	test("UFO in a tunnel: fragments of the inner packet");
	for (size_t i = 0; i < 4; i++) {
		make(names[i], 2500);
		m = tunnel_meta_at(1000);
		m.gso_type &= ~SEGOFF_GSO_UDP_L4;
		m.gso_type |= SEGOFF_GSO_UDP;
		eq(cut(&m), 3);
		for (size_t k = 0; k < nout; k++) {
			memcpy(want_at, out[k].at, out[k].len);
			want_len = out[k].len;
			set_lengths(want_at, want_len);
			ref_put16(want_at + in.th + 4,
				  ref_get16(out[k].at + in.th + 4));
			for (size_t j = nparts - 1; j-- > 0;)
				if (is(j, "ip4"))
					set_ip_sum(want_at + part[j].at);
				else if (part[j].star)
					want_sum(j);
			mem_eq(out[k].at, out[k].len, want_at, want_len);
			eq(seg16(k, in.net + 6),
			   (k < 2 ? 0x2000 : 0) | k * 125);
		}
		memcpy(want_at, in.at, in.len);
		want_len = in.len;
		want_sum(nparts - 1);
		eq(seg16(0, in.th + 6), ref_get16(want_at + in.th + 6));
	}
}

int main(void)
{
	test_kinds();
	test_pairs();
	test_udp_tunnel();
	test_zero();
	test_gre();
	test_fixed();
	test_ufo();
	return test_end();
}
