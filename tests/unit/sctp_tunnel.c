/* SPDX-License-Identifier: MIT */
/*
 * sctp_tunnel.c - packets of SCTP in tunnels, of which nothing is said: what
 * their checksums are worth, how they are finished, and cut
 */
#include "tunnel_make.h"

static const char *const stacks[] = {
	"eth ip4 vxlan* eth ip4 sctp",
	"eth ip6 geneve* eth ip6 sctp",
	"eth ip4 gre* ip4 sctp",
	"eth ip6 gre* ip4 vxlan* eth ip6 sctp",
};

#define STACKS (sizeof(stacks) / sizeof(*stacks))

static struct segoff_csum_report r;
static struct iovec whole;

static struct segoff_pkt as_pkt(void)
{
	whole = (struct iovec){ in.at, in.len };
	return (struct segoff_pkt){ &whole, 1, in.link };
}

/* A packet as senders leave it to a device, and as it is to be: want_at. */
static void wire(const char *names, size_t n)
{
	make(names, n);
	for (size_t i = 0; i < nparts; i++)
		if (is_gre_part(i) && part[i].star)
			memset(in.at + part[i].at + 4, 0, 4);
	expect(0, n, 0);
}

static void sums(enum segoff_csum_state inside, enum segoff_csum_state around)
{
	struct segoff_pkt pkt = as_pkt();

	eq(segoff_csum_verify(&pkt, NULL, &r), inside);
	eq(r.outer, around);
	eq(r.found, ref_get32(in_check()));
	eq(r.right, ref_get32(want_at + in.th + 8));
	ok(r.ip_good);
}

static void as_wanted(void)
{
	mem_eq(in.at, in.len, want_at, want_len);
}

static void test_verify(void)
{
	test("R-SCTP-1 a CRC32c in a tunnel, and what is around it");
	for (size_t i = 0; i < STACKS; i++) {
		wire(stacks[i], 100);
		sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_PARTIAL);
		memcpy(in.at, want_at, want_len);
		sums(SEGOFF_CSUM_GOOD, SEGOFF_CSUM_GOOD);
		in_check()[3] ^= 1;
		sums(SEGOFF_CSUM_WRONG, SEGOFF_CSUM_WRONG);
	}
	test("without a checksum around it");
	wire("eth ip4 ip6 sctp", 100);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_NONE);
	test("an outer one over the zero is right for these bytes alone");
	wire(stacks[0], 100);
	memcpy(want_at, in.at, in.len);
	want_sum(2);
	memcpy(in.at, want_at, in.len);
	want_sum(nparts - 1);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_GOOD);
	test("and one for the finished bytes is not right before");
	wire(stacks[0], 100);
	memcpy(in.at, want_at, in.len);
	memset(in_check(), 0, 4);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_WRONG);
}

/* Eight bytes more of GUE header: private flags, start and offset. */
static void test_remote(void)
{
	static const uint8_t rco[8] = { 0x80, 0, 0, 0, 0, 20, 0, 28 };
	size_t gue = 42;

	test("R-TUN-11 GUE that names the CRC32c: it is no seed all the same");
	make("eth ip4 gue ip4 sctp", 100);
	memmove(in.at + gue + 12, in.at + gue + 4, in.len - gue - 4);
	memcpy(in.at + gue + 4, rco, 8);
	in.at[gue] = 2;
	in.at[gue + 3] = 1;
	for (size_t i = 3; i < nparts; i++)
		part[i].at += 8;
	in.len += 8;
	in.net += 8;
	in.th += 8;
	in.data += 8;
	set_lengths(in.at, in.len);
	set_ip_sum(in.at + part[1].at);
	expect(0, 100, 0);
	sums(SEGOFF_CSUM_PARTIAL, SEGOFF_CSUM_NONE);
	ok(!r.remote);
	{
		struct segoff_pkt pkt = as_pkt();

		eq(segoff_csum_rewrite(&pkt, NULL), 1);
		as_wanted();
	}
}

static void test_made_right(void)
{
	struct segoff_meta m;
	struct segoff_pkt pkt;

	test("segoff_csum_rewrite() makes all right, from the inside out");
	for (size_t i = 0; i < STACKS; i++) {
		wire(stacks[i], 101);
		pkt = as_pkt();
		ref_put32(in_check(), 0x12345678);
		eq(segoff_csum_rewrite(&pkt, NULL), i == 3 ? 3 : 2);
		as_wanted();
		eq(segoff_csum_rewrite(&pkt, NULL), 0);
	}
	test("segoff_csum_complete() knows it by its place, in a tunnel too");
	wire(stacks[0], 100);
	m = (struct segoff_meta){ .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				  .csum_start = (uint16_t)in.th,
				  .csum_offset = 8 };
	pkt = as_pkt();
	eq(segoff_csum_complete(&pkt, &m), 0);
	mem_eq(in_check(), 4, want_at + in.th + 8, 4);
	test("by what is said, where ports do not lead there");
	wire("eth ip4 fou4 ip4 sctp", 100);
	m = tunnel_meta_at(0);
	pkt = as_pkt();
	eq(segoff_csum_complete(&pkt, &m), 0);
	as_wanted();
}

static int pass(const struct segoff_meta *m, enum segoff_csum_out csum)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .csum = csum,
				     .ports = &tunnel_ports };

	return cut_with(m, &o);
}

static void passes_finished(const struct segoff_meta *m)
{
	eq(pass(m, SEGOFF_OUT_COMPLETE), 1);
	mem_eq(out[0].at, out[0].len, want_at, want_len);
}

static void test_whole(void)
{
	struct segoff_meta m;

	test("R-Q-3 a packet that is no superpacket: CRC32c, then around it");
	for (size_t i = 0; i < 2; i++) {
		wire(stacks[i], 100);
		m = tunnel_meta_at(0);
		passes_finished(&m);
	}
	test("R-TUN-4 and so it is where a partial one may be");
	for (size_t i = 0; i < 2; i++) {
		wire(stacks[i], 100);
		m = tunnel_meta_at(0);
		eq(pass(&m, SEGOFF_OUT_PARTIAL), 1);
		mem_eq(out[0].at, out[0].len, want_at, want_len);
		eq(out[0].meta.ip_summed, SEGOFF_CHECKSUM_NONE);
		eq(out[0].meta.csum_start, 0);
	}
	test("in two tunnels");
	wire("eth ip4 vxlan* eth ip6 gre ip4 vxlan* eth ip4 sctp", 100);
	m = tunnel_meta(0);
	passes_finished(&m);
	test("no checksum around it: it may stay partial");
	wire("eth ip4 vxlan eth ip4 sctp", 100);
	m = tunnel_meta_at(0);
	passes_finished(&m);
	eq(pass(&m, SEGOFF_OUT_PARTIAL), 1);
	mem_eq(out[0].at, out[0].len, in.at, in.len);
	eq(out[0].meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(out[0].meta.csum_start, in.th);
	test("of which no more is said than where the checksum is");
	m = (struct segoff_meta){ .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				  .csum_start = (uint16_t)in.th,
				  .csum_offset = 8 };
	passes_finished(&m);
}

/* DATA chunks of 200 bytes. */
static void flat(const char *names, size_t chunks)
{
	make(names, 200 * chunks);
	for (size_t i = 0; i < chunks; i++)
		ref_put32(in.at + in.data + 200 * i, 0x000300c8);
}

static void infers(const char *names, uint32_t bits)
{
	struct segoff_pkt pkt;
	struct segoff_stack st;
	struct segoff_meta m;
	struct iovec iov[9];
	ssize_t n;

	flat(names, 20);
	pkt = as_pkt();
	segoff_dissect(&pkt, &st);
	verdict(segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, NULL, &m),
		SEGOFF_V_FROM_MTU);
	eq(m.gso_type, SEGOFF_GSO_SCTP | bits);
	eq(m.gso_size, SEGOFF_GSO_BY_FRAGS);
	ok(m.encapsulation);
	eq(m.th_off, part[2].at);
	eq(m.inner_th_off, in.th);
	n = segoff_sctp_members(&pkt, &st, 1500, iov, 9, NULL);
	eq(n, 4); /* 7, 7 and 6 chunks */
	eq(iov[0].iov_len, in.data);
	eq(iov[1].iov_len, 1400);
	eq(iov[3].iov_len, 1200);
	pkt = (struct segoff_pkt){ iov, (unsigned int)n, in.link };
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	eq(cut_pkt(&pkt, &m, NULL), 3);
	all_as_expected(1400, m.gso_type);
}

static void test_infer(void)
{
	struct segoff_pkt pkt;
	struct segoff_stack st;
	struct iovec iov[9];

	test("a flat superpacket: what is said of its tunnel, how it is cut");
	infers("eth ip4 vxlan* eth ip4 sctp", SEGOFF_GSO_UDP_TUNNEL_CSUM);
	infers("eth ip4 vxlan eth ip4 sctp", SEGOFF_GSO_UDP_TUNNEL);
	infers("eth ip4 gre* ip4 sctp", SEGOFF_GSO_GRE_CSUM);
	infers("eth ip4 ip4 sctp", SEGOFF_GSO_IPXIP4);
	test("R-SCTP-3 the MTU is about the outermost header");
	flat("eth ip6 vxlan eth ip6 sctp", 7);
	pkt = as_pkt();
	segoff_dissect(&pkt, &st);
	eq(in.data - 14, 122);
	eq(segoff_sctp_members(&pkt, &st, 1522, iov, 9, NULL), 2);
	eq(segoff_sctp_members(&pkt, &st, 1521, iov, 9, NULL), 3);
}

int main(void)
{
	test_verify();
	test_remote();
	test_made_right();
	test_whole();
	test_infer();
	return test_end();
}
