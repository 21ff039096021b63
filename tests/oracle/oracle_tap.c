/* SPDX-License-Identifier: MIT */
/*
 * oracle_tap.c - superpackets through two TAPs and a bridge (R-META, R-IP,
 * R-TCP, R-UDP, R-UFO, R-Q)
 */
#include "judge.h"

int main(int argc, char **argv)
{
	return judge_main(argc, argv, path_tap);
}
