/* SPDX-License-Identifier: MIT */
/*
 * map.c - a part of a file, in memory without copying it
 */
#define _GNU_SOURCE

#include "map.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stream.h"

#ifndef MAP_POPULATE
#define MAP_POPULATE 0
#endif

/* What is mapped; the signal handler reads it. */
static struct {
	void (*shrunk)(const char *name);
	uint8_t *start;
	size_t len;
	const char *name;
	bool claimed;
} mapped;

/* Ours is the fault of a file that became shorter; others stay fatal. */
static void on_bus_error(int number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;
	uintptr_t start = (uintptr_t)mapped.start;

	(void)context;
	if (mapped.start && at - start < mapped.len)
		mapped.shrunk(mapped.name);
	signal(number, SIG_DFL);
}

void port_on_shrunk(void (*handler)(const char *name))
{
	struct sigaction a = { .sa_sigaction = on_bus_error,
			       .sa_flags = SA_SIGINFO };

	sigemptyset(&a.sa_mask);
	if (!sigaction(SIGBUS, &a, NULL))
		mapped.shrunk = handler;
}

size_t map_page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

bool map_claim(void)
{
	if (!mapped.shrunk || mapped.claimed)
		return false;
	mapped.claimed = true;
	return true;
}

static void drop(void)
{
	uint8_t *start = mapped.start;

	mapped.start = NULL;
	if (start)
		munmap(start, mapped.len);
}

void map_release(void)
{
	drop();
	mapped.claimed = false;
}

const uint8_t *map_part(int fd, uint64_t at, size_t len, const char *name)
{
	void *p;

	drop();
	p = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd,
		 (off_t)at);
	if (p == MAP_FAILED)
		return NULL;
	mapped.name = name;
	mapped.len = len;
	mapped.start = p;
	return p;
}
