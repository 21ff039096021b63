/* SPDX-License-Identifier: MIT */
/*
 * oracle_tun.c - what a TUN device takes from a writer, and what not
 * (R-META-9, 10, 11, Q-9); the errno alone is compared
 */
#include "judge.h"

int main(int argc, char **argv)
{
	return judge_main(argc, argv, path_tun);
}
