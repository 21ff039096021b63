/* SPDX-License-Identifier: MIT */
/*
 * rewrite.h - somebody who rewrites headers between GRO and GSO
 *
 * Theory of operation
 * -------------------
 * A BPF program on the way out of a device stores into the headers of what
 * passes, before it is segmented. Of a list it changes the first packet alone,
 * as address translation and routers do. Which fields it changes is said by the
 * low bits of the destination port, so that every flow is treated in a way of
 * its own. It mends no checksum: what is wrong must come out as wrong as it was.
 */
#ifndef SEGOFF_ORACLE_REWRITE_H
#define SEGOFF_ORACLE_REWRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Put the program in the way out of a device; false: this kernel refuses. */
bool rewrite_attach(const char *name);

/* What it does to a frame without tags. */
void rewrite_frame(uint8_t *frame, size_t len);

#endif
