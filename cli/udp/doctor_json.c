/* SPDX-License-Identifier: MIT */
/* doctor_json.c - what segoff doctor udp says to scripts */
#include "../json.h"
#include "doctor.h"
#include "kernel.h"

static void say_tristate(struct json *j, const char *key, int v)
{
	if (v >= 0)
		json_bool(j, key, v);
}

static void say_route(struct json *j, const struct doctor *d)
{
	const struct route *r = &d->route;

	json_open(j, "route", '{');
	json_string(j, "interface", r->ifname);
	json_string(j, "source", r->source);
	if (*r->gateway)
		json_string(j, "next_hop", r->gateway);
	json_number(j, "mtu", r->mtu);
	json_number(j, "device_mtu", r->device_mtu);
	json_string(j, "queue", r->qdisc);
	say_tristate(j, "checksum_offload", r->checksum);
	say_tristate(j, "tx_udp_segmentation", r->segmentation);
	json_close(j, '}');
}

static void say_error(struct json *j, const char *key, int error)
{
	json_string(j, key, error ? errno_name(error) : "ok");
}

static void say_kernel(struct json *j, const struct tried *t)
{
	const char *release = kernel_release();

	json_open(j, "kernel", '{');
	json_string(j, "release", release);
	if (kernel_fault(release))
		json_string(j, "known_fault", kernel_fault(release));
	say_error(j, "loopback", t->loopback);
	if (!t->loopback) {
		say_error(j, "udp_segment", t->segment);
		json_number(j, "segments", t->segs);
		json_number(j, "bytes", t->bytes);
		say_error(j, "udp_gro", t->gro);
		json_bool(j, "train_in_one_piece", t->whole);
		say_error(j, "zerocopy", t->zerocopy);
		say_error(j, "txtime", t->txtime);
	}
	json_close(j, '}');
}

static void say_step(struct json *j, const struct trial_step *s)
{
	static const char *const kinds[] = {
		[TRIAL_SINGLE] = "single",
		[TRIAL_PAIR] = "pair",
		[TRIAL_MTU] = "mtu",
		[TRIAL_ABOVE] = "above-mtu",
	};
	uint32_t n = s->ncalls < TRIAL_CALLS ? s->ncalls : TRIAL_CALLS;

	json_open(j, NULL, '{');
	json_string(j, "kind", kinds[s->kind]);
	json_number(j, "datagrams", s->n);
	json_number(j, "size", s->size);
	json_number(j, "taken", s->sent.taken);
	json_number(j, "trains", s->sent.trains);
	say_error(j, "error", s->sent.error);
	json_open(j, "calls", '[');
	for (uint32_t i = 0; i < n; i++) {
		json_open(j, NULL, '{');
		json_number(j, "udp_segment", s->call[i].size);
		say_error(j, "error", s->call[i].error);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_string(j, "state", segoff_udp_state_name(s->state));
	json_string(j, "reason", segoff_udp_reason_name(s->reason));
	json_close(j, '}');
}

static void say_answers(struct json *j, const struct trial *t)
{
	json_open(j, "answers", '[');
	for (uint32_t i = 0; i < t->answers; i++) {
		json_open(j, NULL, '{');
		say_error(j, "error", t->answer[i].error);
		json_string(j, "from", t->answer[i].from);
		if (t->answer[i].mtu)
			json_number(j, "mtu", t->answer[i].mtu);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void say_library(struct json *j, const struct trial *t)
{
	const struct segoff_udp_path_info *p = &t->path;

	json_open(j, "library", '{');
	json_string(j, "state", segoff_udp_state_name(p->state));
	json_string(j, "reason", segoff_udp_reason_name(p->reason));
	json_string(j, "text", segoff_udp_reason_str(p->reason));
	if (p->last_errno)
		say_error(j, "last_errno", -p->last_errno);
	json_number(j, "max_size", p->max_size);
	json_number(j, "max_bytes", p->max_bytes);
	json_open(j, "counts", '{');
	for (unsigned int i = 0; i < SEGOFF_UDP_REASONS; i++)
		if (p->count[i])
			json_number(j, segoff_udp_reason_name(i), p->count[i]);
	json_close(j, '}');
	json_close(j, '}');
}

static void say_trial(struct json *j, const struct trial *t)
{
	json_open(j, "send", '[');
	for (uint32_t i = 0; i < t->steps; i++)
		say_step(j, &t->step[i]);
	json_close(j, ']');
	say_answers(j, t);
	json_number(j, "path_mtu", t->mtu);
	say_library(j, t);
}

void doctor_json(const struct doctor *d, FILE *f)
{
	static const char *const verdicts[] = {
		[VERDICT_TRAINS] = "trains",
		[VERDICT_SINGLE] = "one-by-one",
		[VERDICT_NOTHING] = "nothing",
		[VERDICT_KERNEL] = "kernel-takes-trains",
		[VERDICT_NO_KERNEL] = "kernel-takes-none",
	};
	struct json j = { .f = f };

	json_open(&j, NULL, '{');
	json_string(&j, "target", d->to.text);
	say_route(&j, d);
	say_kernel(&j, &d->tried);
	if (d->send)
		say_trial(&j, &d->trial);
	json_string(&j, "verdict", verdicts[doctor_verdict(d)]);
	json_close(&j, '}');
	fputc('\n', f);
}
