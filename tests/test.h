/* SPDX-License-Identifier: MIT */
/*
 * test.h - all that a test program needs
 *
 *	int main(void)
 *	{
 *		test("R-TCP-2 sequence numbers wrap");
 *		eq(seq, 4);
 *		return test_end();
 *	}
 *
 * Output is TAP: one line for each test(), failures in between. A test
 * that cannot run says skip("why") and nothing else.
 */
#ifndef SEGOFF_TESTS_TEST_H
#define SEGOFF_TESTS_TEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct {
	const char *name;
	unsigned int count;
	unsigned int failed;
	bool bad;
	bool skipped;
} test_state;

/* End the test that is running. */
static inline void test_close(void)
{
	if (!test_state.name || test_state.skipped)
		return;
	printf("%s %u - %s\n", test_state.bad ? "not ok" : "ok",
	       test_state.count, test_state.name);
	test_state.failed += test_state.bad;
	test_state.name = NULL;
	fflush(stdout);
}

/* Begin a test. */
static inline void test(const char *name)
{
	test_close();
	test_state.name = name;
	test_state.bad = false;
	test_state.skipped = false;
	test_state.count++;
}

/* The test that has begun cannot run here. */
static inline void skip(const char *why)
{
	printf("ok %u - %s # SKIP %s\n", test_state.count, test_state.name,
	       why);
	test_state.skipped = true;
}

static inline int test_end(void)
{
	test_close();
	printf("1..%u\n", test_state.count);
	return test_state.failed != 0;
}

static inline bool test_fail(const char *file, int line)
{
	test_state.bad = true;
	printf("# %s:%d: ", file, line);
	return false;
}

static inline void test_hex(const char *label, const void *p, size_t n)
{
	printf("#   %s %4zu:", label, n);
	for (size_t i = 0; i < n && i < 160; i++)
		printf("%s%02x", i % 32 ? "" : "\n#     ",
		       ((const uint8_t *)p)[i]);
	printf("\n");
}

#define ok(cond)                                  \
	((cond) ? true :                          \
		  (test_fail(__FILE__, __LINE__), \
		   printf("not true: %s\n", #cond), false))

#define eq(got, want) \
	test_eq((long long)(got), (long long)(want), #got, __FILE__, __LINE__)

static inline bool test_eq(long long got, long long want, const char *what,
			   const char *file, int line)
{
	if (got == want)
		return true;
	test_fail(file, line);
	printf("%s is %lld (0x%llx), want %lld (0x%llx)\n", what, got,
	       (unsigned long long)got, want, (unsigned long long)want);
	return false;
}

#define mem_eq(got, ngot, want, nwant) \
	test_mem_eq(got, ngot, want, nwant, #got, __FILE__, __LINE__)

static inline bool test_mem_eq(const void *got, size_t ngot, const void *want,
			       size_t nwant, const char *what, const char *file,
			       int line)
{
	size_t i = 0, n = ngot < nwant ? ngot : nwant;

	if (ngot == nwant && !memcmp(got, want, n))
		return true;
	while (i < n && ((const uint8_t *)got)[i] == ((const uint8_t *)want)[i])
		i++;
	test_fail(file, line);
	printf("%s differs at byte %zu\n", what, i);
	test_hex("got ", got, ngot);
	test_hex("want", want, nwant);
	return false;
}

#endif
