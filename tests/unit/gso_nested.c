/* SPDX-License-Identifier: MIT */
/*
 * gso_nested.c - tunnels in tunnels: what one knows, of two, three and four
 */
#include "tunnel_make.h"

static struct segoff_meta m;

static const char *const stacks[] = {
	"eth ip4 vxlan* eth ip4 vxlan* eth ip4 tcp",
	"eth ip4 vxlan eth ip6 geneve* eth ip4 tcp",
	"eth ip6 vxlan* eth ip4 geneve eth ip6 udp",
	"ip4 gre* ip6 gre-key* ip4 tcp",
	"ip4 gre-key ip4 gre* eth ip4 udp",
	"ip6 vxlan* eth ip4 gre* ip6 tcp",
	"eth ip4 gue* gre* ip4 vxlan* eth ip6 tcp",
	"ip4 ip4 ip4 tcp",
	"ip6 ip4 ip6 ip4 tcp",
	"eth vlan ip4 ip6 vxlan* eth vlan vlan ip4 tcp",
	"eth mpls ip4 geneve* eth mpls ip6 fou4* ip4 udp",
	"eth pppoe ip4 vxlan* eth pppoe ip4 vxlan* eth pppoe ip4 tcp",
	"ip4 vxlan* eth ip4 vxlan* eth ip4 vxlan* eth ip4 tcp",
	"ip4 gre* ip6 vxlan* eth ip4 gpe* ip6 tcp",
	"ip4 vxlan* eth ip6 vxlan* eth ip4 vxlan* eth ip6 vxlan* eth ip4 tcp",
	"ip4 gre* ip4 gre* ip4 gre* ip4 gre* ip4 tcp",
	"ip6 gue* gre* ip6 gue* gre* ip6 gue* gre* ip6 gue* gre* ip6 udp",
	"ip6 ip6 ip6 ip6 ip6 tcp",
};

#define STACKS (sizeof(stacks) / sizeof(*stacks))

static bool named(bool good, const char *names)
{
	if (!good)
		printf("# %s\n", names);
	return good;
}

static void test_nested(void)
{
	static const uint32_t fixed[] = {
		0, SEGOFF_GSO_TCP_FIXEDID, SEGOFF_GSO_TCP_FIXEDID_INNER,
		SEGOFF_GSO_TCP_FIXEDID | SEGOFF_GSO_TCP_FIXEDID_INNER
	};

	test("R-TUN-1 to R-TUN-8 nested: every field, every sum");
	for (size_t i = 0; i < STACKS; i++)
		for (size_t j = 0; j < 4; j++) {
			make(stacks[i], 2501);
			m = tunnel_meta(1000);
			m.gso_type |= fixed[j];
			named(cuts_right(&m), stacks[i]);
		}

	test("segments of one byte, and payload in pieces of every size");
	for (size_t i = 0; i < STACKS; i++) {
		make(stacks[i], 5);
		m = tunnel_meta(1);
		named(cuts_right(&m), stacks[i]);
		make(stacks[i], 65000);
		m = tunnel_meta(1379);
		named(cuts_right(&m), stacks[i]);
	}
}

/* Outer UDP headers without a checksum among those that have one. */
static void test_zero(void)
{
	test("R-TUN-4 nested: a UDP header without a checksum stays so");
	make("ip6 vxlan eth ip4 vxlan* eth ip4 vxlan eth ip4 tcp", 2500);
	m = tunnel_meta(1000);
	eq(m.gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM, SEGOFF_GSO_UDP_TUNNEL_CSUM);
	eq(cuts_right(&m), true);
	eq(seg16(2, part[1].at + 6), 0);
	ok(seg16(2, part[4].at + 6) != 0);
	eq(seg16(2, part[7].at + 6), 0);

	test("R-TUN-4 alone, a check of 0 is made if UDP_TUNNEL_CSUM says so");
	make("ip6 vxlan* eth ip4 tcp", 2500);
	ref_put16(in.at + part[1].at + 6, 0);
	m = tunnel_meta(1000);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	all_as_expected(1000, 0);
}

/* As a capture's reader has it: nothing but the bytes. */
static bool infers(const char *names)
{
	struct segoff_hints h = { .sz = sizeof(h), .mss = 1000 };
	struct iovec v = { in.at, 0 };
	struct segoff_pkt pkt = { &v, 1, 0 };
	struct segoff_stack st;
	struct segoff_meta want;

	make(names, 2500);
	v.iov_len = in.len;
	pkt.link = in.link;
	if (is(nparts - 1, "tcp"))
		h.mss += 12;
	h.udp_size = 1000;
	segoff_dissect(&pkt, &st);
	eq(segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &m),
	   SEGOFF_V_FROM_CALLER);
	want = tunnel_meta(1000);
	eq(m.gso_type, want.gso_type);
	eq(m.encapsulation, true);
	eq(m.inner_th_off, in.th);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	return all_as_expected(1000, 0);
}

static void test_inferred(void)
{
	test("what the headers say of a stack is enough to cut it");
	for (size_t i = 0; i < STACKS; i++)
		if (!strstr(stacks[i], "fou"))
			named(infers(stacks[i]), stacks[i]);
}

/* Cut into three, whatever the ports. */
static void cut_three(const char *names, enum segoff_csum_out csum)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .csum = csum,
				     .ports = &tunnel_ports };

	make(names, 2500);
	m = tunnel_meta(1000);
	named(eq(cut_with(&m, &o), 3), names);
}

/* Seeds, and nothing at all. */
static void test_modes(void)
{
	test("OUT_PARTIAL: the seed inside, outside as if it were finished");
	for (size_t i = 0; i < STACKS; i++) {
		cut_three(stacks[i], SEGOFF_OUT_PARTIAL);
		for (size_t k = 0; k < nout; k++) {
			uint8_t *check = want_at + in.th + m.csum_offset;

			eq(out[k].meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
			eq(out[k].meta.csum_start, in.th);
			eq(out[k].meta.csum_offset, m.csum_offset);
			eq(out[k].meta.gso_size, 0);
			expect(k, 1000, 0);
			ref_put16(check,
				  ref_fold(pseudo_for(want_at, nparts - 1,
						      in_proto(),
						      want_len - in.th)));
			named(mem_eq(out[k].at, out[k].len, want_at, want_len),
			      stacks[i]);
		}
	}

	test("OUT_KEEP: no checksum but IPv4's is touched");
	for (size_t i = 0; i < STACKS; i++) {
		cut_three(stacks[i], SEGOFF_OUT_KEEP);
		for (size_t j = 0; j < nparts; j++) {
			size_t at = part[j].at + (is(j, "tcp")	 ? 16 :
						  is_gre_part(j) ? 4 :
								   6);

			if (j == nparts - 1 || part[j].star)
				eq(seg16(1, at), ref_get16(in.at + at));
			if (is(j, "ip4"))
				eq(ref_fold(
					   ref_sum(out[1].at + part[j].at, 20)),
				   0xffff);
		}
	}
}

int main(void)
{
	test_nested();
	test_zero();
	test_inferred();
	test_modes();
	return test_end();
}
