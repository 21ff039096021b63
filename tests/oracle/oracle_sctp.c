/* SPDX-License-Identifier: MIT */
/*
 * oracle_sctp.c - superpackets of SCTP sockets, and what the kernel cuts them
 * into (R-SCTP-1 to 4)
 *
 * Theory of operation
 * -------------------
 * No virtio_net_hdr can say GSO_BY_FRAGS; only SCTP itself makes such
 * superpackets. So two hosts talk:
 *
 *	client  sc = scp | bridge | ssp = ss  server
 *	              \              \ packet socket: segments
 *	               \ packet socket: superpackets
 *
 * The devices of the client can segment SCTP and finish its checksums, that is
 * they leave it to others; ssp can do neither, so that the kernel does it there.
 * What is seen at scp, flat and without borders, is cut by libsegoff between
 * chunks, and must be what leaves at ssp, byte for byte. An ordinary packet
 * gets its checksum between the two places.
 *
 * The hosts also talk through tunnels, whose ends are above sc and ss. Then the
 * superpackets that are seen have the headers of a tunnel, and ssp makes no
 * checksum at all, so that those around a CRC32c are made there, too.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <segoff.h>
#include <sys/socket.h>

#include "engine.h"
#include "guest.h"
#include "net.h"
#include "net_ip.h"
#include "random.h"
#include "sctp_ends.h"
#include "sctp_tunnel_dev.h"

#define SKIP	      77
#define SUPER_MAX     (1u << 17)
#define PIECES_MAX    (SUPER_MAX / 4)
#define FAILURES_MOST 10
#define QUIET_MS      100
#define CHUNK_AUTH    15
#define BRIDGE	      "sbr"
#define SCTP_HEADER   12
#define SCTP_CHECK_AT 8
#define GRE_CHECK_AT  4
#define AS_LINUX      (SEGOFF_TRUST_SEED | SEGOFF_STRICT)

struct run {
	uint64_t count;
	uint64_t seed;
	uint64_t asked;
	uint64_t segments;
	uint64_t whole;
	uint64_t failures;
	struct answer *in;
	struct answer *out;
	struct answer *want;
};

/* Traffic, how many superpackets it had, and AUTH chunks that led segments. */
static struct traffic {
	struct sctp_talk talk;
	uint64_t supers;
	uint64_t auths;
} traffics[] = {
	{ .talk = { 4, 1500, false, 150, 0, NULL } },
	{ .talk = { 6, 1500, false, 150, 0, NULL } },
	{ .talk = { 4, 1500, true, 150, 0, NULL } },
	{ .talk = { 4, 800, false, 100, 0, NULL } },
	{ .talk = { 6, 1300, true, 150, 0, NULL } },
	{ .talk = { 4, 4000, false, 200, 0, NULL } },
	{ .talk = { 4, 1500, false, 100, 0, "ipip" } },
	{ .talk = { 6, 1500, false, 100, 0, "sit" } },
	{ .talk = { 4, 1500, false, 100, 0, "ip4ip6" } },
	{ .talk = { 6, 1400, false, 100, 0, "ip6ip6" } },
	{ .talk = { 4, 1500, false, 100, 0, "ip6tnl-limit" } },
	{ .talk = { 4, 1500, false, 100, 0, "gre" } },
	{ .talk = { 6, 1500, false, 100, 0, "gre-key" } },
	{ .talk = { 4, 1500, false, 100, 0, "gre-csum" } },
	{ .talk = { 6, 1500, true, 100, 0, "gre-csum-key" } },
	{ .talk = { 4, 1500, false, 100, 0, "gretap" } },
	{ .talk = { 6, 1501, false, 100, 0, "gretap-csum-key" } },
	{ .talk = { 4, 1500, false, 100, 0, "ip6gre" } },
	{ .talk = { 6, 1500, false, 100, 0, "ip6gre-csum" } },
	{ .talk = { 4, 1500, false, 100, 0, "ip6gretap-csum-key" } },
	{ .talk = { 4, 1500, false, 100, 0, "vxlan" } },
	{ .talk = { 4, 1500, true, 100, 0, "vxlan-csum" } },
	{ .talk = { 6, 1499, false, 100, 0, "vxlan-csum" } },
	{ .talk = { 6, 1500, false, 100, 0, "vxlan-rco" } },
	{ .talk = { 4, 1500, false, 100, 0, "vxlan6-csum" } },
	{ .talk = { 6, 1500, false, 100, 0, "vxlan6-csum" } },
	{ .talk = { 6, 1500, false, 100, 0, "geneve" } },
	{ .talk = { 6, 1500, false, 100, 0, "geneve-csum" } },
	{ .talk = { 4, 4000, false, 200, 0, "geneve6-csum" } },
};

static const char *describe_talk(const struct sctp_talk *t)
{
	static char s[64];

	snprintf(s, sizeof(s), "%s%sipv%d, mtu %d%s",
		 t->tunnel ? t->tunnel : "", t->tunnel ? ", " : "", t->version,
		 t->mtu, t->auth ? ", auth" : "");
	return s;
}

/* All frames that wait at a socket and go the way that is wanted. */
static bool take_frames(int fd, bool outgoing, struct answer *a)
{
	struct sockaddr_ll from = { 0 };
	socklen_t size = sizeof(from);
	bool any = false;
	ssize_t n;

	while ((n = recvfrom(fd, a->bytes + a->used, SUPER_MAX, 0,
			     (struct sockaddr *)&from, &size)) > 0) {
		any = true;
		if ((from.sll_pkttype == PACKET_OUTGOING) == outgoing)
			answer_add(a, (size_t)n);
		size = sizeof(from);
	}
	return any;
}

static void make_devices(const struct sctp_talk *t)
{
	net_veth(CLIENT_DEVICE, CLIENT_PORT);
	net_veth(SERVER_PORT, SERVER_DEVICE);
	net_mtu(CLIENT_PORT, t->mtu);
	net_mtu(SERVER_PORT, t->mtu);
	net_feature(SERVER_PORT, "tx-sctp-segmentation", false);
	net_feature(SERVER_PORT, "tx-checksum-sctp", false);
	/* the checksum of a tunnel is one of these */
	net_feature(SERVER_PORT, "tx-checksum-ip-generic", false);
	net_bridge(BRIDGE, CLIENT_PORT, SERVER_PORT);
}

/* One talk, both places watched. */
static void listen_in(struct run *run, const struct sctp_talk *t)
{
	struct pollfd fd[2] = { { .events = POLLIN }, { .events = POLLIN } };
	struct sctp_ends ends;
	bool over = false, any = true;

	make_devices(t);
	sctp_begin(&ends, t);
	fd[0].fd = net_packet(CLIENT_PORT, 0);
	fd[1].fd = net_packet(SERVER_PORT, 0);
	answer_clear(run->in);
	answer_clear(run->out);
	sctp_go(&ends);
	while (!over || any) {
		over = sctp_over(&ends);
		any = poll(fd, 2, QUIET_MS) > 0;
		any |= take_frames(fd[0].fd, false, run->in);
		any |= take_frames(fd[1].fd, true, run->out);
	}
	close(fd[0].fd);
	close(fd[1].fd);
	net_delete(CLIENT_PORT);
	net_delete(SERVER_PORT);
	net_delete(BRIDGE);
}

static void fail(struct run *run, const struct traffic *k, size_t at,
		 const char *what)
{
	printf("DIFFERENCE -s %llu: %s, frame %zu: %s\n",
	       (unsigned long long)run->seed, describe_talk(&k->talk), at,
	       what);
	run->failures++;
}

/* A frame that was seen; false if it is not SCTP. */
static bool frame_at(const struct answer *a, size_t i, struct iovec *v,
		     struct segoff_pkt *pkt, struct segoff_stack *st)
{
	v->iov_base = a->bytes + answer_start(a, i);
	v->iov_len = answer_len(a, i);
	*pkt = (struct segoff_pkt){ v, 1, SEGOFF_LINK_ETHERNET };
	return segoff_dissect(pkt, st) == SEGOFF_V_OK &&
	       st->layer[st->nlayer - 1].proto == SEGOFF_P_SCTP;
}

/* To senders it is that of what they see: what is around comes on top. */
static uint32_t mtu(const struct sctp_talk *t, const struct segoff_stack *st)
{
	return (uint32_t)sctp_tunnel_mtu(t) + st->layer[st->net].off -
	       ETHER_HDR_LEN;
}

/*
 * Of one that is no superpacket. In a tunnel the kernel has made its CRC32c, and
 * only the sum around it waits; to make both must come to the same. But of GRE's
 * no metadata says that it waits besides another.
 */
static void whole_metadata(const struct segoff_pkt *pkt,
			   const struct segoff_stack *st,
			   struct segoff_meta *meta)
{
	segoff_meta_describe(pkt, st, meta);
	if (meta->gso_type & SEGOFF_GSO_GRE_CSUM) {
		meta->csum_start = meta->th_off;
		meta->csum_offset = GRE_CHECK_AT;
	}
}

/* Of a packet, and the members of a superpacket; false if it cannot be cut. */
static bool metadata(struct run *run, struct traffic *k, struct segoff_pkt *pkt,
		     const struct segoff_stack *st, struct segoff_meta *meta)
{
	static struct iovec piece[PIECES_MAX];
	struct segoff_hints h = { .sz = sizeof(h), .mtu = mtu(&k->talk, st) };
	ssize_t n;

	segoff_infer(NULL, SEGOFF_NO_FLOW, pkt, st, &h, meta);
	meta->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	meta->csum_start = (uint16_t)(st->payload - SCTP_HEADER);
	meta->csum_offset = SCTP_CHECK_AT;
	if (!meta->gso_size) {
		whole_metadata(pkt, st, meta);
		run->whole++;
		return true;
	}
	n = segoff_sctp_members(pkt, st, h.mtu, piece, PIECES_MAX, NULL);
	if (n < 0 || n > (ssize_t)PIECES_MAX)
		return false;
	pkt->iov = piece;
	pkt->niov = (unsigned int)n;
	run->asked++;
	k->supers++;
	return true;
}

/* What must come out of it at the other place; false if it cannot be cut. */
static bool segment(struct run *run, struct traffic *k, struct segoff_pkt *pkt,
		    const struct segoff_stack *st)
{
	struct segoff_gso_opts o = { .sz = sizeof(o) };
	struct segoff_meta meta;

	if (!metadata(run, k, pkt, st, &meta))
		return false;
	if (meta.gso_size && run->asked % 2)
		o.flags = AS_LINUX;
	engine_segment(pkt, &meta, &o, (unsigned int)(run->asked % 3),
		       run->want);
	run->segments += run->want->n;
	return run->want->n != 0;
}

/* How many of the segments begin with an AUTH chunk? */
static uint64_t auths(const struct answer *w, size_t headers)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += answer_len(w, i) > headers &&
		     w->bytes[answer_start(w, i) + headers] == CHUNK_AUTH;
	return n;
}

/* The next frame of SCTP at the other place; false if there is none. */
static bool next_frame(const struct run *run, size_t *next, struct iovec *v)
{
	struct segoff_stack st;
	struct segoff_pkt pkt;

	while (*next < run->out->n)
		if (frame_at(run->out, (*next)++, v, &pkt, &st))
			return true;
	*v = (struct iovec){ NULL, 0 };
	return false;
}

static void print_hex(const char *label, const void *p, size_t n)
{
	printf("  %s, %zu bytes: ", label, n);
	answer_print(p, n, false);
}

/* What came out is what was wanted, segment by segment. */
static bool same(struct run *run, const struct traffic *k, size_t frame,
		 size_t *next)
{
	const struct answer *w = run->want, *in = run->in;
	struct iovec v;

	for (size_t i = 0; i < w->n; i++) {
		const uint8_t *p = w->bytes + answer_start(w, i);
		size_t n = answer_len(w, i);

		if (next_frame(run, next, &v) && v.iov_len == n &&
		    !memcmp(v.iov_base, p, n))
			continue;
		fail(run, k, frame, "a segment differs");
		print_hex("superpacket", in->bytes + answer_start(in, frame),
			  answer_len(in, frame));
		print_hex("kernel", v.iov_base, v.iov_len);
		print_hex("segoff", p, n);
		return false;
	}
	return true;
}

static void judge(struct run *run, struct traffic *k)
{
	struct segoff_stack st;
	struct segoff_pkt pkt;
	struct iovec v;
	size_t next = 0;

	for (size_t i = 0; i < run->in->n; i++) {
		if (!frame_at(run->in, i, &v, &pkt, &st))
			continue;
		if (!segment(run, k, &pkt, &st)) {
			fail(run, k, i, "it was not cut");
			return;
		}
		k->auths += auths(run->want, st.payload);
		if (!same(run, k, i, &next))
			return;
	}
	if (next_frame(run, &next, &v))
		fail(run, k, run->in->n, "more came out than went in");
}

static void take_options(struct run *run, int argc, char **argv)
{
	int c;

	run->count = 1000;
	run->seed = 1;
	while ((c = getopt(argc, argv, "n:s:v")) != -1) {
		if (c == 'n')
			run->count = strtoull(optarg, NULL, 0);
		else if (c == 's')
			run->seed = strtoull(optarg, NULL, 0);
		else if (c != 'v')
			exit(2);
	}
}

static const char *prepare(void)
{
	static const char *const modules[] = {
		"veth",	   "hmac",  "sha1_generic", "sctp",
		"ipip",	   "sit",   "ip6_tunnel",   "ip_gre",
		"ip6_gre", "vxlan", "geneve",	    NULL
	};

	guest_begin();
	guest_load(modules);
	/* else every new network begins with one of each kind */
	net_sysctl("core/fb_tunnels_only_for_init_net", "1");
	return net_enter();
}

/* What was not there was not tested. */
static bool print_traffics(unsigned int talks)
{
	bool empty = !talks;

	for (unsigned int i = 0; i < LENGTH(traffics); i++) {
		const struct traffic *k = &traffics[i];

		printf("%-34s %6llu superpackets, %6llu segments begin with "
		       "AUTH\n",
		       describe_talk(&k->talk), (unsigned long long)k->supers,
		       (unsigned long long)k->auths);
		if (i < talks && (!k->supers || !k->auths == k->talk.auth))
			empty = true;
	}
	return empty;
}

int main(int argc, char **argv)
{
	static struct run run;
	const char *why;
	unsigned int i;
	bool empty;

	take_options(&run, argc, argv);
	why = prepare();
	if (why) {
		printf("oracle: skipped: %s\n", why);
		return SKIP;
	}
	run.in = answer_new();
	run.out = answer_new();
	run.want = answer_new();
	for (i = 0; (i < LENGTH(traffics) || run.asked < run.count) &&
		    run.failures < FAILURES_MOST;
	     i++) {
		struct traffic *k = &traffics[i % LENGTH(traffics)];

		k->talk.seed = run.seed + i;
		listen_in(&run, &k->talk);
		judge(&run, k);
	}
	empty = print_traffics(i);
	printf("oracle: %llu superpackets into segments, %llu frames, %llu "
	       "whole, %s, %llu differences (seed %llu)\n",
	       (unsigned long long)run.asked, (unsigned long long)run.segments,
	       (unsigned long long)run.whole, net_kernel_name(),
	       (unsigned long long)run.failures, (unsigned long long)run.seed);
	return run.failures || empty;
}
