/* SPDX-License-Identifier: MIT */
/* outer.h - what is around the innermost IP header: may it be merged? */
#ifndef SEGOFF_CORE_GRO_OUTER_H
#define SEGOFF_CORE_GRO_OUTER_H

#include "state.h"

/* Has a shape more than what is the same in every packet around its IP? */
SEGOFF__INLINE bool is_wrapped(const struct segoff__shape *s)
{
	return s->nlength || s->nv4 || s->ncover;
}

/**
 * segoff__outer_sound() - are all headers around it as segmentation makes them?
 * @g: state
 * @a: a packet whose shape is wrapped
 * @early: receives whether Linux gives up before it looks for the flow
 *
 * Return: SEGOFF_V_OK, or why it must go alone.
 */
enum segoff_verdict segoff__outer_sound(const struct segoff_gro *g,
					struct arrival *a, bool *early);

/**
 * segoff__outer_hold() - take down what followers must bring
 * @h: what is held
 * @a: its first packet
 */
void segoff__outer_hold(struct held *h, const struct arrival *a);

/**
 * segoff__outer_alike() - have both checksums in their tunnels, or none?
 * @h: what is held
 * @a: a packet of its shape
 */
bool segoff__outer_alike(const struct held *h, const struct arrival *a);

/**
 * segoff__outer_follows() - are the outer headers those of the next packet?
 * @g: state
 * @h: what is held; the inner identification was looked at before
 * @a: a sound packet that agrees with it
 *
 * Return: SEGOFF_V_OK, or why not.
 */
enum segoff_verdict segoff__outer_follows(const struct segoff_gro *g,
					  struct held *h,
					  const struct arrival *a);

/**
 * segoff__outer_fixed() - TCP_FIXEDID bits of what was merged
 * @g: state
 * @h: what is held, its shape still there
 */
uint32_t segoff__outer_fixed(const struct segoff_gro *g, const struct held *h);

#endif
