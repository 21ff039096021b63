/* SPDX-License-Identifier: MIT */
/* gso_udp.c - UDP segmentation (R-UDP-1 to R-UDP-4) */
#include "gso_make.h"

static struct segoff_meta m;

static void lengths_and_checks(void)
{
	m = meta_for(SEGOFF_GSO_UDP_L4, 1000);
	eq(cut(&m), 3);
	eq(seg16(0, in.th + 4), 1008);
	eq(seg16(1, in.th + 4), 1008);
	eq(seg16(2, in.th + 4), 509);
	for (size_t k = 0; k < 3; k++) {
		eq(ref_get32(out[k].at + in.th), 0x12340035);
		eq(l4_sum(k, in.th), 0xffff);
	}
	mem_eq(out[2].at + in.data, 501, in.at + in.data + 2000, 501);
}

static void test_datagrams(void)
{
	test("R-UDP-1 length 8 + gso_size, the rest in the last: IPv4");
	udp4(2501);
	lengths_and_checks();
	test("R-UDP-1 length 8 + gso_size, the rest in the last: IPv6");
	udp6(2501);
	lengths_and_checks();
	eq(ref_get16(seg_ip(0) + 4), 1008);
	eq(ref_get16(seg_ip(2) + 4), 509);
}

static void test_never_zero(void)
{
	test("R-UDP-1 a checksum of 0 is stored as ffff");
	udp4(30);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	eq(cut(&m), 3);
	ref_put16(in.at + in.data + 10,
		  ref_fold((uint64_t)ref_get16(in.at + in.data + 10) +
			   seg16(1, in.th + 6)));
	eq(cut(&m), 3);
	eq(seg16(1, in.th + 6), 0xffff);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	eq(seg16(1, in.th + 6), 0xffff);
}

static void test_length_field(void)
{
	test("R-UDP-2 the seed is adjusted by the length field of the input");
	udp4(25);
	/* length and seed both say 3 more than there is: no difference */
	ref_put16(in.at + in.th + 4, 36);
	ref_put16(in_check(), seed_for(36));
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff);

	test("R-UDP-2 R-Q-13 length 0, right seed: every checksum is wrong");
	udp4(25);
	ref_put16(in.at + in.th + 4, 0);
	eq(cut(&m), 3);
	/* the seed says 33 bytes too many */
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff - 33);
	eq(seg16(0, in.th + 4), 18);

	test("R-Q-13 but right by default, where the seed is made anew");
	eq(cut_as(&m, SEGOFF_STRICT, SEGOFF_OUT_COMPLETE), 3);
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff);
}

static void test_ids(void)
{
	test("R-UDP-3 IPv4 IDs count up, DF is copied");
	udp4(25);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++) {
		eq(ref_get16(seg_ip(k) + 4), 0x1234 + k);
		eq(ref_get16(seg_ip(k) + 6), 0x4000);
		eq(ip_sum(k), 0xffff);
	}
	test("R-UDP-3 without DF, too");
	ethernet(0x0800);
	ipv4(17, 7, 0);
	udp(25);
	payload(25);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	eq(cut(&m), 3);
	eq(ref_get16(seg_ip(2) + 4), 9);
	eq(ref_get16(seg_ip(2) + 6), 0);
}

static void test_refused(void)
{
	test("R-UDP-4 payload not above gso_size");
	udp4(1000);
	m = meta_for(SEGOFF_GSO_UDP_L4, 1000);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);
	udp6(0);
	m = meta_for(SEGOFF_GSO_UDP_L4, 1);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);
	udp4(1001);
	m = meta_for(SEGOFF_GSO_UDP_L4, 1000);
	eq(cut(&m), 2);

	test("R-UDP-4 csum_start not at the UDP header");
	m.csum_start = 35;
	refused(&m, -EINVAL, SEGOFF_V_GSO_CSUM_START);

	test("R-UDP-4 fewer than 8 bytes");
	udp4(20);
	in.len = in.th + 7;
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);

	test("R-UDP-4 neither UDP_L4 nor UDP in gso_type");
	udp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
}

static void test_many(void)
{
	test("R-UDP-1 more than 128 datagrams are not refused here");
	udp4(1290);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	eq(cut(&m), 129);

	test("R-UDP-1 without a PARTIAL checksum the result is the same");
	udp6(25);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	ref_put16(in_check(), 0);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff);
}

int main(void)
{
	test_datagrams();
	test_never_zero();
	test_length_field();
	test_ids();
	test_refused();
	test_many();
	return test_end();
}
