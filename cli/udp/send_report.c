/* SPDX-License-Identifier: MIT */
/* send_report.c - what segoff send says */
#include <string.h>

#include "../cli.h"
#include "../clock.h"
#include "../json.h"
#include "send.h"

static double seconds(const struct sender *s)
{
	return s->end > s->start ? (double)(s->end - s->start) / 1e9 : 0;
}

static uint64_t in_a_second(const struct sender *s, uint64_t n)
{
	return s->end > s->start ? (uint64_t)((double)n / seconds(s)) : 0;
}

static double mean(uint64_t sum, uint64_t n)
{
	return n ? (double)sum / (double)n : 0;
}

/* The one path there is. */
static void path_of(const struct sender *s, struct segoff_udp_path_info *i)
{
	memset(i, 0, sizeof(*i));
	segoff_udp_path(s->tx, &s->dgram[0], i);
}

void sender_live(struct sender *s)
{
	struct segoff_udp_tx_info i;

	if (!progress_live(&s->progress))
		return;
	segoff_udp_tx_info(s->tx, &i);
	progress_line(&s->progress,
		      "%.1f s  %s datagrams  %s/s  %s/s  %.1f in a train  "
		      "%.1f in a call%s%s",
		      seconds(s), grouped(s->sent),
		      grouped(in_a_second(s, s->sent)),
		      sized(in_a_second(s, s->bytes)),
		      mean(i.in_trains, i.trains), mean(s->sent, i.calls),
		      s->refused ? "  refused " : "",
		      s->refused ? grouped(s->refused) : "");
}

static void say_trains(const struct segoff_udp_tx_info *i, FILE *f)
{
	if (i->trains)
		fprintf(f,
			"trains     %s of %.1f datagrams in the mean; %s sent "
			"alone; %s system calls\n",
			grouped(i->trains), mean(i->in_trains, i->trains),
			grouped(i->plain), grouped(i->calls));
	else
		fprintf(f, "trains     none; %s system calls\n",
			grouped(i->calls));
}

void sender_text(const struct sender *s, FILE *f)
{
	struct segoff_udp_path_info p;
	struct segoff_udp_tx_info i;

	segoff_udp_tx_info(s->tx, &i);
	path_of(s, &p);
	fprintf(f, "to         %s\n", s->to.text);
	fprintf(f,
		"sent       %s datagram%s   %s in %.1f s   %s/s   %s datagrams/s\n",
		grouped(s->sent), plural(s->sent), sized(s->bytes), seconds(s),
		sized(in_a_second(s, s->bytes)),
		grouped(in_a_second(s, s->sent)));
	say_trains(&i, f);
	fprintf(f, "path       %s: %s\n", segoff_udp_state_name(p.state),
		segoff_udp_reason_str(p.reason));
	if (s->refused)
		fprintf(f, "refused    %s datagram%s: %s\n",
			grouped(s->refused), plural(s->refused),
			strerror(-s->error));
	if (s->earlier)
		fprintf(f,
			"answers    %s time%s the network said that one did not "
			"arrive\n",
			grouped(s->earlier), plural(s->earlier));
}

void sender_json(const struct sender *s, FILE *f)
{
	struct segoff_udp_path_info p;
	struct segoff_udp_tx_info i;
	struct json j = { .f = f };

	segoff_udp_tx_info(s->tx, &i);
	path_of(s, &p);
	json_open(&j, NULL, '{');
	json_string(&j, "to", s->to.text);
	json_number(&j, "datagrams", s->sent);
	json_number(&j, "bytes", s->bytes);
	json_real(&j, "seconds", seconds(s));
	json_number(&j, "trains", i.trains);
	json_number(&j, "in_trains", i.in_trains);
	json_number(&j, "alone", i.plain);
	json_number(&j, "calls", i.calls);
	json_number(&j, "refused", s->refused);
	json_number(&j, "waited", s->waited);
	json_number(&j, "earlier", s->earlier);
	json_string(&j, "state", segoff_udp_state_name(p.state));
	json_string(&j, "reason", segoff_udp_reason_name(p.reason));
	if (s->error)
		json_string(&j, "error", strerror(-s->error));
	json_close(&j, '}');
	fputc('\n', f);
}
