/* SPDX-License-Identifier: MIT */
/* meta_writer.c - what TUN, TAP and AF_PACKET ask besides (R-META-9 to 14) */
#include "meta_make.h"

static void test_hdr_len(void)
{
	test("R-META-9 hdr_len beyond the frame: TUN, TAP, AF_PACKET");
	for (uint8_t w = SEGOFF_WRITER_TUN; w <= SEGOFF_WRITER_PACKET; w++) {
		if (w == SEGOFF_WRITER_TUN)
			good_tun();
		else
			good_tcp4();
		o.writer = w;
		h.hdr_len = (uint16_t)flen;
		super(SEGOFF_GSO_TCPV4);
		h.hdr_len++;
		refused(SEGOFF_V_META_HDR_LEN);
	}

	test("R-META-9 it is raised to the end of the checksum field");
	good_tcp4();
	o.writer = SEGOFF_WRITER_TAP;
	h.hdr_len = 0;
	h.type = 0;
	h.cs = 40;
	h.co = (uint16_t)(flen - 42);
	ordinary();
	h.co++;
	refused(SEGOFF_V_META_HDR_LEN);

	test("R-META-9 nobody else looks at hdr_len");
	good_tcp4();
	h.hdr_len = 65535;
	super(SEGOFF_GSO_TCPV4);
}

static void test_tap_short(void)
{
	test("R-META-9 TAP: hdr_len from 1 to 13");
	good_tcp4();
	o.writer = SEGOFF_WRITER_TAP;
	h.flags = 0;
	for (h.hdr_len = 0; h.hdr_len < 16; h.hdr_len++) {
		if (h.hdr_len == 0 || h.hdr_len >= 14)
			super(SEGOFF_GSO_TCPV4);
		else
			refused(SEGOFF_V_META_HDR_LEN);
	}

	test("R-META-9 TAP: a frame below 14 bytes");
	good_tcp4();
	o.writer = SEGOFF_WRITER_TAP;
	h.flags = h.type = 0;
	flen = 14;
	ordinary();
	flen = 13;
	refused(SEGOFF_V_META_FRAME);
	flen = 0;
	refused(SEGOFF_V_META_FRAME);
}

static void test_tun(void)
{
	test("R-META-10 TUN: only IPv4 and IPv6");
	for (unsigned int version = 0; version < 16; version++) {
		good_tun();
		frame[0] = (uint8_t)(version << 4 | 5);
		if (version == 4 || version == 6)
			super(SEGOFF_GSO_TCPV4);
		else
			refused(SEGOFF_V_META_VERSION);
	}

	test("R-META-10 TUN: an empty frame");
	good_tun();
	h.flags = h.type = 0;
	flen = 0;
	refused(SEGOFF_V_META_VERSION);
	flen = 1;
	ordinary();
}

/* What AF_PACKET makes of a frame without NEEDS_CSUM. */
static void packet(uint8_t type)
{
	o.writer = SEGOFF_WRITER_PACKET;
	h.flags = 0;
	h.type = type;
}

static void test_packet_l4(void)
{
	test("R-META-12 AF_PACKET: the protocol must be that of the type");
	good_tcp4();
	packet(1);
	super(SEGOFF_GSO_TCPV4);
	eq(m.th_off, 34);
	packet(3);
	refused(SEGOFF_V_META_L4);
	good_udp4(1);
	packet(1);
	refused(SEGOFF_V_META_L4);
	packet(3);
	super(SEGOFF_GSO_UDP);

	test("R-META-12 AF_PACKET: the EtherType need not be");
	good_tcp4();
	packet(4);
	super(SEGOFF_GSO_TCPV6);

	test("R-META-12 with NEEDS_CSUM nothing is compared");
	good_tcp4();
	o.writer = SEGOFF_WRITER_PACKET;
	h.type = 3;
	super(SEGOFF_GSO_UDP);

	test("R-META-12 AF_PACKET: payload is measured behind IP options");
	good_tcp4();
	packet(1);
	memmove(frame + 38, frame + 34, 20);
	frame[14] = 0x46;
	flen = 58 + 1000;
	ordinary();
	flen++;
	super(SEGOFF_GSO_TCPV4);
	eq(m.th_off, 38);
}

static void test_packet_walk(void)
{
	test("R-META-12 AF_PACKET: no IP, or a broken header");
	good_tcp4();
	packet(1);
	frame[13] = 6;
	refused(SEGOFF_V_META_L4);
	good_tcp4();
	packet(1);
	frame[14] = 0x44;
	refused(SEGOFF_V_META_L4);
	good_tcp4();
	packet(1);
	flen = 53;
	refused(SEGOFF_V_META_L4);

	test("R-META-12 AF_PACKET: a fragment is accepted");
	good_tcp4();
	packet(1);
	frame[20] = 0x20;
	frame[21] = 1;
	super(SEGOFF_GSO_TCPV4);

	test("R-META-12 AF_PACKET: TCP's data offset is not looked at");
	good_tcp4();
	packet(1);
	frame[46] = 0x40;
	super(SEGOFF_GSO_TCPV4);
	frame[46] = 0xf0;
	flen = 54;
	ordinary();

	test("R-META-12 AF_PACKET: VLAN tags in the frame mislead the walk");
	good_tcp4();
	packet(1);
	memmove(frame + 16, frame + 12, 50);
	frame[12] = 0x81;
	frame[13] = 0;
	refused(SEGOFF_V_META_L4);
}

static void test_packet_mtu(void)
{
	test("R-META-13 AF_PACKET: frames up to mtu + 14 without GSO");
	good_tcp4();
	packet(0);
	o.mtu = 1500;
	flen = 1514;
	ordinary();
	flen = 1515;
	refused_with(-EMSGSIZE, SEGOFF_V_META_MTU);

	test("R-META-13 four more with a tag of 802.1Q, none with 802.1ad");
	frame[12] = 0x81;
	frame[13] = 0;
	flen = 1518;
	ordinary();
	flen = 1519;
	refused_with(-EMSGSIZE, SEGOFF_V_META_MTU);
	frame[12] = 0x88;
	frame[13] = 0xa8;
	flen = 1515;
	refused_with(-EMSGSIZE, SEGOFF_V_META_MTU);

	test("R-META-13 no limit with GSO, or without an MTU");
	good_tcp4();
	packet(1);
	o.mtu = 1500;
	super(SEGOFF_GSO_TCPV4);
	packet(0);
	o.mtu = 0;
	ordinary();

	test("R-META-13 on a device without a link header just the MTU");
	good_tun();
	packet(0);
	o.mtu = 1500;
	flen = 1500;
	ordinary();
	flen = 1501;
	refused_with(-EMSGSIZE, SEGOFF_V_META_MTU);

	test("R-META-13 a bad hdr_len is found first, a bad csum_start later");
	good_tcp4();
	packet(0);
	o.mtu = 1500;
	h.flags = SEGOFF_VNET_NEEDS_CSUM;
	h.cs = 2;
	refused_with(-EMSGSIZE, SEGOFF_V_META_MTU);
	h.hdr_len = 65535;
	refused(SEGOFF_V_META_HDR_LEN);

	test("AF_PACKET: an empty frame, or less than a link header");
	good_tcp4();
	packet(0);
	flen = 14;
	ordinary();
	for (flen = 0; flen < 14; flen++)
		refused(SEGOFF_V_META_FRAME);
}

static void test_sizes(void)
{
	test("R-META-14 PACKET_VNET_HDR_SZ: 0, 10, 12");
	for (size_t n = 0; n < 40; n++)
		eq(segoff_vnet_size_ok(SEGOFF_WRITER_PACKET, n),
		   n == 0 || n == 10 || n == 12);
	test("R-META-14 TUNSETVNETHDRSZ: 10 and above");
	for (size_t n = 0; n < 40; n++) {
		eq(segoff_vnet_size_ok(SEGOFF_WRITER_TUN, n), n >= 10);
		eq(segoff_vnet_size_ok(SEGOFF_WRITER_TAP, n), n >= 10);
	}
}

int main(void)
{
	test_hdr_len();
	test_tap_short();
	test_tun();
	test_packet_l4();
	test_packet_walk();
	test_packet_mtu();
	test_sizes();
	return test_end();
}
