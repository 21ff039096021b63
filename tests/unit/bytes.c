/* SPDX-License-Identifier: MIT */
/* bytes.c - sums of words are folded with their carries (RFC 1071 2) */
#include "../../src/core/bytes.h"

#include "../test.h"

/* The remainder by 65535, but that only zero is zero. */
static uint16_t remainder_of(uint64_t s)
{
	return s ? (uint16_t)((s - 1) % 65535 + 1) : 0;
}

static void test_fold(void)
{
	static const uint32_t half[] = { 0,	 1,	 2,	 0x7fff,
					 0x8000, 0xfffe, 0xffff, 0x1234 };
	unsigned int wrong = 0;

	test("RFC 1071 (2): any 32 bits fold to the sum of their halves");
	for (unsigned int i = 0; i < SEGOFF__LENGTH(half); i++)
		for (uint32_t v = 0; v < 65536; v++) {
			uint32_t a = half[i] << 16 | v;
			uint32_t b = v << 16 | half[i];

			wrong += fold32(a) != remainder_of(a);
			wrong += fold32(b) != remainder_of(b);
		}
	eq(wrong, 0);
}

static void test_add(void)
{
	unsigned int wrong = 0;

	test("RFC 1071 (2): two sums of 16 bits, and their carry");
	for (uint32_t a = 0; a < 65536; a += 257)
		for (uint32_t b = 0; b < 65536; b++)
			wrong += add16((uint16_t)a, (uint16_t)b) !=
				 remainder_of((uint64_t)a + b);
	eq(wrong, 0);
}

int main(void)
{
	test_fold();
	test_add();
	return test_end();
}
