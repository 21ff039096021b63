/* SPDX-License-Identifier: MIT */
/*
 * outbox.c - packets that were written and have to leave
 *
 * A QUIC packet cannot be written twice: it has a number, and bytes of the
 * stream are counted as sent. So one for which there is no room stays here
 * until there is. One that the kernel refuses for good (too large a probe of
 * the path's MTU, a firewall) is a lost packet, and QUIC sends again what was
 * in it.
 */
#include "outbox.h"

#include <errno.h>

struct packet *outbox_next(struct outbox *o)
{
	return o->end < OUTBOX ? &o->packet[o->end] : NULL;
}

void outbox_add(struct outbox *o, size_t len, uint32_t ecn)
{
	o->packet[o->end].len = len;
	o->packet[o->end].ecn = ecn;
	o->end++;
	o->written++;
}

int outbox_flush(struct outbox *o)
{
	while (o->first < o->end) {
		int error;

		o->first += o->wire->send(&o->packet[o->first],
					  o->end - o->first, &error);
		switch (error) {
		case 0:
		case -EINTR:
			break;
		case -EAGAIN:
			o->full++;
			return -EAGAIN;
		case -ENOBUFS:
		case -ENOMEM:
			o->full++;
			return -ENOBUFS;
		default:
			o->first++;
			o->refused++;
		}
	}
	o->first = o->end = 0;
	return 0;
}
