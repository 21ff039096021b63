/* SPDX-License-Identifier: MIT */
/*
 * cpu.c - every checksum kernel against the textbook loop
 *
 * Every length from 0 to 4096 at every alignment, in buffers that end where
 * memory ends: one byte too far, read or written, is a fault. For copying,
 * source and destination are misaligned independently.
 */
#define _GNU_SOURCE

#include "../../src/cpu/csum.h"

#include "../test.h"
#include "edge.h"

#define LENGTHS 4097u
#define ALIGNS	64u
#define ROOM	(LENGTHS + 2 * ALIGNS)

/* Sixteen bits at a time, as RFC 1071 has it; words in memory order. */
static uint32_t textbook(const uint8_t *p, size_t n)
{
	uint32_t s = 0;
	uint16_t w;

	for (; n >= 2; n -= 2, p += 2) {
		memcpy(&w, p, 2);
		s += w;
		s = (s & 0xffff) + (s >> 16);
	}
	if (n) {
		w = 0;
		memcpy(&w, p, 1);
		s += w;
	}
	return (s & 0xffff) + (s >> 16);
}

static void sums_at(const struct segoff__cpu *cpu, const uint8_t *end,
		    size_t align)
{
	for (size_t n = 0; n < LENGTHS; n++) {
		const uint8_t *p = end - align - n;

		if (!eq(cpu->sum(p, n), textbook(p, n))) {
			printf("# %s, %zu bytes, %zu before the edge\n",
			       cpu->name, n, align);
			return;
		}
	}
}

/* Copy to @to, with a byte on either side that must stay. */
static bool copies(const struct segoff__cpu *cpu, uint8_t *to,
		   const uint8_t *from, size_t n, bool at_edge)
{
	uint32_t sum;

	to[-1] = 0x5a;
	if (!at_edge)
		to[n] = 0xa5;
	sum = cpu->copy(to, from, n);
	return eq(sum, textbook(from, n)) && mem_eq(to, n, from, n) &&
	       eq(to[-1], 0x5a) && (at_edge || eq(to[n], 0xa5));
}

static void copies_at(const struct segoff__cpu *cpu, const uint8_t *end,
		      uint8_t *to_end, size_t align)
{
	for (size_t n = 0; n < LENGTHS; n++) {
		size_t other = (align * 7 + n) % ALIGNS;

		if (!copies(cpu, to_end - other - n, end - align - n, n,
			    !other))
			return;
	}
	for (size_t n = 0; n < 200; n++)
		for (size_t other = 0; other < ALIGNS; other++)
			if (!copies(cpu, to_end - other - n, end - align - n, n,
				    !other))
				return;
}

static void check(const struct segoff__cpu *cpu, const uint8_t *end,
		  uint8_t *to_end)
{
	char name[80];

	snprintf(name, sizeof(name), "%s: sum of every length and alignment",
		 cpu->name);
	test(name);
	for (size_t align = 0; align < ALIGNS; align++)
		sums_at(cpu, end, align);
	test_close();
	snprintf(name, sizeof(name), "%s: copy of every length and alignment",
		 cpu->name);
	test(name);
	for (size_t align = 0; align < ALIGNS; align++)
		copies_at(cpu, end, to_end, align);
	test_close();
}

/* All bits set, long: every lane at its largest, more than once around. */
static void check_long(const struct segoff__cpu *cpu)
{
	static const size_t lengths[] = { 65535,  65536,  65537,  131072,
					  200001, 524280, 1 << 20 };
	static const uint8_t fills[] = { 0xff, 0x00, 0x80, 0x7f };
	uint8_t *p = malloc(1 << 20), *q = malloc(1 << 20);
	char name[80];

	snprintf(name, sizeof(name), "%s: long runs of extreme bytes",
		 cpu->name);
	test(name);
	for (size_t f = 0; f < sizeof(fills); f++) {
		memset(p, fills[f], 1 << 20);
		for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths);
		     i++) {
			eq(cpu->sum(p, lengths[i]), textbook(p, lengths[i]));
			eq(cpu->copy(q, p, lengths[i]),
			   textbook(p, lengths[i]));
			ok(!memcmp(p, q, lengths[i]));
		}
	}
	test_close();
	free(p);
	free(q);
}

int main(void)
{
	uint8_t *end = edge(ROOM), *to_end = edge(ROOM + 1);
	const struct segoff__cpu *cpu;

	srand(1);
	for (size_t i = 1; i <= ROOM; i++)
		end[-(ptrdiff_t)i] = (uint8_t)(rand() >> 7);
	for (unsigned int n = 0; (cpu = segoff__cpu_list(n)); n++) {
		check(cpu, end, to_end);
		check_long(cpu);
	}
	test("the best kernels are chosen, and can be forced");
	ok(segoff__cpu() == segoff__cpu_list(0));
	segoff__cpu_force(&segoff__cpu_portable);
	ok(segoff__cpu() == &segoff__cpu_portable);
	return test_end();
}
