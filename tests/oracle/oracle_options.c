/* SPDX-License-Identifier: MIT */
/*
 * oracle_options.c - what the kernel takes as offloads and header sizes
 * (R-META-14, R-META-20)
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <segoff.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "net.h"

#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24
#endif

#define SKIP	    77
#define KERNEL_6_2  0x060200u
#define KERNEL_6_6  0x060600u
#define KERNEL_6_17 0x061100u

#define USO	(SEGOFF_TUN_F_USO4 | SEGOFF_TUN_F_USO6)
#define TUNNELS (SEGOFF_TUN_F_UDP_TUNNEL_GSO | SEGOFF_TUN_F_UDP_TUNNEL_GSO_CSUM)

static unsigned int asked, differences;

static void compare(const char *what, unsigned int value, bool kernel,
		    bool segoff)
{
	asked++;
	if (kernel == segoff)
		return;
	differences++;
	printf("DIFFERENCE %s 0x%x: kernel %s, segoff %s\n", what, value,
	       kernel ? "takes it" : "refuses",
	       segoff ? "takes it" : "refuses");
}

/* Bits that this kernel does not know yet. */
static unsigned int unknown_offloads(void)
{
	uint32_t v = net_kernel();

	return (v < KERNEL_6_2 ? USO : 0) | (v < KERNEL_6_17 ? TUNNELS : 0);
}

/* Every set of the bits there are and of the next three. */
static void judge_offloads(int tap)
{
	unsigned int unknown = unknown_offloads();

	for (unsigned int v = 0; v < 0x1000; v++)
		compare("TUNSETOFFLOAD", v,
			!ioctl(tap, TUNSETOFFLOAD, (unsigned long)v),
			segoff_tun_offload_ok(v) && !(v & unknown));
	compare("TUNSETOFFLOAD", 0x80000001,
		!ioctl(tap, TUNSETOFFLOAD, 0x80000001ul),
		segoff_tun_offload_ok(0x80000001));
}

static void judge_tap_sizes(int tap)
{
	for (int v = 0; v < 300; v++)
		compare("TUNSETVNETHDRSZ", (unsigned int)v,
			!ioctl(tap, TUNSETVNETHDRSZ, &v),
			segoff_vnet_size_ok(SEGOFF_WRITER_TAP, (size_t)v));
}

static void judge_packet_sizes(int fd)
{
	if (net_kernel() < KERNEL_6_6) /* no such option */
		return;
	for (int v = 0; v < 300; v++)
		compare("PACKET_VNET_HDR_SZ", (unsigned int)v,
			!setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR_SZ, &v,
				    sizeof(v)),
			segoff_vnet_size_ok(SEGOFF_WRITER_PACKET, (size_t)v));
}

int main(void)
{
	const char *why = net_enter();
	int tap;

	if (why) {
		printf("oracle: skipped: %s\n", why);
		return SKIP;
	}
	tap = net_tap("ta", IFF_TAP | IFF_VNET_HDR, 0);
	judge_offloads(tap);
	judge_tap_sizes(tap);
	judge_packet_sizes(net_packet("ta", 0));
	printf("oracle: %u options, %s, %u differences\n", asked,
	       net_kernel_name(), differences);
	return differences != 0;
}
