/* SPDX-License-Identifier: MIT */
/* gso_whole.c - packets that stay in one piece, and what is left to be done */
#include "gso_make.h"

static struct segoff_meta m, left;

static int begin_gso(struct segoff_gso *g, struct iovec *v, uint32_t flags,
		     uint32_t csum)
{
	static struct segoff_pkt pkt;
	struct segoff_gso_opts o = {
		.sz = sizeof(o), .flags = flags, .csum = csum, .frag_id = 0
	};

	*v = (struct iovec){ in.at, in.len };
	pkt = (struct segoff_pkt){ v, 1, in.link };
	return segoff_gso_init(g, &pkt, &m, &o, NULL);
}

/* Segments left partial and then finished are those finished at once. */
static void finished_later(int n)
{
	static uint8_t once[PACKET_MAX], later[PACKET_MAX];
	struct segoff_gso a, b;
	struct iovec va, vb, v;
	struct segoff_pkt pkt = { &v, 1, in.link };
	ssize_t la, lb;

	eq(begin_gso(&a, &va, 0, SEGOFF_OUT_COMPLETE), 0);
	eq(begin_gso(&b, &vb, 0, SEGOFF_OUT_PARTIAL), 0);
	segoff_gso_meta(&a, &left);
	eq(left.ip_summed, SEGOFF_CHECKSUM_NONE);
	segoff_gso_meta(&b, &left);
	eq(left.gso_size, 0);
	for (int k = 0; k < n; k++) {
		la = segoff_gso_next(&a, once, sizeof(once));
		lb = segoff_gso_next(&b, later, sizeof(later));
		ok(la > 0);
		v = (struct iovec){ later, lb > 0 ? (size_t)lb : 0 };
		eq(segoff_csum_complete(&pkt, &left), 0);
		mem_eq(later, (size_t)lb, once, (size_t)la);
	}
	eq(segoff_gso_next(&a, once, sizeof(once)), 0);
}

static void test_left(void)
{
	test("segoff_gso_meta: partial output, finished by whoever reads it");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	finished_later(3);
	eq(left.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(left.csum_start, in.th);
	udp6(25);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	finished_later(3);

	test("segoff_gso_meta: also if nobody said it was partial");
	tcp6(25);
	m = meta_for(SEGOFF_GSO_TCPV6, 10);
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	finished_later(3);
	eq(left.ip_summed, SEGOFF_CHECKSUM_PARTIAL);

	test("segoff_gso_meta: the header of BIG TCP is gone");
	ethernet(0x86dd);
	ipv6(0);
	put("\x06\x00\xc2\x04\x00\x02\x00\x00", 8);
	in.th = in.len;
	tcp(0, 0x10, 0);
	payload(70000);
	m = meta_for(SEGOFF_GSO_TCPV6, 30000);
	finished_later(3);
	eq(left.csum_start, in.th - 8);

	test("segoff_gso_meta: UFO is finished");
	udp4(25);
	m = meta_for(SEGOFF_GSO_UDP, 16);
	finished_later(3);
	eq(left.ip_summed, SEGOFF_CHECKSUM_NONE);

	test("segoff_gso_meta: an ordinary packet");
	tcp4(25);
	m = meta_for(0, 0);
	finished_later(1);
	eq(left.csum_offset, 16);
}

static void test_small(void)
{
	test("what fits one segment is put right like any segment");
	for (uint16_t n = 1000; n < 1002; n++) {
		udp4(n);
		ref_put16(in.at + in.net + 2, 0);
		ref_put16(in.at + in.net + 10, 0);
		ref_put16(in.at + in.th + 4, 0);
		m = meta_for(SEGOFF_GSO_UDP_L4, 1000);
		eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), n > 1000 ? 2 : 1);
		eq(seg16(0, in.net + 2), 28 + 1000);
		eq(seg16(0, in.th + 4), 8 + 1000);
		eq(ip_sum(0), 0xffff);
		eq(l4_sum(0, in.th), 0xffff);
	}

	test("UFO that fits one segment is no fragment");
	udp6(100);
	m = meta_for(SEGOFF_GSO_UDP, 1000);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 1);
	eq(out[0].len, in.len);
	eq(seg_ip(0)[6], 17);
	eq(l4_sum(0, in.th), 0xffff);

	test("a csum_offset that is not TCP's does no harm");
	tcp4(100);
	m = meta_for(SEGOFF_GSO_TCPV4, 1000);
	m.csum_offset = 0;
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 1);
	eq(seg16(0, in.th), 0x1f90);
	eq(l4_sum(0, in.th), 0xffff);
}

static void test_refused(void)
{
	struct segoff_gso g;
	struct iovec v;
	uint8_t b[64];

	test("options that are not known");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(begin_gso(&g, &v, 4, 0), -EINVAL);
	verdict(segoff_gso_why(&g), SEGOFF_V_OPTS);
	eq(begin_gso(&g, &v, 0, 3), -EINVAL);

	test("a refused packet has no segments");
	m = meta_for(0, 0);
	m.csum_offset = 5000;
	eq(begin_gso(&g, &v, 0, 0), -EINVAL);
	verdict(segoff_gso_why(&g), SEGOFF_V_META_CSUM_END);
	eq(segoff_gso_next(&g, b, sizeof(b)), 0);

	test("a checksum that is kept may be anywhere");
	eq(begin_gso(&g, &v, 0, SEGOFF_OUT_KEEP), 0);
	segoff_gso_meta(&g, &left);
	eq(left.csum_offset, 5000);

	test("nothing is no segment");
	in.len = 0;
	m = meta_for(0, 0);
	m.ip_summed = 0;
	eq(begin_gso(&g, &v, 0, 0), 0);
	eq(segoff_gso_next(&g, b, sizeof(b)), 0);
	eq(segoff_gso_flat(&g, NULL, 0, NULL, 0), 0);

	test("headers of up to 65,535 bytes");
	for (size_t last = 1960; last < 1976; last += 8) {
		ethernet(0x86dd);
		ipv6(60);
		for (int i = 0; i < 31; i++)
			extension(60, 2048);
		extension(6, last);
		tcp(0, 0x10, 0);
		payload(100);
		m = meta_for(SEGOFF_GSO_TCPV6, 50);
		if (in.data > 65535)
			refused(&m, -EINVAL, SEGOFF_V_DEPTH);
		else
			eq(cut(&m), 2);
	}
}

static void test_complete(void)
{
	struct iovec v = { in.at, 0 };
	struct segoff_pkt pkt = { &v, 1, 0 };

	test("R-DEV-8 plain completion stores 0xffff for 0, for TCP, too");
	tcp4(2);
	m = meta_for(0, 0);
	v.iov_len = in.len;
	ref_put16(in.at + in.data, 0);
	ref_put16(in.at + in.data,
		  ref_not(ref_fold(ref_sum(in.at + in.th, in.len - in.th))));
	eq(segoff_csum_complete(&pkt, &m), 0);
	eq(ref_get16(in_check()), 0xffff);
}

int main(void)
{
	test_left();
	test_small();
	test_refused();
	test_complete();
	return test_end();
}
