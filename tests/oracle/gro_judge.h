/* SPDX-License-Identifier: MIT */
/* gro_judge.h - many trains, both sides, every frame */
#ifndef SEGOFF_ORACLE_GRO_JUDGE_H
#define SEGOFF_ORACLE_GRO_JUDGE_H

#include <stdbool.h>

/**
 * gro_judge_main() - the whole of a judge's main()
 * @argc: from main()
 * @argv: -n N trains, -s SEED, -o NUMBER (just that one), -f N differences at
 *	most, -l (the law of gro_law.h alone), -v
 * @tunnels: trains of tunnels; else of anything else
 *
 * Return: exit status: 0 no difference, 1 differences, 77 cannot run here.
 */
int gro_judge_main(int argc, char **argv, bool tunnels);

#endif
