/* SPDX-License-Identifier: MIT */
/*
 * gso_quirk.c - what looks like a mistake of Linux and is reproduced
 *
 * are in gso_ufo.c, Q-13 is in gso_udp.c, Q-9 in meta_tunnel.c.
 */
#include "gso_make.h"

static struct segoff_meta m;

/* Through admission first, as a frame written to a TAP would come. */
static int admit(uint8_t flags, uint8_t type, uint16_t gso_size, uint16_t cs,
		 uint16_t co)
{
	uint8_t hdr[10] = { flags, type };
	struct segoff_vnet_opts o = { .sz = sizeof(o),
				      .writer = SEGOFF_WRITER_TAP,
				      .big_endian = true };
	struct iovec v = { in.at, in.len };
	struct segoff_pkt pkt = { &v, 1, in.link };

	ref_put16(hdr + 4, gso_size);
	ref_put16(hdr + 6, cs);
	ref_put16(hdr + 8, co);
	return segoff_vnet_decode(hdr, 10, &pkt, &o, &m, &why);
}

/* TCP with 12 bytes of options, written with gso_size 1000. */
static void tcp_with_options(size_t n)
{
	ethernet(0x0800);
	ipv4(6, 1, 0x4000);
	tcp(0, 0x10, 12);
	payload(n);
	eq(admit(1, 1, 1000, 34, 16), 0);
}

static void test_threshold(void)
{
	test("R-Q-2 12 bytes of options, payload 988: an ordinary packet");
	tcp_with_options(988);
	eq(m.gso_size, 0);
	eq(cut(&m), 1);

	test("R-Q-2 payload 989 to 1000: admitted, then dropped");
	tcp_with_options(989);
	eq(m.gso_size, 1000);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);
	tcp_with_options(1000);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);

	test("R-Q-2 payload 1001: two segments");
	tcp_with_options(1001);
	eq(cut(&m), 2);

	test("R-Q-2 by default none of them is lost");
	tcp_with_options(989);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 1);
	eq(l4_sum(0, in.th), 0xffff);
	eq(out[0].len, in.len);
}

static void test_urgent(void)
{
	test("R-Q-7 URG and the urgent pointer on every segment, not rebased");
	ethernet(0x0800);
	ipv4(6, 1, 0x4000);
	tcp(0, 0x30, 0);
	ref_put16(in.at + in.th + 18, 15);
	payload(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++) {
		eq(seg16(k, in.th + 12) & 0xfff, 0x30);
		eq(seg16(k, in.th + 18), 15);
	}
}

static void test_weak_start(void)
{
	test("R-Q-8 csum_start inside the IP header passes admission");
	tcp4(25);
	eq(admit(1, 1, 10, 30, 16), 0);
	eq(m.gso_size, 10);
	refused(&m, -EINVAL, SEGOFF_V_GSO_CSUM_START);

	test("R-Q-8 a packet that is not GSO is summed over what it says");
	tcp4(0);
	eq(admit(1, 0, 0, 20, 1), 0);
	eq(cut(&m), 1);
	mem_eq(out[0].at + 23, 31, in.at + 23, 31);
	eq(ref_get16(out[0].at + 21),
	   ref_not(ref_fold(ref_sum(in.at + 20, 34))));
}

/* A packet whose plain completion is 0. */
static void test_zero_rules(void)
{
	test("R-Q-12 plain completion stores ffff for 0, for TCP too");
	tcp4(10);
	m = meta_for(0, 0);
	eq(cut(&m), 1);
	ref_put16(in.at + in.data,
		  ref_fold((uint64_t)ref_get16(in.at + in.data) +
			   seg16(0, in.th + 16)));
	eq(cut(&m), 1);
	eq(seg16(0, in.th + 16), 0xffff);

	test("R-Q-12 TCP segmentation stores 0");
	tcp4(30);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut(&m), 3);
	ref_put16(in.at + in.data + 20,
		  ref_fold((uint64_t)ref_get16(in.at + in.data + 20) +
			   seg16(2, in.th + 16)));
	eq(cut(&m), 3);
	eq(seg16(2, in.th + 16), 0);
}

static void test_accepted_and_dropped(void)
{
	test("R-Q-16 UFO on a TCP frame");
	tcp4(1000);
	eq(admit(1, 3, 100, 34, 16), 0);
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);

	test("R-Q-16 TCPV4 on an IPv6 frame");
	tcp6(1000);
	eq(admit(1, 1, 100, 54, 16), 0);
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);

	test("R-Q-16 an IPv6 Fragment header");
	ethernet(0x86dd);
	ipv6(44);
	extension(6, 8);
	tcp(0, 0x10, 0);
	payload(1000);
	eq(admit(1, 4, 100, 62, 16), 0);
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_FRAGMENT);

	test("R-Q-16 a data offset below 5");
	tcp4(1000);
	in.at[in.th + 12] = 0x40;
	eq(admit(1, 1, 100, 34, 16), 0);
	refused(&m, -EINVAL, SEGOFF_V_TCP_HEADER);
}

int main(void)
{
	test_threshold();
	test_urgent();
	test_weak_start();
	test_zero_rules();
	test_accepted_and_dropped();
	return test_end();
}
