/* SPDX-License-Identifier: MIT */
/* net.h - a network namespace of our own, and devices in it */
#ifndef SEGOFF_ORACLE_NET_H
#define SEGOFF_ORACLE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_MTU 65521 /* the most a TAP takes */

/* TUNSETOFFLOAD: everything that was ever defined. */
#define NET_OFFLOADS_ALL 0x1ef /* without UFO */
#define NET_OFFLOADS_6_1 0x00f

/* Is this the only process of a kernel? */
bool net_alone(void);

/**
 * net_enter() - go into a namespace of our own
 *
 * Its sysctls and its sysfs are made visible, IPv6 and the bridge's hooks into
 * netfilter are switched off, so that no frame appears or is judged but ours.
 * As init of a guest there is nobody to hide from, and no namespace.
 *
 * Return: NULL, or why it cannot be: the whole program is to be skipped.
 */
const char *net_enter(void);

/* The running kernel's version: 6.18.44 as 0x06122c. */
uint32_t net_kernel(void);

/* The same for printing; static. */
const char *net_kernel_name(void);

/**
 * net_tap() - a TUN or TAP device, up
 * @name: its name
 * @flags: IFF_TAP or IFF_TUN, IFF_VNET_HDR, IFF_NAPI; IFF_NO_PI is added
 * @offloads: TUNSETOFFLOAD
 *
 * Return: a non-blocking descriptor. Like all here it ends the program with a
 * message if something fails that must not.
 */
int net_tap(const char *name, short flags, unsigned int offloads);

/* Frames that may wait to be read from the TAP which was made last. */
uint32_t net_queue_len(void);

/* A bridge of two devices, without a mind of its own. */
void net_bridge(const char *name, const char *port, const char *port2);

/* The number of a device. */
int net_index(const char *name);

/* Write to /proc/sys/net/<name>; false: there is no right to. */
bool net_sysctl(const char *name, const char *value);

void net_up(const char *name);
void net_down(const char *name);
void net_mtu(const char *name, int mtu);

/* Give a device an attribute of a link, IFLA_*, of 32 bits. */
void net_link(const char *name, unsigned short attr, uint32_t value);

/**
 * net_vxlan() - a VXLAN device that takes any VNI, over IPv4 and IPv6 (net_tunnel.c)
 * @name: its name
 * @port: UDP port
 * @gpe: VXLAN-GPE; else remote checksums are taken
 *
 * Return: false if this kernel has none; errno says so.
 */
bool net_vxlan(const char *name, uint16_t port, bool gpe);

/* The same for Geneve. */
bool net_geneve(const char *name, uint16_t port);

/**
 * net_fou() - UDP sockets that end FOU, over IPv4 and IPv6 (net_fou.c)
 * @port: their port
 * @proto: protocol that is behind; 0: GUE
 *
 * Return: false if this kernel has none; errno says so.
 */
bool net_fou(uint16_t port, uint8_t proto);

/* Switch a feature of a device, by the name that ethtool -k shows. */
void net_feature(const char *name, const char *feature, bool on);

/* Write to /sys/class/net/<name>/<what>; false: there is no right to. */
bool net_set(const char *name, const char *what, const char *value);

/**
 * net_packet() - a packet socket on a device
 * @name: the device
 * @vnet: bytes of its virtio_net_hdr: 0, 10, 12
 */
int net_packet(const char *name, int vnet);

/* The same without a header, for frames of one EtherType that are received. */
int net_packet_reader(const char *name, uint16_t protocol);

/* The same, to write to alone: nothing is ever received. */
int net_packet_writer(const char *name, int vnet);

/* End the program: the test could not be made. */
void net_die(const char *what) __attribute__((noreturn));

#endif
