/* SPDX-License-Identifier: MIT */
/* engine.h - the same question to libsegoff */
#ifndef SEGOFF_ORACLE_ENGINE_H
#define SEGOFF_ORACLE_ENGINE_H

#include "path.h"

#define AS_LINUX (SEGOFF_TRUST_SEED | SEGOFF_STRICT)

/**
 * engine_ask() - decode the header and segment, as @p's writer would be served
 * @p: path whose rules count
 * @sp: superpacket
 * @flags: AS_LINUX as Linux does it; 0: the default
 * @frag_id: identification for UFO over IPv6
 * @meta: receives the metadata; may be NULL
 * @a: receives the answer
 */
void engine_ask(const struct path *p, const struct superpacket *sp,
		uint32_t flags, uint32_t frag_id, struct segoff_meta *meta,
		struct answer *a);

/**
 * engine_segment() - segment a packet whose metadata is known
 * @pkt: packet
 * @meta: metadata
 * @o: options
 * @form: 0 flat, 1 one by one, 2 scattered
 * @a: receives the segments; none if it is refused
 */
void engine_segment(const struct segoff_pkt *pkt,
		    const struct segoff_meta *meta,
		    const struct segoff_gso_opts *o, unsigned int form,
		    struct answer *a);

/**
 * engine_built() - the same, from a copy, and in pieces if it is to be
 * @sp: @frame, @len, @payload, @step and @form of it
 * @meta: metadata
 * @o: options
 * @a: receives the segments; none if it is refused
 */
void engine_built(const struct superpacket *sp, const struct segoff_meta *meta,
		  const struct segoff_gso_opts *o, struct answer *a);

#endif
