/* SPDX-License-Identifier: MIT */
/*
 * send_run.c - the loop of segoff send
 *
 * What the kernel does not take is left out and counted, so that the receiver
 * sees a gap where one is. Errors that are not about one datagram are waited
 * out, or end it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../../src/port/fd.h"
#include "../cli.h"
#include "../clock.h"
#include "send.h"
#include "stream.h"

#define BURSTS	   500 /* at a rate: in a second, if it is high enough */
#define WAIT_US	   1000
#define ENDS	   3
#define END_GAP_US 20000

static size_t header(const struct sender *s)
{
	return s->raw ? 0 : STREAM_HEADER;
}

static void number(struct sender *s, size_t n)
{
	struct stream_head h = { .id = s->id, .seq = s->sent + s->refused };

	for (size_t i = 0; i < n && !s->raw; i++, h.seq++)
		stream_write(s->iov[i].iov_base, &h);
}

/* How many datagrams are to be sent now; 0: it is over. */
static size_t due(const struct sender *s)
{
	uint64_t done = s->sent + s->refused, left = s->count - done;
	uint64_t now = clock_ns();
	size_t n = s->batch, burst;

	if (port_stopped() || (s->count && !left) ||
	    (s->seconds && now - s->start >= s->seconds * SECOND_NS))
		return 0;
	burst = (size_t)(s->rate / BURSTS / s->size);
	if (s->rate && burst < n)
		n = burst ? burst : 1;
	return s->count && left < n ? (size_t)left : n;
}

/* Until what was sent by now is no more than the rate, or time is up. */
static void pace(const struct sender *s)
{
	double at = s->rate ? (double)s->bytes / (double)s->rate : 0;
	uint64_t then;
	struct timespec t;

	if (!s->rate)
		return;
	if (s->seconds && at > (double)s->seconds)
		at = (double)s->seconds;
	then = s->start + (uint64_t)(at * SECOND_NS);
	t.tv_sec = (time_t)(then / SECOND_NS);
	t.tv_nsec = (long)(then % SECOND_NS);
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* Bytes from standard input for up to @n datagrams; how many they fill. */
static ssize_t fill(struct sender *s, size_t n)
{
	static uint8_t data[SEND_BATCH * 2048];
	size_t room = s->size - header(s), want = n * room, at = 0;
	ssize_t len;

	if (!room)
		return 0;
	len = read(STDIN_FILENO, data,
		   want < sizeof(data) ? want : sizeof(data));
	if (len < 0)
		return port_stopped() ? 0 : -errno;
	for (n = 0; at < (size_t)len; n++) {
		size_t some = (size_t)len - at < room ? (size_t)len - at : room;

		memcpy((uint8_t *)s->iov[n].iov_base + header(s), data + at,
		       some);
		s->iov[n].iov_len = header(s) + some;
		at += some;
	}
	return (ssize_t)n;
}

/* After an error: 0 to go on, and how many datagrams are left out. */
static int after(struct sender *s, int err, size_t *out)
{
	*out = 0;
	switch (-err) {
	case EINTR:
		return 0;
	case EAGAIN:
	case ENOBUFS:
	case ENOMEM:
		s->waited++;
		usleep(WAIT_US);
		return 0;
	case EPERM:
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
	case ENETDOWN:
		s->error = err;
		*out = 1;
		usleep(WAIT_US);
		return 0;
	default:
		s->error = err;
		return err;
	}
}

static int send_batch(struct sender *s, size_t n)
{
	struct segoff_udp_sent sent;
	size_t at = 0, out;
	int err = 0;

	while (at < n && !err) {
		segoff_udp_send(s->tx, s->dgram + at, n - at, &sent);
		for (size_t i = 0; i < sent.taken; i++)
			s->bytes += s->iov[at + i].iov_len;
		s->sent += sent.taken;
		s->earlier += sent.earlier != 0;
		at += sent.taken;
		if (!sent.error)
			continue;
		err = after(s, sent.error, &out);
		s->refused += out;
		at += out;
		if (port_stopped())
			break;
	}
	return err;
}

static void say_end(struct sender *s)
{
	struct stream_head h = { .flags = STREAM_END,
				 .id = s->id,
				 .seq = s->sent + s->refused };
	uint8_t bytes[STREAM_HEADER];

	if (s->raw)
		return;
	stream_write(bytes, &h);
	for (int i = 0; i < ENDS; i++) {
		if (i)
			usleep(END_GAP_US);
		/* if none arrives, the receiver does without */
		(void)!send(s->fd, bytes, sizeof(bytes), 0);
	}
}

static int failed_by(const struct sender *s, int err)
{
	if (err == -EMSGSIZE)
		complain("%s: datagrams of %lu bytes are too large for it",
			 s->to.text, s->size);
	else
		complain("%s: %s", s->to.text, strerror(-err));
	return STATUS_OUTPUT;
}

int sender_run(struct sender *s)
{
	ssize_t n;
	int err = 0;

	s->start = clock_ns();
	while (!err && (n = (ssize_t)due(s)) > 0) {
		if (s->from_stdin)
			n = fill(s, (size_t)n);
		if (n <= 0)
			break;
		number(s, (size_t)n);
		err = send_batch(s, (size_t)n);
		s->end = clock_ns();
		sender_live(s);
		pace(s);
	}
	say_end(s);
	if (err)
		return failed_by(s, err);
	if (n >= 0)
		return STATUS_DONE;
	complain("standard input: %s", strerror((int)-n));
	return STATUS_INPUT;
}
