/* SPDX-License-Identifier: MIT */
/* topics.h - what subcommands know about UDP */
#ifndef SEGOFF_CLI_UDP_TOPICS_H
#define SEGOFF_CLI_UDP_TOPICS_H

/* argv[0] is "udp". They return a status. */
int doctor_udp(int argc, char **argv);
int bench_udp(int argc, char **argv);

#endif
