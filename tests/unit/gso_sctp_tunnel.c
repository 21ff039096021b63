/* SPDX-License-Identifier: MIT */
/*
 * gso_sctp_tunnel.c - SCTP in tunnels: a CRC32c is no sum, so whatever covers it
 * is summed over every byte (R-SCTP-1, 2, 5, R-TUN-2 to 8)
 */
#include "tunnel_make.h"

static const char *const stacks[] = {
	"eth ip4 vxlan eth ip4 sctp",
	"eth ip4 vxlan* eth ip4 sctp",
	"eth ip6 vxlan* eth ip6 sctp",
	"eth ip4 geneve* eth ip6 sctp",
	"ip6 gue* ip4 sctp",
	"ip6 fou6* ip6 sctp",
	"eth vlan ip4 gre ip4 sctp",
	"eth ip4 gre* ip6 sctp",
	"ip4 fou-gre* gre-key* eth pppoe ip4 sctp",
	"eth ip4 ip4 sctp",
	"eth ip6 ip4 sctp",
	"eth mpls ip4 ip6 sctp",
	"eth ip4 vxlan* eth ip6 gre* ip4 gpe* eth ip4 sctp",
};

#define STACKS (sizeof(stacks) / sizeof(*stacks))

/* Lengths of members; chunks have multiples of 4, but nobody looks. */
static const size_t sizes[] = { 4, 1000, 37, 1 };

static struct segoff_meta m;

static void build(const char *names, size_t n)
{
	make(names, n);
	m = tunnel_meta(SEGOFF_GSO_BY_FRAGS);
}

static bool is_covered(void)
{
	for (size_t i = 0; i < nparts; i++)
		if (part[i].star)
			return true;
	return false;
}

/* Members of @size bytes, the last one of what is left. */
static int cut_members(size_t size, const struct segoff_gso_opts *o)
{
	struct iovec v[SEGS_MAX + 1] = { { in.at, in.data } };
	struct segoff_pkt pkt = { v, 1, in.link };
	size_t n;

	for (size_t at = in.data; at < in.len; at += n) {
		n = in.len - at < size ? in.len - at : size;
		v[pkt.niov++] = (struct iovec){ in.at + at, n };
	}
	return cut_pkt(&pkt, &m, o);
}

static int cut_plain(size_t size, uint32_t flags, enum segoff_csum_out csum)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .csum = csum,
				     .ports = &tunnel_ports };

	return cut_members(size, &o);
}

/* By other code than what made them: as a receiver judges them. */
static void all_good(enum segoff_csum_state outer)
{
	for (size_t k = 0; k < nout; k++) {
		struct iovec v = { out[k].at, out[k].len };
		struct segoff_pkt pkt = { &v, 1, in.link };
		struct segoff_csum_report r;
		struct segoff_stack st;

		segoff_dissect_ports(&pkt, &tunnel_ports, &st);
		eq(segoff_csum_verify(&pkt, &st, &r), SEGOFF_CSUM_GOOD);
		eq(r.outer, outer);
		eq(r.field, in.th + 8);
		ok(r.ip_good);
	}
}

static void test_segments(void)
{
	test("R-SCTP-1 R-TUN-4 CRC32c, and then all that covers it");
	for (size_t i = 0; i < STACKS; i++)
		for (size_t j = 0; j < 4; j++) {
			build(stacks[i], 5 * sizes[j] - sizes[j] / 3);
			eq(cut_plain(sizes[j], 0, SEGOFF_OUT_COMPLETE), 5);
			if (!all_as_expected(sizes[j], m.gso_type))
				printf("# %s\n", stacks[i]);
			eq(out[0].meta.ip_summed, SEGOFF_CHECKSUM_NONE);
			all_good(is_covered() ? SEGOFF_CSUM_GOOD :
						SEGOFF_CSUM_NONE);
			cut_plain(sizes[j], SEGOFF_TRUST_SEED | SEGOFF_STRICT,
				  SEGOFF_OUT_COMPLETE);
			all_as_expected(sizes[j], m.gso_type);
		}
	test("R-TUN-2 identifications count or not, each as it is said");
	build("eth ip4 ip4 sctp", 3000);
	m.gso_type |= SEGOFF_GSO_TCP_FIXEDID_INNER;
	eq(cut_plain(1000, 0, SEGOFF_OUT_COMPLETE), 3);
	all_as_expected(1000, m.gso_type);
	test("R-TUN-9 no receiver finishes a CRC32c: it is complete");
	build("eth ip4 vxlan* eth ip4 sctp", 3000);
	m.gso_type |= SEGOFF_GSO_TUNNEL_REMCSUM;
	eq(cut_plain(1000, 0, SEGOFF_OUT_COMPLETE), 3);
	all_as_expected(1000, m.gso_type);
}

/* A segment without chunks. */
static void test_no_member(void)
{
	test("no member at all: one segment, its checksums right");
	build("eth ip4 vxlan* eth ip4 sctp", 0);
	eq(cut_plain(1, 0, SEGOFF_OUT_COMPLETE), 1);
	eq(out[0].len, in.len);
	all_good(SEGOFF_CSUM_GOOD);
}

static void test_left_out(void)
{
	test("R-TUN-4 a CRC32c is left to a device if nothing covers it");
	for (size_t i = 0; i < STACKS; i++) {
		build(stacks[i], 3000);
		eq(cut_plain(1000, 0, SEGOFF_OUT_PARTIAL), 3);
		if (is_covered()) {
			all_as_expected(1000, m.gso_type);
			eq(out[0].meta.ip_summed, SEGOFF_CHECKSUM_NONE);
			continue;
		}
		eq(out[0].meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
		eq(out[0].meta.csum_start, in.th);
		eq(out[0].meta.csum_offset, 8);
		for (size_t k = 0; k < 3; k++) {
			expect(k, 1000, m.gso_type);
			memset(want_at + in.th + 8, 0, 4);
			mem_eq(out[k].at, out[k].len, want_at, want_len);
		}
	}
	test("nothing is made if that is wanted");
	build("eth ip4 vxlan* eth ip4 sctp", 3000);
	ref_put32(in_check(), 0xdeadbeef);
	eq(cut_plain(1000, 0, SEGOFF_OUT_KEEP), 3);
	eq(ref_get32(out[2].at + in.th + 8), 0xdeadbeef);
	mem_eq(out[2].at + part[2].at + 6, 2, in.at + part[2].at + 6, 2);
}

static void test_admission(void)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .csum = SEGOFF_OUT_PARTIAL,
				     .partial = UINT32_MAX };

	test("R-PART-1 there are no partial frames of members");
	build("eth ip4 vxlan eth ip4 sctp", 3000);
	eq(cut_members(1000, &o), 3);
	eq(out[0].meta.gso_size, 0);
	test("R-TUN-6 without the bit of IP in IP it is refused");
	build("eth ip4 ip4 sctp", 3000);
	m.gso_type &= ~SEGOFF_GSO_IPXIP4;
	eq(cut_plain(1000, 0, SEGOFF_OUT_COMPLETE), -EINVAL);
	verdict(why, SEGOFF_V_GSO_TYPE);
}

static void test_fits(void)
{
	struct iovec v[3];
	struct segoff_pkt pkt = { v, 3, SEGOFF_LINK_ETHERNET };
	size_t n;

	test("R-SCTP-5 the largest member counts, from the outermost header on");
	build("eth ip4 vxlan* eth ip6 sctp", 1200);
	v[0] = (struct iovec){ in.at, in.data };
	v[1] = (struct iovec){ in.at + in.data, 1000 };
	v[2] = (struct iovec){ in.at + in.data + 1000, 200 };
	n = in.data - part[1].at + 1000;
	eq(segoff_gso_network_seglen(&pkt, &m), n);
	eq(segoff_gso_fits(&pkt, &m, n), 1);
	eq(segoff_gso_fits(&pkt, &m, n - 1), 0);
}

int main(void)
{
	test_segments();
	test_no_member();
	test_left_out();
	test_admission();
	test_fits();
	return test_end();
}
