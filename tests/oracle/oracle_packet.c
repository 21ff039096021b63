/* SPDX-License-Identifier: MIT */
/*
 * oracle_packet.c - superpackets through a packet socket with PACKET_VNET_HDR
 * (R-META-9, 12, 13, and all that oracle_tap asks)
 */
#include "judge.h"

int main(int argc, char **argv)
{
	return judge_main(argc, argv, path_packet);
}
