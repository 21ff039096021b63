/* SPDX-License-Identifier: MIT */
/*
 * gso_tunnel_refused.c - what metadata and tunnels must agree on (R-TUN-6,
 * R-TUN-12), and what is in a tunnel that nobody looks into
 */
#include "tunnel_make.h"

static struct segoff_meta m;

static void lacks(const char *names, uint32_t bit)
{
	make(names, 2500);
	m = tunnel_meta(1000);
	eq(m.gso_type & bit, bit);
	eq(cut(&m), 3);
	m.gso_type &= ~bit;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), -EINVAL);
}

static void test_bits(void)
{
	test("R-TUN-6 IPIP and SIT need IPXIP4");
	lacks("eth ip4 ip4 tcp", SEGOFF_GSO_IPXIP4);
	lacks("ip4 ip6 udp", SEGOFF_GSO_IPXIP4);
	m.gso_type |= SEGOFF_GSO_IPXIP6;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	test("R-TUN-6 4in6 and 6in6 need IPXIP6");
	lacks("eth ip6 ip4 udp", SEGOFF_GSO_IPXIP6);
	lacks("ip6 ip6 tcp", SEGOFF_GSO_IPXIP6);
	m.gso_type |= SEGOFF_GSO_IPXIP4;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	test("R-TUN-6 each of them in a stack of both");
	lacks("ip6 ip4 ip6 ip4 tcp", SEGOFF_GSO_IPXIP4);
	lacks("ip6 ip4 ip6 ip4 tcp", SEGOFF_GSO_IPXIP6);
	lacks("ip4 vxlan* eth ip4 ip4 tcp", SEGOFF_GSO_IPXIP4);

	test("GRE needs encapsulation, but no bit of its own, as in Linux");
	make("ip4 gre ip4 tcp", 2500);
	m = tunnel_meta(1000);
	m.gso_type &= ~(SEGOFF_GSO_GRE | SEGOFF_GSO_GRE_CSUM);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	m.encapsulation = false;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	test("IPIP does not");
	make("ip4 ip4 tcp", 2500);
	m = tunnel_meta(1000);
	m.encapsulation = false;
	eq(cuts_right(&m), true);
}

/* What is not said to be a tunnel is UDP, and its payload payload. */
static void test_plain_udp(void)
{
	static const uint32_t no[] = { 0, SEGOFF_GSO_UDP_TUNNEL };

	test("UDP tunnel without its bit, or encapsulation: plain UDP");
	for (size_t i = 0; i < 2; i++) {
		make("eth ip4 vxlan eth ip4 tcp", 2500);
		m = tunnel_meta(1000);
		m.encapsulation = i == 0;
		m.gso_type = SEGOFF_GSO_TCPV4 | no[i];
		refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
		m.gso_type = SEGOFF_GSO_UDP_L4 | no[i];
		refused(&m, -EINVAL, SEGOFF_V_GSO_CSUM_START);
		m.csum_start = (uint16_t)(part[2].at);
		m.csum_offset = 6;
		ok(cut(&m) > 2);
		eq(out[0].len, part[2].at + 8 + 1000);
	}
	test("the header that csum_start names is no tunnel");
	make("eth ip4 vxlan eth ip4 udp", 2500);
	m = tunnel_meta(1000);
	m.csum_start = (uint16_t)(part[2].at);
	ok(cut(&m) > 2);
	eq(out[0].len, part[2].at + 8 + 1000);
}

/* The inner transport must be what gso_type says. */
static void test_inner(void)
{
	test("the innermost packet is not what gso_type says");
	make("ip4 vxlan* eth ip4 tcp", 2500);
	m = tunnel_meta(1000);
	m.gso_type = SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_UDP_TUNNEL_CSUM;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	m.gso_type = SEGOFF_GSO_TCPV6 | SEGOFF_GSO_UDP_TUNNEL_CSUM;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	test("csum_start is not the innermost transport header");
	m = tunnel_meta(1000);
	m.csum_start -= 2;
	refused(&m, -EINVAL, SEGOFF_V_GSO_CSUM_START);
	test("payload that fits one segment");
	m = tunnel_meta(2500);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);
	eq(cut_as(&m, SEGOFF_TRUST_SEED, SEGOFF_OUT_COMPLETE), 1);
	all_as_expected(2500, 0);
}

static void test_sequence(void)
{
	test("GRE with sequence numbers");
	make("eth ip4 gre-key ip4 tcp", 2500);
	in.at[part[2].at] |= 0x10;
	m = tunnel_meta(1000);
	refused(&m, -EOPNOTSUPP, SEGOFF_V_GRE_SEQ);
	test("GRE with routing, reserved bits, or of another version");
	in.at[part[2].at] |= 0x40;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	in.at[part[2].at] = 0;
	in.at[part[2].at + 1] = 1;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	test("GRE with something else in it");
	in.at[part[2].at + 1] = 0;
	ref_put16(in.at + part[2].at + 2, 0x88cc);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_NOT_IP);
}

/* What no metadata can mend comes first. */
static void test_order(void)
{
	test("a broken header in a tunnel that lacks its bit");
	make("ip4 ip4 tcp", 2500);
	m = tunnel_meta(1000);
	m.gso_type &= ~SEGOFF_GSO_IPXIP4;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	in.at[in.th + 12] = 0x40;
	refused(&m, -EINVAL, SEGOFF_V_TCP_HEADER);
	test("six IP headers that lack it");
	make("ip4 ip4 ip4 ip4 ip4 ip4 tcp", 2500);
	refused(&m, -EINVAL, SEGOFF_V_DEPTH);
}

/* What names no protocol that could be in there. */
static void test_unknown(void)
{
	test("GUE with another protocol, a control message, another version");
	make("eth ip4 gue ip4 tcp", 2500);
	m = tunnel_meta(1000);
	in.at[part[2].at + 9] = 132;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	in.at[part[2].at + 9] = 4;
	in.at[part[2].at + 8] = 0x20;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	in.at[part[2].at + 8] = 0x80;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	test("VXLAN-GPE with NSH, for OAM, of another version, without VNI");
	make("eth ip4 gpe ip4 tcp", 2500);
	m = tunnel_meta(1000);
	in.at[part[2].at + 11] = 4;
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_NOT_IP);
	in.at[part[2].at + 11] = 1;
	in.at[part[2].at + 8] = 0x0d;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	in.at[part[2].at + 8] = 0x1c;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	in.at[part[2].at + 8] = 0x04;
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	test("Ethernet in Ethernet, which only tunnels may have");
	make("eth eth ip4 tcp", 2500);
	m = tunnel_meta(1000);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_NOT_IP);
	make("eth vlan eth ip4 tcp", 2500);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_NOT_IP);
}

static void test_depth(void)
{
	test("five IP headers are cut, six are not");
	make("ip4 ip4 ip4 ip4 ip4 tcp", 2500);
	m = tunnel_meta(1000);
	eq(cuts_right(&m), true);
	make("ip4 ip4 ip4 ip4 ip4 ip4 tcp", 2500);
	m = tunnel_meta(1000);
	refused(&m, -EINVAL, SEGOFF_V_DEPTH);
	make("ip4 vxlan eth ip4 vxlan eth ip4 vxlan eth ip4 vxlan eth ip4 "
	     "vxlan eth ip4 tcp",
	     2500);
	m = tunnel_meta(1000);
	refused(&m, -EINVAL, SEGOFF_V_DEPTH);
}

/* Seven may be in a row, as Linux counts. */
static void test_tags(void)
{
	test("R-IP-7 tags are counted behind each link header");
	make("eth vlan vlan vlan vlan ip4 vxlan* eth vlan vlan vlan vlan vlan "
	     "ip4 tcp",
	     2500);
	m = tunnel_meta(1000);
	eq(cuts_right(&m), true);
	make("eth ip4 vxlan* eth vlan vlan vlan vlan vlan vlan vlan vlan ip4 "
	     "tcp",
	     2500);
	m = tunnel_meta(1000);
	refused(&m, -EINVAL, SEGOFF_V_VLAN_DEPTH);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	test("R-IP-7 and in each tunnel, with a link header or without");
	make("eth vlan vlan vlan vlan vlan ip4 gre vlan vlan vlan vlan ip4 "
	     "geneve* vlan vlan ip6 tcp",
	     2500);
	m = tunnel_meta(1000);
	eq(cuts_right(&m), true);
	make("eth ip4 gre vlan vlan vlan vlan vlan vlan vlan vlan vlan ip4 tcp",
	     2500);
	m = tunnel_meta(1000);
	refused(&m, -EINVAL, SEGOFF_V_VLAN_DEPTH);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), -EINVAL);
}

static void test_offsets(void)
{
	test("what lies between the offsets is not looked at");
	make("eth ip4 vxlan* eth ip4 tcp", 2500);
	m = tunnel_meta_at(1000);
	m.inner_mac_off = 0;
	memset(in.at + part[2].at + 8, 0xff, 8 + 14);
	eq(cuts_right(&m), true);
	ref_put16(in.at + part[2].at + 2, 9);
	eq(cuts_right(&m), true);
	test("an inner IP header that starts behind the packet");
	m.inner_net_off = (uint16_t)(in.len + 1);
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);
	m.inner_net_off = 60000;
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);
	test("an inner IP header inside the tunnel's: by the port");
	m.inner_net_off = (uint16_t)(part[2].at + 4);
	refused(&m, -EINVAL, SEGOFF_V_TUNNEL);
	test("a link header behind the IP header is none");
	m = tunnel_meta_at(1000);
	m.inner_mac_off = (uint16_t)(in.net + 1);
	eq(cuts_right(&m), true);
	test("the version decides if nothing is said of it");
	make("eth ip4 vxlan* eth ip6 tcp", 2500);
	m = tunnel_meta_at(1000);
	m.inner_mac_off = 0;
	m.inner_protocol = 0;
	eq(cuts_right(&m), true);
	m.inner_protocol = 0x6558;
	eq(cuts_right(&m), true);
	in.at[in.net] = 0x50;
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_NOT_IP);
}

int main(void)
{
	test_bits();
	test_plain_udp();
	test_inner();
	test_sequence();
	test_order();
	test_unknown();
	test_depth();
	test_tags();
	test_offsets();
	return test_end();
}
