/* SPDX-License-Identifier: MIT */
/*
 * opts.h - option structs that may grow
 *
 * Their first member is their size as the caller was compiled. A caller older
 * than the library passes less, and gets zero, the default, for the rest.
 */
#ifndef SEGOFF_CORE_OPTS_H
#define SEGOFF_CORE_OPTS_H

#include "bytes.h"

/**
 * segoff__opts() - the caller's options as the library knows them
 * @given: caller's struct, or NULL: all zero
 * @own: room for a copy
 * @size: sizeof the struct here
 *
 * Return: @given or @own; NULL if the size makes no sense.
 */
SEGOFF__INLINE const void *segoff__opts(const void *given, void *own,
					size_t size)
{
	uint32_t sz;

	if (given) {
		memcpy(&sz, given, sizeof(sz));
		if (likely(sz >= size))
			return given;
		if (sz < sizeof(sz))
			return NULL;
	}
	memset(own, 0, size);
	if (given)
		memcpy(own, given, sz);
	return own;
}

#endif
