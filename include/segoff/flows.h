/* SPDX-License-Identifier: MIT */
/* segoff/flows.h - superpackets that nobody described */
#ifndef SEGOFF_FLOWS_H
#define SEGOFF_FLOWS_H

#include <segoff/base.h>
#include <segoff/meta.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A capture does not say how a superpacket is to be cut. The flow does: its
 * SYNs name the MSS, its other packets show it. A table of flows remembers.
 */

/**
 * struct segoff_flows - table of flows, in the caller's memory; opaque
 */
struct segoff_flows;

/**
 * segoff_flows_size() - bytes for a table
 * @flows: how many flows it should remember; rounded up to a power of two
 *
 * Return: bytes; SIZE_MAX if there is no such memory.
 */
SEGOFF_API size_t segoff_flows_size(size_t flows);

/**
 * segoff_flows_init() - make a table
 * @mem: memory, aligned for uint64_t; no clean-up is needed
 * @size: its bytes
 * @mtu: bytes that the network layer of a wire packet may have; 0: 1500
 * @seed: unpredictable, if packets may be hostile
 *
 * Return: the table, which is @mem; NULL if @size is too small for one flow.
 */
SEGOFF_API struct segoff_flows *segoff_flows_init(void *mem, size_t size,
						  uint32_t mtu, uint64_t seed);

/* A flow and direction, as segoff_flows_learn() names it. */
typedef int64_t segoff_flow;
#define SEGOFF_NO_FLOW ((segoff_flow)-1)

/**
 * segoff_flows_learn() - show a packet to the table
 * @t: table
 * @pkt: the packet
 * @st: its headers, from segoff_dissect()
 *
 * Remembers the MSS of SYNs and the payload sizes of packets. When the table
 * is full, the flow that was not seen for longest among a few gives way; work
 * per packet is bounded.
 *
 * Return: a name for the flow and direction; SEGOFF_NO_FLOW if the packet
 * belongs to no TCP or UDP flow (SCTP has no size to learn). A name stays harmless when its flow has given
 * way: nothing is known then.
 */
SEGOFF_API segoff_flow segoff_flows_learn(struct segoff_flows *t,
					  const struct segoff_pkt *pkt,
					  const struct segoff_stack *st);

/**
 * segoff_flows_slot() - a small number for a flow and direction
 * @t: table
 * @flow: from segoff_flows_learn()
 *
 * For callers who keep something of their own beside each flow.
 *
 * Return: below twice the number of flows of the table; 0 for SEGOFF_NO_FLOW.
 */
SEGOFF_API size_t segoff_flows_slot(const struct segoff_flows *t,
				    segoff_flow flow);

/**
 * struct segoff_hints - what a caller knows of packets without metadata
 * @sz: sizeof(struct segoff_hints), always to be set
 * @mtu: bytes that the network layer of a wire packet may have; 0: 1500
 * @mtu_is_limit: no segment above @mtu, even if the flow's MSS allows it
 * @tcp_pending: the capture says that TCP segmentation is pending
 * @mss: MSS of every TCP flow as in a SYN; 0: not known
 * @udp_size: payload of every UDP datagram; 0: not known
 * @ports: UDP ports of tunnels; NULL: the well-known ones. What is behind them
 *	is no row of datagrams
 */
struct segoff_hints {
	uint32_t sz;
	uint32_t mtu;
	bool mtu_is_limit;
	bool tcp_pending;
	uint16_t mss;
	uint16_t udp_size;
	const struct segoff_ports *ports;
};

/**
 * segoff_infer() - metadata for a packet that carries none
 * @t: table that was shown this packet and, better, its neighbours on both
 *	sides; NULL: none
 * @flow: what segoff_flows_learn() said of the packet
 * @pkt: the packet
 * @st: its headers
 * @h: hints; NULL: none
 * @meta: receives gso_type and gso_size; gso_size 0: not to be cut
 *
 * A partial frame (its IP lengths are those of one segment, its checksum is
 * the seed of all that is there) shows its size itself. Else, for TCP: the MSS
 * in the flow's SYNs less the options in use, else the size that
 * neighbours in the flow have, else what the MTU allows. UDP: only if the
 * caller says the size or neighbours make it certain. SCTP: gso_size is
 * SEGOFF_GSO_BY_FRAGS, and segoff_sctp_members() finds the members, with the same
 * MTU. The flow is the innermost one, the MTU counts from the outermost IP
 * header.
 * The checksum state is not judged here (segoff_csum_verify() does).
 *
 * Return: SEGOFF_V_FROM_* if @meta->gso_size was set, how sure it is; else why
 * the packet is not to be cut.
 */
SEGOFF_API enum segoff_verdict
segoff_infer(const struct segoff_flows *t, segoff_flow flow,
	     const struct segoff_pkt *pkt, const struct segoff_stack *st,
	     const struct segoff_hints *h, struct segoff_meta *meta);

#ifdef __cplusplus
}
#endif

#endif
