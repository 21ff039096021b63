/* SPDX-License-Identifier: MIT */
/*
 * oracle_tunnel.c - superpackets in UDP tunnels, as a virtio_net_hdr of 24 bytes says
 * them (R-META-15, R-META-16, R-TUN-1 to 4, R-TUN-12, R-Q-3)
 */
#include "judge.h"

int main(int argc, char **argv)
{
	return judge_main(argc, argv, path_tunnel);
}
