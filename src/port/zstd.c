/* SPDX-License-Identifier: MIT */
/*
 * zstd.c - the Zstandard form of compression
 *
 * A file may hold several frames one after the other. What a frame may ask for
 * in memory is libzstd's own limit, 128 MiB.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"

/* Skippable frames, which parallel compressors put first: 5x 2a 4d 18. */
static bool zstd_match(const uint8_t *head, size_t n)
{
	return n >= 4 && (!memcmp(head, "\x28\xb5\x2f\xfd", 4) ||
			  ((head[0] & 0xf0) == 0x50 &&
			   !memcmp(head + 1, "\x2a\x4d\x18", 3)));
}

#ifdef HAVE_ZSTD

#include <zstd.h>

struct unzstd {
	ZSTD_DStream *z;
	ZSTD_inBuffer in;
	bool inside; /* a frame has begun and not ended */
	const char *damage;
	uint8_t chunk[CODEC_CHUNK];
};

static int unzstd_open(void **state, const struct input *in,
		       struct port_error *e)
{
	struct unzstd *u = calloc(1, sizeof(*u));

	(void)in;
	if (u)
		u->z = ZSTD_createDStream();
	if (!u || !u->z) {
		free(u);
		return port_fail(e, -ENOMEM, "out of memory");
	}
	u->in.src = u->chunk;
	*state = u;
	return 0;
}

/* More compressed bytes: 1, 0 at the end, or a negative errno. */
static int unzstd_fill(struct unzstd *u, struct input *in, struct port_error *e)
{
	ssize_t n;

	if (u->in.pos < u->in.size)
		return 1;
	n = input_raw(in, u->chunk, sizeof(u->chunk), e);
	if (n < 0)
		return (int)n;
	u->in.pos = 0;
	u->in.size = (size_t)n;
	return n > 0;
}

static ssize_t unzstd_read(void *state, struct input *in, void *buf,
			   size_t size, struct port_error *e)
{
	struct unzstd *u = state;
	ZSTD_outBuffer out = { buf, size, 0 };
	int more = 1;
	size_t ret;

	while (!out.pos && !u->damage) {
		more = unzstd_fill(u, in, e);
		if (more < 0 || (!more && !u->inside))
			return more;
		ret = ZSTD_decompressStream(u->z, &out, &u->in);
		u->inside = ret != 0;
		if (ZSTD_isError(ret))
			u->damage = ZSTD_getErrorName(ret);
		else if (!more && !out.pos && u->inside)
			return port_fail(e, -EBADMSG,
					 PORT_NAME ": the zstd data breaks off",
					 input_name(in));
	}
	if (out.pos)
		return (ssize_t)out.pos;
	return port_fail(e, -EBADMSG,
			 PORT_NAME ": the zstd data is damaged: %s",
			 input_name(in), u->damage);
}

static void unzstd_close(void *state)
{
	struct unzstd *u = state;

	ZSTD_freeDStream(u->z);
	free(u);
}

struct zstd {
	ZSTD_CStream *z;
	ZSTD_outBuffer out;
	uint8_t chunk[CODEC_CHUNK];
};

static int zstd_open(void **state, const struct output *out,
		     struct port_error *e)
{
	struct zstd *s = calloc(1, sizeof(*s));

	(void)out;
	if (s)
		s->z = ZSTD_createCStream();
	if (!s || !s->z) {
		free(s);
		return port_fail(e, -ENOMEM, "out of memory");
	}
	ZSTD_CCtx_setParameter(s->z, ZSTD_c_checksumFlag, 1);
	s->out.dst = s->chunk;
	s->out.size = sizeof(s->chunk);
	*state = s;
	return 0;
}

static int zstd_spill(struct zstd *s, struct output *out, struct port_error *e)
{
	size_t n = s->out.pos;

	s->out.pos = 0;
	return output_raw(out, s->chunk, n, e);
}

static int zstd_failed(const struct output *out, size_t ret,
		       struct port_error *e)
{
	return port_fail(e, -ENOMEM, PORT_NAME ": cannot be compressed: %s",
			 output_name(out), ZSTD_getErrorName(ret));
}

static int zstd_write(void *state, struct output *out, const void *buf,
		      size_t size, struct port_error *e)
{
	struct zstd *s = state;
	ZSTD_inBuffer in = { buf, size, 0 };
	size_t ret;
	int err = 0;

	while (!err && in.pos < in.size) {
		ret = ZSTD_compressStream2(s->z, &s->out, &in, ZSTD_e_continue);
		if (ZSTD_isError(ret))
			err = zstd_failed(out, ret, e);
		else if (s->out.pos == s->out.size)
			err = zstd_spill(s, out, e);
	}
	return err;
}

static int zstd_finish(void *state, struct output *out, struct port_error *e)
{
	struct zstd *s = state;
	ZSTD_inBuffer none = { "", 0, 0 };
	size_t left;
	int err;

	do {
		left = ZSTD_compressStream2(s->z, &s->out, &none, ZSTD_e_end);
		err = ZSTD_isError(left) ? zstd_failed(out, left, e) :
					   zstd_spill(s, out, e);
	} while (!err && left);
	return err;
}

static void zstd_close(void *state)
{
	struct zstd *s = state;

	ZSTD_freeCStream(s->z);
	free(s);
}

const struct decoder zstd_decoder = {
	.name = "zstd",
	.match = zstd_match,
	.open = unzstd_open,
	.read = unzstd_read,
	.close = unzstd_close,
};

const struct encoder zstd_encoder = {
	.suffix = ".zst",
	.open = zstd_open,
	.write = zstd_write,
	.finish = zstd_finish,
	.close = zstd_close,
};

#else

static int unzstd_open(void **state, const struct input *in,
		       struct port_error *e)
{
	(void)state;
	return port_fail(e, -ENOTSUP,
			 PORT_NAME ": this build has no zstd support",
			 input_name(in));
}

static int zstd_open(void **state, const struct output *out,
		     struct port_error *e)
{
	(void)state;
	return port_fail(e, -ENOTSUP,
			 PORT_NAME ": this build has no zstd support",
			 output_name(out));
}

const struct decoder zstd_decoder = {
	.name = "zstd",
	.match = zstd_match,
	.open = unzstd_open,
};

const struct encoder zstd_encoder = {
	.suffix = ".zst",
	.open = zstd_open,
};

#endif
