/* SPDX-License-Identifier: MIT */
/*
 * map.h - a part of a file, in memory without copying it
 *
 * Theory of operation
 * -------------------
 * Reading a file from the page cache costs a copy; mapping it does not. But
 * when somebody makes a mapped file shorter, the memory behind its new end is
 * gone, and touching it is a SIGBUS, wherever the program is just then. So
 * nothing is mapped unless somebody said with port_on_shrunk() what to do in
 * that case. One part of one file is mapped at a time; others are read.
 */
#ifndef SEGOFF_PORT_MAP_H
#define SEGOFF_PORT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that are mapped at once, unless more is needed. */
#define MAP_SIZE ((size_t)8 << 20)

/* Offsets of parts are multiples of this. */
size_t map_page(void);

/**
 * map_claim() - be the one who maps
 *
 * Return: false if there is no handler, or somebody else maps already.
 */
bool map_claim(void);

/* Whoever claimed it needs it no more; nothing is mapped then. */
void map_release(void);

/**
 * map_part() - map a part of a file, in place of what was mapped before
 * @fd: file
 * @at: offset, a multiple of map_page()
 * @len: bytes, all inside the file
 * @name: of the file, for the handler
 *
 * Return: its first byte; NULL if it cannot be mapped: then nothing is.
 */
const uint8_t *map_part(int fd, uint64_t at, size_t len, const char *name);

#endif
