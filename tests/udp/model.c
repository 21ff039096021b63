/* SPDX-License-Identifier: MIT */
/* model.c - the states of a path as a list of sentences */
#include "model.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char *const model_events[] = {
	"train", "taken", "wait",  "nobufs", "earlier", "size",
	"bytes", "segs",  "fault", "plain",  "refused", "aged",
	"route", "loss",  "off",   "on",     "kernel",
};
const size_t model_nevents = sizeof(model_events) / sizeof(*model_events);

/* "-": stays, or is not counted; "*": by the error. */
static const struct {
	const char *state, *event, *next, *reason;
} rows[] = {
	{ "inactive", "train", "active", "train" },
	{ "inactive", "taken", "-", "-" },
	{ "inactive", "wait", "-", "wait" },
	{ "inactive", "nobufs", "-", "nobufs" },
	{ "inactive", "earlier", "-", "earlier" },
	{ "inactive", "size", "-", "-" },
	{ "inactive", "bytes", "-", "-" },
	{ "inactive", "segs", "-", "-" },
	{ "inactive", "fault", "-", "-" },
	{ "inactive", "plain", "-", "-" },
	{ "inactive", "refused", "-", "-" },
	{ "inactive", "aged", "-", "aged" },
	{ "inactive", "route", "inactive", "route" },
	{ "inactive", "loss", "disabled", "loss" },
	{ "inactive", "off", "disabled", "off" },
	{ "inactive", "on", "-", "-" },
	{ "inactive", "kernel", "disabled", "kernel" },

	{ "active", "train", "-", "-" },
	{ "active", "taken", "-", "-" },
	{ "active", "wait", "-", "wait" },
	{ "active", "nobufs", "-", "nobufs" },
	{ "active", "earlier", "-", "earlier" },
	{ "active", "size", "-", "size" },
	{ "active", "bytes", "-", "bytes" },
	{ "active", "segs", "-", "segs" },
	{ "active", "fault", "probe", "probe-*" },
	{ "active", "plain", "-", "-" },
	{ "active", "refused", "-", "-" },
	{ "active", "aged", "-", "aged" },
	{ "active", "route", "inactive", "route" },
	{ "active", "loss", "disabled", "loss" },
	{ "active", "off", "disabled", "off" },
	{ "active", "on", "-", "-" },
	{ "active", "kernel", "disabled", "kernel" },

	{ "probe", "train", "-", "-" },
	{ "probe", "taken", "-", "-" },
	{ "probe", "wait", "-", "wait" },
	{ "probe", "nobufs", "-", "nobufs" },
	{ "probe", "earlier", "-", "earlier" },
	{ "probe", "size", "-", "-" },
	{ "probe", "bytes", "-", "-" },
	{ "probe", "segs", "-", "-" },
	{ "probe", "fault", "-", "-" },
	{ "probe", "plain", "disabled", "*" },
	{ "probe", "refused", "inactive", "innocent" },
	{ "probe", "aged", "-", "aged" },
	{ "probe", "route", "inactive", "route" },
	{ "probe", "loss", "disabled", "loss" },
	{ "probe", "off", "disabled", "off" },
	{ "probe", "on", "-", "-" },
	{ "probe", "kernel", "disabled", "kernel" },

	{ "disabled", "train", "-", "-" },
	{ "disabled", "taken", "-", "-" },
	{ "disabled", "wait", "-", "wait" },
	{ "disabled", "nobufs", "-", "nobufs" },
	{ "disabled", "earlier", "-", "earlier" },
	{ "disabled", "size", "-", "-" },
	{ "disabled", "bytes", "-", "-" },
	{ "disabled", "segs", "-", "-" },
	{ "disabled", "fault", "-", "-" },
	{ "disabled", "plain", "-", "-" },
	{ "disabled", "refused", "-", "-" },
	{ "disabled", "aged", "inactive", "aged" },
	{ "disabled", "route", "inactive", "route" },
	{ "disabled", "loss", "disabled", "loss" },
	{ "disabled", "off", "disabled", "off" },
	{ "disabled", "on", "inactive", "on" },
	{ "disabled", "kernel", "disabled", "kernel" },
};

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static int row_of(const char *state, const char *event)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (is(rows[i].state, state) && is(rows[i].event, event))
			return (int)i;
	return -1;
}

int model_knows(const char *state, const char *event)
{
	return row_of(state, event) >= 0;
}

void model_init(struct model *m, uint32_t whole)
{
	*m = (struct model){ "inactive", "new", "other", 0, whole, whole, 0, 0 };
}

/* The reason with the error in place of the star; static. */
static const char *spell(const char *reason, const char *error)
{
	static char text[32];
	const char *star = strchr(reason, '*');

	if (!star)
		return reason;
	snprintf(text, sizeof(text), "%.*s%s", (int)(star - reason), reason,
		 error);
	return text;
}

static void later(struct model *m, const struct model_event *e)
{
	uint64_t wait = e->retry;

	/* as long as something waits already, this is not another time */
	if (!m->due)
		m->tries = m->tries < 11 ? m->tries + 1 : 11;
	for (unsigned int i = 1; i < m->tries; i++)
		wait *= 2;
	m->due = e->retry ? e->now + wait : 0;
}

static void all_new(struct model *m)
{
	m->size = 0;
	m->bytes = m->whole;
	m->due = 0;
}

/* What is known after an event that is counted. */
static void teach(struct model *m, const struct model_event *e, bool blamed)
{
	if (is(e->name, "size"))
		m->size = e->limit;
	if (is(e->name, "bytes"))
		m->bytes = e->limit;
	if (is(e->name, "size") || is(e->name, "bytes") ||
	    is(e->name, "loss") || blamed)
		later(m, e);
	if (is(e->name, "off") || is(e->name, "kernel"))
		m->due = 0;
	if (is(e->name, "route") || is(e->name, "on"))
		m->tries = 0;
	if (is(e->name, "route") || is(e->name, "on") || is(e->name, "aged"))
		all_new(m);
}

const char *model_step(struct model *m, const struct model_event *e)
{
	static char last[32];
	int i = row_of(m->state, e->name);
	bool blamed = is(m->state, "probe") && is(e->name, "plain");
	const char *reason;

	if (is(e->name, "taken") && !m->due)
		m->tries = 0;
	if (i < 0 || is(rows[i].reason, "-"))
		return NULL;
	if (is(e->name, "fault"))
		m->fault = e->error;
	reason = spell(rows[i].reason, m->fault);
	if (is(reason, "wait") || is(reason, "nobufs") || is(reason, "earlier"))
		return reason;
	snprintf(last, sizeof(last), "%s", reason);
	m->reason = last;
	if (!is(rows[i].next, "-"))
		m->state = rows[i].next;
	teach(m, e, blamed);
	return reason;
}
