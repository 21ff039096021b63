/* SPDX-License-Identifier: MIT */
/* gso_ip.c - link and IP layers of segments (R-IP-1 to R-IP-7) */
#include "gso_make.h"

static void test_link_layer(void)
{
	static const uint8_t l2[] = { 2,    0,	  0, 0, 0,    2,    2, 0,
				      0,    0,	  0, 1, 0x88, 0xa8, 0, 7,
				      0x81, 0x00, 0, 5, 8,    0 };
	struct segoff_meta m;

	test("R-IP-1 MAC header and all VLAN tags on every segment");
	begin(SEGOFF_LINK_ETHERNET);
	put(l2, sizeof(l2));
	ipv4(6, 1, 0x4000);
	tcp(0, 0x10, 0);
	payload(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++)
		mem_eq(out[k].at, sizeof(l2), l2, sizeof(l2));

	test("R-IP-1 eight tags");
	ethernet(0x8100);
	for (int i = 0; i < 8; i++)
		put("\x00\x05\x81\x00", 4);
	ref_put16(in.at + in.len - 2, 0x86dd);
	ipv6(17);
	udp(25);
	payload(25);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	mem_eq(out[2].at, 46, in.at, 46);

	test("R-IP-7 but Linux to the letter counts to seven");
	refused(&m, -EINVAL, SEGOFF_V_VLAN_DEPTH);
}

/* IDs of the segments of a packet whose ID is fffe. */
static void ids(uint16_t frag, uint32_t more, uint16_t a, uint16_t b,
		uint16_t c)
{
	struct segoff_meta m;

	ethernet(0x0800);
	ipv4(6, 0xfffe, frag);
	tcp(0, 0x10, 0);
	payload(30);
	m = meta_for(SEGOFF_GSO_TCPV4 | more, 10);
	eq(cut(&m), 3);
	eq(ref_get16(seg_ip(0) + 4), a);
	eq(ref_get16(seg_ip(1) + 4), b);
	eq(ref_get16(seg_ip(2) + 4), c);
	for (size_t k = 0; k < 3; k++)
		eq(ref_get16(seg_ip(k) + 6), frag);
}

static void test_ids(void)
{
	test("R-IP-2 IDs count up and wrap, with DF");
	ids(0x4000, 0, 0xfffe, 0xffff, 0);
	test("R-IP-2 IDs count up and wrap, without DF");
	ids(0, 0, 0xfffe, 0xffff, 0);
	test("R-IP-2 fixed ID, with DF");
	ids(0x4000, SEGOFF_GSO_TCP_FIXEDID, 0xfffe, 0xfffe, 0xfffe);
	test("R-IP-2 fixed ID, without DF");
	ids(0, SEGOFF_GSO_TCP_FIXEDID, 0xfffe, 0xfffe, 0xfffe);
	test("R-IP-2 the inner bit does not fix the only IP header's ID");
	ids(0x4000, SEGOFF_GSO_TCP_FIXEDID_INNER, 0xfffe, 0xffff, 0);
}

static void test_rebuilt(void)
{
	struct segoff_meta m;

	test("R-IP-3 total length and header checksum are made anew");
	tcp4(25);
	ref_put16(in.at + in.net + 2, 0xbeef);
	ref_put16(in.at + in.net + 10, 0xdead);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut(&m), 3);
	eq(ref_get16(seg_ip(0) + 2), 50);
	eq(ref_get16(seg_ip(1) + 2), 50);
	eq(ref_get16(seg_ip(2) + 2), 45);
	/* 4500 0032 1234 4000 4006 0a00 0001 0a00 0002 sum to eb6f... */
	eq(ref_get16(seg_ip(0) + 10), 0x1490);
	eq(ref_get16(seg_ip(1) + 10), 0x148f);
	eq(ref_get16(seg_ip(2) + 10), 0x1493);
}

static void test_copied(void)
{
	struct segoff_meta m;

	test("R-IP-4 options, TOS, TTL and flags are repeated");
	ethernet(0x0800);
	ipv4(6, 1, 0xe123); /* reserved bit, DF, MF, an offset */
	in.at[in.net] = 0x47;
	in.at[in.net + 1] = 0xb9;
	in.at[in.net + 8] = 3;
	put("\x94\x04\xaa\xbb\x01\x01\x01\x00", 8);
	in.th = in.len;
	tcp(0, 0x10, 0);
	payload(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++) {
		eq(seg_ip(k)[1], 0xb9);
		eq(ref_get16(seg_ip(k) + 6), 0xe123);
		eq(seg_ip(k)[8], 3);
		mem_eq(seg_ip(k) + 12, 16, in.at + in.net + 12, 16);
		eq(ip_sum(k), 0xffff);
	}
}

static void test_ipv6_lengths(void)
{
	struct segoff_meta m;

	test("R-IP-5 payload length counts extension headers");
	ethernet(0x86dd);
	ipv6(0);
	extension(60, 8);
	extension(43, 16);
	extension(60, 24);
	extension(6, 8);
	tcp(0, 0x10, 0);
	payload(25);
	m = meta_for(SEGOFF_GSO_TCPV6, 10);
	eq(cut(&m), 3);
	eq(ref_get16(seg_ip(0) + 4), 56 + 20 + 10);
	eq(ref_get16(seg_ip(2) + 4), 56 + 20 + 5);
	for (size_t k = 0; k < 3; k++) {
		eq(ref_get32(seg_ip(k)), 0x61212345);
		mem_eq(seg_ip(k) + 6, 90, in.at + in.net + 6, 90);
		eq(l4_sum(k, in.th), 0xffff);
	}
}

static void other_extension(uint8_t proto, enum segoff_verdict want)
{
	struct segoff_meta m;

	ethernet(0x86dd);
	ipv6(proto);
	extension(6, 8);
	tcp(0, 0x10, 0);
	payload(25);
	m = meta_for(SEGOFF_GSO_TCPV6, 10);
	refused(&m, -EPROTONOSUPPORT, want);
}

static void test_other_extensions(void)
{
	test("R-IP-5 a Fragment header is refused");
	other_extension(44, SEGOFF_V_FRAGMENT);
	test("R-IP-5 an Authentication header is refused");
	other_extension(51, SEGOFF_V_EXT_HEADER);
	test("R-IP-5 a Mobility header is refused");
	other_extension(135, SEGOFF_V_EXT_HEADER);

	test("R-IP-5 an extension header longer than the packet is refused");
	tcp6(25);
	in.at[in.net + 6] = 60;
	in.at[in.th] = 6;
	in.at[in.th + 1] = 200;
	struct segoff_meta m = meta_for(SEGOFF_GSO_TCPV6, 10);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_TRUNCATED);
}

static void test_big_ipv4(void)
{
	struct segoff_meta m;
	size_t at = 0;

	test("R-IP-6 IPv4 above 65535 bytes, total length 0");
	tcp4(100000);
	ref_put16(in.at + in.net + 2, 0);
	m = meta_for(SEGOFF_GSO_TCPV4, 1448);
	eq(cut(&m), 70);
	for (size_t k = 0; k < nout; k++) {
		eq(ref_get16(seg_ip(k) + 2), k < 69 ? 1488 : 128);
		eq(ip_sum(k), 0xffff);
		eq(l4_sum(k, in.th), 0xffff);
		ok(!memcmp(out[k].at + 54, in.at + 54 + at, out[k].len - 54));
		at += out[k].len - 54;
	}
	eq(at, 100000);
}

/* BIG TCP over IPv6 with so many bytes behind the link header. */
static void jumbo(size_t ip_len)
{
	ethernet(0x86dd);
	ipv6(0);
	put("\x06\x00\xc2\x04\x00\x02\x00\x00", 8);
	in.th = in.len;
	tcp(0, 0x10, 0);
	payload(ip_len - 68);
	ref_put16(in.at + in.net + 4, 0);
}

static void test_big_ipv6(void)
{
	struct segoff_meta m;

	test("R-IP-6 IPv6 above 65536 bytes: the jumbo option goes");
	jumbo(65537);
	m = meta_for(SEGOFF_GSO_TCPV6, 30000);
	eq(cut(&m), 3);
	eq(out[0].len, 14 + 40 + 20 + 30000);
	eq(seg_ip(0)[6], 6);
	eq(ref_get16(seg_ip(0) + 4), 20 + 30000);
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, 54), 0xffff);

	test("R-IP-6 at 65536 bytes it stays, as any extension header");
	jumbo(65536);
	eq(cut(&m), 3);
	eq(out[0].len, 14 + 48 + 20 + 30000);
	eq(seg_ip(0)[6], 0);
	mem_eq(seg_ip(2) + 40, 8, "\x06\x00\xc2\x04\x00\x02\x00\x00", 8);

	test("R-IP-6 behind a VLAN tag it goes, too");
	ethernet(0x8100);
	put("\x00\x05\x86\xdd", 4);
	ipv6(0);
	put("\x06\x00\xc2\x04\x00\x02\x00\x00", 8);
	in.th = in.len;
	tcp(0, 0x10, 0);
	payload(70000);
	m = meta_for(SEGOFF_GSO_TCPV6, 30000);
	eq(cut(&m), 3);
	eq(out[0].len, 18 + 40 + 20 + 30000);
}

static void test_no_segmenter(void)
{
	struct segoff_meta m;

	test("R-IP-7 another EtherType");
	tcp4(25);
	ref_put16(in.at + 12, 0x0806);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_NOT_IP);

	test("R-IP-7 a length in place of the EtherType (802.3)");
	ref_put16(in.at + 12, 100);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_NOT_IP);

	test("R-IP-7 nine VLAN tags");
	ethernet(0x8100);
	for (int i = 0; i < 9; i++)
		put("\x00\x05\x81\x00", 4);
	ref_put16(in.at + in.len - 2, 0x0800);
	ipv4(6, 1, 0);
	tcp(0, 0x10, 0);
	payload(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	refused(&m, -EINVAL, SEGOFF_V_VLAN_DEPTH);

	test("R-IP-7 another protocol");
	tcp4(25);
	in.at[in.net + 9] = 1;
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_TRANSPORT);
}

static void test_broken_ipv4(void)
{
	struct segoff_meta m;

	test("R-IP-3 IPv4: fewer than 20 bytes");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	in.len = 33;
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);

	test("R-IP-3 IPv4: header length field below 5");
	tcp4(25);
	in.at[in.net] = 0x44;
	refused(&m, -EINVAL, SEGOFF_V_IP_HEADER);

	test("R-IP-3 IPv4: header longer than the packet");
	tcp4(0);
	in.at[in.net] = 0x4f;
	in.len = in.net + 59;
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);

	test("R-IP-3 the EtherType decides, not the version nibble");
	tcp4(25);
	in.at[in.net] = 0x65;
	eq(cut(&m), 3);
}

int main(void)
{
	test_link_layer();
	test_ids();
	test_rebuilt();
	test_copied();
	test_ipv6_lengths();
	test_other_extensions();
	test_big_ipv4();
	test_big_ipv6();
	test_no_segmenter();
	test_broken_ipv4();
	return test_end();
}
