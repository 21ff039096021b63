/* SPDX-License-Identifier: MIT */
/* tunnels.c - which UDP ports are tunnels */
#include "tunnels.h"

#include <string.h>

#include "cli.h"

static const struct {
	const char *name;
	uint16_t kind;
} kinds[] = {
	{ "vxlan", SEGOFF_P_VXLAN },   { "vxlan-gpe", SEGOFF_P_VXLAN_GPE },
	{ "geneve", SEGOFF_P_GENEVE }, { "gue", SEGOFF_P_GUE },
	{ "mpls", SEGOFF_P_MPLS },     { "fou-ip4", SEGOFF_P_IPV4 },
	{ "fou-ip6", SEGOFF_P_IPV6 },  { "fou-gre", SEGOFF_P_GRE },
};

/* The kind that the @len bytes of @text name, or SEGOFF_P_NONE. */
static uint16_t kind_of(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strlen(kinds[i].name) == len &&
		    !memcmp(kinds[i].name, text, len))
			return kinds[i].kind;
	return SEGOFF_P_NONE;
}

/* A port that was named before gets its new kind, another a row. */
static bool add(struct tunnels *t, uint16_t port, uint16_t kind)
{
	unsigned int i = 0;

	while (i < t->own && t->row[i].port != port)
		i++;
	if (i == TUNNELS_MAX)
		return false;
	t->row[i] = (struct segoff_port){ port, kind };
	if (i == t->own)
		t->own++;
	return true;
}

/* The well-known ones behind those. */
static void complete(struct tunnels *t)
{
	const struct segoff_ports *known = segoff_ports_known();
	unsigned int n = t->own;

	for (unsigned int i = 0; i < known->nport && i < TUNNELS_KNOWN; i++)
		t->row[n++] = known->port[i];
	t->ports = (struct segoff_ports){ t->row, n };
}

int tunnel_option(const char *command, const char *text, void *to)
{
	size_t len = strcspn(text, "=");
	uint16_t kind = kind_of(text, len);
	struct tunnels *t = to;
	unsigned long port;

	if (kind == SEGOFF_P_NONE)
		return usage_error(command,
				   "--tunnel is KIND=PORT with KIND vxlan, "
				   "vxlan-gpe, geneve, gue, mpls, fou-ip4, "
				   "fou-ip6 or fou-gre, not '%s'",
				   text);
	if (!text[len] || !parse_number(text + len + 1, 1, 65535, &port))
		return usage_error(command,
				   "the port of --tunnel is a number from 1 "
				   "to 65535, not '%s'",
				   text[len] ? text + len + 1 : "");
	if (!add(t, (uint16_t)port, kind))
		return usage_error(command, "--tunnel names %u ports at most",
				   TUNNELS_MAX);
	complete(t);
	return 0;
}
