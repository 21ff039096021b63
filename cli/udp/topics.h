/* SPDX-License-Identifier: MIT */
/* topics.h - what subcommands know about UDP */
#ifndef SEGOFF_CLI_UDP_TOPICS_H
#define SEGOFF_CLI_UDP_TOPICS_H

/* argv[0] is "udp". Returns a status. */
int bench_udp(int argc, char **argv);

#endif
