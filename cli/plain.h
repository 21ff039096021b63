/* SPDX-License-Identifier: MIT */
/*
 * plain.h - text from elsewhere, file names above all, that is safe to show
 */
#ifndef SEGOFF_CLI_PLAIN_H
#define SEGOFF_CLI_PLAIN_H

#include <stddef.h>

/**
 * utf8_len() - is there a character of UTF-8?
 * @text: text that ends with a zero byte
 *
 * Return: its bytes, from 1 to 4 (1 at the end of the text); 0 if there is
 * none.
 */
size_t utf8_len(const char *text);

/**
 * plain_text() - make text a line that does nothing to a terminal
 * @to: receives it
 * @size: room there, at least 5; what does not fit is left away
 * @from: text; control characters, and bytes that are no character, become
 *	\xNN
 *
 * May be called from a signal handler.
 */
void plain_text(char *to, size_t size, const char *from);

#endif
