/* SPDX-License-Identifier: MIT */
/* segoff/udp_path.h - what a path is in, and why */
#ifndef SEGOFF_UDP_PATH_H
#define SEGOFF_UDP_PATH_H

#include <segoff/udp_sys.h>

#ifdef __cplusplus
extern "C" {
#endif

/* enum segoff_udp_state - what a path is in */
enum segoff_udp_state {
	SEGOFF_UDP_INACTIVE = 0, /* off, may become active */
	SEGOFF_UDP_ACTIVE,	 /* trains leave with UDP_SEGMENT */
	SEGOFF_UDP_PROBE,	 /* one failed: its data is tried plainly */
	SEGOFF_UDP_DISABLED,	 /* off until time or news says otherwise */
	SEGOFF_UDP_STATES
};

/**
 * enum segoff_udp_reason - why a path is as it is, and what happened on it
 *
 * Each has a counter. The comments are short forms of the sentences.
 */
enum segoff_udp_reason {
	SEGOFF_UDP_R_NEW = 0,	   /* nothing was tried yet */
	SEGOFF_UDP_R_TRAIN,	   /* inactive -> active: a train waits */
	SEGOFF_UDP_R_PROBE_EIO,	   /* active -> probe: EIO */
	SEGOFF_UDP_R_PROBE_EINVAL, /* active -> probe: EINVAL */
	SEGOFF_UDP_R_PROBE_EPERM,  /* active -> probe: EPERM */
	SEGOFF_UDP_R_PROBE_OTHER,  /* active -> probe: another errno */
	SEGOFF_UDP_R_INNOCENT,	   /* probe -> inactive: plain failed, too */
	SEGOFF_UDP_R_EIO,	   /* probe -> disabled: no checksum offload
				      or IPv6 options before Linux 6.11,
				      IPsec, UDP-Lite */
	SEGOFF_UDP_R_EINVAL,	   /* probe -> disabled: checksum switched off
				      on the socket, or above the MTU
				      before Linux 6.14 */
	SEGOFF_UDP_R_EPERM,	   /* probe -> disabled: a firewall looks at
				      the length of the unsplit packet */
	SEGOFF_UDP_R_OTHER,	   /* probe -> disabled: another errno */
	SEGOFF_UDP_R_SIZE,	   /* stays active: EMSGSIZE taught the size */
	SEGOFF_UDP_R_BYTES,	   /* stays active: trains near the ceiling do
				      not fit, shorter ones are tried */
	SEGOFF_UDP_R_SEGS,	   /* stays active: more than 64 datagrams were
				      refused, 64 are tried */
	SEGOFF_UDP_R_WAIT,	   /* stays: EAGAIN or EINTR */
	SEGOFF_UDP_R_NOBUFS,	   /* stays: ENOBUFS or ENOMEM */
	SEGOFF_UDP_R_EARLIER,	   /* stays: the error of a datagram sent
				      earlier, or of the route */
	SEGOFF_UDP_R_AGED,	   /* disabled -> inactive, or sizes forgotten:
				      time has passed */
	SEGOFF_UDP_R_ROUTE,	   /* -> inactive: segoff_udp_tell() said that
				      the route changed */
	SEGOFF_UDP_R_LOSS,	   /* -> disabled: segoff_udp_tell() said that
				      trains get lost */
	SEGOFF_UDP_R_OFF,	   /* -> disabled: switched off */
	SEGOFF_UDP_R_ON,	   /* disabled -> inactive: switched on */
	SEGOFF_UDP_R_KERNEL,	   /* -> disabled: no UDP_SEGMENT here */
	SEGOFF_UDP_REASONS
};

/**
 * segoff_udp_state_name() - "inactive", "active", "probe", "disabled"
 * @s: enum segoff_udp_state
 *
 * Return: static; "?" for what is none.
 */
SEGOFF_API const char *segoff_udp_state_name(unsigned int s);

/**
 * segoff_udp_reason_name() - a stable word for scripts
 * @r: enum segoff_udp_reason
 *
 * Return: static; "?" for what is none.
 */
SEGOFF_API const char *segoff_udp_reason_name(unsigned int r);

/**
 * segoff_udp_reason_str() - one English sentence
 * @r: enum segoff_udp_reason
 *
 * Return: static; "?" for what is none.
 */
SEGOFF_API const char *segoff_udp_reason_str(unsigned int r);

#ifdef __cplusplus
}
#endif

#endif
