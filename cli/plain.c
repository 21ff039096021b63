/* SPDX-License-Identifier: MIT */
/* plain.c - text from elsewhere that is safe to show */
#include "plain.h"

#include <stdbool.h>
#include <string.h>

/* The longest that one character becomes: itself, or \xNN. */
#define LONGEST 4

/* How many bytes a character has, by its first. */
static size_t promised(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	if (c < 0xe0)
		return 2;
	return c < 0xf0 ? 3 : 4;
}

/* Longer than need be, a surrogate, or beyond the last character. */
static bool forbidden(unsigned char first, unsigned char second)
{
	return (first == 0xe0 && second < 0xa0) ||
	       (first == 0xed && second > 0x9f) ||
	       (first == 0xf0 && second < 0x90) ||
	       (first == 0xf4 && second > 0x8f);
}

size_t utf8_len(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = promised(*s);

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n > 1 && forbidden(s[0], s[1]) ? 0 : n;
}

/* Those of ASCII, and those that UTF-8 writes as c2 80 to c2 9f. */
static bool is_control(const char *text)
{
	unsigned char c = (unsigned char)text[0];

	return c < 0x20 || c == 0x7f ||
	       (c == 0xc2 && (unsigned char)text[1] < 0xa0);
}

static size_t put_hex(char *to, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	to[0] = '\\';
	to[1] = 'x';
	to[2] = digits[c >> 4];
	to[3] = digits[c & 15];
	return LONGEST;
}

void plain_text(char *to, size_t size, const char *from)
{
	const char *end = to + size;
	size_t n;

	while (*from && end - to > LONGEST) {
		n = utf8_len(from);
		if (!n || is_control(from)) {
			to += put_hex(to, (unsigned char)*from++);
			continue;
		}
		memcpy(to, from, n);
		to += n;
		from += n;
	}
	*to = 0;
}
