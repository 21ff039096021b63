/* SPDX-License-Identifier: MIT */
/* gro_path.c - the way of a train through the kernel */
#include "gro_path.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "guest.h"
#include "net.h"
#include "rewrite.h"
#include "wire.h"

#define IFLA_GRO_IPV4	64 /* IFLA_GRO_IPV4_MAX_SIZE, Linux 6.3 */
#define KERNEL_6_18	0x061200u
#define SIZE_DEFAULT	65536u
#define FRAME_MOST	301000	     /* of WAY_BIG */
#define HOLD		"3000000000" /* ns */
#define LET_GO		"0"
#define MARKER_LEN	60
#define MARKER_PROTOCOL 253 /* RFC 3692: for experiments */
#define PATIENCE_MS	2000
#define TAG_LEN		4

static const uint8_t no_vnet[TRAIN_VNET];

static void set_timeout(const struct gro_path *p, unsigned int way,
			const char *ns)
{
	if (pwrite(p->timeout[way], ns, strlen(ns), 0) < 0)
		net_die("gro_flush_timeout");
}

static bool send_packet(int fd, const uint8_t *vnet, const uint8_t *bytes,
			size_t len)
{
	struct iovec iov[2] = { { (void *)(uintptr_t)vnet, TRAIN_VNET },
				{ (void *)(uintptr_t)bytes, len } };

	if (writev(fd, iov, 2) >= 0)
		return true;
	if (errno != EINVAL)
		net_die("write");
	return false;
}

/*
 * IPv4 with a protocol that is not coalesced. (Of frames that are received
 * together a packet socket gets those first that others want, too.)
 */
static void make_marker(uint8_t *f, uint8_t which)
{
	static uint64_t serial;

	memset(f, 0, MARKER_LEN);
	f[0] = f[5] = f[6] = 2;
	f[11] = 0x7f;
	put16(f + 12, 0x0800);
	f[14] = 0x45;
	f[14 + 9] = MARKER_PROTOCOL;
	f[34] = which;
	serial++;
	memcpy(f + 35, &serial, sizeof(serial));
}

/* The tag that the kernel took off goes back to where it was. */
static size_t put_tag_back(struct msghdr *m, uint8_t *frame, size_t len)
{
	struct tpacket_auxdata aux;
	uint8_t *eth = frame + TRAIN_VNET;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_PACKET ||
		    c->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		if (!(aux.tp_status & TP_STATUS_VLAN_VALID))
			continue;
		memmove(eth + 16, eth + 12, len - TRAIN_VNET - 12);
		put16(eth + 12, aux.tp_vlan_tpid);
		put16(eth + 14, aux.tp_vlan_tci);
		if (frame[0] & SEGOFF_VNET_NEEDS_CSUM)
			put_le16(frame + 6, get_le16(frame + 6) + TAG_LEN);
		return len + TAG_LEN;
	}
	return len;
}

/* hdr_len is a hint, and that a checksum was found right is not judged. */
static void normalize(uint8_t *frame)
{
	frame[0] &= (uint8_t)~SEGOFF_VNET_DATA_VALID;
	put_le16(frame + 2, 0);
}

/* One frame, as it was received; 0: there is none. */
static size_t read_frame(int fd, bool outgoing, uint8_t *to)
{
	struct sockaddr_ll from;
	uint8_t control[CMSG_SPACE(sizeof(struct tpacket_auxdata)) + 64];
	struct iovec iov = { to, FRAME_MOST };
	struct msghdr m = { .msg_name = &from,
			    .msg_iov = &iov,
			    .msg_iovlen = 1 };
	ssize_t n;

	do {
		m.msg_namelen = sizeof(from);
		m.msg_control = control;
		m.msg_controllen = sizeof(control);
		n = recvmsg(fd, &m, MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			net_die("recvmsg");
		if (n <= TRAIN_VNET)
			return 0;
	} while ((from.sll_pkttype == PACKET_OUTGOING) != outgoing ||
		 m.msg_flags & MSG_TRUNC);
	normalize(to);
	return put_tag_back(&m, to, (size_t)n);
}

static bool is_marker(const uint8_t *frame, size_t n, const uint8_t *marker)
{
	return n == TRAIN_VNET + MARKER_LEN &&
	       !memcmp(frame + TRAIN_VNET, marker, MARKER_LEN);
}

static bool read_answer(const struct gro_path *p, unsigned int way,
			struct gro_answer *a, const uint8_t *flushed,
			const uint8_t *end)
{
	int fd = p->out[way];
	struct pollfd poll_for = { fd, POLLIN, 0 };
	struct answer *f = a->frames;
	uint8_t *to;
	size_t n;

	for (;;) {
		if (ANSWER_BYTES - f->used < 2 * FRAME_MOST)
			return false;
		to = f->bytes + f->used;
		n = read_frame(fd, p->cut[way], to);
		if (is_marker(to, n, end))
			return true;
		if (is_marker(to, n, flushed)) {
			a->early = f->n;
		} else if (n) {
			a->merged += gro_is_super(to);
			answer_add(f, n);
		} else if (poll(&poll_for, 1, PATIENCE_MS) != 1) {
			return false;
		}
	}
}

/* What an attempt that went wrong may have left. */
static void drain(const struct gro_path *p, unsigned int way)
{
	static uint8_t trash[FRAME_MOST + TAG_LEN];

	set_timeout(p, way, LET_GO);
	send_packet(p->in[way], no_vnet, trash, MARKER_LEN);
	while (read_frame(p->out[way], p->cut[way], trash))
		;
}

/* A clock that moves with the kernel's ticks. */
static long last_tick(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_nsec;
}

static void wait_for_tick(void)
{
	long first = last_tick();

	while (last_tick() == first)
		;
}

bool gro_path_ask(const struct gro_path *p, const struct train *t, bool aligned,
		  struct gro_answer *a)
{
	unsigned int way = t->kind->way;
	uint8_t flushed[MARKER_LEN], end[MARKER_LEN], trash[MARKER_LEN];
	bool answered;
	long tick;

	answer_clear(a->frames);
	a->refused = a->early = a->merged = 0;
	if (aligned)
		drain(p, way);
	set_timeout(p, way, HOLD);
	make_marker(flushed, 1);
	make_marker(end, 2);
	if (aligned)
		wait_for_tick();
	tick = last_tick();
	for (unsigned int i = 0; i < t->n; i++)
		a->refused += !send_packet(p->in[way], t->packet[i].vnet,
					   t->packet[i].bytes,
					   t->packet[i].len);
	a->ticked = last_tick() != tick;
	set_timeout(p, way, LET_GO);
	send_packet(p->in[way], no_vnet, flushed, MARKER_LEN);
	send_packet(p->in[way], no_vnet, end, MARKER_LEN);
	answered = read_answer(p, way, a, flushed, end);
	while (p->cut[way] && read(p->drain, trash, sizeof(trash)) > 0)
		;
	return answered;
}

static int open_timeout(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/class/net/%s/gro_flush_timeout",
		 name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		net_die(path);
	return fd;
}

/* Behind a bridge that knows nothing a TAP without offloads; its name. */
static const char *open_cut(struct gro_path *p, const char *name)
{
	p->drain = net_tap("tcut", IFF_TAP, 0);
	net_bridge("bcut", name, "tcut");
	net_set(name, "brport/learning", "0");
	p->rewritten = rewrite_attach("tcut");
	return "tcut";
}

static const char *open_way(struct gro_path *p, unsigned int way)
{
	uint32_t max_size = train_limits[way];
	int one = 1;
	char name[8];

	snprintf(name, sizeof(name), "tg%u", way);
	p->max_size[way] = max_size;
	p->udp[way] = way != WAY_PLAIN;
	p->cut[way] = way == WAY_CUT;
	p->list[way] = way == WAY_LIST || p->cut[way];
	p->in[way] = net_tap(name, IFF_TAP | IFF_VNET_HDR | IFF_NAPI, 0);
	if (!net_set(name, "gro_flush_timeout", LET_GO))
		return "no right to set gro_flush_timeout (needs root)";
	p->timeout[way] = open_timeout(name);
	if (p->list[way])
		net_feature(name, "rx-gro-list", true);
	else if (p->udp[way])
		net_feature(name, "rx-udp-gro-forwarding", true);
	if (max_size != SIZE_DEFAULT) {
		net_link(name, IFLA_GRO_MAX_SIZE, max_size);
		net_link(name, IFLA_GRO_IPV4, max_size);
	}
	p->out[way] =
		net_packet(p->cut[way] ? open_cut(p, name) : name, TRAIN_VNET);
	if (setsockopt(p->out[way], SOL_PACKET, PACKET_AUXDATA, &one,
		       sizeof(one)))
		net_die("PACKET_AUXDATA");
	return NULL;
}

/* Two packets with a tag: are they merged? */
static bool looks_behind_tags(const struct gro_path *p)
{
	static struct train t = { .kind = train_kinds, .n = 2 };
	struct gro_answer a = { .frames = answer_new() };
	struct spec s = { .ip = { .version = 4,
				  .nibble = 4,
				  .addr = { 10, [16] = 10 },
				  .next = 6 },
			  .proto = 6,
			  .type = 0x0800,
			  .mac = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 },
			  .tags = 1,
			  .tag = { { 0x8100, 5 } },
			  .flags = 0x10,
			  .payload = 100 };

	for (unsigned int i = 0; i < t.n; i++) {
		t.spec[i] = s;
		t.spec[i].ip.id = (uint16_t)i;
		t.spec[i].seq = i * s.payload;
		train_build(&t, i);
	}
	if (!gro_path_ask(p, &t, true, &a))
		net_die("two packets do not come back");
	answer_free(a.frames);
	return a.merged;
}

const char *gro_path_open(struct gro_path *p)
{
	const char *why;

	p->old = net_kernel() < KERNEL_6_18;
	for (unsigned int way = 0; way < (p->old ? 1 : WAY_COUNT); way++) {
		why = open_way(p, way);
		if (why)
			return why;
	}
	p->vlan = looks_behind_tags(p);
	return NULL;
}

static bool open_fou(void)
{
	static const uint8_t protos[] = { IPPROTO_IPIP, IPPROTO_IPV6,
					  IPPROTO_GRE };

	for (size_t i = 0; i < sizeof(protos); i++)
		if (!net_fou((uint16_t)(TRAIN_FOU + protos[i]), protos[i]))
			return false;
	return net_fou(TRAIN_GUE, 0);
}

/* Guests are chosen for what they have; elsewhere it may not be there. */
static bool expect(const char *what, bool there)
{
	if (!there && net_alone())
		net_die(what);
	if (!there)
		printf("oracle_gro: this kernel has no %s: none is made\n",
		       what);
	return there;
}

/* Older kernels look behind VXLAN-GPE as behind VXLAN. */
const char *gro_path_open_tunnels(struct gro_path *p)
{
	static const char *const modules[] = { "vxlan",	     "geneve", "sit",
					       "ip6_tunnel", "fou",    NULL };
	const char *why = gro_path_open(p);

	if (why)
		return why;
	guest_load(modules);
	p->geneve = expect("Geneve", net_geneve("ge", GENEVE_PORT));
	p->fou = expect("FOU and GUE", open_fou());
	if (!net_vxlan("vx", VXLAN_PORT, false) ||
	    (!p->old && !net_vxlan("vxgpe", GPE_PORT, true)))
		return "no VXLAN devices";
	return NULL;
}
