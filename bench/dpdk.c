/* SPDX-License-Identifier: MIT */
/*
 * dpdk.c - the same superpacket through DPDK's rte_gso
 *
 * rte_gso leaves checksums to its caller, so three figures: without, with IPv4
 * and TCP checksums by DPDK's own functions, and with the segments made
 * contiguous as well. Prints "key value" lines, ns per segment, the best of
 * many rounds; needs neither huge pages nor a device.
 */
#include <stdio.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_gso.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_tcp.h>

#include "bench.h"

#define ROUNDS	 200
#define CALLS	 32
#define SEGS_MAX 64
#define L3_AT	 14
#define L4_AT	 34
#define HEADERS	 66
#define ROOM_BIG (PAYLOAD + 128 + RTE_PKTMBUF_HEADROOM)
#define ROOM_SEG (256 + RTE_PKTMBUF_HEADROOM)

struct dpdk {
	struct rte_mbuf *packet;
	struct rte_gso_ctx ctx;
	uint8_t *flat;
	void (*after)(struct dpdk *d, struct rte_mbuf *segment, unsigned int k);
};

static void checksums(struct rte_mbuf *m)
{
	struct rte_ipv4_hdr *ip =
		rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, L3_AT);
	struct rte_tcp_hdr *tcp =
		rte_pktmbuf_mtod_offset(m, struct rte_tcp_hdr *, L4_AT);

	ip->hdr_checksum = 0;
	ip->hdr_checksum = rte_ipv4_cksum(ip);
	tcp->cksum = 0;
	tcp->cksum = rte_ipv4_udptcp_cksum_mbuf(m, ip, L4_AT);
}

static void after_nothing(struct dpdk *d, struct rte_mbuf *m, unsigned int k)
{
	(void)d;
	(void)m;
	(void)k;
}

static void after_checksums(struct dpdk *d, struct rte_mbuf *m, unsigned int k)
{
	(void)d;
	(void)k;
	checksums(m);
}

static void after_flat(struct dpdk *d, struct rte_mbuf *m, unsigned int k)
{
	uint8_t *q = d->flat + (size_t)k * SEG_ROOM;
	struct rte_ipv4_hdr *ip = (struct rte_ipv4_hdr *)(q + L3_AT);
	struct rte_tcp_hdr *tcp = (struct rte_tcp_hdr *)(q + L4_AT);
	size_t at = 0;

	for (; m; m = m->next) {
		memcpy(q + at, rte_pktmbuf_mtod(m, void *), m->data_len);
		at += m->data_len;
	}
	ip->hdr_checksum = 0;
	ip->hdr_checksum = rte_ipv4_cksum(ip);
	tcp->cksum = 0;
	tcp->cksum = rte_ipv4_udptcp_cksum(ip, tcp);
}

static void run(void *arg)
{
	struct dpdk *d = arg;
	struct rte_mbuf *out[SEGS_MAX];
	int n;

	d->packet->ol_flags = RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IPV4 |
			      RTE_MBUF_F_TX_IP_CKSUM;
	n = rte_gso_segment(d->packet, &d->ctx, out, SEGS_MAX);
	if (n != (int)NSEG)
		abort();
	for (int i = 0; i < n; i++)
		d->after(d, out[i], (unsigned int)i);
	for (int i = 0; i < n; i++)
		rte_pktmbuf_free(out[i]);
}

static struct rte_mbuf *make_packet(struct rte_mempool *pool)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	uint8_t *p = (uint8_t *)rte_pktmbuf_append(m, HEADERS + PAYLOAD);

	memset(p, 0, HEADERS);
	p[12] = 8;
	p[L3_AT] = 0x45;
	p[L3_AT + 6] = 0x40;
	p[L3_AT + 8] = 64;
	p[L3_AT + 9] = 6;
	p[L3_AT + 12] = p[L3_AT + 16] = 10;
	p[L4_AT + 12] = 0x80;
	p[L4_AT + 13] = 0x18;
	for (size_t i = 0; i < PAYLOAD; i++)
		p[HEADERS + i] = (uint8_t)rand();
	m->l2_len = L3_AT;
	m->l3_len = 20;
	m->l4_len = 32;
	return m;
}

static struct rte_mempool *pool(const char *name, unsigned int n, size_t room)
{
	struct rte_mempool *p = rte_pktmbuf_pool_create(
		name, n, 0, 0, (uint16_t)room, SOCKET_ID_ANY);

	if (!p) {
		fprintf(stderr, "dpdk: no memory for %s\n", name);
		exit(77);
	}
	return p;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *key;
		void (*after)(struct dpdk *, struct rte_mbuf *, unsigned int);
	} forms[] = {
		{ "dpdk_nosum", after_nothing },
		{ "dpdk_sum", after_checksums },
		{ "dpdk_flat", after_flat },
	};
	struct subject s[3];
	struct dpdk d[3];

	if (rte_eal_init(argc, argv) < 0)
		return 77;
	d[0] = (struct dpdk){
		.packet = make_packet(pool("packet", 3, ROOM_BIG)),
		.ctx = { .direct_pool = pool("direct", 1023, ROOM_SEG),
			 .indirect_pool = pool("indirect", 1023, ROOM_SEG),
			 .gso_types = RTE_ETH_TX_OFFLOAD_TCP_TSO,
			 .gso_size = HEADERS + MSS },
		.flat = aligned_alloc(64, SEGS_MAX * SEG_ROOM),
	};
	for (int i = 0; i < 3; i++) {
		d[i] = d[0];
		d[i].after = forms[i].after;
		s[i] = (struct subject){ forms[i].key, run, &d[i], 0 };
	}
	bench_run(s, 3, ROUNDS, CALLS);
	for (int i = 0; i < 3; i++)
		printf("%s %.3f\n", s[i].name, s[i].best / NSEG);
	return 0;
}
