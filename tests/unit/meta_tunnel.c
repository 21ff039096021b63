/* SPDX-License-Identifier: MIT */
/* meta_tunnel.c - the 24-byte header with a UDP tunnel (R-META-15, 16, 19) */
#include "meta_make.h"

/* The VXLAN frame of the examples: 34 outer UDP, 64 inner IP, 84 inner TCP. */
static void good_tunnel(void)
{
	good_tcp4();
	h.flags = SEGOFF_VNET_NEEDS_CSUM | SEGOFF_VNET_UDP_TUNNEL_CSUM;
	h.type = SEGOFF_VNET_GSO_TCPV4 | SEGOFF_VNET_GSO_UDP_TUNNEL_IPV4;
	h.cs = 84;
	h.outer_th = 34;
	h.inner_nh = 64;
	h.size = 24;
	o.tunnel = o.tunnel_csum = true;
	frame[64] = 0x45;
}

static void test_good(void)
{
	test("R-META-15 TCP in IPv4 in UDP, with outer checksum");
	good_tunnel();
	super(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM);
	eq(m.encapsulation, true);
	eq(m.th_off, 34);
	eq(m.inner_net_off, 64);
	eq(m.inner_th_off, 84);
	eq(m.inner_protocol, 0x0800);
	eq(m.protocol, 0x0800);
	eq(m.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(m.csum_start, 84);
	eq(m.csum_offset, 16);

	test("R-META-15 without outer checksum, ECN, outer IPv6, inner IPv6");
	good_tunnel();
	h.flags = SEGOFF_VNET_NEEDS_CSUM;
	h.type = 0x80 | SEGOFF_VNET_GSO_TCPV6 | SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6;
	h.outer_th = 54;
	h.inner_nh = 84;
	h.cs = 124;
	super(SEGOFF_GSO_TCPV6 | SEGOFF_GSO_UDP_TUNNEL | SEGOFF_GSO_TCP_ECN);
	eq(m.inner_protocol, 0x86dd);
	eq(m.protocol, 0x86dd);

	test("R-META-15 plain fields are little endian with a tunnel type");
	good_tunnel();
	o.big_endian = true;
	h.little = true;
	super(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM);
}

static void test_not_negotiated(void)
{
	test("R-META-15 tunnel types were not negotiated");
	good_tunnel();
	o.tunnel = false;
	refused(SEGOFF_V_META_TNL_OFF);

	test("R-META-15 outer checksums were not negotiated");
	good_tunnel();
	o.tunnel_csum = false;
	refused(SEGOFF_V_META_TNL_OFF);
	h.flags = SEGOFF_VNET_NEEDS_CSUM;
	super(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL);

	test("R-META-15 a layout without the tunnel's fields");
	good_tunnel();
	h.size = 20;
	eq(decode(), -EINVAL);
}

static void test_combinations(void)
{
	test("R-META-15 both tunnel bits");
	good_tunnel();
	h.type = 0x61;
	refused(SEGOFF_V_META_TNL_BOTH);

	test("R-META-15 inner type none, or UFO");
	good_tunnel();
	h.type = 0x20;
	refused(SEGOFF_V_META_TNL_INNER);
	h.type = 0xa0;
	refused(SEGOFF_V_META_TNL_INNER);
	h.type = 0x23;
	refused(SEGOFF_V_META_TNL_INNER);

	test("R-META-15 without NEEDS_CSUM");
	good_tunnel();
	h.flags = SEGOFF_VNET_UDP_TUNNEL_CSUM;
	refused(SEGOFF_V_META_TNL_CSUM);

	test("R-META-15 an inner type that there is not");
	good_tunnel();
	h.type = 0x22;
	refused(SEGOFF_V_META_TYPE);

	test("R-META-15 the plain rules hold for the inner type");
	good_tunnel();
	h.gso_size = 0;
	refused(SEGOFF_V_META_SIZE);
	good_tunnel();
	h.co = 6;
	refused(SEGOFF_V_META_CSUM_OFF);
	good_tunnel();
	h.type = 0x20 | 0x85;
	h.co = 6;
	refused(SEGOFF_V_META_UDP_ECN);
}

/* Offsets that are just right, and one less of each. */
static void order(uint8_t type, uint16_t outer, uint16_t inner, uint16_t cs)
{
	h.type = type;
	h.outer_th = outer;
	h.inner_nh = inner;
	h.cs = cs;
	eq(decode(), 0);
	h.cs = (uint16_t)(cs - 1);
	refused(SEGOFF_V_META_TNL_ORDER);
	h.cs = cs;
	h.inner_nh = (uint16_t)(outer + 7);
	refused(SEGOFF_V_META_TNL_ORDER);
	h.inner_nh = inner;
	h.outer_th = (uint16_t)(outer - 1);
	refused(SEGOFF_V_META_TNL_ORDER);
}

static void test_order(void)
{
	test("R-META-15 order of offsets: outer IPv4, inner IPv4");
	good_tunnel();
	order(0x21, 34, 42, 62);
	test("R-META-15 order of offsets: outer IPv6, inner IPv6");
	good_tunnel();
	order(0x44, 54, 62, 102);
}

static void test_q9(void)
{
	test("R-Q-9 the 14 bytes of a link header are demanded of TUN, too");
	good_tunnel();
	memmove(frame, frame + 14, 60);
	flink = SEGOFF_LINK_RAW;
	o.writer = SEGOFF_WRITER_TUN;
	h.outer_th = 20;
	h.inner_nh = 50;
	h.cs = 70;
	refused(SEGOFF_V_META_TNL_ORDER);
	test("R-Q-9 with 16 bytes of IPv4 options it passes");
	h.outer_th = 36;
	h.inner_nh = 66;
	h.cs = 86;
	super(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM);
}

static void test_uso(void)
{
	test("R-META-16 USO: the inner header says its version");
	good_tunnel();
	h.type = 0x25;
	h.co = 6;
	super(SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_UDP_TUNNEL_CSUM);
	eq(m.inner_protocol, 0x0800);
	frame[64] = 0x60;
	h.cs = 104;
	super(SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_UDP_TUNNEL_CSUM);
	eq(m.inner_protocol, 0x86dd);

	test("R-META-16 USO: inner IPv6 needs 40 bytes before csum_start");
	h.cs = 103;
	refused(SEGOFF_V_META_TNL_ORDER);
}

static void test_small(void)
{
	test("R-Q-3 a payload that fits: no superpacket, but in a tunnel");
	good_tunnel();
	flen = 104 + 1000;
	eq(decode(), 0);
	eq(m.gso_size, 0);
	eq(m.gso_type, SEGOFF_GSO_UDP_TUNNEL_CSUM);
	eq(m.encapsulation, true);
	eq(m.csum_start, 84);
	flen++;
	super(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM);
}

int main(void)
{
	test_good();
	test_not_negotiated();
	test_combinations();
	test_order();
	test_q9();
	test_uso();
	test_small();
	return test_end();
}
