/* SPDX-License-Identifier: MIT */
/*
 * fuzz_pcapng.c - reading and writing pcapng files
 */
#include "fuzz_capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_capture(data, size, CAPTURE_PCAPNG);
}
