/* SPDX-License-Identifier: MIT */
/* verdict.c - every verdict has a name and a sentence */
#include <segoff/verdict.h>

#include <ctype.h>
#include <string.h>

#include "../test.h"

/* For scripts: small letters, digits, single dashes in between. */
static bool is_name(const char *s)
{
	if (!s || !islower((unsigned char)*s))
		return false;
	for (; *s; s++)
		if (!islower((unsigned char)*s) &&
		    !isdigit((unsigned char)*s) &&
		    (*s != '-' || s[1] == '-' || !s[1]))
			return false;
	return true;
}

static bool is_sentence(const char *s)
{
	size_t n = s ? strlen(s) : 0;

	return n > 1 && s[n - 1] != '.' && s[n - 1] != ' ' && !strstr(s, "  ");
}

static bool is_taken(unsigned int v)
{
	for (unsigned int i = 0; i < v; i++)
		if (!strcmp(segoff_verdict_name(i), segoff_verdict_name(v)) ||
		    !strcmp(segoff_verdict_str(i), segoff_verdict_str(v)))
			return true;
	return false;
}

int main(void)
{
	test("every verdict has a name of its own, and a sentence");
	for (unsigned int v = 0; v < SEGOFF_V_COUNT; v++)
		if (!ok(is_name(segoff_verdict_name(v)) &&
			is_sentence(segoff_verdict_str(v)) && !is_taken(v)))
			printf("# %u: %s\n", v, segoff_verdict_str(v));
	test("what is none says so");
	ok(!strcmp(segoff_verdict_name(SEGOFF_V_COUNT), "unknown"));
	ok(!strcmp(segoff_verdict_str(SEGOFF_V_COUNT), "unknown verdict"));
	ok(!strcmp(segoff_verdict_name((enum segoff_verdict) - 1), "unknown"));
	return test_end();
}
