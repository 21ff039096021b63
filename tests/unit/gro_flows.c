/* SPDX-License-Identifier: MIT */
/*
 * gro_flows.c - many flows, and flows that somebody chose: they are spread over
 * the buckets by a hash that depends on the seed, so that all that may be held
 * are, and nobody can tell who meets whom
 */
#include "gro_tunnel_make.h"

#define FLOWS 4096u

/* What is different from flow to flow: a counter at this place. */
struct choice {
	const char *what;
	const char *names;
	size_t at;
	uint32_t step;
};

static const struct choice choices[] = {
	{ "source port", "eth ip4 tcp", 34, 1 },
	{ "destination port", "eth ip4 tcp", 36, 1 },
	{ "source port, every 16th", "eth ip4 tcp", 34, 16 },
	{ "IPv4 source", "eth ip4 tcp", 28, 1 },
	{ "IPv4 source, another network", "eth ip4 tcp", 26, 1 },
	{ "IPv4 destination", "eth ip4 tcp", 32, 1 },
	{ "IPv6 source, network", "eth ip6 tcp", 28, 1 },
	{ "IPv6 source, host", "eth ip6 tcp", 36, 1 },
	{ "IPv6 destination, network", "eth ip6 tcp", 44, 1 },
	{ "IPv6 destination, host", "eth ip6 tcp", 52, 1 },
	{ "VNI", "eth ip4 vxlan eth ip4 tcp", 47, 1 },
	{ "GRE key", "eth ip4 gre-key ip4 tcp", 40, 1 },
	{ "outer IPv4 source", "eth ip4 ip4 tcp", 28, 1 },
};

/* Packet @k of flow @i. */
static enum segoff_verdict push_chosen(const struct choice *c, uint32_t i,
				       size_t k)
{
	uint16_t was = ref_get16(in.at + c->at);

	expect(k, SIZE, 0);
	ref_put16(want_at + c->at, (was + i * c->step) & 0xffff);
	want_sums();
	return push_want();
}

static void begin_flows(const char *names, uint64_t seed)
{
	gro.o.flows = FLOWS;
	gro.o.packets = 3 * FLOWS;
	gro.o.seed = seed;
	begin_train(SEGOFF_GRO_LOSSLESS, 0, names, 4);
}

/* A first packet of all flows; how many have to leave for others. */
static uint32_t put_out(const struct choice *c, uint64_t seed, uint8_t *gone)
{
	uint32_t n = 0;

	begin_flows(c->names, seed);
	memset(gone, 0, FLOWS);
	for (uint32_t i = 0; i < FLOWS; i++)
		why_is(push_chosen(c, i, 0), SEGOFF_V_GRO_FIRST);
	while (segoff_gro_pop(gro.g, &got.s) && n++ < FLOWS)
		gone[got.s.cookie] = 1;
	return n;
}

/* By chance it is one in a hundred, with half of the places taken. */
static void spread(const struct choice *c, uint64_t seed)
{
	static uint8_t gone[FLOWS];
	uint32_t merged = 0, n = put_out(c, seed, gone);

	ok(n < FLOWS / 20);
	for (uint32_t i = 0; i < FLOWS; i++)
		merged += push_chosen(c, i, 1) == SEGOFF_V_OK;
	ok(merged > FLOWS - FLOWS / 10);
}

static void test_spread(void)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
		test(choices[i].what);
		for (uint64_t seed = 0; seed < 3; seed++)
			spread(&choices[i], seed);
	}
}

static void test_seed(void)
{
	static uint8_t one[FLOWS], again[FLOWS], two[FLOWS];

	test("who meets whom depends on the seed");
	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
		ok(put_out(&choices[i], 7, one) > 0);
		put_out(&choices[i], 7, again);
		put_out(&choices[i], 8, two);
		mem_eq(again, FLOWS, one, FLOWS);
		ok(memcmp(one, two, FLOWS) != 0);
	}
}

int main(void)
{
	test_spread();
	test_seed();
	free(gro.g);
	return test_end();
}
