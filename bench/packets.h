/* SPDX-License-Identifier: MIT */
/*
 * packets.h - TCP/IPv4 packets of the wire for the coalescing figures
 *
 * @flows flows in turn, each with @per packets of 1448 bytes in order. What is
 * measured without checksums never looks at payload, so there packets may lie
 * one over the other: a stride smaller than a packet keeps 65,536 flows in
 * memory.
 */
#ifndef SEGOFF_BENCH_PACKETS_H
#define SEGOFF_BENCH_PACKETS_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#define PACKET_HEADERS 66u
#define PACKET_LEN     (PACKET_HEADERS + 1448u)

/* Write one packet at @p: the headers, or with payload and right checksums. */
void packet_headers(uint8_t *p, uint32_t flow, uint32_t k);
void packet_whole(uint8_t *p, uint32_t flow, uint32_t k);

/* The same in VXLAN over IPv4, with an outer checksum. */
#define VXLAN_HEADERS 50
void packet_vxlan(uint8_t *p, uint32_t flow, uint32_t k, bool whole);

#endif
