/* SPDX-License-Identifier: MIT */
/* record.h - what the device part0 says before each packet that it shows */
#ifndef SEGOFF_ORACLE_RECORD_H
#define SEGOFF_ORACLE_RECORD_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define PARTIAL_DEVICE	 "part0"
#define PARTIAL_PROTOCOL 0x88b6 /* IEEE 802 local experimental */

/*
 * What the device takes, in bits of gso_type: whole, as partial frames, of both
 * what may be in a tunnel; does it make checksums; bits that packets are to get.
 */
#define PARTIAL_OFFER "%x %x %x %u %x"

/**
 * struct partial_record - a packet as the kernel hands it to a driver
 * @features: what the device takes, in bits of gso_type
 * @gso_type: as in sk_buff, these and the following
 * @gso_size: 0: not a superpacket, and @gso_type and @gso_segs mean nothing
 * @gso_segs: segments in it
 * @csum_start: from the first byte of the packet, as all offsets here
 * @csum_offset: from there
 * @net_off: IP header
 * @th_off: what follows it
 * @inner_mac_off: the same inside a tunnel
 * @inner_net_off: IP header inside
 * @inner_th_off: what follows that
 * @inner_protocol: what is inside
 * @ip_summed: 3: CHECKSUM_PARTIAL
 * @encapsulation: the inner offsets mean something
 *
 * In the order of bytes of the machine that both run on.
 */
struct partial_record {
	uint32_t features;
	uint32_t gso_type;
	uint16_t gso_size;
	uint16_t gso_segs;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t net_off;
	uint16_t th_off;
	uint16_t inner_mac_off;
	uint16_t inner_net_off;
	uint16_t inner_th_off;
	uint16_t inner_protocol;
	uint8_t ip_summed;
	uint8_t encapsulation;
	uint16_t unused;
};

#endif
