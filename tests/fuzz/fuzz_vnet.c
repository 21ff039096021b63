/* SPDX-License-Identifier: MIT */
/* fuzz_vnet.c - virtio_net_hdr against the model */
#include "fuzz_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gen_case c;
	struct rnd r;

	if (fuzz_case(data, size, &c, &r))
		fuzz_check("fuzz_vnet", check_vnet, &c, &r);
	return 0;
}
