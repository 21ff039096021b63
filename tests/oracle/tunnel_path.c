/* SPDX-License-Identifier: MIT */
/* tunnel_path.c - the way of a superpacket through a tunnel device */
#include "tunnel_path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "guest.h"
#include "net.h"
#include "net_ip.h"
#include "wire.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

#define TUNNEL	     "t0"
#define LOWER	     TUNNEL_LOWER
#define UPPER	     "up0"
#define SETTLE_TRIES 100
#define BACKLOG	     "100000"
#define UDP_SEGMENTS 64 /* in one message, before Linux 6.9 */
#define PORT	     9
#define MEMORY_TRIES 100
#define QUIET_MS     100
#define TUNNEL_MTU   65000

static const uint8_t next_mac[NET_LINK_ALEN] = { 2, 0, 0, 0, 0, 0xbb };

/* Addresses inside the tunnel. */
static const struct tunnel_ends inside4 = { { 10, 9, 0, 1 }, { 10, 9, 0, 2 } };
static const struct tunnel_ends inside6 = { { 0xfd, 9, [15] = 1 },
					    { 0xfd, 9, [15] = 2 } };

static void give_address(const char *name, unsigned int version,
			 const struct tunnel_ends *ends, bool ethernet,
			 bool alone)
{
	unsigned int prefix = version == 4 ? 24 : 64;

	net_address(name, version, ends->local,
		    alone ? net_address_len(version) * 8 : prefix);
	if (ethernet)
		net_neighbour(name, version, ends->remote, next_mac);
}

static void set(const char *name, const char *value)
{
	if (!net_sysctl(name, value))
		net_die(name);
}

/* Forward everything, and do not complain of what cannot be. */
static int open_forwarding(void)
{
	int fd = net_tap("ti", IFF_TUN | IFF_VNET_HDR, NET_OFFLOADS_6_1);

	net_down("ti");
	net_allow_ipv6("ti");
	net_up("ti");
	set("ipv4/ip_forward", "1");
	set("ipv6/conf/all/forwarding", "1");
	set("ipv4/icmp_msgs_per_sec", "0");
	return fd;
}

void tunnel_path_open(struct tunnel_path *p)
{
	p->out.out = net_tap("tb", IFF_TAP, 0);
	tunnel_path_open_to(p, "tb");
}

void tunnel_path_open_to(struct tunnel_path *p, const char *last)
{
	static const char *const modules[] = {
		"veth",	      "ipip",	       "sit",	 "ip_gre", "ip6_gre",
		"ip6_tunnel", "vxlan",	       "geneve", "fou",	   "fou6",
		"mpls_gso",   "mpls_iptunnel", NULL
	};

	guest_load(modules);
	/* one superpacket may be many frames where the devices meet */
	set("core/netdev_max_backlog", BACKLOG);
	net_veth(LOWER, "v1");
	net_bridge("br", "v1", last);
	net_allow_ipv6("lo");
	net_up("lo");
	net_allow_ipv6(LOWER);
	give_address(LOWER, 4, tunnel_ends(4), true, false);
	give_address(LOWER, 6, tunnel_ends(6), true, false);
	p->lower = net_packet_writer(LOWER, 0);
	p->seen = net_packet(LOWER, BUILT_VNET);
	p->tap = net_tap("ta", IFF_TAP | IFF_VNET_HDR, NET_OFFLOADS_6_1);
	p->tun = open_forwarding();
}

/* The device that superpackets are sent to. */
static const char *entrance(const struct tunnel_dev *t)
{
	return t->device ? TUNNEL : LOWER;
}

/* Bound to where it is to send, unless a route says it. */
static int open_udp(const struct tunnel_dev *t, int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in6 local = { .sin6_family = (sa_family_t)family };
	int size = 1 << 22;

	/* of an IPv4 address the same bytes are family, port, address */
	if (fd < 0 ||
	    (!t->by && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, entrance(t),
				  (socklen_t)strlen(entrance(t)) + 1)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&local,
		 family == AF_INET ? sizeof(struct sockaddr_in) :
				     sizeof(local)))
		net_die("UDP socket");
	return fd;
}

static bool is_bridged(const struct tunnel_dev *t)
{
	return t->ethernet && !t->by;
}

static bool takes(const struct tunnel_dev *t, unsigned int version)
{
	return !t->inner || t->inner == version;
}

/* Send a marker below the tunnel; @f is to receive it. */
static void send_marker(const struct tunnel_path *p, uint8_t *f)
{
	path_marker(f);
	if (write(p->lower, f, PATH_MARKER) < 0)
		net_die("marker");
}

/* A frame without a meaning through the TAP. */
static void send_probe(const struct tunnel_path *p)
{
	uint8_t f[BUILT_VNET + PATH_MARKER] = { 0 };

	path_marker(f + BUILT_VNET);
	if (is_bridged(p->tunnel) && write(p->in, f, sizeof(f)) < 0)
		net_die("probe");
}

static void drain(int fd)
{
	uint8_t byte;

	while (recv(fd, &byte, 1, MSG_TRUNC) >= 0 || errno == EINVAL)
		;
}

/*
 * The ports of a bridge take their time before they forward, and what the
 * device says by itself is not to be mixed with answers.
 */
static void settle(const struct tunnel_path *p)
{
	struct answer *a = answer_new();
	uint8_t f[PATH_MARKER];
	bool through = false;

	usleep(QUIET_MS * 1000);
	for (int i = 0; i < SETTLE_TRIES && !through; i++) {
		answer_clear(a);
		send_probe(p);
		send_marker(p, f);
		through = path_read(&p->out, a, f, QUIET_MS) &&
			  (a->n || !is_bridged(p->tunnel));
	}
	drain(p->seen);
	answer_free(a);
	if (!through)
		net_die(p->tunnel->name);
}

/* A route into the tunnel for one version of IP; false: errno says why not. */
static bool lead(const struct tunnel_dev *t, unsigned int version, bool add)
{
	const uint8_t *via = version == 4 ? inside4.remote : inside6.remote;

	if (!t->device)
		via = tunnel_ends(version)->remote;
	else if (!t->ethernet)
		via = NULL;
	errno = -tunnel_route(t, version, t->device ? TUNNEL : LOWER, via, add);
	return !errno;
}

/* Addresses in the tunnel, and ways for UDP. */
static bool open_inside(struct tunnel_path *p)
{
	const struct tunnel_dev *t = p->tunnel;

	p->udp4 = p->udp6 = p->inside = -1;
	if (takes(t, 4)) {
		if (t->device)
			give_address(TUNNEL, 4, &inside4, t->ethernet, t->by);
		p->udp4 = open_udp(t, AF_INET);
	}
	if (takes(t, 6)) {
		if (t->device)
			give_address(TUNNEL, 6, &inside6, t->ethernet, t->by);
		p->udp6 = open_udp(t, AF_INET6);
	}
	return !t->by || (lead(t, 4, true) && lead(t, 6, true));
}

static void close_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* All that open_inside() made, and the device; false: not all was there. */
static bool close_inside(struct tunnel_path *p)
{
	const struct tunnel_dev *t = p->tunnel;
	bool led4, led6;

	close_open(p->udp4);
	close_open(p->udp6);
	close_open(p->inside);
	if (t->device)
		net_delete(TUNNEL); /* and with it its routes */
	if (t->device || !t->by)
		return true;
	led4 = lead(t, 4, false);
	led6 = lead(t, 6, false);
	return led4 && led6;
}

/* A way in for what has its headers already. */
static int open_in(const struct tunnel_path *p)
{
	if (p->tunnel->by)
		return p->tun;
	if (!p->tunnel->ethernet)
		return net_packet_writer(entrance(p->tunnel), BUILT_VNET);
	net_bridge(UPPER, "ta", TUNNEL);
	return p->tap;
}

bool tunnel_path_enter(struct tunnel_path *p, const struct tunnel_dev *t)
{
	int why;

	p->tunnel = t;
	if (t->device) {
		errno = -tunnel_add(t, tunnel_ends(t->outer), TUNNEL);
		if (errno)
			return false;
		net_mtu(TUNNEL, TUNNEL_MTU);
		net_allow_ipv6(TUNNEL);
		net_up(TUNNEL);
	}
	if (!open_inside(p)) {
		why = errno;
		close_inside(p);
		errno = why;
		return false;
	}
	p->in = open_in(p);
	if (t->gso_type & SEGOFF_GSO_TUNNEL_REMCSUM)
		p->inside = net_packet(TUNNEL, BUILT_VNET);
	settle(p);
	return true;
}

void tunnel_path_leave(struct tunnel_path *p)
{
	const struct tunnel_dev *t = p->tunnel;

	if (is_bridged(t))
		net_delete(UPPER);
	else if (!t->by)
		close(p->in);
	if (!close_inside(p))
		net_die(t->name);
}

static int send_tcp(const struct tunnel_path *p, const struct superpacket *sp)
{
	struct iovec iov[2] = { { (void *)(uintptr_t)sp->vnet, BUILT_VNET },
				{ sp->frame, sp->len } };

	for (int i = 0; i < MEMORY_TRIES; i++) {
		if (writev(p->in, iov, 2) >= 0)
			return 0;
		if (!path_no_memory(errno))
			break;
	}
	return errno;
}

static void set_option(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		net_die("UDP option");
}

/* A few fields of the header are the sender's to choose. */
static void set_fields(int fd, const struct superpacket *sp)
{
	const uint8_t *ip = sp->frame + sp->l3;

	set_option(fd, SOL_UDP, UDP_SEGMENT, sp->gso_size);
	if (sp->version == 6) {
		set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ip[7] | 1);
		set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, get16(ip) >> 4 & 255);
		return;
	}
	set_option(fd, IPPROTO_IP, IP_TTL, ip[8]);
	set_option(fd, IPPROTO_IP, IP_TOS, ip[1]);
	set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER,
		   get16(ip + 6) & 0x4000 ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
}

static int send_udp(const struct tunnel_path *p, const struct superpacket *sp)
{
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(PORT) };
	struct sockaddr_in to4 = { .sin_family = AF_INET,
				   .sin_port = htons(PORT) };
	bool inside = !tunnel_is_none(p->tunnel);
	const struct tunnel_ends *ends4 = inside ? &inside4 : tunnel_ends(4);
	const struct tunnel_ends *ends6 = inside ? &inside6 : tunnel_ends(6);
	size_t n = sp->len - sp->payload, most = sp->gso_size * UDP_SEGMENTS;
	bool v4 = sp->version == 4;
	int fd = v4 ? p->udp4 : p->udp6;

	memcpy(&to6.sin6_addr, ends6->remote, sizeof(to6.sin6_addr));
	memcpy(&to4.sin_addr, ends4->remote, sizeof(to4.sin_addr));
	set_fields(fd, sp);
	if (sendto(fd, sp->frame + sp->payload, n < most ? n : most, 0,
		   v4 ? (struct sockaddr *)&to4 : (struct sockaddr *)&to6,
		   v4 ? sizeof(to4) : sizeof(to6)) < 0)
		return errno;
	return 0;
}

static int send_superpacket(const struct tunnel_path *p,
			    const struct superpacket *sp)
{
	return sp->proto == 6 ? send_tcp(p, sp) : send_udp(p, sp);
}

/* The kernel cannot say UDP_L4 here, and then loses the frame. */
static bool sayable(const struct superpacket *sp)
{
	return sp->proto == 6 || sp->len - sp->payload <= sp->gso_size;
}

static void ask_for_vnet(const struct tunnel_path *p,
			 const struct superpacket *sp)
{
	set_option(p->seen, SOL_PACKET, PACKET_VNET_HDR, sayable(sp));
	if (p->inside >= 0)
		set_option(p->inside, SOL_PACKET, PACKET_VNET_HDR, sayable(sp));
}

/* What the kernel would say of it. */
static void make_vnet(uint8_t *h, const struct tunnel_dev *t,
		      const struct superpacket *sp, size_t len)
{
	struct layers l;

	memset(h, 0, BUILT_VNET);
	if (!layers_find(&l, t, h + BUILT_VNET, len))
		return;
	h[VNET_FLAGS] = SEGOFF_VNET_NEEDS_CSUM;
	put_le16(h + VNET_CSUM_START, (uint32_t)l.inner_th);
	put_le16(h + VNET_CSUM_OFFSET, check_offset(sp));
	h[VNET_TYPE] = SEGOFF_VNET_GSO_UDP_L4;
	put_le16(h + VNET_GSO_SIZE, sp->gso_size);
}

/*
 * Headers from the first segment before what went into the tunnel; what the
 * tunnel device would have said of the whole.
 */
static void put_in_tunnel(const struct tunnel_path *p, struct answer *built,
			  const struct answer *wire)
{
	uint8_t *vnet = built->bytes, *frame = vnet + BUILT_VNET;
	size_t len = built->used - BUILT_VNET, more;
	struct layers l;

	if (built->n != 1 || !wire->n ||
	    !layers_find(&l, p->tunnel, wire->bytes, wire->end[0]))
		return;
	more = l.inner_mac;
	memmove(frame + more, frame, len);
	memcpy(frame, wire->bytes, more);
	put_le16(vnet + VNET_CSUM_START,
		 get_le16(vnet + VNET_CSUM_START) + (uint32_t)more);
	tunnel_lengths(&l, p->tunnel, frame, len + more);
	answer_clear(built);
	built->used = 0;
	answer_add(built, BUILT_VNET + len + more);
}

/* All frames that a packet socket has seen, but for the marker. */
static void read_seen(int fd, const struct superpacket *sp, struct answer *a,
		      const uint8_t *marker)
{
	size_t before = sayable(sp) ? 0 : BUILT_VNET;
	uint8_t *to;
	ssize_t n;

	for (;;) {
		to = a->bytes + a->used;
		n = recv(fd, to + before, FRAME_MAX, 0);
		if (n < 0 && errno == EINVAL)
			continue; /* its header cannot be said; it is lost */
		if (n < 0)
			break;
		n += (ssize_t)before;
		if (memcmp(to + BUILT_VNET, marker, PATH_MARKER))
			answer_add(a, (size_t)n);
	}
}

static void read_built(const struct tunnel_path *p,
		       const struct superpacket *sp, struct answer *built,
		       const struct answer *wire, const uint8_t *marker)
{
	read_seen(p->seen, sp, built, marker);
	if (p->inside < 0)
		return;
	if (built->n > 1) {
		answer_clear(built);
		read_seen(p->inside, sp, built, marker);
		put_in_tunnel(p, built, wire);
	}
	drain(p->inside);
}

void tunnel_path_ask(struct tunnel_path *p, const struct superpacket *sp,
		     struct answer *built, struct answer *wire)
{
	uint8_t f[PATH_MARKER];

	answer_clear(built);
	answer_clear(wire);
	ask_for_vnet(p, sp);
	wire->err = send_superpacket(p, sp);
	send_marker(p, f);
	if (!path_read(&p->out, wire, f, PATH_PATIENCE_MS)) {
		printf("oracle: %s %llu: the marker was lost\n",
		       p->tunnel->name, (unsigned long long)sp->number);
		errno = ETIMEDOUT;
		net_die("read");
	}
	read_built(p, sp, built, wire, f);
	if (!sayable(sp) && built->n == 1)
		make_vnet(built->bytes, p->tunnel, sp,
			  built->used - BUILT_VNET);
}
