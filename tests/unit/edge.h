/* SPDX-License-Identifier: MIT */
/* edge.h - memory behind which nothing may be read; wants _GNU_SOURCE */
#ifndef SEGOFF_TESTS_EDGE_H
#define SEGOFF_TESTS_EDGE_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Room whose last byte is the last byte of a page, nothing behind it. */
static inline uint8_t *edge(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t len = (n + page - 1) / page * page;
	uint8_t *p = mmap(NULL, len + page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + len, page, PROT_NONE))
		abort();
	return p + len;
}

#endif
