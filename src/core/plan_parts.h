/* SPDX-License-Identifier: MIT */
/* plan_parts.h - what plans of superpackets and of other packets share */
#ifndef SEGOFF_CORE_PLAN_PARTS_H
#define SEGOFF_CORE_PLAN_PARTS_H

#include "plan.h"

/**
 * segoff__plan_payload() - where the payload is
 * @g: receives it
 * @c: the packet
 * @at: where in it the payload starts
 */
void segoff__plan_payload(struct segoff_gso *g, const struct segoff__cut *c,
			  uint32_t at);

/**
 * segoff__about_final() - is the pseudo header about the final destination?
 * @g: its head is known
 * @c: the packet
 *
 * With a Routing header under way there are two destinations. A seed that is
 * there and is about one of them decides. If there is none, it must be the
 * final one (RFC 8200 8.1), where Linux takes the one in the IPv6 header.
 */
bool segoff__about_final(const struct segoff_gso *g,
			 const struct segoff__cut *c);

/* The word at @at; rows about one word stand together, so it is the last. */
SEGOFF__INLINE struct segoff__word *word_at(struct segoff_gso *g, uint32_t at)
{
	if (g->nword && g->word[g->nword - 1].at == at)
		return &g->word[g->nword - 1];
	g->word[g->nword] = (struct segoff__word){ .at = at, .sum = SUM_NONE };
	return &g->word[g->nword++];
}

#endif
