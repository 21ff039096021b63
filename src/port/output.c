/* SPDX-License-Identifier: MIT */
/*
 * output.c - bytes to files and pipes, compressed or not
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "fd.h"
#include "target.h"

struct output {
	const struct encoder *encoder;
	void *state;
	struct target target;
	struct port_error failed; /* an output with a gap is never finished */
};

static int plain_write(void *state, struct output *out, const void *buf,
		       size_t size, struct port_error *e)
{
	(void)state;
	return output_raw(out, buf, size, e);
}

static const struct encoder plain_encoder = {
	.write = plain_write,
};

static const struct encoder *const encoders[] = {
	&gzip_encoder,
	&zstd_encoder,
	NULL,
};

int output_raw(struct output *out, const void *buf, size_t size,
	       struct port_error *e)
{
	int err = fd_write(out->target.fd, buf, size);

	if (err == -EPIPE)
		port_fail(e, err,
			  PORT_NAME ": the program that reads it has gone",
			  out->target.name);
	else if (err)
		port_fail_file(e, err, out->target.name, "cannot be written");
	return err;
}

const char *output_name(const struct output *out)
{
	return out->target.name;
}

bool output_direct(const struct output *out)
{
	return !out->target.final;
}

static bool ends_with(const char *path, const char *suffix)
{
	size_t n = strlen(path), tail = strlen(suffix);

	return n >= tail && !strcmp(path + n - tail, suffix);
}

static void release(struct output *out)
{
	if (out->encoder && out->encoder->close)
		out->encoder->close(out->state);
	free(out);
}

static const struct encoder *encoder_of(const char *path)
{
	for (const struct encoder *const *c = encoders; *c; c++)
		if (ends_with(path, (*c)->suffix))
			return *c;
	return &plain_encoder;
}

static int open_encoder(struct output *out, const struct encoder *encoder,
			struct port_error *e)
{
	int err = 0;

	if (encoder->open)
		err = encoder->open(&out->state, out, e);
	if (!err)
		out->encoder = encoder;
	return err;
}

int output_open(struct output **out, const char *path, struct port_error *e)
{
	struct output *o = calloc(1, sizeof(*o));
	int err;

	*out = NULL;
	if (!o)
		return port_fail(e, -ENOMEM, "out of memory");
	err = target_open(&o->target, path, e);
	if (err) {
		free(o);
		return err;
	}
	err = open_encoder(o, encoder_of(path), e);
	if (err)
		output_abandon(o);
	else
		*out = o;
	return err;
}

int output_write(struct output *out, const void *buf, size_t size,
		 struct port_error *e)
{
	if (!out->failed.code &&
	    out->encoder->write(out->state, out, buf, size, e))
		out->failed = *e;
	if (out->failed.code)
		*e = out->failed;
	return out->failed.code;
}

int output_finish(struct output *out, struct port_error *e)
{
	int err = out->failed.code;

	if (err)
		*e = out->failed;
	else if (out->encoder->finish)
		err = out->encoder->finish(out->state, out, e);
	if (err)
		target_discard(&out->target);
	else
		err = target_commit(&out->target, e);
	release(out);
	return err;
}

void output_abandon(struct output *out)
{
	if (!out)
		return;
	target_discard(&out->target);
	release(out);
}
