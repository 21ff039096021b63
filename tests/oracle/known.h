/* SPDX-License-Identifier: MIT */
/*
 * known.h - where the answers may differ, and why
 *
 * Not a list of excuses: each row says exactly what the kernel then answers,
 * and that is compared.
 */
#ifndef SEGOFF_ORACLE_KNOWN_H
#define SEGOFF_ORACLE_KNOWN_H

#include "path.h"

/* A question with what the engine made of its header. */
struct asked {
	const struct path *p;
	const struct superpacket *sp;
	const struct segoff_meta *meta;
	const struct answer *a;
};

/* How much of an answer is compared. */
enum judged {
	JUDGED_NOT = 0,
	JUDGED_ERRNO,
	JUDGED_ALL,
};

/**
 * known_apply() - turn the engine's answer into what this path must answer
 * @p: path
 * @sp: superpacket
 * @meta: what the engine decoded
 * @a: the engine's answer
 *
 * Return: how much of it can be judged.
 */
enum judged known_apply(const struct path *p, const struct superpacket *sp,
			const struct segoff_meta *meta, struct answer *a);

/* Print which rows were needed, and how often. */
void known_print(void);

#endif
