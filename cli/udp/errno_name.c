/* SPDX-License-Identifier: MIT */
/* errno_name.c - the names of errors that sending UDP can meet */
#include <errno.h>
#include <string.h>

#include "doctor.h"

#define NAME(e)       \
	{             \
		e, #e \
	}

const char *errno_name(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		NAME(EPERM),	    NAME(EINTR),	 NAME(EIO),
		NAME(EAGAIN),	    NAME(ENOMEM),	 NAME(EACCES),
		NAME(ENODEV),	    NAME(EINVAL),	 NAME(EMSGSIZE),
		NAME(ENOPROTOOPT),  NAME(EOPNOTSUPP),	 NAME(EAFNOSUPPORT),
		NAME(EADDRINUSE),   NAME(EADDRNOTAVAIL), NAME(ENETDOWN),
		NAME(ENETUNREACH),  NAME(ENOBUFS),	 NAME(ECONNREFUSED),
		NAME(EHOSTDOWN),    NAME(EHOSTUNREACH),	 NAME(EPROTO),
		NAME(EDESTADDRREQ),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == -error)
			return names[i].name;
	return strerror(-error);
}
