/* SPDX-License-Identifier: MIT */
/*
 * gso_offsets.c - tunnels whose metadata says less, or other things, than
 * their headers: what a running 6.18 kernel makes of them
 */
#include "gso_make.h"

#define OUTER_NET 14
#define OUTER_TH  34
#define UDP_SIZE  8

/* Outer IPv4, and what follows it. */
static void outer(uint8_t proto)
{
	ethernet(0x0800);
	ipv4(proto, 0x4321, 0);
}

/* Addresses and EtherType of an inner IPv4 packet. */
static void inner_link(void)
{
	static const uint8_t link[] = {
		2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1, 8, 0
	};

	put(link, sizeof(link));
}

static struct segoff_meta tunnel_meta(uint32_t type, uint16_t size)
{
	struct segoff_meta m = meta_for(type, size);

	m.encapsulation = true;
	m.th_off = OUTER_TH;
	m.inner_net_off = (uint16_t)in.net;
	m.inner_th_off = (uint16_t)in.th;
	m.inner_protocol = 0x0800;
	return m;
}

static void vxlan_like(size_t header, bool link)
{
	static const uint8_t bytes[16] = { 0xaa, 0x55 };

	outer(17);
	udp(0);
	put(bytes, header);
	if (link)
		inner_link();
	ipv4(6, 0x1234, 0x4000);
	tcp(1000, 0x10, 0);
	payload(200);
}

static void want_two(const struct segoff_meta *m, size_t outer_headers)
{
	if (!eq(cut(m), 2))
		return;
	eq(seg16(1, OUTER_NET + 4), 0x4322);
	eq(seg16(1, OUTER_NET + 2), out[1].len - OUTER_NET);
	eq(seg16(1, in.net + 4), 0x1235);
	eq(seg16(1, in.net + 2), out[1].len - in.net);
	eq(l4_sum(1, in.th), 0xffff);
	mem_eq(out[1].at + OUTER_TH + outer_headers,
	       in.net - OUTER_TH - outer_headers,
	       in.at + OUTER_TH + outer_headers,
	       in.net - OUTER_TH - outer_headers);
}

static void link_right_behind_udp(void)
{
	struct segoff_meta m;

	test("R-TUN-1 an inner link header right behind UDP");
	vxlan_like(0, true);
	m = tunnel_meta(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL, 100);
	m.inner_mac_off = OUTER_TH + UDP_SIZE;
	m.inner_protocol = 0x6558;
	want_two(&m, UDP_SIZE);
}

static void outer_offset_wrong(void)
{
	struct segoff_meta m;

	test("R-META-15 where the outer UDP header is the headers say");
	vxlan_like(16, false);
	m = tunnel_meta(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL, 100);
	m.th_off += 3;
	want_two(&m, UDP_SIZE);
	if (nout == 2)
		eq(seg16(1, OUTER_TH + 4), out[1].len - OUTER_TH);
}

static void gre_without_bit(void)
{
	static const uint8_t gre[] = { 0, 0, 8, 0 };
	struct segoff_meta m;

	test("R-TUN-5 GRE needs encapsulation, and no bit of gso_type");
	outer(47);
	put(gre, sizeof(gre));
	ipv4(6, 0x1234, 0x4000);
	tcp(1000, 0x10, 0);
	payload(200);
	m = tunnel_meta(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL, 100);
	want_two(&m, 0);
	m.gso_type = SEGOFF_GSO_TCPV4;
	want_two(&m, 0);
	m.encapsulation = false;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
}

/* The outer checksum of a segment, with what its bytes really are. */
static uint16_t outer_sum(size_t k)
{
	size_t n = out[k].len - OUTER_TH;

	return ref_fold(ref_sum(out[k].at + OUTER_NET + 12, 8) + 17 + n +
			ref_sum(out[k].at + OUTER_TH, n));
}

static void outer_above_long_udp(void)
{
	struct segoff_meta m;

	test("R-TUN-4 above a UDP length that does not fit its field");
	outer(17);
	udp(0);
	ipv4(17, 0x1234, 0x4000);
	udp(66000);
	payload(66000);
	m = tunnel_meta(SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_UDP_TUNNEL_CSUM, 65533);
	if (!eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 2))
		return;
	eq(seg16(0, in.th + 4), (65533 + 8) & 0xffff);
	eq(outer_sum(0), 0xffff);
	eq(outer_sum(1), 0xffff);
}

int main(void)
{
	link_right_behind_udp();
	outer_offset_wrong();
	gre_without_bit();
	outer_above_long_udp();
	return test_end();
}
