/* SPDX-License-Identifier: MIT */
/*
 * oracle_partial.c - segments whose checksums are left to a device: the same
 * superpackets as oracle_tap's, SEGOFF_OUT_PARTIAL
 */
#include "judge.h"

int main(int argc, char **argv)
{
	return judge_main(argc, argv, path_tap_partial);
}
