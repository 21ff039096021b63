/* SPDX-License-Identifier: MIT */
/*
 * dpdk_gro.c - the same packets through DPDK's rte_gro
 *
 * One flow as a burst of 44, 16 flows in turn through a context in bursts of
 * 64. rte_gro takes checksums on trust. It changes its packets, so they are
 * made anew before each round, which is not counted. Prints "key value" lines,
 * ns per packet, the best of many rounds.
 */
#include <stdio.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_gro.h>
#include <rte_mbuf.h>

#include "bench.h"
#include "packets.h"

#define PER_FLOW 44u
#define FLOWS	 16u
#define MOST	 (PER_FLOW * FLOWS)
#define BURST	 64u
#define ROUNDS	 600

static struct rte_mbuf *packet[MOST];

static struct rte_gro_param param = {
	.gro_types = RTE_GRO_TCP_IPV4,
	.max_flow_num = 64,
	.max_item_per_flow = 64,
};

/* As they came from the wire. */
static void restore(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct rte_mbuf *m = packet[i];

		m->next = NULL;
		m->nb_segs = 1;
		m->data_off = RTE_PKTMBUF_HEADROOM;
		m->data_len = PACKET_LEN;
		m->pkt_len = PACKET_LEN;
		m->ol_flags = 0;
		m->l2_len = 14;
		m->l3_len = 20;
		m->l4_len = 32;
		m->packet_type = RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 |
				 RTE_PTYPE_L4_TCP;
		memset(rte_pktmbuf_mtod_offset(m, uint8_t *, 16), 0, 2);
		*rte_pktmbuf_mtod_offset(m, uint16_t *, 16) =
			rte_cpu_to_be_16(PACKET_LEN - 14);
	}
}

static double burst(void)
{
	const double clock = bench_clock();
	struct rte_mbuf *v[PER_FLOW];
	double took[ROUNDS];

	for (unsigned int r = 0; r < ROUNDS; r++) {
		double t;

		restore(PER_FLOW);
		memcpy(v, packet, sizeof(v));
		t = bench_now();
		if (rte_gro_reassemble_burst(v, PER_FLOW, &param) != 1)
			abort();
		took[r] = (bench_now() - t - clock) / PER_FLOW;
	}
	return bench_least(took, ROUNDS);
}

static double context(void)
{
	const double clock = bench_clock();
	struct rte_mbuf *v[MOST];
	double took[ROUNDS / 4];

	for (unsigned int r = 0; r < ROUNDS / 4; r++) {
		void *ctx = rte_gro_ctx_create(&param);
		unsigned int out = 0;
		double t;

		restore(MOST);
		t = bench_now();
		for (unsigned int i = 0; i < MOST; i += BURST) {
			unsigned int n = MOST - i < BURST ? MOST - i : BURST;

			memcpy(v, packet + i, n * sizeof(*v));
			out += rte_gro_reassemble(v, (uint16_t)n, ctx);
		}
		out += rte_gro_timeout_flush(ctx, 0, param.gro_types, v, FLOWS);
		took[r] = (bench_now() - t - clock) / MOST;
		rte_gro_ctx_destroy(ctx);
		if (out != FLOWS)
			abort();
	}
	return bench_least(took, ROUNDS / 4);
}

static void make_packets(struct rte_mempool *pool, unsigned int flows)
{
	for (unsigned int i = 0; i < flows * PER_FLOW; i++) {
		if (!packet[i])
			packet[i] = rte_pktmbuf_alloc(pool);
		packet_whole(rte_pktmbuf_mtod(packet[i], uint8_t *), i % flows,
			     i / flows);
	}
}

int main(int argc, char **argv)
{
	struct rte_mempool *pool;

	if (rte_eal_init(argc, argv) < 0)
		return 77;
	pool = rte_pktmbuf_pool_create("packets", 1023, 0, 0,
				       2048 + RTE_PKTMBUF_HEADROOM,
				       SOCKET_ID_ANY);
	if (!pool)
		return 77;
	make_packets(pool, 1);
	printf("dpdk_gro_1 %.3f\n", burst());
	make_packets(pool, FLOWS);
	printf("dpdk_gro_16 %.3f\n", context());
	return 0;
}
