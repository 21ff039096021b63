/* SPDX-License-Identifier: MIT */
/*
 * lookslike.h - what a file is that is no capture file
 */
#ifndef SEGOFF_PORT_LOOKSLIKE_H
#define SEGOFF_PORT_LOOKSLIKE_H

#include <stddef.h>
#include <stdint.h>

/**
 * looks_like() - guess what a file is
 * @p: its first bytes
 * @n: how many there are
 *
 * Return: words that follow "it looks like"; NULL if nothing comes to mind.
 */
const char *looks_like(const uint8_t *p, size_t n);

#endif
