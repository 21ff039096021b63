/* SPDX-License-Identifier: MIT */
/*
 * gro_tunnel_super.c - superpackets of what came in tunnels, byte for byte
 * (R-GRO-18, R-GRO-8, R-GRO-22, Q-1, Q-10, Q-11)
 */
#include "gro_tunnel_make.h"

#define SEGS 4

/* Tunnels in the packet: those of several have no inner offsets. */
static unsigned int tunnels(void)
{
	unsigned int n = 0;

	for (size_t i = 0; i < nparts; i++)
		n += is_udp_tunnel(i) || is_gre_part(i) ||
		     (is_ip_part(i) && is_ip_part(i + 1));
	return n;
}

static struct segoff_meta want_meta(uint32_t more)
{
	struct segoff_meta m = tunnel_meta_at(SIZE);

	m.gso_type |= more;
	if (tunnels() > 1)
		m.inner_mac_off = m.inner_net_off = 0;
	return m;
}

/* GRE's checksum: Linux keeps the first packet's, and says nothing of it. */
static void want_gre(unsigned int profile, struct segoff_meta *m)
{
	for (size_t i = 0; i < nparts; i++) {
		if (!is_gre_part(i) || !part[i].star)
			continue;
		memset(in.at + part[i].at + 4, 0, 4);
		if (profile == SEGOFF_GRO_LOSSLESS)
			continue;
		memcpy(in.at + part[i].at + 4,
		       (uint8_t *)gro.iov[0].iov_base + part[i].at + 4, 4);
		m->gso_type ^= SEGOFF_GSO_GRE_CSUM | SEGOFF_GSO_GRE;
	}
}

static void comes_whole(unsigned int profile, const char *names)
{
	struct segoff_meta m;

	begin_train(profile, 0, names, SEGS);
	why_is(push_next(0), SEGOFF_V_GRO_FIRST);
	for (size_t k = 1; k < SEGS; k++)
		why_is(push_next(0), SEGOFF_V_OK);
	m = want_meta(0);
	want_gre(profile, &m);
	flush_all();
	leaves(0, SEGS);
	is_whole(&m);
	nothing_leaves();
}

static void one_tunnel(void)
{
	static const char *const names[] = {
		"ip4 ip4 tcp",
		"eth ip4 ip6 tcp",
		"eth ip6 ip4 udp",
		"eth vlan ip6 ip6 tcp",
		"eth ip4 gre ip4 tcp",
		"eth ip6 gre* ip6 tcp",
		"eth ip4 gre-key eth ip4 udp",
		"eth ip4 vxlan eth ip4 tcp",
		"eth ip4 vxlan* eth ip6 tcp",
		"eth ip6 vxlan* eth ip4 udp",
		"ip6 vxlan eth vlan ip6 tcp",
		"eth ip4 gpe* ip4 tcp",
		"eth ip4 gpe eth ip6 tcp",
		"eth ip4 geneve* eth ip4 tcp",
		"eth ip6 geneve ip6 tcp",
		"eth ip4 gue* ip4 tcp",
		"eth ip4 gue-private* ip6 tcp",
		"eth ip4 fou4 ip4 tcp",
		"eth ip6 fou6* ip6 udp",
		"eth ip4 fou-gre* gre-key ip4 tcp",
	};

	test("R-GRO-18 one tunnel of any kind: the superpacket and its metadata");
	both_profiles(profile) for (size_t i = 0;
				    i < sizeof(names) / sizeof(*names); i++)
		comes_whole(profile, names[i]);
}

static void nested(void)
{
	static const char *const names[] = {
		"eth ip4 ip4 ip4 tcp",
		"eth ip4 gre* ip6 ip4 tcp",
		"eth ip4 vxlan* eth ip4 gre-key* eth ip6 tcp",
		"eth ip6 vxlan* eth ip4 geneve* eth ip4 ip6 udp",
		("eth ip4 vxlan eth ip4 vxlan* eth ip4 vxlan eth ip4 vxlan* "
		 "eth ip4 tcp"),
		"eth pppoe ip4 gre eth mpls ip4 ip6 ip4 gue* ip6 tcp",
	};

	test("R-GRO-22 tunnels in tunnels, 2 to 4, come back under LOSSLESS");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		comes_whole(SEGOFF_GRO_LOSSLESS, names[i]);
	test("R-GRO-18 Linux looks behind one");
	for (size_t i = 0; i < 5; i++) {
		begin_train(SEGOFF_GRO_LINUX, 0, names[i], 2);
		why_is(push_next(0), SEGOFF_V_GRO_NESTED);
		why_is(push_next(0), SEGOFF_V_GRO_NESTED);
		leaves(0, 1);
		leaves(1, 1);
	}
}

static void labels_and_sessions(void)
{
	test("R-GRO-18 Linux looks behind no label and no session");
	begin_train(SEGOFF_GRO_LINUX, 0, "eth pppoe ip4 ip4 tcp", 2);
	why_is(push_next(0), SEGOFF_V_NOT_IP);
	begin_train(SEGOFF_GRO_LINUX, 0, "eth ip4 gre mpls ip4 tcp", 2);
	why_is(push_next(0), SEGOFF_V_NOT_IP);
}

/* Identifications: which stay, and what is said of them; 0: not merged. */
static void ids(unsigned int profile, uint32_t flags, const char *names,
		bool outer_stays, bool inner_stays, long long said)
{
	uint32_t count = ~(uint32_t)0;

	begin_train(profile, flags, names, 2);
	push_next(0);
	expect(1, SIZE, count); /* all stay */
	for (size_t i = 0, ip = 0; i < nparts; i++) {
		uint8_t *id = want_at + part[i].at + 4;

		if (is(i, "ip4") && !(ip++ ? inner_stays : outer_stays))
			ref_put16(id, (ref_get16(id) + 1u) & 0xffff);
	}
	want_sums();
	if (said < 0) {
		why_is(push_want(), SEGOFF_V_GRO_ID);
		return;
	}
	why_is(push_want(), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(got.s.meta.gso_type &
		   (SEGOFF_GSO_TCP_FIXEDID | SEGOFF_GSO_TCP_FIXEDID_INNER),
	   said);
}

static void staying_ids(void)
{
	const uint32_t outer = SEGOFF_GSO_TCP_FIXEDID;
	const uint32_t inner = SEGOFF_GSO_TCP_FIXEDID_INNER;
	const char *ipip = "eth ip4 ip4 tcp",
		   *vxlan = "eth ip4 vxlan* eth ip4 tcp";

	test("R-GRO-8 each IPv4 header counts or stays, and both bits say so");
	both_profiles(profile)
	{
		ids(profile, 0, ipip, false, false, 0);
		ids(profile, 0, ipip, true, false, outer);
		ids(profile, 0, ipip, false, true, inner);
		ids(profile, 0, ipip, true, true, outer | inner);
	}
	test("Q-1 behind another header the outer bit is about all");
	ids(SEGOFF_GRO_LOSSLESS, 0, vxlan, true, true, outer);
	ids(SEGOFF_GRO_LOSSLESS, 0, vxlan, true, false, -1);
	ids(SEGOFF_GRO_LOSSLESS, 0, vxlan, false, true, -1);
	ids(SEGOFF_GRO_LINUX, 0, vxlan, true, true, outer | inner);
	ids(SEGOFF_GRO_LINUX, 0, vxlan, true, false, outer);
	ids(SEGOFF_GRO_LINUX, 0, vxlan, false, true, inner);
	test("Q-5 Linux forgets what stays if TCP over IPv6, or UDP, is inside");
	ids(SEGOFF_GRO_LINUX, 0, "eth ip4 ip6 tcp", true, false, 0);
	ids(SEGOFF_GRO_LINUX, 0, "eth ip4 ip4 udp", true, true, 0);
	ids(SEGOFF_GRO_LOSSLESS, 0, "eth ip4 ip6 tcp", true, false, outer);
	ids(SEGOFF_GRO_LOSSLESS, 0, "eth ip4 ip4 udp", true, true,
	    outer | inner);
	test("COUNT_ID: none may stay");
	ids(SEGOFF_GRO_LOSSLESS, SEGOFF_GRO_COUNT_ID, ipip, true, false, -1);
	ids(SEGOFF_GRO_LOSSLESS, SEGOFF_GRO_COUNT_ID, ipip, false, true, -1);
	ids(SEGOFF_GRO_LOSSLESS, SEGOFF_GRO_COUNT_ID, ipip, false, false, 0);
}

/* A segment whose checksum is left to the receiver (draft-herbert-vxlan-rco) */
static enum segoff_verdict push_remote(void)
{
	size_t vxlan = part_of("vxlan", 0), tcp = nparts - 1;

	expect(gro.n, SIZE, 0);
	ref_put16(want_at + in.th + 16,
		  ref_fold(pseudo_for(want_at, tcp, 6, want_len - in.th)));
	if (part[vxlan].star)
		want_sum(vxlan);
	return push_want();
}

static void begin_remote(unsigned int profile, const char *names)
{
	uint8_t *h;

	begin_train(profile, 0, names, 2);
	h = in.at + part[part_of("vxlan", 0)].at + 8;
	h[1] |= 0x20;
	h[7] = (uint8_t)((in.th - (size_t)(h + 8 - in.at)) / 2);
}

static void remote_checksums(void)
{
	const char *names = "eth ip4 vxlan* eth ip4 tcp";
	struct segoff_meta m;

	test("Q-11 remote checksums: LOSSLESS says so, Linux forgets");
	both_profiles(profile)
	{
		begin_remote(profile, names);
		why_is(push_remote(), SEGOFF_V_GRO_FIRST);
		why_is(push_remote(), SEGOFF_V_OK);
		m = want_meta(profile == SEGOFF_GRO_LINUX ?
				      0 :
				      SEGOFF_GSO_TUNNEL_REMCSUM);
		flush_all();
		leaves(0, 2);
		is_whole(&m);
	}
	test("R-GRO-18 Linux wants an outer checksum for them");
	names = "eth ip4 vxlan eth ip4 tcp";
	begin_remote(SEGOFF_GRO_LINUX, names);
	why_is(push_remote(), SEGOFF_V_GRO_CSUM_NONE);
	begin_remote(SEGOFF_GRO_LOSSLESS, names);
	push_remote();
	why_is(push_remote(), SEGOFF_V_OK);
	test("Q-11 a remote checksum that is finished already is no seed");
	begin_remote(SEGOFF_GRO_LOSSLESS, names);
	in_th()[13] = ACK; /* alike in all but the checksum */
	push_remote();
	why_is(push_next(0), SEGOFF_V_GRO_CSUM);
	test("Q-11 nor is one that metadata ask to finish, too");
	begin_remote(SEGOFF_GRO_LOSSLESS, names);
	gro.has_meta = true;
	gro.meta = (struct segoff_meta){ .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
					 .csum_start = (uint16_t)in.th,
					 .csum_offset = 16 };
	why_is(push_remote(), SEGOFF_V_GRO_PARTIAL);
}

static void limits(void)
{
	static const char *const names[] = { "ip4 ip4 tcp", "eth ip4 ip4 tcp",
					     "ip6 vxlan* eth ip4 tcp" };

	test("R-GRO-13 size is counted from the outermost IP header on");
	both_profiles(profile) for (size_t i = 0; i < 3; i++)
	{
		make(names[i], 3 * SIZE);
		gro.o.max_size = (uint32_t)(in.len - part[is(0, "eth")].at);
		begin_train(profile, 0, names[i], 3);
		push_next(0);
		why_is(push_next(0), SEGOFF_V_OK);
		why_is(push_next(0), SEGOFF_V_GRO_FULL);
		gro.o.max_size++;
		begin_train(profile, 0, names[i], 3);
		push_next(0);
		push_next(0);
		why_is(push_next(0), SEGOFF_V_OK);
		gro.o.max_size = 0;
	}
}

static void never_above_64k(void)
{
	test("R-GRO-14 no BIG TCP in tunnels");
	both_profiles(profile)
	{
		gro.o.max_size = 500000;
		begin_train(profile, 0, "eth ip4 ip4 tcp", 655);
		for (size_t k = 0; k < 654; k++)
			push_next(0);
		nothing_leaves();
		why_is(push_next(0), SEGOFF_V_GRO_FULL);
		leaves(0, 654);
		gro.o.max_size = 0;
	}
}

int main(void)
{
	one_tunnel();
	nested();
	labels_and_sessions();
	staying_ids();
	remote_checksums();
	limits();
	never_above_64k();
	return test_end();
}
