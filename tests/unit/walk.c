/* SPDX-License-Identifier: MIT */
/*
 * walk.c - what a walk over headers costs: a look at each header, and no more
 * of them than there is room for
 *
 * The walk is compiled into this program, with protocols that count.
 */
#include "../../src/core/dissect.c"

#include <stdlib.h>

#include <segoff.h>

#include "../test.h"

static unsigned int looks;

#define COUNTED(which)                                           \
	static void look_##which(const uint8_t *p, size_t avail, \
				 struct segoff__hop *hop)        \
	{                                                        \
		looks++;                                         \
		segoff__##which.walk(p, avail, hop);             \
	}                                                        \
	static const struct segoff__proto counted_##which = {    \
		.name = #which,                                  \
		.walk = look_##which,                            \
	}

COUNTED(ethernet);
COUNTED(vlan);
COUNTED(sll);
COUNTED(sll2);
COUNTED(null);
COUNTED(ipv4);
COUNTED(ipv6);
COUNTED(tcp);
COUNTED(udp);
COUNTED(mpls);
COUNTED(pppoe);
COUNTED(gre);
COUNTED(vxlan);
COUNTED(vxlan_gpe);
COUNTED(geneve);
COUNTED(gue);
COUNTED(tunnel);
COUNTED(sctp);

const struct segoff__proto *const segoff__protos[SEGOFF_P_COUNT] = {
	[SEGOFF_P_ETHERNET] = &counted_ethernet,
	[SEGOFF_P_VLAN] = &counted_vlan,
	[SEGOFF_P_SLL] = &counted_sll,
	[SEGOFF_P_SLL2] = &counted_sll2,
	[SEGOFF_P_NULL] = &counted_null,
	[SEGOFF_P_IPV4] = &counted_ipv4,
	[SEGOFF_P_IPV6] = &counted_ipv6,
	[SEGOFF_P_TCP] = &counted_tcp,
	[SEGOFF_P_UDP] = &counted_udp,
	[SEGOFF_P_MPLS] = &counted_mpls,
	[SEGOFF_P_PPPOE] = &counted_pppoe,
	[SEGOFF_P_GRE] = &counted_gre,
	[SEGOFF_P_VXLAN] = &counted_vxlan,
	[SEGOFF_P_VXLAN_GPE] = &counted_vxlan_gpe,
	[SEGOFF_P_GENEVE] = &counted_geneve,
	[SEGOFF_P_GUE] = &counted_gue,
	[SEGOFF_P_TUNNEL] = &counted_tunnel,
	[SEGOFF_P_SCTP] = &counted_sctp,
};

static uint8_t bytes[1 << 20];

/* The same bytes again and again, as many as there is room for. */
static void repeat(const char *p, size_t n)
{
	for (size_t at = 0; at + n <= sizeof(bytes); at += n)
		memcpy(bytes + at, p, n);
}

static enum segoff_verdict walk_all(unsigned int link, struct segoff_stack *st)
{
	struct iovec v = { bytes, sizeof(bytes) };
	struct segoff_pkt pkt = { &v, 1, link };

	looks = 0;
	segoff_dissect(&pkt, st);
	ok(st->nlayer <= SEGOFF_LAYERS_MAX);
	ok(st->payload <= HEADERS_MAX);
	return st->end;
}

#define IP4(proto) "\x45\0\0\0\0\0\0\0\x40" proto "\0\0\1\2\3\4\5\6\7\x8"

/* A megabyte of headers in headers. */
static void test_endless(void)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t n;
	} endless[] = {
		{ "IP in IP", IP4("\4"), 20 },
		{ "GRE in IP", IP4("\x2f") "\0\0\x8\0", 24 },
		{ "GUE in IP", IP4("\x11") "\0\0\x17\xc0\0\0\0\0\0\4\0\0", 32 },
		{ "Geneve in IP",
		  IP4("\x11") "\0\0\x17\xc1\0\0\0\0\0\0\x8\0\0\0\0\0", 36 },
	};
	struct segoff_stack st;

	for (size_t i = 0; i < 4; i++) {
		test(endless[i].name);
		repeat(endless[i].bytes, endless[i].n);
		eq(walk_all(SEGOFF_LINK_RAW, &st), SEGOFF_V_DEPTH);
		eq(st.nlayer, SEGOFF_LAYERS_MAX);
		/* one look at each, and one at the header too many */
		eq(looks, SEGOFF_LAYERS_MAX + 1);
	}
	test("MPLS: one look, whatever the number of labels");
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes + 12, "\x88\x47", 2);
	eq(walk_all(SEGOFF_LINK_ETHERNET, &st), SEGOFF_V_TRUNCATED);
	eq(looks, 2);
	bytes[14 + 4 * 100000 + 2] = 1;
	eq(walk_all(SEGOFF_LINK_ETHERNET, &st), SEGOFF_V_DEPTH);
	eq(looks, 2);
	test("VLAN tags: eight, and none of the ninth");
	repeat("\x81\0\0\1", 4);
	memcpy(bytes + 12, "\x81\0", 2);
	for (size_t at = 14; at < 100; at += 4)
		memcpy(bytes + at, "\0\1\x81\0", 4);
	eq(walk_all(SEGOFF_LINK_ETHERNET, &st), SEGOFF_V_VLAN_DEPTH);
	eq(looks, 9);
}

int main(void)
{
	test_endless();
	return test_end();
}
