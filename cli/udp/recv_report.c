/* SPDX-License-Identifier: MIT */
/* recv_report.c - what segoff recv says */
#include "../cli.h"
#include "../clock.h"
#include "../json.h"
#include "recv.h"

static double seconds(const struct receiver *r)
{
	return (double)(r->end - r->start) / 1e9;
}

static uint64_t in_a_second(const struct receiver *r, uint64_t n)
{
	return r->end > r->start ? (uint64_t)((double)n / seconds(r)) : 0;
}

static double mean(const struct receiver *r)
{
	return r->trains ? (double)r->in_trains / (double)r->trains : 0;
}

static double percent(const struct receiver *r, uint64_t lost)
{
	return lost ? 100 * (double)lost / (double)(lost + r->datagrams) : 0;
}

void receiver_live(struct receiver *r)
{
	struct recv_sums s;

	if (!progress_live(&r->progress))
		return;
	if (!r->datagrams) {
		progress_line(&r->progress, "port %lu: nothing yet", r->port);
		return;
	}
	receiver_sums(r, &s);
	progress_line(&r->progress,
		      "%.1f s  %s datagrams  %s/s  %s/s  lost %s  out of order "
		      "%s  %.1f in a train, at most %u",
		      seconds(r), grouped(r->datagrams),
		      grouped(in_a_second(r, r->datagrams)),
		      sized(in_a_second(r, r->bytes)), grouped(s.lost),
		      grouped(s.late), mean(r), r->largest);
}

static bool gro(const struct receiver *r)
{
	struct segoff_udp_rx_info i;

	segoff_udp_rx_info(r->rx, &i);
	return i.gro;
}

static void say_trains(const struct receiver *r, FILE *f)
{
	if (r->trains)
		fprintf(f,
			"trains     %s of %.1f datagrams in the mean, %u at "
			"most; %s came alone\n",
			grouped(r->trains), mean(r), r->largest,
			grouped(r->alone));
	else
		fprintf(f, "trains     none; UDP_GRO is %s\n",
			gro(r) ? "on" : "off");
}

static void say_lost(const struct receiver *r, FILE *f)
{
	struct recv_sums s;

	receiver_sums(r, &s);
	if (s.streams)
		fprintf(f,
			"lost       %s (%.3f %%); %s out of order, %s twice\n",
			grouped(s.lost), percent(r, s.lost), grouped(s.late),
			grouped(s.twice));
	if (s.streams > 1)
		fprintf(f, "streams    %u\n", s.streams);
	if (r->dropped)
		fprintf(f,
			"dropped    %s message%s by this socket: its buffer was full\n",
			grouped(r->dropped), plural(r->dropped));
	if (r->broken)
		fprintf(f, "broken     %s message%s that the kernel has cut\n",
			grouped(r->broken), plural(r->broken));
	if (r->others)
		fprintf(f,
			"others     %s datagram%s that segoff send did not "
			"number\n",
			grouped(r->others), plural(r->others));
}

void receiver_text(const struct receiver *r, FILE *f)
{
	if (!*r->from) {
		fprintf(f, "received   nothing on port %lu\n", r->port);
		return;
	}
	fprintf(f, "from       %s\n", r->from);
	fprintf(f,
		"received   %s datagram%s   %s in %.1f s   %s/s   %s datagrams/s\n",
		grouped(r->datagrams), plural(r->datagrams), sized(r->bytes),
		seconds(r), sized(in_a_second(r, r->bytes)),
		grouped(in_a_second(r, r->datagrams)));
	say_trains(r, f);
	say_lost(r, f);
}

void receiver_json(const struct receiver *r, FILE *f)
{
	struct json j = { .f = f };
	struct recv_sums s;

	receiver_sums(r, &s);
	json_open(&j, NULL, '{');
	json_string(&j, "from", r->from);
	json_number(&j, "datagrams", r->datagrams);
	json_number(&j, "bytes", r->bytes);
	json_real(&j, "seconds", seconds(r));
	json_bool(&j, "gro", gro(r));
	json_number(&j, "trains", r->trains);
	json_number(&j, "in_trains", r->in_trains);
	json_number(&j, "largest", r->largest);
	json_number(&j, "alone", r->alone);
	json_number(&j, "streams", s.streams);
	json_number(&j, "lost", s.lost);
	json_number(&j, "late", s.late);
	json_number(&j, "twice", s.twice);
	json_number(&j, "others", r->others);
	json_number(&j, "dropped", r->dropped);
	json_number(&j, "broken", r->broken);
	json_close(&j, '}');
	fputc('\n', f);
}
