/* SPDX-License-Identifier: MIT */
/* tunnels.h - which UDP ports are tunnels: the option --tunnel */
#ifndef SEGOFF_CLI_TUNNELS_H
#define SEGOFF_CLI_TUNNELS_H

#include <segoff.h>

/* So many ports may be named, and so many are well known at most. */
#define TUNNELS_MAX   64u
#define TUNNELS_KNOWN 16u

/**
 * struct tunnels - ports that the user named, and the well-known ones
 * @ports: all of them
 * @own: how many the user named
 * @row: those first, so that they count before a well-known one
 */
struct tunnels {
	struct segoff_ports ports;
	unsigned int own;
	struct segoff_port row[TUNNELS_MAX + TUNNELS_KNOWN];
};

/**
 * tunnel_option() - the argument of --tunnel, KIND=PORT
 * @command: subcommand
 * @text: argument
 * @to: struct tunnels, all zero before the first one
 *
 * Return: 0 or STATUS_USAGE, after a complaint.
 */
int tunnel_option(const char *command, const char *text, void *to);

/* What the library wants: NULL if the user named none. */
static inline const struct segoff_ports *tunnels_ports(const struct tunnels *t)
{
	return t->own ? &t->ports : NULL;
}

#endif
