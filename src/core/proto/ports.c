/* SPDX-License-Identifier: MIT */
/* ports.c - UDP ports behind which a tunnel is (IANA, and what Linux uses) */
#include "proto.h"

static const struct segoff_port well_known[] = {
	{ 4789, SEGOFF_P_VXLAN },     { 8472, SEGOFF_P_VXLAN },
	{ 4790, SEGOFF_P_VXLAN_GPE }, { 6081, SEGOFF_P_GENEVE },
	{ 6080, SEGOFF_P_GUE },	      { 6635, SEGOFF_P_MPLS },
};

const struct segoff_ports *segoff_ports_known(void)
{
	static const struct segoff_ports known = { well_known,
						   SEGOFF__LENGTH(well_known) };

	return &known;
}

/* Nothing else is behind UDP, whatever a table says. */
static bool may_follow_udp(uint16_t kind)
{
	switch (kind) {
	case SEGOFF_P_VXLAN:
	case SEGOFF_P_VXLAN_GPE:
	case SEGOFF_P_GENEVE:
	case SEGOFF_P_GUE:
	case SEGOFF_P_MPLS:
	case SEGOFF_P_IPV4:
	case SEGOFF_P_IPV6:
	case SEGOFF_P_GRE:
		return true;
	default:
		return false;
	}
}

enum segoff_proto segoff__port_kind(const struct segoff_ports *ports,
				    uint16_t port)
{
	const struct segoff_port *row;

	if (!ports)
		ports = segoff_ports_known();
	row = ports->port;
	for (unsigned int i = 0; i < ports->nport; i++)
		if (row[i].port == port && may_follow_udp(row[i].kind))
			return row[i].kind;
	return SEGOFF_P_NONE;
}
