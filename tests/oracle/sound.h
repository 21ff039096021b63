/* SPDX-License-Identifier: MIT */
/* sound.h - is what came out of a tunnel what a receiver would take? */
#ifndef SEGOFF_ORACLE_SOUND_H
#define SEGOFF_ORACLE_SOUND_H

#include "answer.h"
#include "superpacket.h"

/**
 * sound_check() - look at the segments of a superpacket in a tunnel
 * @sp: superpacket, nothing odd about it
 * @a: its segments
 *
 * Neither side is asked: lengths, checksums and the payload that they carry
 * together are compared with what the superpacket was built of.
 *
 * Return: NULL, or what is wrong.
 */
const char *sound_check(const struct superpacket *sp, const struct answer *a);

#endif
