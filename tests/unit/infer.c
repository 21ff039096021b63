/* SPDX-License-Identifier: MIT */
/* infer.c - gso_size for packets that carry no metadata, and how sure it is */
#include "gso_make.h"

static uint64_t memory[4096];
static struct segoff_flows *flows;
static struct segoff_hints hints;
static segoff_flow flow;
static struct segoff_meta m;

static void fresh(void)
{
	flows = segoff_flows_init(memory, sizeof(memory), 0, 1);
	hints = (struct segoff_hints){ .sz = sizeof(hints) };
}

/* Show the packet in @in to the table. */
static void learn(void)
{
	struct iovec v = { in.at, in.len };
	struct segoff_pkt pkt = { &v, 1, in.link };
	struct segoff_stack st;

	segoff_dissect(&pkt, &st);
	flow = segoff_flows_learn(flows, &pkt, &st);
}

/* What is made of the packet in @in; how sure. */
static enum segoff_verdict infer(void)
{
	struct iovec v = { in.at, in.len };
	struct segoff_pkt pkt = { &v, 1, in.link };
	struct segoff_stack st;

	learn();
	segoff_dissect(&pkt, &st);
	why = segoff_infer(flows, flow, &pkt, &st, &hints, &m);
	return why;
}

static void found(enum segoff_verdict how, uint32_t type, uint16_t size)
{
	verdict(infer(), how);
	eq(m.gso_type, type);
	eq(m.gso_size, size);
}

static void left(enum segoff_verdict reason)
{
	verdict(infer(), reason);
	eq(m.gso_size, 0);
	eq(m.gso_type, 0);
}

/* A SYN, from the other end if @back. */
static void syn(uint16_t mss, bool back)
{
	ethernet(0x0800);
	ipv4(6, 1, 0x4000);
	tcp(1, 0x02, 4);
	ref_put16(in.at + in.len - 4, 0x0204);
	ref_put16(in.at + in.len - 2, mss);
	payload(0);
	if (back) {
		ref_put32(in.at + in.net + 12, 0x0a000002);
		ref_put32(in.at + in.net + 16, 0x0a000001);
		ref_put32(in.at + in.th, 0xc3501f90);
	}
	learn();
}

static void segment(size_t n, uint16_t flags, size_t options)
{
	ethernet(0x0800);
	ipv4(6, 1, 0x4000);
	tcp(1, flags, options);
	payload(n);
}

static void test_syn(void)
{
	test("MSS of the SYN, the smaller of both");
	fresh();
	syn(1460, false);
	syn(1400, true);
	segment(5000, 0x10, 0);
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 1400);

	test("less the options in use (RFC 6691)");
	segment(5000, 0x10, 12);
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 1388);
	segment(5000, 0x10, 32);
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 1368);

	test("a packet below the MTU but above the MSS is cut as well");
	fresh();
	syn(500, false);
	segment(1000, 0x10, 0);
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 500);

	test("a SYN of the same endpoints under UDP says nothing");
	udp4(5000);
	ref_put32(in.at + in.th, 0x1f90c350);
	left(SEGOFF_V_UDP_UNSURE);

	test("a SYN that says less than anybody may send");
	fresh();
	syn(13, false);
	segment(1000, 0x10, 12);
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 36);

	test("the caller knows better");
	hints.mss = 1000;
	segment(5000, 0x10, 12);
	found(SEGOFF_V_FROM_CALLER, SEGOFF_GSO_TCPV4, 988);

	test("an MTU that is a limit");
	fresh();
	syn(8960, false);
	segment(30000, 0x10, 0);
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 8960);
	hints.mtu = 1400;
	hints.mtu_is_limit = true;
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 1360);
}

static void test_neighbours(void)
{
	test("neighbours that their sender filled");
	fresh();
	segment(1200, 0x10, 0);
	learn();
	segment(1200, 0x10, 0);
	learn();
	segment(700, 0x18, 0);
	learn();
	segment(5000, 0x10, 0);
	found(SEGOFF_V_FROM_FLOW, SEGOFF_GSO_TCPV4, 1200);

	test("one is enough if it divides the payload");
	fresh();
	segment(1200, 0x10, 0);
	learn();
	segment(4801, 0x18, 0);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1460);
	segment(4800, 0x10, 0);
	found(SEGOFF_V_FROM_FLOW, SEGOFF_GSO_TCPV4, 1200);

	test("a keep-alive shows nothing");
	fresh();
	for (int i = 0; i < 3; i++) {
		segment(1, 0x10, 0);
		learn();
	}
	segment(5000, 0x18, 0);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1460);

	test("nothing is known: what the MTU allows");
	fresh();
	segment(5000, 0x18, 12);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1448);
	verdict(segoff_infer(
			NULL, SEGOFF_NO_FLOW,
			&(struct segoff_pkt){ &(struct iovec){ in.at, in.len },
					      1, in.link },
			&(struct segoff_stack){ .end = SEGOFF_V_OK }, NULL, &m),
		SEGOFF_V_TRUNCATED);

	test("or the next smaller size that divides a filled superpacket");
	segment(5 * 1380, 0x10, 12);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1380);
}

static void test_udp(void)
{
	test("UDP: never by a guess");
	fresh();
	udp4(5000);
	left(SEGOFF_V_UDP_UNSURE);

	test("UDP: neighbours of one size");
	fresh();
	udp4(1200);
	learn();
	learn();
	udp4(5000);
	found(SEGOFF_V_FROM_FLOW, SEGOFF_GSO_UDP_L4, 1200);

	test("UDP: neighbours of several sizes, unless one divides it");
	udp4(100);
	learn();
	udp4(5000);
	left(SEGOFF_V_UDP_UNSURE);
	udp4(6000);
	found(SEGOFF_V_FROM_FLOW, SEGOFF_GSO_UDP_L4, 1200);

	test("UDP: more than 128 datagrams cannot be");
	fresh();
	udp4(8);
	learn();
	learn();
	udp4(1600);
	left(SEGOFF_V_UDP_UNSURE);

	test("UDP: the caller says so");
	fresh();
	hints.udp_size = 1000;
	udp4(5000);
	found(SEGOFF_V_FROM_CALLER, SEGOFF_GSO_UDP_L4, 1000);

	test("UDP: a tunnel is not a row of datagrams");
	ref_put16(in.at + in.th + 2, 4789);
	left(SEGOFF_V_TUNNEL);
}

static void test_left(void)
{
	test("of wire size");
	fresh();
	segment(1448, 0x10, 12);
	left(SEGOFF_V_WIRE_SIZE);

	test("bytes behind the IP packet");
	segment(3000, 0x10, 0);
	in.len += 4;
	left(SEGOFF_V_TRAILER);

	test("a length of 0, 20, or modulo 65536 is no trailer");
	fresh();
	segment(2900, 0x10, 0);
	ref_put16(in.at + in.net + 2, 0);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1450);
	fresh();
	ref_put16(in.at + in.net + 2, 20);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1450);
	fresh();
	segment(70000, 0x18, 0);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1460);

	test("a struct of unknown size");
	hints.sz = 0;
	left(SEGOFF_V_OPTS);
}

static void test_table(void)
{
	size_t size = segoff_flows_size(1);

	test("a table for one flow, and no memory for it");
	ok(size <= sizeof(memory));
	ok(!segoff_flows_init(memory, size - 1, 0, 0));
	ok(segoff_flows_init(memory, size, 0, 0));

	test("no table of that size");
	eq(segoff_flows_size(SIZE_MAX), SIZE_MAX);
	eq(segoff_flows_size(SIZE_MAX / 2 + 2), SIZE_MAX);

	test("an MTU above 65,535 does not spoil sizes");
	flows = segoff_flows_init(memory, sizeof(memory), 200000, 1);
	hints = (struct segoff_hints){ .sz = sizeof(hints), .mtu = 1500 };
	segment(65537, 0x10, 0);
	learn();
	segment(70000, 0x18, 0);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1460);

	test("one address at both ends: the ports tell who sends");
	fresh();
	syn(1000, false);
	ref_put32(in.at + in.net + 12, 0x0a000002);
	learn();
	segment(5000, 0x10, 0);
	ref_put32(in.at + in.net + 12, 0x0a000002);
	found(SEGOFF_V_FROM_SYN, SEGOFF_GSO_TCPV4, 1000);

	test("flows give way to others, and nothing is made up");
	flows = segoff_flows_init(memory, size, 0, 7);
	hints = (struct segoff_hints){ .sz = sizeof(hints) };
	syn(1000, false);
	for (uint16_t port = 1; port < 100; port++) {
		segment(100, 0x10, 0);
		ref_put16(in.at + in.th, port);
		learn();
	}
	segment(5000, 0x18, 0);
	found(SEGOFF_V_FROM_MTU, SEGOFF_GSO_TCPV4, 1460);

	test("the name of a flow that gave way is harmless");
	{
		struct iovec v = { in.at, in.len };
		struct segoff_pkt pkt = { &v, 1, in.link };
		struct segoff_stack st;
		segoff_flow gone;

		flows = segoff_flows_init(memory, size, 0, 7);
		syn(1000, false);
		gone = flow;
		for (uint16_t port = 1; port < 100; port++) {
			segment(100, 0x10, 0);
			ref_put16(in.at + in.th, port);
			learn();
		}
		segment(5000, 0x18, 0);
		v.iov_len = in.len;
		segoff_dissect(&pkt, &st);
		verdict(segoff_infer(flows, gone, &pkt, &st, &hints, &m),
			SEGOFF_V_FROM_MTU);
	}
}

int main(void)
{
	test_syn();
	test_neighbours();
	test_udp();
	test_left();
	test_table();
	return test_end();
}
