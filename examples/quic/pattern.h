/* SPDX-License-Identifier: MIT */
/* pattern.h - what is sent: bytes that both ends know */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Make it; once, before anything else. */
void pattern_make(void);

/* The bytes from an offset on, and how many lie there in a piece, @max at
 * most. They never change, so QUIC may look at them until they have arrived.
 */
uint8_t *pattern_at(uint64_t offset, uint64_t max, size_t *len);

/* Are these the bytes at this offset? */
bool pattern_is(uint64_t offset, const uint8_t *bytes, size_t len);

#endif
