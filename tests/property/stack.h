/* SPDX-License-Identifier: MIT */
/* stack.h - headers of a packet, written one after the other */
#ifndef SEGOFF_TESTS_STACK_H
#define SEGOFF_TESTS_STACK_H

#include "../ref/ref.h"
#include "gen.h"

/* Ports of Foo over UDP in gen_ports. */
#define FOU_IPV4 5554
#define FOU_IPV6 5556
#define FOU_GRE	 5547

/**
 * struct stack - a packet whose headers are being written
 * @r: where numbers come from
 * @c: the case; its layers are what was written
 * @at: where the next header goes
 * @tame: nothing odd
 * @version: of the next IP header
 * @bits: gso_type bits of the tunnels
 * @nip: IP headers
 * @nudp: UDP headers of tunnels
 * @mac: innermost link header behind the outermost; 0: none
 * @session: a PPPoE header is behind it
 * @no_csum: no UDP header of a tunnel has a checksum
 * @fou: Foo over UDP was used
 * @remote: header with a remote checksum; 0: none
 * @base: the byte that its start is counted from
 */
struct stack {
	struct rnd *r;
	struct gen_case *c;
	size_t at;
	bool tame;
	int version;
	uint32_t bits;
	size_t nip;
	size_t nudp;
	size_t mac;
	bool session;
	bool no_csum;
	bool fou;
	size_t remote;
	size_t base;
};

/* gen_stack.c */

/* @n bytes for a header, all zero; it becomes a layer. */
uint8_t *stack_add(struct stack *s, unsigned int proto, size_t n);

/* The outermost link header (@s->c->link), and tags and labels behind it. */
void stack_link(struct stack *s);

/* An IP header of @s->version, in front of @proto. */
void stack_ip(struct stack *s, uint8_t proto);

/* gen_encap.c: an IP header and a tunnel; decides what is in it */
void stack_encap(struct stack *s, bool last);

/* gen_stack.c: an Ethernet header, tags and labels, in front of IP */
void stack_ethernet(struct stack *s);

/* gen_stack.c: a tag without a link header, in front of IP */
void stack_tag(struct stack *s);

/* Labels, or not; returns the EtherType of what was written or is to come. */
uint16_t stack_labels(struct stack *s);

/*
 * gen_tunnel.c: what asks for a remote checksum of the transport header at
 * @s->c->th says where that is; what cannot does not ask (R-TUN-10, R-TUN-11).
 */
void stack_remote(struct stack *s);

static inline uint16_t ip_type(int version)
{
	return version == 4 ? 0x0800 : 0x86dd;
}

#endif
