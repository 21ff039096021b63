/* SPDX-License-Identifier: MIT */
/*
 * oracle_encap.c - superpackets in IP, GRE and UDP tunnels, put there by a BPF
 * program (R-TUN-1 to 3, R-TUN-5, R-TUN-6, R-TUN-12)
 */
#include "judge.h"

int main(int argc, char **argv)
{
	return judge_main(argc, argv, path_encap);
}
