/* SPDX-License-Identifier: MIT */
/* table.c - all protocols, one row each */
#include "proto.h"

const struct segoff__proto *const segoff__protos[SEGOFF_P_COUNT] = {
	[SEGOFF_P_ETHERNET] = &segoff__ethernet,
	[SEGOFF_P_VLAN] = &segoff__vlan,
	[SEGOFF_P_SLL] = &segoff__sll,
	[SEGOFF_P_SLL2] = &segoff__sll2,
	[SEGOFF_P_NULL] = &segoff__null,
	[SEGOFF_P_IPV4] = &segoff__ipv4,
	[SEGOFF_P_IPV6] = &segoff__ipv6,
	[SEGOFF_P_TCP] = &segoff__tcp,
	[SEGOFF_P_UDP] = &segoff__udp,
	[SEGOFF_P_MPLS] = &segoff__mpls,
	[SEGOFF_P_PPPOE] = &segoff__pppoe,
	[SEGOFF_P_GRE] = &segoff__gre,
	[SEGOFF_P_VXLAN] = &segoff__vxlan,
	[SEGOFF_P_VXLAN_GPE] = &segoff__vxlan_gpe,
	[SEGOFF_P_GENEVE] = &segoff__geneve,
	[SEGOFF_P_GUE] = &segoff__gue,
	[SEGOFF_P_TUNNEL] = &segoff__tunnel,
	[SEGOFF_P_SCTP] = &segoff__sctp,
};

const char *segoff_proto_name(enum segoff_proto p)
{
	if ((unsigned int)p >= SEGOFF_P_COUNT || !segoff__protos[p])
		return "?";
	return segoff__protos[p]->name;
}
