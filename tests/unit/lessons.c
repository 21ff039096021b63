/* SPDX-License-Identifier: MIT */
/*
 * lessons.c - what others paid for
 *
 * Each test is a bug that a VPN, a VMM, a switch or a capture tool once had in
 * its own segmentation.
 */
#include "gso_make.h"

static struct segoff_meta m;

static struct segoff_pkt pkt_of(struct iovec *v)
{
	v->iov_base = in.at;
	v->iov_len = in.len;
	return (struct segoff_pkt){ v, 1, in.link };
}

static int read_vnet(const uint8_t hdr[10], enum segoff_writer writer)
{
	struct segoff_vnet_opts o = { .sz = sizeof(o),
				      .writer = (uint8_t)writer };
	struct iovec v;
	struct segoff_pkt pkt = pkt_of(&v);

	return segoff_vnet_decode(hdr, 10, &pkt, &o, &m, &why);
}

static void test_metadata(void)
{
	static const uint8_t far[10] = { 1, 1, 54, 0, 10, 0, 34, 0, 0xf0, 0xff };
	static const uint8_t tcp_said[10] = { 1, 1, 0, 0, 10, 0, 34, 0, 16, 0 };

	test("csum_start + csum_offset far behind hdr_len and the frame");
	tcp4(100);
	eq(read_vnet(far, SEGOFF_WRITER_NONE), -EINVAL);
	verdict(why, SEGOFF_V_META_CSUM_END);
	m = meta_for(0, 0);
	m.csum_offset = 0xfff0;
	eq(cut(&m), -EINVAL);

	test("TCPV4 said of an IPv4 packet that is not TCP");
	udp4(100);
	eq(read_vnet(tcp_said, SEGOFF_WRITER_NONE), 0);
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	in.at[in.net + 9] = 1;
	refused(&m, -EPROTONOSUPPORT, SEGOFF_V_TRANSPORT);
}

/* Each half of a packet's segments, with room for no more. */
static void test_room(void)
{
	struct iovec v, seg[4], iov[8];
	struct segoff_pkt pkt;
	struct segoff_gso g;
	uint8_t hdr[4 * 64];
	unsigned int pieces[4];
	struct segoff_scatter to = { .hdr = hdr,
				     .hdr_size = sizeof(hdr),
				     .iov = iov,
				     .niov = 8,
				     .pieces = pieces,
				     .nseg = 3 };

	test("more segments than output slots: the rest comes later");
	tcp4(70);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	pkt = pkt_of(&v);
	eq(segoff_gso_init(&g, &pkt, &m, NULL, NULL), 0);
	eq(segoff_gso_flat(&g, out_bytes, sizeof(out_bytes), seg, 4), 4);
	eq(ref_get32((uint8_t *)seg[3].iov_base + in.th + 4), 1030);
	eq(segoff_gso_flat(&g, out_bytes, sizeof(out_bytes), seg, 4), 3);
	eq(ref_get32((uint8_t *)seg[2].iov_base + in.th + 4), 1060);
	eq(segoff_gso_flat(&g, out_bytes, sizeof(out_bytes), seg, 4), 0);

	test("header scratch is not that of an earlier packet");
	eq(segoff_gso_init(&g, &pkt, &m, NULL, NULL), 0);
	eq(segoff_gso_scatter(&g, &to), 3);
	tcp6(25);
	m = meta_for(SEGOFF_GSO_TCPV6, 10);
	pkt = pkt_of(&v);
	eq(segoff_gso_init(&g, &pkt, &m, NULL, NULL), 0);
	eq(segoff_gso_scatter(&g, &to), 3);
	for (size_t k = 0; k < 3; k++) {
		out[k].at = iov[2 * k].iov_base;
		mem_eq(out[k].at, 18, in.at, 18);
		mem_eq(seg_ip(k) + 6, 34, in.at + in.net + 6, 34);
		eq(seg16(k, in.th + 2), ref_get16(in.at + in.th + 2));
	}
}

static void test_lengths(void)
{
	test("segments are counted by gso_size, not by an MTU");
	tcp4(3000);
	m = meta_for(SEGOFF_GSO_TCPV4, 500);
	eq(cut(&m), 6);

	test("forwarded or dropped by the segments, not by the superpacket");
	tcp4(5000);
	m = meta_for(SEGOFF_GSO_TCPV4, 1460);
	{
		struct iovec v;
		struct segoff_pkt pkt = pkt_of(&v);

		eq(segoff_gso_fits(&pkt, &m, 1500), 1);
		eq(segoff_gso_fits(&pkt, &m, 1499), 0);
	}

	test("IPv4 total length 0, and 20");
	for (uint16_t said = 0; said <= 20; said += 20) {
		tcp4(25);
		ref_put16(in.at + in.net + 2, said);
		m = meta_for(SEGOFF_GSO_TCPV4, 10);
		eq(cut(&m), 3);
		eq(seg16(0, in.net + 2), 50);
		eq(seg16(2, in.net + 2), 45);
		eq(l4_sum(2, in.th), 0xffff);
	}

	test("above 64 KB, with a total length of 0");
	tcp4(92400);
	ref_put16(in.at + in.net + 2, 0);
	m = meta_for(SEGOFF_GSO_TCPV4, 1400);
	eq(cut(&m), 66);
	eq(l4_sum(65, in.th), 0xffff);
}

static void test_checksums(void)
{
	test("IPv4 header checksum 0 (Windows LSO)");
	tcp4(25);
	ref_put16(in.at + in.net + 10, 0);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	for (size_t k = 0; k < 3; k++)
		eq(ip_sum(k), 0xffff);

	test("a seed without the length");
	tcp4(25);
	ref_put16(in_check(), seed_for(0));
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff);

	test("IPv6 addresses are the superpacket's in every segment");
	tcp6(25);
	m = meta_for(SEGOFF_GSO_TCPV6, 10);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++)
		mem_eq(seg_ip(k) + 8, 32, in.at + in.net + 8, 32);
}

int main(void)
{
	test_metadata();
	test_room();
	test_lengths();
	test_checksums();
	return test_end();
}
