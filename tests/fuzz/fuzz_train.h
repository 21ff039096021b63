/* SPDX-License-Identifier: MIT */
/*
 * fuzz_train.h - what an input of fuzz_gro is made of
 *
 * struct fuzz_opts, then for each packet struct fuzz_pkt and its bytes.
 */
#ifndef SEGOFF_TESTS_FUZZ_TRAIN_H
#define SEGOFF_TESTS_FUZZ_TRAIN_H

#include "../property/drive.h"

/* fuzz_opts.profile, besides the profile: gen_ports, not the well-known ones */
#define FUZZ_TRAIN_PORTS 2

struct fuzz_opts {
	uint8_t profile;
	uint8_t flags;
	uint8_t link;
	uint8_t flows;
	uint16_t packets;
	uint16_t seed;
	uint32_t max_size;
};

struct fuzz_pkt {
	uint16_t len;
	uint8_t has_meta;
	uint8_t ip_summed;
	uint32_t gso_type;
	uint16_t gso_size;
	uint16_t gso_segs;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint32_t cut;
	uint8_t later;
	uint8_t hash;
	uint8_t then;
	uint8_t put_right;
	uint16_t more; /* payload bytes */
	uint16_t spare;
};

_Static_assert(sizeof(struct fuzz_opts) == 12, "no padding");
_Static_assert(sizeof(struct fuzz_pkt) == 28, "no padding");

#endif
