/* SPDX-License-Identifier: MIT */
/* recv_run.c - the loop of segoff recv */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../../src/port/fd.h"
#include "../cli.h"
#include "../clock.h"
#include "recv.h"

#define LOOK_MS	 100
#define GRACE_NS (SECOND_NS / 10) /* for what is late when all have ended */

static void make_way(struct receiver *r, struct stream *s)
{
	r->gone.unique += s->unique;
	r->gone.late += s->late;
	r->gone.twice += s->twice;
	r->gone.next += s->unique != 0;
	r->gone_lost += stream_lost(s);
}

/* The stream of this number, in place of the one not heard of for longest. */
static struct stream *find(struct receiver *r, uint64_t id)
{
	struct stream *s, *oldest = &r->stream[0];

	for (s = r->stream; s < r->stream + STREAMS; s++) {
		if (s->used && s->id == id)
			return s;
		if (s->used < oldest->used)
			oldest = s;
	}
	make_way(r, oldest);
	*oldest = (struct stream){ .id = id };
	return oldest;
}

void receiver_sums(const struct receiver *r, struct recv_sums *sums)
{
	sums->streams = (unsigned int)r->gone.next;
	sums->lost = r->gone_lost;
	sums->late = r->gone.late;
	sums->twice = r->gone.twice;
	for (unsigned int i = 0; i < STREAMS; i++) {
		const struct stream *s = &r->stream[i];

		sums->streams += s->used != 0;
		sums->lost += stream_lost(s);
		sums->late += s->late;
		sums->twice += s->twice;
	}
}

/* Some have ended, and none is under way. */
static bool all_ended(const struct receiver *r)
{
	unsigned int ended = 0;

	for (unsigned int i = 0; i < STREAMS; i++) {
		if (r->stream[i].used && !r->stream[i].ended)
			return false;
		ended += r->stream[i].ended;
	}
	return ended;
}

static void put(struct receiver *r, const uint8_t *p, size_t len)
{
	while (len && !r->output_error) {
		ssize_t n = write(STDOUT_FILENO, p, len);

		if (n < 0) {
			r->output_error = errno;
		} else {
			p += n;
			len -= (size_t)n;
		}
	}
}

/* One datagram; false if it is only the mark of an end. */
static bool take(struct receiver *r, const struct iovec *v, uint64_t now)
{
	const uint8_t *p = v->iov_base;
	struct stream_head h;
	struct stream *s;
	enum stream_is is;
	size_t skip = 0;

	if (!stream_read(p, v->iov_len, &h)) {
		r->others++;
		is = STREAM_NEXT;
	} else {
		s = find(r, h.id);
		s->used = now;
		is = stream_count(s, &h);
		skip = STREAM_HEADER;
	}
	if (is == STREAM_ENDED)
		return false;
	r->datagrams++;
	r->bytes += v->iov_len;
	/* bytes that come too late have no place any more */
	if (r->to_stdout && is == STREAM_NEXT)
		put(r, p + skip, v->iov_len - skip);
	return true;
}

static void take_train(struct receiver *r, const struct segoff_udp_train *t,
		       uint64_t now)
{
	uint32_t n = 0;

	r->dropped = t->drops;
	r->broken += t->error != 0;
	if (!*r->from && t->from)
		peer_text(t->from, r->from);
	for (uint32_t i = 0; i < t->count; i++) {
		struct iovec v = segoff_udp_datagram(t, i);

		n += take(r, &v, now);
	}
	if (!n)
		return;
	if (!r->start)
		r->start = now;
	r->end = now;
	if (n > r->largest)
		r->largest = n;
	r->trains += n > 1;
	r->in_trains += n > 1 ? n : 0;
	r->alone += n == 1;
}

static bool over(const struct receiver *r, uint64_t began, uint64_t now)
{
	if (port_stopped() || r->output_error ||
	    (r->count && r->datagrams >= r->count) ||
	    (r->seconds && now - began >= r->seconds * SECOND_NS))
		return true;
	return !r->keep && all_ended(r) && now - r->end > GRACE_NS;
}

/* Until something is there; not for ever, for there is more to look at. */
static void wait_for(const struct receiver *r)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };

	poll(&p, 1, LOOK_MS);
}

int receiver_run(struct receiver *r)
{
	struct segoff_udp_train train[RECV_BUFFERS];
	uint64_t now = clock_ns(), began = now;

	while (!over(r, began, now)) {
		ssize_t n = segoff_udp_recv(r->rx, train, RECV_BUFFERS);

		now = clock_ns();
		for (ssize_t i = 0; i < n; i++)
			take_train(r, &train[i], now);
		if (n == -EAGAIN)
			wait_for(r);
		else if (n < 0 && n != -EINTR) {
			complain("port %lu: %s", r->port, strerror((int)-n));
			return STATUS_INPUT;
		}
		receiver_live(r);
	}
	return STATUS_DONE;
}
