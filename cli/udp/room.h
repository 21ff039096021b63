/* SPDX-License-Identifier: MIT */
/* room.h - large socket buffers */
#ifndef SEGOFF_CLI_UDP_ROOM_H
#define SEGOFF_CLI_UDP_ROOM_H

#include <sys/socket.h>

#define ROOM (4 << 20)

/*
 * Beyond the limit of the system if we may: @name is SO_SNDBUF or SO_RCVBUF,
 * @forced the same with FORCE. Four trains fill Linux's default.
 */
static inline void make_room(int fd, int forced, int name)
{
	int bytes = ROOM;

	if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, name, &bytes, sizeof(bytes));
}

#endif
