/* SPDX-License-Identifier: MIT */
/* judge.h - many superpackets, both sides, every byte */
#ifndef SEGOFF_ORACLE_JUDGE_H
#define SEGOFF_ORACLE_JUDGE_H

#include "path.h"

/**
 * judge_main() - the whole of a judge's main()
 * @argc: from main()
 * @argv: -n N superpackets, -s SEED, -k KIND, -o NUMBER (just that one),
 *	-f N differences at most, -v
 * @open: opens the path
 *
 * Return: exit status: 0 no difference, 1 differences, 77 cannot run here.
 */
int judge_main(int argc, char **argv, void (*open)(struct path *p));

#endif
