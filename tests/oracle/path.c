/* SPDX-License-Identifier: MIT */
/* path.c - the way of a superpacket through the kernel */
#include "path.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "encap.h"
#include "net.h"
#include "wire.h"

#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24
#endif

#define KERNEL_6_6    0x060600u /* PACKET_VNET_HDR_SZ */
#define KERNEL_6_18   0x061200u
#define VNET_OUT      10
#define MARKER_TYPE   0x88b5 /* IEEE 802 local experimental */
#define MEMORY_TRIES  100
#define SETTLE_TRIES  200
#define SETTLE_MS     25
#define SEGMENTS_MOST 70000
#define FRAME_MOST    490000
#define FRAME_6_1     69000 /* 17 pages */
#define HEADROOM_MOST 1000
#define PLAIN	      (1u << TUNNEL_NONE)
#define VNET_TUNNELS  (1u << TUNNEL_VNET)
#define ENCAP_TUNNELS (1u << TUNNEL_IP | 1u << TUNNEL_GRE | 1u << TUNNEL_UDP)
#define U16_MOST      65535u

static uint64_t markers;

void path_marker(uint8_t *f)
{
	markers++;
	memset(f, 0, PATH_MARKER);
	f[0] = 2;
	f[5] = 2;
	f[6] = 2;
	f[11] = 0x7f;
	put16(f + 12, MARKER_TYPE);
	memcpy(f + 14, "end of segments", 16);
	memcpy(f + 30, &markers, sizeof(markers));
}

static ssize_t send_frame(const struct path *p, const uint8_t *vnet,
			  const uint8_t *frame, size_t len)
{
	struct iovec iov[2] = { { (void *)(uintptr_t)vnet, p->vnet_size },
				{ (void *)(uintptr_t)frame, len } };
	ssize_t n = -1;

	for (int i = 0; i < MEMORY_TRIES && n < 0; i++) {
		n = writev(p->in, iov, 2);
		if (n < 0 && !path_no_memory(errno))
			break;
	}
	return n;
}

static void send_marker(const struct path *p, uint8_t *f)
{
	static const uint8_t vnet[VNET_MAX];

	path_marker(f);
	if (send_frame(p, vnet, f, PATH_MARKER) < 0)
		net_die("marker");
}

/* Is there something to read, soon? */
static bool wait_out(const struct path *p, int ms)
{
	struct pollfd fd = { p->out, POLLIN, 0 };

	return poll(&fd, 1, ms) == 1;
}

/* One frame, without the virtio_net_hdr that may be before it. */
static ssize_t read_frame(const struct path *p, uint8_t *to, size_t room)
{
	uint8_t vnet[VNET_OUT];
	struct iovec iov[2] = { { vnet, sizeof(vnet) }, { to, room } };
	ssize_t n;

	if (!p->partial)
		return read(p->out, to, room);
	n = readv(p->out, iov, 2);
	return n < VNET_OUT ? n : n - VNET_OUT;
}

static bool is_marker(const struct path *p, const uint8_t *got, ssize_t n,
		      const uint8_t *f)
{
	return n == (ssize_t)p->record + PATH_MARKER &&
	       !memcmp(got + p->record, f, PATH_MARKER);
}

bool path_read(const struct path *p, struct answer *a, const uint8_t *f, int ms)
{
	ssize_t n;

	for (;;) {
		uint8_t *to = a->bytes + a->used;

		if (ANSWER_BYTES - a->used < FRAME_MAX)
			net_die("an answer is too large");
		n = read_frame(p, to, ANSWER_BYTES - a->used);
		if (is_marker(p, to, n, f))
			return true;
		if (n > 0)
			answer_add(a, (size_t)n);
		else if (n < 0 && errno == EINVAL && p->partial)
			continue; /* its header cannot be said; it is lost */
		else if (n < 0 && errno != EAGAIN)
			net_die("read");
		else if (!wait_out(p, ms))
			return false;
	}
}

/* The ports of a bridge take their time before they forward. */
void path_settle(const struct path *p)
{
	struct answer *a = answer_new();
	uint8_t f[PATH_MARKER];
	bool forwards = false;

	for (int i = 0; i < SETTLE_TRIES && !forwards; i++) {
		answer_clear(a);
		send_marker(p, f);
		forwards = path_read(p, a, f, SETTLE_MS);
	}
	answer_free(a);
	if (!forwards)
		net_die("the path does not forward");
}

/* A superpacket of zeros, which is taken and then dropped. */
static bool takes(const struct path *p, size_t len, uint32_t csum_start)
{
	static uint8_t frame[FRAME_MAX] = { 0x45 }; /* for a TUN device */
	uint8_t vnet[VNET_MAX] = { 1, 1 };

	put_le16(vnet + VNET_HDR_LEN, 54);
	put_le16(vnet + VNET_GSO_SIZE, 1000);
	put_le16(vnet + VNET_CSUM_START, csum_start);
	put_le16(vnet + VNET_CSUM_OFFSET, 16);
	return send_frame(p, vnet, frame, len) > 0;
}

/* How large a frame may be: older kernels have less room in an skb. */
static size_t largest(const struct path *p)
{
	static const size_t sizes[] = { FRAME_MOST, 131072, 100000 };

	for (size_t i = 0; i < LENGTH(sizes); i++)
		if (takes(p, sizes[i], 34))
			return sizes[i];
	return FRAME_6_1;
}

/* What a device keeps before a frame is its own affair: csum_start shows. */
static uint16_t headroom(const struct path *p)
{
	uint16_t n = 0;

	while (n < HEADROOM_MOST && !takes(p, FRAME_6_1, U16_MOST - 1u - n))
		n++;
	return n;
}

/*
 * A kernel with Mobile IPv6 puts a Fragment header behind a Home Address. Ask
 * it: a datagram of 32 bytes, a Routing and a Destination header, UFO.
 */
static bool has_mobile_ipv6(const struct path *p)
{
	static const uint8_t vnet[VNET_MAX] = { 1, 3, 70, 0, 16, 0, 70, 0, 6 };
	static const uint8_t link[] = { 2, 0, 0, 0, 0,	  2,	2,     0,
					0, 0, 1, 0, 0x86, 0xdd, 6 << 4 };
	static const uint8_t ext[] = { 60, 0, 253,  0, 0, 0, 0, 0,
				       17, 0, 0xc9, 4, 0, 0, 0, 0 };
	uint8_t frame[14 + 40 + 16 + 8 + 24] = { 0 }, f[PATH_MARKER];
	struct answer *a = answer_new();
	bool behind;

	memcpy(frame, link, sizeof(link));
	frame[14 + 6] = 43;
	memcpy(frame + 14 + 40, ext, sizeof(ext));
	if (send_frame(p, vnet, frame, sizeof(frame)) < 0)
		net_die("UFO");
	send_marker(p, f);
	if (!path_read(p, a, f, PATH_PATIENCE_MS) || !a->n)
		net_die("UFO");
	behind = a->bytes[14 + 40] != 44;
	answer_free(a);
	return behind;
}

/*
 * A kernel with GSO of MPLS believes no device to make a sum behind labels
 * (net_mpls_features). Ask it: a sum of zeros, which is not zero when finished.
 */
static bool sums_labels(const struct path *p)
{
	static const uint8_t vnet[VNET_MAX] = { 1, 0, 0, 0, 0, 0, 40, 0, 6 };
	static const uint8_t frame[60] = {
		[0] = 2, [6] = 2, [11] = 1, [12] = 0x88, [13] = 0x47, [16] = 1
	};
	struct answer *a = answer_new();
	uint8_t f[PATH_MARKER];
	bool finished;

	if (send_frame(p, vnet, frame, sizeof(frame)) < 0)
		net_die("MPLS");
	send_marker(p, f);
	if (!path_read(p, a, f, PATH_PATIENCE_MS) || !a->n)
		net_die("MPLS");
	finished = a->bytes[40 + 6] != 0;
	answer_free(a);
	return finished;
}

static void find_limits(struct path *p)
{
	p->limits.frame = largest(p);
	if (p->limits.segments > net_queue_len())
		p->limits.segments = net_queue_len();
}

static void open_tap(struct path *p)
{
	static const uint8_t sizes[] = { 10, 10, 12, 20, 24, 24, 24, 11, 100 };

	p->writer = SEGOFF_WRITER_TAP;
	p->kernel = net_kernel();
	p->tunnel = p->kernel >= KERNEL_6_18;
	p->vnet_size = 10;
	p->mtu = NET_MTU;
	p->limits = (struct limits){
		0,    SEGMENTS_MOST, sizes, LENGTH(sizes), PLAIN | VNET_TUNNELS,
		false
	};
	p->in = net_tap("ta", IFF_TAP | IFF_VNET_HDR,
			p->tunnel ? NET_OFFLOADS_ALL : NET_OFFLOADS_6_1);
	p->out = net_tap("tb",
			 (short)(IFF_TAP | (p->partial ? IFF_VNET_HDR : 0)),
			 p->partial ? TUN_F_CSUM : 0);
	net_bridge("br", "ta", "tb");
	path_settle(p);
	find_limits(p);
	p->headroom = headroom(p);
	p->mobile_ipv6 = has_mobile_ipv6(p);
	p->sums_labels = p->partial && sums_labels(p);
}

void path_tap(struct path *p)
{
	open_tap(p);
}

void path_tap_partial(struct path *p)
{
	p->partial = true;
	open_tap(p);
}

void path_tunnel(struct path *p)
{
	open_tap(p);
	p->limits.tunnels = VNET_TUNNELS;
	if (!p->tunnel)
		p->why = "no UDP tunnel GSO by TAP (Linux 6.18)";
}

void path_encap(struct path *p)
{
	static const uint8_t sizes[] = { 10, 12, 24 };

	open_tap(p);
	p->encap = true;
	p->limits.vnet_sizes = sizes;
	p->limits.nvnet = LENGTH(sizes);
	p->limits.tunnels = ENCAP_TUNNELS;
	p->why = encap_open("ta");
}

void path_tun(struct path *p)
{
	static const uint8_t sizes[] = { 10, 12, 20, 24, 24, 24, 11, 100 };

	p->writer = SEGOFF_WRITER_TUN;
	p->kernel = net_kernel();
	p->tunnel = p->kernel >= KERNEL_6_18;
	p->vnet_size = 10;
	p->mtu = NET_MTU;
	p->limits = (struct limits){
		0,    SEGMENTS_MOST, sizes, LENGTH(sizes), PLAIN | VNET_TUNNELS,
		false
	};
	p->in = net_tap("tn", IFF_TUN | IFF_VNET_HDR,
			p->tunnel ? NET_OFFLOADS_ALL : NET_OFFLOADS_6_1);
	p->out = -1;
	find_limits(p);
	p->headroom = headroom(p);
}

void path_packet(struct path *p)
{
	static const uint8_t sizes[] = { 10, 12 };

	p->writer = SEGOFF_WRITER_PACKET;
	p->kernel = net_kernel();
	p->vnet_size = 10;
	p->mtu = NET_MTU;
	p->limits = (struct limits){ 0,
				     SEGMENTS_MOST,
				     sizes,
				     p->kernel < KERNEL_6_6 ? 1 : LENGTH(sizes),
				     PLAIN | VNET_TUNNELS,
				     false };
	p->out = net_tap("tb", IFF_TAP, 0);
	p->in = net_packet("tb", 10);
	path_settle(p);
	find_limits(p);
	p->headroom = headroom(p);
	p->mobile_ipv6 = has_mobile_ipv6(p);
}

static void set_vnet_size(struct path *p, size_t size)
{
	int v = (int)size;

	if (p->vnet_size == size)
		return;
	p->vnet_size = size;
	if (p->writer != SEGOFF_WRITER_PACKET) {
		if (ioctl(p->in, TUNSETVNETHDRSZ, &v))
			net_die("TUNSETVNETHDRSZ");
	} else if (setsockopt(p->in, SOL_PACKET, PACKET_VNET_HDR_SZ, &v,
			      sizeof(v))) {
		net_die("PACKET_VNET_HDR_SZ");
	}
}

/* A packet socket compares with the MTU: bring it near. */
static void set_mtu(struct path *p, const struct superpacket *sp)
{
	uint32_t mtu = NET_MTU;

	if (p->writer != SEGOFF_WRITER_PACKET)
		return;
	if (sp->mtu_slack >= 0 && sp->len > 200 && sp->len < NET_MTU)
		mtu = (uint32_t)sp->len - 14 + 2 - (uint32_t)sp->mtu_slack;
	if (mtu != p->mtu)
		net_mtu("tb", (int)mtu);
	p->mtu = mtu;
}

/* Into the kernel; one that encapsulates gets the inner packet. */
static ssize_t send_superpacket(const struct path *p,
				const struct superpacket *sp)
{
	struct superpacket inner;
	ssize_t n;

	if (!p->encap)
		return send_frame(p, sp->vnet, sp->frame, sp->len);
	encap_inner(sp, &inner);
	encap_set(sp);
	n = send_frame(p, inner.vnet, inner.frame, inner.len);
	encap_set(NULL);
	return n;
}

void path_ask(struct path *p, const struct superpacket *sp, struct answer *a)
{
	uint8_t f[PATH_MARKER];
	ssize_t n;

	set_vnet_size(p, sp->vnet_size);
	set_mtu(p, sp);
	answer_clear(a);
	n = send_superpacket(p, sp);
	a->err = n < 0 ? errno : 0;
	if (p->out < 0)
		return;
	send_marker(p, f);
	if (!path_read(p, a, f, PATH_PATIENCE_MS)) {
		printf("oracle: superpacket %llu: the marker was lost\n",
		       (unsigned long long)sp->number);
		errno = ETIMEDOUT;
		net_die("read");
	}
}
