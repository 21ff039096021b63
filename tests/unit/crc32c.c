/* SPDX-License-Identifier: MIT */
/*
 * crc32c.c - every CRC32c kernel against the textbook loop
 *
 * Every length from 0 to 4096 at every alignment within a cache line, in
 * memory that ends where nothing may be read. The textbook loop goes on by one
 * byte from length to length, so it costs next to nothing.
 */
#define _GNU_SOURCE

#include "../../src/cpu/csum.h"

#include "../test.h"
#include "edge.h"

#define LENGTHS	   4097u
#define ALIGNS	   64u
#define ROOM	   (LENGTHS + ALIGNS)
#define POLYNOMIAL 0x82f63b78u

/* One bit at a time. */
static uint32_t textbook(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
	return crc;
}

/* All lengths from one place on, and all that end where memory ends. */
static void lengths(const struct segoff__cpu *cpu, const uint8_t *p)
{
	uint32_t want = 0x12345678;

	for (size_t n = 0; n < LENGTHS; n++) {
		if (!eq(cpu->crc(0x12345678, p, n), want)) {
			printf("# %s, %zu bytes\n", cpu->name, n);
			return;
		}
		want = textbook(want, p[n]);
	}
}

static void at_the_edge(const struct segoff__cpu *cpu, const uint8_t *end)
{
	for (size_t n = 0; n < 300; n++) {
		const uint8_t *p = end - n;
		uint32_t want = 0;

		for (size_t i = 0; i < n; i++)
			want = textbook(want, p[i]);
		eq(cpu->crc(0, p, n), want);
	}
}

static void begin(const struct segoff__cpu *cpu, const char *what)
{
	char name[80];

	snprintf(name, sizeof(name), "%s: %s", cpu->name, what);
	test(name);
}

/* In runs of any length the state is the same as in one. */
static void runs(const struct segoff__cpu *cpu)
{
	size_t len = 100000, at = 0;
	uint8_t *p = malloc(len);
	uint32_t want = ~0u, crc = ~0u;

	for (size_t i = 0; i < len; i++) {
		p[i] = (uint8_t)(rand() >> 7);
		want = textbook(want, p[i]);
	}
	eq(cpu->crc(~0u, p, len), want);
	while (at < len) {
		size_t n = (size_t)rand() % 7000;

		n = n < len - at ? n : len - at;
		crc = cpu->crc(crc, p + at, n);
		at += n;
	}
	eq(crc, want);
	free(p);
}

static void check(const struct segoff__cpu *cpu, const uint8_t *end)
{
	begin(cpu, "CRC32c of every length and alignment");
	for (size_t align = 0; align < ALIGNS; align++)
		lengths(cpu, end - ROOM + align);
	test_close();
	begin(cpu, "CRC32c reads nothing behind the end");
	at_the_edge(cpu, end);
	test_close();
	begin(cpu, "CRC32c in runs of any length");
	runs(cpu);
	test_close();
	begin(cpu, "CRC32c of 123456789, and of nothing");
	eq(~cpu->crc(~0u, "123456789", 9), 0xe3069283);
	eq(~cpu->crc(~0u, "", 0), 0);
	test_close();
}

int main(void)
{
	uint8_t *end = edge(ROOM);
	const struct segoff__cpu *cpu;

	srand(1);
	for (size_t i = 1; i <= ROOM; i++)
		end[-(ptrdiff_t)i] = (uint8_t)(rand() >> 7);
	for (unsigned int n = 0; (cpu = segoff__cpu_list(n)); n++)
		check(cpu, end);
	return test_end();
}
