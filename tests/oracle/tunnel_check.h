/* SPDX-License-Identifier: MIT */
/* tunnel_check.h - is what came out of a tunnel right by itself? */
#ifndef SEGOFF_ORACLE_TUNNEL_CHECK_H
#define SEGOFF_ORACLE_TUNNEL_CHECK_H

#include "answer.h"
#include "tunnel_dev.h"

/**
 * tunnel_check() - hold segments against their superpacket
 * @t: tunnel that they came from
 * @super: the superpacket as it went in below the tunnel device
 * @len: its bytes
 * @kept: the inner checksum is left as it is, but for the segment's length
 * @wire: what came out
 *
 * Every length and checksum, identifications, sequence numbers, payload. By
 * arithmetic of its own: the kernel is judged here, not libsegoff.
 *
 * Return: NULL, or what is wrong.
 */
const char *tunnel_check(const struct tunnel_dev *t, const uint8_t *super,
			 size_t len, bool kept, const struct answer *wire);

#endif
