/* SPDX-License-Identifier: MIT */
/*
 * net.c - a network namespace of our own, and devices in it
 *
 * By ioctl, rtnetlink and sysfs, without any other program, so that it runs
 * where there is none: as the only process of a guest (guest.c).
 */
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "../../src/port/rtnl.h"

#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24
#endif

#define SOCKET_BUFFER (64 << 20)
#define QUEUE_LEN     100000
#define QUEUE_LEN_6_1 \
	32767 /* the most that 6.1.192 takes; 6.1.176 takes more */

static uint32_t queue_len;

void net_die(const char *what)
{
	printf("oracle: %s: %s\n", what, strerror(errno));
	exit(1);
}

bool net_alone(void)
{
	return getpid() == 1;
}

static bool write_file(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, value, strlen(value)) == (ssize_t)strlen(value);
	close(fd);
	return ok;
}

/* Some kernels do not have them; those need no silencing. */
bool net_sysctl(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	return write_file(path, value) || errno == ENOENT;
}

/* No packets but ours, and nobody to look at them. */
static bool silence(void)
{
	return net_sysctl("ipv6/conf/all/disable_ipv6", "1") &&
	       net_sysctl("ipv6/conf/default/disable_ipv6", "1") &&
	       net_sysctl("bridge/bridge-nf-call-iptables", "0") &&
	       net_sysctl("bridge/bridge-nf-call-ip6tables", "0") &&
	       net_sysctl("bridge/bridge-nf-call-arptables", "0");
}

/* Be root in a user namespace, and that is enough for the rest. */
static bool become_root(unsigned int uid, unsigned int gid)
{
	char map[32];

	if (!write_file("/proc/self/setgroups", "deny"))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (!write_file("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return write_file("/proc/self/gid_map", map);
}

/* Who may not make namespaces may still make one of users first. */
static bool new_namespaces(void)
{
	unsigned int uid = getuid(), gid = getgid();

	if (!unshare(CLONE_NEWNET | CLONE_NEWNS))
		return true;
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) &&
	       become_root(uid, gid);
}

const char *net_enter(void)
{
	if (!net_alone()) {
		if (!new_namespaces())
			return "no right to make a network namespace";
		if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("sysfs", "/sys", "sysfs", 0, NULL))
			return "no right to mount sysfs";
	}
	if (access("/dev/net/tun", R_OK | W_OK))
		return "no /dev/net/tun";
	if (!silence())
		return "no right to set sysctls";
	return NULL;
}

/* What Debian calls a release is the name of an interface. */
const char *net_kernel_name(void)
{
	static struct utsname u;
	char *debian, *name = u.release;

	if (uname(&u))
		net_die("uname");
	debian = strstr(u.version, " Debian ");
	if (debian)
		name = debian + strlen(" Debian ");
	name[strcspn(name, "-+")] = '\0';
	return name;
}

uint32_t net_kernel(void)
{
	unsigned int a = 0, b = 0, c = 0;

	sscanf(net_kernel_name(), "%u.%u.%u", &a, &b, &c);
	return a << 16 | b << 8 | (c > 255 ? 255 : c);
}

static void ask(unsigned long what, struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, what, ifr))
		net_die(ifr->ifr_name);
	close(fd);
}

static struct ifreq request(const char *name)
{
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return ifr;
}

static void set_flag(const char *name, bool up)
{
	struct ifreq ifr = request(name);

	ask(SIOCGIFFLAGS, &ifr);
	ifr.ifr_flags =
		(short)(up ? ifr.ifr_flags | IFF_UP : ifr.ifr_flags & ~IFF_UP);
	ask(SIOCSIFFLAGS, &ifr);
}

void net_up(const char *name)
{
	set_flag(name, true);
}

void net_down(const char *name)
{
	set_flag(name, false);
}

void net_mtu(const char *name, int mtu)
{
	struct ifreq ifr = request(name);

	ifr.ifr_mtu = mtu;
	ask(SIOCSIFMTU, &ifr);
}

int net_index(const char *name)
{
	struct ifreq ifr = request(name);

	ask(SIOCGIFINDEX, &ifr);
	return ifr.ifr_ifindex;
}

/* By netlink: the ioctl wants root outside of user namespaces. */
static int try_link(const char *name, unsigned short attr, uint32_t value)
{
	struct ifinfomsg link = { .ifi_index = net_index(name) };
	struct rtnl m;

	rtnl_begin(&m, RTM_NEWLINK, 0, &link, sizeof(link));
	rtnl_put32(&m, attr, value);
	return rtnl_send(&m, NETLINK_ROUTE);
}

void net_link(const char *name, unsigned short attr, uint32_t value)
{
	errno = -try_link(name, attr, value);
	if (errno)
		net_die("netlink");
}

static void ask_ethtool(const char *name, void *what)
{
	struct ifreq ifr = request(name);

	ifr.ifr_data = what;
	ask(SIOCETHTOOL, &ifr);
}

static void *zeroed(size_t n)
{
	void *p = calloc(1, n);

	if (!p)
		net_die("memory");
	return p;
}

static uint32_t count_features(const char *name)
{
	struct ethtool_sset_info *count =
		zeroed(sizeof(*count) + sizeof(uint32_t));
	uint32_t n;

	count->cmd = ETHTOOL_GSSET_INFO;
	count->sset_mask = 1u << ETH_SS_FEATURES;
	ask_ethtool(name, count);
	n = count->data[0];
	free(count);
	return n;
}

/* Which bit a device feature is: its place among their names. */
static uint32_t feature_bit(const char *name, const char *feature)
{
	uint32_t n = count_features(name), i;
	struct ethtool_gstrings *all =
		zeroed(sizeof(*all) + n * (size_t)ETH_GSTRING_LEN);

	all->cmd = ETHTOOL_GSTRINGS;
	all->string_set = ETH_SS_FEATURES;
	all->len = n;
	ask_ethtool(name, all);
	for (i = 0; i < n; i++)
		if (!strncmp((char *)all->data + i * ETH_GSTRING_LEN, feature,
			     ETH_GSTRING_LEN))
			break;
	free(all);
	errno = EOPNOTSUPP;
	if (i == n)
		net_die(feature);
	return i;
}

/* The kernel wants as many words as it has bits for. */
void net_feature(const char *name, const char *feature, bool on)
{
	uint32_t bit = feature_bit(name, feature);
	uint32_t words = (count_features(name) + 31) / 32;
	struct ethtool_sfeatures *set =
		zeroed(sizeof(*set) + words * sizeof(set->features[0]));

	set->cmd = ETHTOOL_SFEATURES;
	set->size = words;
	set->features[bit / 32].valid = 1u << bit % 32;
	set->features[bit / 32].requested = (uint32_t)on << bit % 32;
	ask_ethtool(name, set);
	free(set);
}

uint32_t net_queue_len(void)
{
	return queue_len;
}

static void set_queue_len(const char *name)
{
	queue_len = QUEUE_LEN;
	if (try_link(name, IFLA_TXQLEN, queue_len) == -ERANGE)
		queue_len = QUEUE_LEN_6_1;
	net_link(name, IFLA_TXQLEN, queue_len);
}

int net_tap(const char *name, short flags, unsigned int offloads)
{
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	struct ifreq ifr = request(name);

	ifr.ifr_flags = (short)(flags | IFF_NO_PI);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) ||
	    ioctl(fd, TUNSETOFFLOAD, (unsigned long)offloads))
		net_die(name);
	net_mtu(name, NET_MTU);
	set_queue_len(name);
	net_up(name);
	return fd;
}

bool net_set(const char *name, const char *what, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, what);
	if (write_file(path, value))
		return true;
	if (errno != EPERM)
		net_die(path);
	return false;
}

static void add_port(const char *bridge, const char *port)
{
	struct ifreq ifr = request(bridge);

	ifr.ifr_ifindex = net_index(port);
	ask(SIOCBRADDIF, &ifr);
}

void net_bridge(const char *name, const char *port, const char *port2)
{
	struct ifreq ifr = request(name);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCBRADDBR, ifr.ifr_name))
		net_die(name);
	close(fd);
	net_set(name, "bridge/stp_state", "0");
	net_set(name, "bridge/forward_delay", "0");
	net_set(name, "bridge/multicast_snooping", "0");
	add_port(name, port);
	add_port(name, port2);
	net_up(name);
}

static void packet_vnet(int fd, int vnet)
{
	int one = 1;

	if (vnet == 10 &&
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)))
		net_die("PACKET_VNET_HDR");
	if (vnet == 12 &&
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR_SZ, &vnet, sizeof(vnet)))
		net_die("PACKET_VNET_HDR_SZ");
}

static int open_packet(const char *name, int vnet, int protocol)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons((uint16_t)protocol),
				  .sll_ifindex = net_index(name) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int size = SOCKET_BUFFER;

	if (fd < 0)
		net_die("AF_PACKET");
	packet_vnet(fd, vnet);
	/* if only as much as is allowed, large superpackets are left out */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		net_die(name);
	return fd;
}

int net_packet(const char *name, int vnet)
{
	return open_packet(name, vnet, ETH_P_ALL);
}

int net_packet_reader(const char *name, uint16_t protocol)
{
	return open_packet(name, 0, protocol);
}

int net_packet_writer(const char *name, int vnet)
{
	return open_packet(name, vnet, 0);
}
