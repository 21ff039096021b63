/* SPDX-License-Identifier: MIT */
/* remcsum.c - remote checksum offload (R-TUN-9, R-TUN-10, R-TUN-11, R-Q-11) */
#include "tunnel_make.h"

static struct segoff_meta m;
static struct segoff_stack st;
static struct segoff_remcsum r;
static struct iovec v;
static struct segoff_pkt pkt = { &v, 1, 0 };

static struct segoff_meta partial_at(uint16_t start, uint16_t offset)
{
	return (struct segoff_meta){ .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				     .csum_start = start,
				     .csum_offset = offset };
}

static void vxlan_says(uint16_t start, uint16_t offset, int flag)
{
	uint8_t h[8] = { 8, 0, 0, 0, 1, 2, 3, 0 };
	uint8_t same[8] = { 8, 0, 0, 0, 1, 2, 3, 0 };

	m = partial_at((uint16_t)(start + 50), offset);
	eq(segoff_remcsum_eligible(SEGOFF_P_VXLAN, &m, 50), flag >= 0);
	eq(segoff_remcsum_vxlan(h, &m, 50), flag < 0 ? -EINVAL : 8);
	if (flag >= 0) {
		same[1] = 0x20;
		same[7] = (uint8_t)flag;
	}
	mem_eq(h, 8, same, 8);
}

static void test_vxlan(void)
{
	test("R-TUN-10 VXLAN: start even, at most 254, TCP or UDP");
	vxlan_says(34, 16, 0x11);
	vxlan_says(34, 6, 0x91);
	vxlan_says(254, 16, 0x7f);
	vxlan_says(254, 6, 0xff);
	vxlan_says(0, 16, 0);
	vxlan_says(256, 16, -1);
	vxlan_says(33, 16, -1);
	vxlan_says(34, 8, -1);
	test("R-TUN-10 only what is partial, and behind the header");
	m = partial_at(84, 16);
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	eq(segoff_remcsum_eligible(SEGOFF_P_VXLAN, &m, 50), false);
	m = partial_at(34, 16);
	eq(segoff_remcsum_eligible(SEGOFF_P_VXLAN, &m, 50), false);
	eq(segoff_remcsum_eligible(SEGOFF_P_VXLAN, &m, 0), true);
	eq(segoff_remcsum_eligible(SEGOFF_P_GENEVE, &m, 0), false);
}

static void test_gue(void)
{
	uint8_t h[12] = { 0, 4, 0, 0 };

	test("R-TUN-11 GUE: a private option with start and field");
	m = partial_at(1070, 16);
	eq(segoff_remcsum_eligible(SEGOFF_P_GUE, &m, 1050), true);
	eq(segoff_remcsum_gue(h, &m, 1050), SEGOFF_GUE_REMCSUM_LEN);
	mem_eq(h, 12, "\2\4\0\1\x80\0\0\0\0\x14\0\x24", 12);
	test("R-TUN-11 GUE: not where there are options, nor in a control "
	     "message");
	eq(segoff_remcsum_gue(h, &m, 1050), -EINVAL);
	memcpy(h, "\x20\4\0\0", 4);
	eq(segoff_remcsum_gue(h, &m, 1050), -EINVAL);
	memcpy(h, "\x40\4\0\0", 4);
	eq(segoff_remcsum_gue(h, &m, 1050), -EINVAL);
	memcpy(h, "\0\4\0\2", 4);
	eq(segoff_remcsum_gue(h, &m, 1050), -EINVAL);
	test("R-TUN-11 GUE: 16 bits");
	memcpy(h, "\0\4\0\0", 4);
	m = partial_at(65530, 6);
	eq(segoff_remcsum_gue(h, &m, 0), -EINVAL);
	m = partial_at(65529, 6);
	eq(segoff_remcsum_gue(h, &m, 0), 12);
	m.ip_summed = SEGOFF_CHECKSUM_UNNECESSARY;
	eq(segoff_remcsum_eligible(SEGOFF_P_GUE, &m, 0), false);
}

static int find(void)
{
	v = (struct iovec){ in.at, in.len };
	pkt.link = in.link;
	segoff_dissect_ports(&pkt, &tunnel_ports, &st);
	return segoff_remcsum_find(&pkt, &st, &r);
}

/* A packet whose tunnel header @i speaks of its checksum; GUE grows by 8. */
static void make_remote(const char *names, size_t i, size_t n)
{
	size_t at, base;

	make(names, n);
	at = part[i].at + 8;
	m = tunnel_meta(0);
	if (is(i, "vxlan")) {
		eq(segoff_remcsum_vxlan(in.at + at, &m, (uint32_t)at + 8), 8);
		return;
	}
	base = at + 4;
	memmove(in.at + base + 8, in.at + base, in.len - base);
	eq(segoff_remcsum_gue(in.at + at, &m, (uint32_t)base), 12);
	in.len += 8;
	in.net += 8;
	in.th += 8;
	in.data += 8;
	while (++i < nparts)
		part[i].at += 8;
	set_lengths(in.at, in.len);
	for (i = 0; i < nparts; i++) {
		if (is(i, "ip4"))
			set_ip_sum(in.at + part[i].at);
		if (is_udp_tunnel(i) && part[i].star)
			ref_put16(in.at + part[i].at + 6,
				  ref_fold(pseudo_for(in.at, i, 17,
						      in.len - part[i].at)));
	}
}

/* As segments leave: the seed inside, outer checksums over it (R-TUN-9). */
static void expect_remote(size_t k, size_t size)
{
	size_t last = nparts - 1;

	expect(k, size, 0);
	ref_put16(want_at + in.th + (in_proto() == 6 ? 16 : 6),
		  ref_fold(pseudo_for(want_at, last, in_proto(),
				      want_len - in.th)));
	for (size_t i = last; i-- > 0;)
		if (part[i].star)
			want_sum(i);
}

static const struct {
	const char *names;
	size_t tunnel;
} remote[] = {
	{ "eth ip4 vxlan* eth ip4 tcp", 2 },
	{ "eth ip6 vxlan* eth vlan ip6 udp", 2 },
	{ "ip4 vxlan eth ip6 tcp", 1 },
	{ "ip4 gue* ip4 tcp", 1 },
	{ "ip6 gue* ip6 udp", 1 },
	{ "ip4 gue* gre* ip6 tcp", 1 },
	{ "ip6 gue ip4 udp", 1 },
	{ "eth ip4 gre* ip4 vxlan* eth ip4 tcp", 4 },
	{ "ip4 vxlan* eth ip6 geneve* ip4 tcp", 1 },
};

#define REMOTES (sizeof(remote) / sizeof(*remote))

static void test_segments(void)
{
	static const uint32_t flags[] = { 0,
					  SEGOFF_TRUST_SEED | SEGOFF_STRICT };

	test("R-TUN-9 segments keep the seed, outer checksums cover it");
	for (size_t i = 0; i < REMOTES; i++)
		for (size_t j = 0; j < 2; j++) {
			make_remote(remote[i].names, remote[i].tunnel, 2500);
			m = tunnel_meta(1000);
			m.gso_type |= SEGOFF_GSO_TUNNEL_REMCSUM;
			eq(cut_as(&m, flags[j], SEGOFF_OUT_COMPLETE), 3);
			for (size_t k = 0; k < nout; k++) {
				expect_remote(k, 1000);
				if (!mem_eq(out[k].at, out[k].len, want_at,
					    want_len))
					printf("# %s\n", remote[i].names);
				eq(out[k].meta.ip_summed, SEGOFF_CHECKSUM_NONE);
			}
		}
}

static void test_find(void)
{
	test("R-TUN-10 R-TUN-11 a remote checksum is found");
	for (size_t i = 0; i < REMOTES; i++) {
		make_remote(remote[i].names, remote[i].tunnel, 100);
		eq(find(), 1);
		eq(r.base + r.start, in.th);
		eq(r.base + r.offset, in.th + (in_proto() == 6 ? 16u : 6u));
		eq(st.layer[r.udp].off, part[remote[i].tunnel].at);
		make(remote[i].names, 100);
		eq(find(), 0);
	}
	test("R-TUN-10 a checksum behind the packet");
	make_remote("ip4 vxlan* eth ip4 tcp", 1, 0);
	in.at[part[1].at + 15] = 0x7f;
	eq(find(), -EINVAL);
}

static void test_find_gue(void)
{
	uint8_t *h = in.at + 28;

	test("R-TUN-11 a field in front of start");
	make_remote("ip4 gue* ip4 tcp", 1, 100);
	ref_put16(h + 10, 19);
	eq(find(), -EINVAL);
	ref_put16(h + 10, 20);
	eq(find(), 1);
	ref_put16(h + 10, 65000);
	eq(find(), -EINVAL);
	test("R-TUN-11 an option that does not fit its header");
	make_remote("ip4 gue* ip4 tcp", 1, 100);
	h[0] = 1;
	in.at[36] = 0x45; /* another inner header */
	eq(find(), -EINVAL);
	h[0] = 0;
	in.at[32] = 0x45;
	eq(find(), -EINVAL);
	test("R-TUN-11 other options, other private flags: none");
	make_remote("ip4 gue* ip4 tcp", 1, 100);
	ref_put32(h + 4, 0x40000000);
	eq(find(), 0);
	ref_put32(h + 4, 0xc0000000);
	eq(find(), 1);
	ref_put16(h + 2, 0x0003);
	eq(find(), 0);
}

/* Receive the packet that is out[k]: both ways give the checksum. */
static void received(size_t k, bool outer)
{
	struct segoff_meta meta = { .gso_size = 7 };
	uint8_t *field;

	memcpy(in.at, out[k].at, out[k].len);
	in.len = out[k].len;
	eq(find(), 1);
	field = in.at + r.base + r.offset;
	eq(segoff_remcsum_partial(&r, &meta), 0);
	eq(meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(meta.csum_start, in.th);
	eq(meta.csum_offset, in_proto() == 6 ? 16 : 6);
	eq(meta.gso_size, 7);
	eq(segoff_remcsum_complete(&pkt, &st, &r), outer ? 0 : -EINVAL);
	if (!outer)
		segoff_csum_complete(&pkt, &meta);
	eq(ref_fold(pseudo_for(in.at, nparts - 1, in_proto(), in.len - in.th) +
		    ref_sum(in.at + in.th, in.len - in.th)),
	   0xffff);
	ok(in_proto() == 6 || ref_get16(field));
}

static void test_receive(void)
{
	test("R-TUN-9 a receiver completes it, or takes it as partial");
	for (size_t i = 0; i < REMOTES; i++)
		for (size_t k = 0; k < 3; k++) {
			make_remote(remote[i].names, remote[i].tunnel, 2501);
			m = tunnel_meta(1000);
			m.gso_type |= SEGOFF_GSO_TUNNEL_REMCSUM;
			eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
			received(k, part[remote[i].tunnel].star);
		}
	test("a UDP checksum that comes to 0");
	make_remote("ip4 vxlan* eth ip4 udp", 1, 2500);
	m = tunnel_meta(1000);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	/* the inner source port grows by the finished checksum */
	ref_put16(in.at + in.th, ref_fold((uint64_t)ref_get16(in.at + in.th) +
					  seg16(0, in.th + 6)));
	m.gso_type |= SEGOFF_GSO_TUNNEL_REMCSUM;
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	received(0, true);
	eq(ref_get16(in.at + in.th + 6), 0xffff);
	test("a field that is not in the first piece");
	v.iov_len = in.th + 7;
	eq(segoff_remcsum_complete(&pkt, &st, &r), -EINVAL);
	v.iov_len = in.th + 8;
	eq(segoff_remcsum_complete(&pkt, &st, &r), 0);
}

/* A capture of a sender: nothing but bytes. */
static void test_inferred(void)
{
	struct segoff_hints h = { .sz = sizeof(h),
				  .mss = 1012,
				  .udp_size = 1000 };

	test("R-Q-11 without metadata the header is believed");
	for (size_t i = 0; i < REMOTES; i++) {
		make_remote(remote[i].names, remote[i].tunnel, 2500);
		find();
		eq(segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &m),
		   SEGOFF_V_FROM_CALLER);
		eq(m.gso_type, type_of() | SEGOFF_GSO_TUNNEL_REMCSUM);
		eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
		expect_remote(1, 1000);
		mem_eq(out[1].at, out[1].len, want_at, want_len);
	}
	test("R-Q-11 but not if it speaks of another checksum");
	make_remote(remote[0].names, remote[0].tunnel, 2500);
	in.at[part[2].at + 15]++;
	find();
	segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &m);
	eq(m.gso_type, type_of());
	test("R-Q-11 after GRO, metadata says what it is: all is finished");
	make_remote(remote[0].names, remote[0].tunnel, 2500);
	m = tunnel_meta(1000);
	eq(cuts_right(&m), true);
}

int main(void)
{
	test_vxlan();
	test_gue();
	test_segments();
	test_find();
	test_find_gue();
	test_receive();
	test_inferred();
	return test_end();
}
