/* SPDX-License-Identifier: MIT */
/* fuzz_segment.c - segmentation against the model */
#include "fuzz_case.h"

/* More segments take time and show nothing. */
#define SEGS_MAX 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gen_case c;
	struct rnd r;

	if (!fuzz_case(data, size, &c, &r))
		return 0;
	if (c.meta.gso_size && c.len / c.meta.gso_size > SEGS_MAX)
		return 0;
	fuzz_check("fuzz_segment", check_segment, &c, &r);
	return 0;
}
