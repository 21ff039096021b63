/* SPDX-License-Identifier: MIT */
/* explain_report.h - what explain found, for people and for scripts */
#ifndef SEGOFF_CLI_EXPLAIN_REPORT_H
#define SEGOFF_CLI_EXPLAIN_REPORT_H

#include <stdio.h>

#include "merge_report.h"
#include "odd.h"
#include "stacks.h"

/**
 * struct explained - everything that is to be told
 * @error: why reading ended early, or NULL
 * @merge: what merge would make of it, or NULL
 */
struct explained {
	const struct odds *odds;
	const struct vantage *vantage;
	const struct stacks *stacks;
	const char *in;
	const char *error;
	uint32_t mtu;
	const struct merge_report *merge;
};

void explain_text(const struct explained *x, FILE *f, bool colour);
void explain_json(const struct explained *x, FILE *f);

#endif
