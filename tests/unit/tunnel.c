/* SPDX-License-Identifier: MIT */
/*
 * tunnel.c - packets in tunnels without metadata: what their checksums are
 * worth, lengths that were never filled in, how they are to be cut
 */
#include "gso_make.h"

#define OUTER_IP  14
#define OUTER_UDP 34
#define TUNNEL	  42 /* the header behind UDP */

static struct segoff_csum_report report;
static struct segoff_stack st;
static struct segoff_meta meta;

static struct segoff_pkt as_pkt(struct iovec *v)
{
	*v = (struct iovec){ in.at, in.len };
	return (struct segoff_pkt){ v, 1, in.link };
}

static void verify(void)
{
	struct iovec v;
	struct segoff_pkt pkt = as_pkt(&v);

	segoff_csum_verify(&pkt, NULL, &report);
}

static int rewrite(void)
{
	struct iovec v;
	struct segoff_pkt pkt = as_pkt(&v);

	return segoff_csum_rewrite(&pkt, NULL);
}

static bool broken(void)
{
	struct iovec v;
	struct segoff_pkt pkt = as_pkt(&v);

	return segoff_length_broken(&pkt, NULL);
}

static int repair(void)
{
	struct iovec v;
	struct segoff_pkt pkt = as_pkt(&v);

	return segoff_length_repair(&pkt, NULL);
}

static enum segoff_verdict infer(void)
{
	struct iovec v;
	struct segoff_pkt pkt = as_pkt(&v);

	segoff_dissect(&pkt, &st);
	return segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, NULL, &meta);
}

/* The headers in front of a tunnel's, to this UDP port. */
static void outer(uint16_t port)
{
	ethernet(0x0800);
	ipv4(17, 0x100, 0x4000);
	udp(0);
	ref_put16(in.at + OUTER_UDP + 2, port);
}

static void vxlan(void)
{
	static const uint8_t h[] = { 8, 0, 0, 0, 0, 0, 42, 0, 2, 0, 0,
				     0, 0, 2, 2, 0, 0, 0,  0, 1, 8, 0 };

	put(h, sizeof(h));
}

/* The innermost packet, and with it the lengths of the outermost. */
static void inner(size_t n)
{
	uint8_t *ip = in.at + OUTER_IP;

	ipv4(6, 0x1234, 0x4000);
	tcp(1000, 0x10, 0);
	payload(n);
	ref_put16(ip + 2, (in.len - OUTER_IP) & 0xffff);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, 20))));
	ref_put16(in.at + OUTER_UDP + 4, (in.len - OUTER_UDP) & 0xffff);
}

static void vxlan_tcp(size_t n)
{
	outer(4789);
	vxlan();
	inner(n);
}

static uint64_t outer_pseudo(void)
{
	return ref_sum(in.at + OUTER_IP + 12, 8) + 17 + in.len - OUTER_UDP;
}

/* The outer checksum over the bytes as they are. */
static uint16_t outer_sum(void)
{
	uint8_t *check = in.at + OUTER_UDP + 6;
	uint16_t was = ref_get16(check), sum;

	ref_put16(check, 0);
	sum = ref_not(ref_fold(outer_pseudo() +
			       ref_sum(in.at + OUTER_UDP, in.len - OUTER_UDP)));
	ref_put16(check, was);
	return sum;
}

static void set_outer(uint16_t sum)
{
	ref_put16(in.at + OUTER_UDP + 6, sum);
}

/* Finish the inner checksum. */
static void finish(void)
{
	ref_put16(in_check(),
		  ref_not(ref_fold(ref_sum(in.at + in.th, in.len - in.th))));
}

static void sums(enum segoff_csum_state inside, enum segoff_csum_state around)
{
	verify();
	eq(report.state, inside);
	eq(report.outer, around);
	ok(report.ip_good);
}

/* The outer checksum as it will be right when the inner one is finished. */
static uint16_t outer_later(void)
{
	uint16_t seed = ref_get16(in_check()), sum;

	finish();
	sum = outer_sum();
	ref_put16(in_check(), seed);
	return sum;
}

/* The inner lengths end before the bytes that the outer checksum covers. */
static void test_outer_covers_more(void)
{
	uint8_t *ip;
	uint16_t seed;

	test("right when the inner one is finished, with more behind that");
	vxlan_tcp(300);
	ip = in.at + in.th - 20;
	ref_put16(ip + 2, ref_get16(ip + 2) - 4);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, 20))));
	seed = ref_fold(ref_get16(in_check()) + (uint64_t)ref_not(4));
	ref_put16(in_check(), seed);
	in.len -= 4;
	finish();
	in.len += 4;
	set_outer(outer_sum());
	ref_put16(in_check(), seed);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_GOOD);
	eq(rewrite(), 1);
	sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);
}

/* Lengths are what 16 bits hold of them. */
static void test_outer_big(void)
{
	test("R-TUN-4 an outer seed of more than 64 KiB, and the same finished");
	vxlan_tcp(70000);
	set_outer(ref_fold(outer_pseudo()));
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_PARTIAL);
	eq(rewrite(), 2);
	sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);
	eq(ref_get16(in.at + OUTER_UDP + 6), outer_sum());
}

static void test_outer_sums(void)
{
	test("no outer checksum");
	vxlan_tcp(300);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_NONE);
	ok(!report.remote);

	test("R-TUN-4 an outer seed, and the same finished");
	set_outer(ref_fold(outer_pseudo()));
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_PARTIAL);
	eq(rewrite(), 2);
	sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);
	eq(ref_get16(in.at + OUTER_UDP + 6), outer_sum());

	test("right when the inner one is finished: as Linux leaves it");
	for (size_t n = 300; n < 302; n++) {
		vxlan_tcp(n);
		set_outer(outer_later());
		sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_GOOD);
		eq(rewrite(), 1);
		sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);
	}

	test("over the seed as it is: good, and made anew with the inner one");
	vxlan_tcp(300);
	set_outer(outer_sum());
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_GOOD);
	eq(rewrite(), 2);
	sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);

	test("a wrong one is wrong, whatever is inside");
	set_outer(0x1234);
	sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_WRONG);
	vxlan_tcp(300);
	set_outer(0x1234);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_WRONG);
	eq(rewrite(), 2);
	sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);
}

/* The VXLAN header leaves the inner checksum for the receiver. */
static void ask_receiver(bool of_udp)
{
	in.at[TUNNEL + 1] |= 0x20;
	in.at[TUNNEL + 7] = (uint8_t)((14 + 20) / 2 | (of_udp ? 0x80 : 0));
}

static void gue_remote(uint16_t start, uint16_t field)
{
	uint8_t h[12] = { 2, 4, 0, 1, 0x80 };

	ref_put16(h + 8, start);
	ref_put16(h + 10, field);
	outer(6080);
	put(h, sizeof(h));
	inner(300);
}

static void test_remote(void)
{
	test("R-TUN-9 VXLAN leaves the checksum for the receiver");
	vxlan_tcp(300);
	ask_receiver(false);
	set_outer(outer_sum());
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_GOOD);
	ok(report.remote);
	eq(rewrite(), 0);

	test("what such a packet has in its place becomes the seed");
	ref_put16(in_check(), 0x1234);
	eq(rewrite(), 1);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_GOOD);

	test("an outer checksum is over the bytes as they are");
	set_outer(outer_later());
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_WRONG);

	test("a header that names another place leaves nothing");
	vxlan_tcp(300);
	ask_receiver(true);
	verify();
	ok(!report.remote);
	vxlan_tcp(300);
	ask_receiver(false);
	in.at[TUNNEL + 7]++;
	verify();
	ok(!report.remote);

	test("R-TUN-9 GUE does so by a private flag");
	gue_remote(20, 36);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_NONE);
	ok(report.remote);
	eq(rewrite(), 0);
	gue_remote(20, 26);
	verify();
	ok(!report.remote);
	gue_remote(20, 36);
	in.at[TUNNEL + 3] = 0;
	verify();
	ok(!report.remote);
	gue_remote(20, 36);
	in.at[TUNNEL + 4] = 0;
	verify();
	ok(!report.remote);
}

/* Put 0 there, and see it mended; @n fields hold it. */
static void mended(const size_t *at, size_t n)
{
	static uint8_t want[PACKET_MAX];

	vxlan_tcp(300);
	memcpy(want, in.at, in.len);
	ok(!broken());
	for (size_t i = 0; i < n; i++)
		ref_put16(in.at + at[i], 0);
	ok(broken());
	eq(repair(), 1);
	ok(!broken());
	for (size_t i = 0; i < n; i++)
		eq(ref_get16(in.at + at[i]), ref_get16(want + at[i]));
	verify();
	ok(report.ip_good);
}

static void test_lengths(void)
{
	const size_t outer_ip = OUTER_IP + 2, outer_udp = OUTER_UDP + 4,
		     inner_ip = TUNNEL + 22 + 2;

	test("lengths of each header that were never filled in");
	mended((const size_t[]){ outer_ip }, 1);
	mended((const size_t[]){ outer_udp }, 1);
	mended((const size_t[]){ inner_ip }, 1);
	mended((const size_t[]){ outer_ip, outer_udp }, 2);
	mended((const size_t[]){ outer_ip, outer_udp, inner_ip }, 3);

	test("padding is not made part of the packet if a length is sound");
	vxlan_tcp(300);
	in.len += 6;
	ref_put16(in.at + outer_ip, 0);
	eq(repair(), 1);
	eq(ref_get16(in.at + outer_ip), in.len - 6 - OUTER_IP);

	test("the outer length of a packet that only fits without it");
	vxlan_tcp(65500);
	ref_put16(in.at + outer_ip, 0);
	ok(broken());
	eq(repair(), 0);
}

static void test_described(void)
{
	test("R-TUN-1 a superpacket in VXLAN, with an outer checksum or none");
	vxlan_tcp(5000);
	verdict(infer(), SEGOFF_V_FROM_MTU);
	eq(meta.gso_type, SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL);
	eq(meta.gso_size, 1250); /* what divides 5000 */
	eq(meta.th_off, OUTER_UDP);
	eq(meta.inner_net_off, TUNNEL + 22);
	set_outer(0x1234);
	infer();
	eq(meta.gso_type, SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM);

	test("R-TUN-9 and with a remote checksum");
	ask_receiver(false);
	infer();
	eq(meta.gso_type, SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM |
				  SEGOFF_GSO_TUNNEL_REMCSUM);
}

/* All lengths and checksums of a segment. */
static void sound(const uint8_t *p, size_t len)
{
	memcpy(in.at, p, len);
	in.len = len;
	ok(!broken());
	sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);
}

static void test_nested(void)
{
	size_t middle;

	test("a tunnel in a tunnel is walked through, not stepped over");
	outer(4789);
	vxlan();
	ipv4(17, 0x200, 0x4000);
	middle = in.len;
	udp(0);
	ref_put16(in.at + middle + 2, 4789);
	ref_put16(in.at + middle + 6, 1);
	vxlan();
	set_outer(1);
	inner(3000);
	verdict(infer(), SEGOFF_V_FROM_MTU);
	eq(meta.inner_net_off, 0);
	eq(cut_as(&meta, 0, SEGOFF_OUT_COMPLETE), 3);
	for (size_t k = 0; k < nout; k++) {
		sound(out[k].at, out[k].len);
		eq(ref_get16(in.at + middle + 4), in.len - middle);
		eq(ref_get16(in.at + middle - 18), in.len - middle + 20);
	}
}

static size_t cut_partial(void)
{
	const struct segoff_gso_opts o = { .sz = sizeof(o),
					   .csum = SEGOFF_OUT_PARTIAL,
					   .partial = UINT32_MAX };
	struct segoff_gso g;
	struct iovec v;
	struct segoff_pkt pkt = as_pkt(&v);
	ssize_t n;

	infer();
	meta.gso_size = 1000;
	eq(segoff_gso_init(&g, &pkt, &meta, &o, NULL), 0);
	n = segoff_gso_next(&g, out_bytes, sizeof(out_bytes));
	memcpy(in.at, out_bytes, (size_t)n);
	in.len = (size_t)n;
	return in.len;
}

static void test_partial(void)
{
	static uint8_t want[PACKET_MAX];
	size_t n = 0;

	test("R-PART-5 a partial frame says itself how it is to be cut");
	vxlan_tcp(5000);
	set_outer(ref_fold(outer_pseudo()));
	infer();
	meta.gso_size = 1000;
	eq(cut_as(&meta, 0, SEGOFF_OUT_COMPLETE), 5);
	for (size_t k = 0; k < nout; k++) {
		memcpy(want + n, out[k].at, out[k].len);
		n += out[k].len;
	}
	cut_partial();
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_GOOD);
	ok(!broken());
	verdict(infer(), SEGOFF_V_FROM_LENGTHS);
	eq(meta.gso_size, 1000);
	ok(meta.gso_type & SEGOFF_GSO_PARTIAL);
	eq(cut_as(&meta, 0, SEGOFF_OUT_COMPLETE), 5);
	mem_eq(out_bytes, n, want, n);

	test("bytes behind a packet are no segments without that seed");
	ref_put16(in_check(), 0x1234);
	verdict(infer(), SEGOFF_V_WIRE_SIZE);
	sums(SEGOFF_CSUM_WRONG, SEGOFF_CSUM_WRONG);
}

static void test_ports(void)
{
	const struct segoff_ports *known = segoff_ports_known();
	struct segoff_port row = { 5555, SEGOFF_P_VXLAN };
	const struct segoff_ports own = { &row, 1 };
	const struct segoff_hints h = { .sz = sizeof(h),
					.udp_size = 1000,
					.ports = &own };
	struct iovec v;
	struct segoff_pkt pkt;

	test("the well-known ports are those of a walk without others");
	for (unsigned int i = 0; i < known->nport; i++)
		ok(known->port[i].port && known->port[i].kind);
	eq(known->nport, 6);

	test("a datagram to a tunnel's port is no row of datagrams");
	udp4(3000);
	ref_put16(in.at + in.th + 2, 5555);
	pkt = as_pkt(&v);
	segoff_dissect_ports(&pkt, &own, &st);
	verdict(segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &meta),
		SEGOFF_V_TUNNEL);
}

int main(void)
{
	test_outer_sums();
	test_outer_covers_more();
	test_outer_big();
	test_remote();
	test_lengths();
	test_described();
	test_nested();
	test_partial();
	test_ports();
	return test_end();
}
