/* SPDX-License-Identifier: MIT */
/* meta_read.c - what every reader of a virtio_net_hdr asks (R-META-1 to 8) */
#include "meta_make.h"

static void test_types(void)
{
	test("R-META-1 gso_type 1, 3, 4, 5");
	good_tcp4();
	super(SEGOFF_GSO_TCPV4);
	good_udp4(3);
	super(SEGOFF_GSO_UDP);
	good_tcp4();
	h.type = 4;
	h.cs = 54; /* the frame is not looked at (R-Q-16) */
	super(SEGOFF_GSO_TCPV6);
	good_udp4(5);
	super(SEGOFF_GSO_UDP_L4);

	test("R-META-1 every other gso_type");
	good_tcp4();
	for (unsigned int t = 1; t < 256; t++) {
		unsigned int base = t & 0x7f;

		if (base == 1 || base == 3 || base == 4 || base == 5)
			continue;
		h.type = (uint8_t)t;
		refused(SEGOFF_V_META_TYPE);
	}

	test("R-META-1 bit 0x80 says TCP_ECN");
	h.type = 0x81;
	super(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCP_ECN);
	good_udp4(0x83);
	super(SEGOFF_GSO_UDP | SEGOFF_GSO_TCP_ECN);
}

static void test_size(void)
{
	test("R-META-2 gso_size 0 with a type");
	good_tcp4();
	h.gso_size = 0;
	refused(SEGOFF_V_META_SIZE);

	test("R-META-2 gso_size 65535");
	h.gso_size = 65535;
	refused(SEGOFF_V_META_SIZE);

	test("R-META-2 gso_size without a type means nothing");
	h.type = 0;
	ordinary();
}

static void test_csum_end(void)
{
	test("R-META-3 the checksum field ends where the frame ends");
	good_tcp4();
	h.type = 0;
	flen = 100;
	h.cs = 90;
	h.co = 8;
	ordinary();
	h.co = 9;
	refused(SEGOFF_V_META_CSUM_END);

	test("R-META-3 so does the least transport header");
	good_tcp4();
	flen = 54;
	ordinary();
	flen = 53;
	refused(SEGOFF_V_META_CSUM_END);
	good_udp4(3);
	flen = 42;
	ordinary();
	flen = 41;
	refused(SEGOFF_V_META_CSUM_END);

	test("R-META-3 the largest values are no trap");
	h.cs = 65535;
	h.co = 65535;
	refused(SEGOFF_V_META_CSUM_END);
}

/* csum_start @low passes for this type, @low - 1 does not. */
static void lowest(uint8_t type, uint16_t low)
{
	h.type = type;
	h.cs = low;
	eq(decode(), 0);
	eq(m.th_off, low);
	h.cs = (uint16_t)(low - 1);
	refused(SEGOFF_V_META_CSUM_LOW);
}

static void test_csum_low(void)
{
	test("R-META-4 csum_start at least 20, for TCPV6 40");
	good_tcp4();
	lowest(0, 20);
	lowest(1, 20);
	lowest(4, 40);
	good_udp4(3);
	lowest(3, 20);
	lowest(5, 20);

	test("R-META-4 csum_start and headroom stay below 65535");
	good_tcp4();
	h.type = 0;
	flen = 65600;
	h.co = 6;
	h.cs = 65534;
	ordinary();
	h.cs = 65535;
	refused(SEGOFF_V_META_CSUM_HIGH);
	o.headroom = 200;
	h.cs = 65334;
	ordinary();
	h.cs = 65335;
	refused(SEGOFF_V_META_CSUM_HIGH);
}

static void test_csum_offset(void)
{
	test("R-META-5 TCP: csum_offset 16");
	good_tcp4();
	h.co = 6;
	refused(SEGOFF_V_META_CSUM_OFF);
	h.type = 4;
	h.cs = 54;
	refused(SEGOFF_V_META_CSUM_OFF);

	test("R-META-5 TCP without NEEDS_CSUM: csum_offset means nothing");
	h.flags = 0;
	super(SEGOFF_GSO_TCPV6);
	eq(m.ip_summed, SEGOFF_CHECKSUM_NONE);

	test("R-META-5 UDP_L4: csum_offset 6");
	good_udp4(5);
	h.co = 16;
	refused(SEGOFF_V_META_CSUM_OFF);

	test("R-META-5 UDP_L4 needs NEEDS_CSUM");
	good_udp4(5);
	h.flags = 0;
	refused(SEGOFF_V_META_UDP_CSUM);

	test("R-META-5 UFO takes any csum_offset");
	good_udp4(3);
	h.co = 100;
	super(SEGOFF_GSO_UDP);

	test("R-META-6 UDP_L4 with the ECN bit");
	good_udp4(0x85);
	refused(SEGOFF_V_META_UDP_ECN);
}

static void test_udp_segments(void)
{
	test("R-META-7 UDP_L4: 128 datagrams, and not a byte more");
	good_udp4(5);
	h.gso_size = 10;
	flen = 42 + 1280;
	super(SEGOFF_GSO_UDP_L4);
	flen++;
	refused(SEGOFF_V_META_UDP_SEGS);

	test("R-META-7 UFO and TCP may have more");
	h.type = 3;
	super(SEGOFF_GSO_UDP);
	good_tcp4();
	h.gso_size = 10;
	super(SEGOFF_GSO_TCPV4);
}

/* One byte of payload decides: @with is ordinary, one more is not. */
static void threshold(size_t len, uint32_t type)
{
	flen = len;
	ordinary();
	eq(m.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(m.csum_start, h.cs);
	eq(m.csum_offset, h.co);
	flen++;
	super(type);
}

static void test_threshold(void)
{
	test("R-META-8 TCP: a payload of gso_size is ordinary");
	good_tcp4();
	threshold(54 + 1000, SEGOFF_GSO_TCPV4);

	test("R-META-8 R-Q-2 TCP options count as payload");
	frame[46] = 0x80; /* 12 bytes of options */
	threshold(54 + 12 + 988, SEGOFF_GSO_TCPV4);

	test("R-META-8 UDP_L4: a payload of gso_size is ordinary");
	good_udp4(5);
	threshold(42 + 1000, SEGOFF_GSO_UDP_L4);

	test("R-META-8 UFO: the UDP header counts");
	good_udp4(3);
	threshold(34 + 1000, SEGOFF_GSO_UDP);

	test("R-META-8 without NEEDS_CSUM headers are as short as can be");
	good_tcp4();
	h.flags = 0;
	flen = 20 + 20 + 1000;
	ordinary();
	eq(m.ip_summed, SEGOFF_CHECKSUM_NONE);
	flen++;
	super(SEGOFF_GSO_TCPV4);
	h.type = 4;
	flen = 40 + 20 + 1000;
	ordinary();
	flen++;
	super(SEGOFF_GSO_TCPV6);

	test("R-META-8 and must be there");
	flen = 59;
	refused(SEGOFF_V_META_FRAME);
}

static void test_flags(void)
{
	test("R-META-11 unknown flag bits are ignored");
	good_tcp4();
	h.flags = 0xf1;
	super(SEGOFF_GSO_TCPV4);

	test("R-META-11 DATA_VALID is ignored on the way in");
	h.flags = SEGOFF_VNET_DATA_VALID;
	super(SEGOFF_GSO_TCPV4);
	eq(m.ip_summed, SEGOFF_CHECKSUM_NONE);
	o.writer = SEGOFF_WRITER_TAP;
	super(SEGOFF_GSO_TCPV4);
	eq(m.ip_summed, SEGOFF_CHECKSUM_NONE);
}

static void test_layouts(void)
{
	test("sizes 10, 12, 20, 24 are read alike without a tunnel type");
	good_tcp4();
	for (h.size = 10; h.size <= 24; h.size++) {
		super(SEGOFF_GSO_TCPV4);
		eq(m.csum_start, 34);
	}

	test("a header shorter than 10 bytes");
	h.size = 9;
	refused(SEGOFF_V_META_SHORT);

	test("options whose size is not set");
	good_tcp4();
	o.sz = 0;
	refused(SEGOFF_V_OPTS);

	test("big endian");
	good_tcp4();
	o.big_endian = true;
	super(SEGOFF_GSO_TCPV4);
	eq(m.csum_start, 34);
	eq(m.csum_offset, 16);
}

int main(void)
{
	test_types();
	test_size();
	test_csum_end();
	test_csum_low();
	test_csum_offset();
	test_udp_segments();
	test_threshold();
	test_flags();
	test_layouts();
	return test_end();
}
