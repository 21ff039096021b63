/* SPDX-License-Identifier: MIT */
/*
 * stacks.h - the headers that packets begin with, and how often
 *
 * Theory of operation
 * -------------------
 * Packets with the same stack of headers are counted together: the protocols,
 * and of each the one field that tells tunnels apart (VLAN id, VNI, key, label,
 * port of a tunnel). The text of a stack is made when it is first seen. There
 * is room for so many; packets of further ones are only counted.
 */
#ifndef SEGOFF_CLI_STACKS_H
#define SEGOFF_CLI_STACKS_H

#include <segoff.h>

#define STACKS_MAX     512u
#define STACK_TEXT_MAX 256u
#define NO_STACK       UINT32_MAX

/**
 * struct stack - headers that were seen
 * @packets: how often
 * @text: "eth / vlan 5 / ipv4 / gre key 7 / ipv4 / tcp"
 */
struct stack {
	uint64_t packets;
	char text[STACK_TEXT_MAX];
};

struct stacks;

/* Return: NULL without memory. */
struct stacks *stacks_new(void);
void stacks_free(struct stacks *s);

/**
 * stacks_count() - count a packet
 * @s: stacks
 * @pkt: the packet
 * @st: its headers
 *
 * Return: which stack it has, for stacks_get(); NO_STACK: there is no room.
 */
uint32_t stacks_count(struct stacks *s, const struct segoff_pkt *pkt,
		      const struct segoff_stack *st);

/* How many there are, and packets for which there was no room. */
uint32_t stacks_number(const struct stacks *s);
uint64_t stacks_others(const struct stacks *s);

const struct stack *stacks_get(const struct stacks *s, uint32_t i);

/**
 * stacks_sort() - put the most frequent first
 * @s: stacks
 * @order: receives numbers for stacks_get()
 *
 * Return: how many.
 */
uint32_t stacks_sort(const struct stacks *s, uint32_t order[STACKS_MAX]);

#endif
