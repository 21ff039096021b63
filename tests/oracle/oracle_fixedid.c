/* SPDX-License-Identifier: MIT */
/*
 * oracle_fixedid.c - superpackets whose segments share one IPv4 ID (R-IP-2)
 *
 * Theory of operation
 * -------------------
 * A virtio_net_hdr cannot say TCP_FIXEDID; only the kernel's own GRO does. So
 * trains of TCP packets with one ID are written to a NAPI TAP, the kernel
 * coalesces each into a superpacket and, as the way out has no offloads, cuts
 * it again:
 *
 *	train -> tg (GRO) | bridge | tb (GSO) -> the train again?
 *	              \ packet socket: was it one superpacket?
 *
 * What comes out must be what went in, and what libsegoff makes of the
 * superpacket that was seen, and of one put together here. Trains with counting
 * IDs go the same way, so that the flag is seen to matter.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_tun.h>
#include <segoff.h>
#include <sys/uio.h>

#include "engine.h"
#include "net.h"
#include "wire.h"

#define SKIP	      77
#define VNET_LEN      10
#define L3	      14
#define L4	      34
#define TCP_LEN	      32 /* with timestamps */
#define HEADERS	      (L4 + TCP_LEN)
#define SUPER_MAX     65535
#define KERNEL_6_18   0x061200u
#define TRIES	      200
#define PATIENCE_MS   5000
#define FLUSH_AFTER   "4000000" /* ns that GRO may hold a packet */
#define FAILURES_MOST 10

/**
 * struct train - TCP packets that follow each other
 * @n: how many
 * @size: payload of each
 * @last: payload of the last one
 * @fixed: one IPv4 ID for all; else it counts
 * @df: Don't Fragment
 * @sent: the packets
 * @super: the superpacket that they make
 * @len: its bytes
 */
struct train {
	unsigned int n;
	unsigned int size;
	unsigned int last;
	bool fixed;
	bool df;
	struct answer *sent;
	uint8_t super[SUPER_MAX + L3];
	size_t len;
};

struct run {
	int in;
	int out;
	int seen;
	uint64_t seed;
	uint64_t count;
	uint64_t failures;
	uint64_t retries;
	struct answer *kernel;
	struct answer *want;
	uint8_t captured[SUPER_MAX + L3 + VNET_LEN + 1];
	size_t captured_len;
};

static void put_check(uint8_t *p, size_t at, size_t n, uint64_t pseudo)
{
	put16(p + at, 0);
	put16(p + at, 0xffffu ^ wire_fold(wire_sum(p, n) + pseudo));
}

static uint64_t pseudo_sum(const uint8_t *frame, size_t tcp_len)
{
	return wire_sum(frame + L3 + 12, 8) + 6 + tcp_len;
}

static void put_lengths(uint8_t *f, size_t payload)
{
	put16(f + L3 + 2, (uint32_t)(HEADERS - L3 + payload));
	put_check(f + L3, 10, 20, 0);
}

/* What all packets of a train have in common. */
static void make_headers(struct train *t, struct rnd *r)
{
	uint8_t *f = t->super;

	memset(f, 0, HEADERS);
	f[0] = f[5] = f[6] = 2;
	f[11] = 1;
	put16(f + 12, 0x0800);
	f[L3] = 0x45;
	f[L3 + 1] = (uint8_t)(rnd_below(r, 64) << 2); /* ECN: not CE */
	put16(f + L3 + 4, rnd_chance(r, 30) ? 65530 : rnd_below(r, 65536));
	f[L3 + 6] = t->df ? 0x40 : 0;
	f[L3 + 8] = (uint8_t)rnd_between(r, 1, 255);
	f[L3 + 9] = 6;
	rnd_bytes(r, f + L3 + 12, 8);
	f[L3 + 12] = f[L3 + 16] = 10;
	rnd_bytes(r, f + L4, TCP_LEN);
	f[L4 + 12] = TCP_LEN / 4 << 4;
	f[L4 + 13] = 0x10;
	put16(f + L4 + 18, 0);
	put32(f + L4 + 20, 0x0101080a);
}

/* Packet @k of the train, behind the others. */
static void add_packet(struct train *t, unsigned int k, uint8_t last_flags)
{
	size_t n = k == t->n - 1 ? t->last : t->size;
	uint8_t *f = t->sent->bytes + t->sent->used;

	memcpy(f, t->super, HEADERS);
	memcpy(f + HEADERS, t->super + HEADERS + k * t->size, n);
	if (!t->fixed)
		put16(f + L3 + 4, get16(f + L3 + 4) + k);
	put32(f + L4 + 4, get32(f + L4 + 4) + k * t->size);
	if (k == t->n - 1)
		f[L4 + 13] |= last_flags;
	put_lengths(f, n);
	put_check(f + L4, 16, TCP_LEN + n, pseudo_sum(f, TCP_LEN + n));
	answer_add(t->sent, HEADERS + n);
}

static void make_train(struct train *t, struct rnd *r)
{
	static const uint8_t flags[] = { 0, 8, 1, 9 };
	uint8_t last_flags = flags[rnd_below(r, LENGTH(flags))];
	size_t payload;

	t->n = rnd_between(r, 2, 40);
	t->size = rnd_between(r, 1, 1448);
	t->last = rnd_chance(r, 50) ? t->size : rnd_between(r, 1, t->size);
	t->fixed = rnd_chance(r, 70);
	/* before, GRO took equal IDs for a train only with DF */
	t->df = rnd_chance(r, 50) || net_kernel() < KERNEL_6_18;
	make_headers(t, r);
	payload = (t->n - 1) * t->size + t->last;
	rnd_bytes(r, t->super + HEADERS, payload);
	answer_clear(t->sent);
	for (unsigned int k = 0; k < t->n; k++)
		add_packet(t, k, last_flags);
	t->len = HEADERS + payload;
	t->super[L4 + 13] |= last_flags;
	put_lengths(t->super, payload);
	put16(t->super + L4 + 16,
	      wire_fold(pseudo_sum(t->super, TCP_LEN + payload)));
}

static void send_train(const struct run *run, const struct train *t)
{
	static uint8_t vnet[VNET_LEN];

	for (size_t i = 0; i < t->sent->n; i++) {
		struct iovec iov[2] = {
			{ vnet, VNET_LEN },
			{ t->sent->bytes + answer_start(t->sent, i),
			  answer_len(t->sent, i) },
		};

		if (writev(run->in, iov, 2) < 0)
			net_die("tg");
	}
}

/* As many frames as were sent come out, coalesced in between or not. */
static void read_train(struct run *run, size_t n)
{
	struct answer *a = run->kernel;
	struct pollfd fd = { run->out, POLLIN, 0 };
	ssize_t len;

	answer_clear(a);
	while (a->n < n) {
		len = read(run->out, a->bytes + a->used,
			   ANSWER_BYTES - a->used);
		if (len > 0)
			answer_add(a, (size_t)len);
		else if (poll(&fd, 1, PATIENCE_MS) != 1)
			net_die("segments were lost");
	}
}

/* How many packets passed behind GRO; the last one is kept. */
static unsigned int packets_seen(struct run *run)
{
	unsigned int packets = 0;
	ssize_t n;

	while ((n = read(run->seen, run->captured, sizeof(run->captured))) >
	       0) {
		run->captured_len = (size_t)n;
		packets++;
	}
	return packets;
}

/* Is what was seen a superpacket of the whole train? */
static bool merged(const struct run *run, const struct train *t)
{
	return run->captured_len == VNET_LEN + t->len &&
	       run->captured[1] == SEGOFF_VNET_GSO_TCPV4 &&
	       get_le16(run->captured + 4) == t->size;
}

/* A tick of the clock in between makes GRO let go: then once more. */
static bool coalesced(struct run *run, const struct train *t)
{
	for (int i = 0; i < TRIES; i++) {
		send_train(run, t);
		read_train(run, t->n);
		if (packets_seen(run) == 1 && merged(run, t))
			return true;
		run->retries++;
	}
	return false;
}

static bool fail(struct run *run, const struct train *t, uint64_t number,
		 const char *what)
{
	printf("DIFFERENCE -s %llu, train %llu: %s\n"
	       "  %u packets of %u, last %u, ID %s, DF %s\n",
	       (unsigned long long)run->seed, (unsigned long long)number, what,
	       t->n, t->size, t->last, t->fixed ? "fixed" : "counts",
	       t->df ? "set" : "clear");
	run->failures++;
	return false;
}

static void segment(struct run *run, const struct train *t, uint8_t *frame,
		    struct segoff_meta *meta, uint32_t flags)
{
	struct iovec iov = { frame, t->len };
	struct segoff_pkt pkt = { &iov, 1, SEGOFF_LINK_ETHERNET };
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .frag_id = 0 };

	if (t->fixed)
		meta->gso_type |= SEGOFF_GSO_TCP_FIXEDID;
	engine_segment(&pkt, meta, &o, t->n % 3, run->want);
}

/* From the header that the packet socket gave. */
static void segment_captured(struct run *run, const struct train *t)
{
	struct iovec iov = { run->captured + VNET_LEN, t->len };
	struct segoff_pkt pkt = { &iov, 1, SEGOFF_LINK_ETHERNET };
	struct segoff_meta meta;

	answer_clear(run->want);
	if (!segoff_vnet_decode(run->captured, VNET_LEN, &pkt, NULL, &meta,
				NULL))
		segment(run, t, run->captured + VNET_LEN, &meta,
			SEGOFF_TRUST_SEED | SEGOFF_STRICT);
}

/* From what is known of the train. */
static void segment_built(struct run *run, struct train *t)
{
	struct segoff_meta meta = { .gso_type = SEGOFF_GSO_TCPV4,
				    .gso_size = (uint16_t)t->size,
				    .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				    .csum_start = L4,
				    .csum_offset = 16 };

	segment(run, t, t->super, &meta, 0);
}

static bool judge_train(struct run *run, struct train *t, uint64_t number)
{
	struct rnd r;

	rnd_seed(&r, run->seed, number);
	make_train(t, &r);
	if (!coalesced(run, t))
		return fail(run, t, number, "was never coalesced");
	if (!answer_equal(run->kernel, t->sent))
		return fail(run, t, number, "the kernel's segments differ");
	if (memcmp(run->captured + VNET_LEN, t->super, t->len))
		return fail(run, t, number, "the superpacket differs");
	segment_captured(run, t);
	if (!answer_equal(run->want, t->sent))
		return fail(run, t, number, "segoff differs, as Linux");
	segment_built(run, t);
	if (!answer_equal(run->want, t->sent))
		return fail(run, t, number, "segoff differs, default");
	return true;
}

static const char *open_path(struct run *run)
{
	struct path path = { .vnet_size = VNET_LEN };

	run->in = net_tap("tg", IFF_TAP | IFF_VNET_HDR | IFF_NAPI, 0);
	run->out = net_tap("tb", IFF_TAP, 0);
	net_bridge("br", "tg", "tb");
	path.in = run->in;
	path.out = run->out;
	path_settle(&path);
	if (!net_set("tg", "gro_flush_timeout", FLUSH_AFTER))
		return "no right to set gro_flush_timeout (needs root)";
	run->seen = net_packet("tg", VNET_LEN);
	run->kernel = answer_new();
	run->want = answer_new();
	return NULL;
}

static void take_options(struct run *run, int argc, char **argv)
{
	int c;

	run->seed = (uint64_t)time(NULL);
	run->count = 400;
	while ((c = getopt(argc, argv, "n:s:")) != -1) {
		if (c == 'n')
			run->count = strtoull(optarg, NULL, 0);
		else if (c == 's')
			run->seed = strtoull(optarg, NULL, 0);
		else
			exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct run run;
	static struct train train;
	const char *why;
	uint64_t i;

	take_options(&run, argc, argv);
	why = net_enter();
	if (!why)
		why = open_path(&run);
	if (why) {
		printf("oracle: skipped: %s\n", why);
		return SKIP;
	}
	train.sent = answer_new();
	for (i = 1; i <= run.count && run.failures < FAILURES_MOST; i++)
		judge_train(&run, &train, i);
	answer_free(train.sent);
	answer_free(run.kernel);
	answer_free(run.want);
	printf("oracle: %llu trains (%llu tried again), %s, "
	       "%llu differences (seed %llu)\n",
	       (unsigned long long)i - 1, (unsigned long long)run.retries,
	       net_kernel_name(), (unsigned long long)run.failures,
	       (unsigned long long)run.seed);
	return run.failures != 0;
}
