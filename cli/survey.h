/* SPDX-License-Identifier: MIT */
/* survey.h - what would merge make of a capture? */
#ifndef SEGOFF_CLI_SURVEY_H
#define SEGOFF_CLI_SURVEY_H

#include "merge_report.h"

/* Can this file be read twice? A pipe cannot. (What is not there will say so
 * when it is opened.) */
bool survey_possible(const char *path);

/**
 * survey() - go through a capture as segoff merge would without options
 * @path: capture
 * @ports: UDP ports of tunnels; NULL: the well-known ones
 * @r: receives the counts
 * @e: receives the reason of a failure
 *
 * Return: 0; a negative errno, and @r is about what came before.
 */
int survey(const char *path, const struct segoff_ports *ports,
	   struct merge_report *r, struct port_error *e);

#endif
