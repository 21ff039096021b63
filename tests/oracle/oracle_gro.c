/* SPDX-License-Identifier: MIT */
/*
 * oracle_gro.c - trains of packets, coalesced by the kernel and by libsegoff
 * (R-GRO, SEGOFF_GRO_LINUX)
 */
#include "gro_judge.h"

int main(int argc, char **argv)
{
	return gro_judge_main(argc, argv, false);
}
