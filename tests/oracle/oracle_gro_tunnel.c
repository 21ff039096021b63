/* SPDX-License-Identifier: MIT */
/*
 * oracle_gro_tunnel.c - the same of packets in tunnels (R-GRO-18, R-Q-10,
 * R-Q-11)
 */
#include "gro_judge.h"

int main(int argc, char **argv)
{
	return gro_judge_main(argc, argv, true);
}
