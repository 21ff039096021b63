/* SPDX-License-Identifier: MIT */
/* sctp_chunk.h - chunks of SCTP (RFC 9260 3.2) */
#ifndef SEGOFF_CORE_SCTP_CHUNK_H
#define SEGOFF_CORE_SCTP_CHUNK_H

#include "bytes.h"

#define CHUNK_MIN    4u
#define CHUNK_LEN_AT 2
#define CHUNK_DATA   0
#define CHUNK_AUTH   15 /* RFC 4895 */
#define CHUNK_IDATA  64 /* RFC 8260 */

SEGOFF__INLINE size_t pad4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

#endif
