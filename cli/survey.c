/* SPDX-License-Identifier: MIT */
/* survey.c - what would merge make of a capture? */
#include "survey.h"

#include <string.h>
#include <sys/stat.h>

bool survey_possible(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 &&
	       (stat(path, &st) || S_ISREG(st.st_mode));
}

static int go_through(struct batch *b, const struct segoff_ports *ports,
		      struct merge_report *r, struct port_error *e)
{
	struct join_opts o = JOIN_DEFAULT;
	struct join *j;
	int err;

	o.gro.ports = ports;
	join_settle(&o, b->reader);
	err = join_open(&j, &o, b->most);
	if (err)
		port_fail(e, err, "not enough memory");
	while (!err && batch_next(b)) {
		join_batch(j, b);
		merge_count(r, b, j);
	}
	join_close(j);
	if (err || !batch_error(b))
		return err;
	*e = *batch_error(b);
	return e->code;
}

int survey(const char *path, const struct segoff_ports *ports,
	   struct merge_report *r, struct port_error *e)
{
	static struct batch b;
	int err;

	b = (struct batch){ .most = BATCH_DEFAULT };
	err = capture_open(&b.reader, path, e);
	if (!err)
		err = go_through(&b, ports, r, e);
	if (b.reader)
		capture_close(b.reader);
	return err;
}
