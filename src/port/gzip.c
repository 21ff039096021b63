/* SPDX-License-Identifier: MIT */
/*
 * gzip.c - the gzip form of compression
 *
 * A file may hold several members one after the other, and zeros behind the
 * last one, as tapes and block devices leave them.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "codec.h"

static bool gzip_match(const uint8_t *head, size_t n)
{
	return n >= 2 && head[0] == 0x1f && head[1] == 0x8b;
}

#ifdef HAVE_ZLIB

#define ZLIB_CONST
#include <zlib.h>

/* zlib's number for the largest window, with a gzip header around it. */
#define GZIP_WINDOW (MAX_WBITS + 16)

/* Memory against compression, as zlib takes it by itself. */
#define GZIP_MEMORY 8

struct gzip {
	z_stream z;
	bool inside; /* a member has begun and not ended */
	uint8_t chunk[CODEC_CHUNK];
};

static uInt clamp(size_t n)
{
	return n < UINT_MAX ? (uInt)n : UINT_MAX;
}

static int gunzip_open(void **state, const struct input *in,
		       struct port_error *e)
{
	struct gzip *g = calloc(1, sizeof(*g));

	(void)in;
	if (!g || inflateInit2(&g->z, GZIP_WINDOW) != Z_OK) {
		free(g);
		return port_fail(e, -ENOMEM, "out of memory");
	}
	*state = g;
	return 0;
}

/* More compressed bytes: 1, 0 at the end, or a negative errno. */
static int gunzip_fill(struct gzip *g, struct input *in, struct port_error *e)
{
	ssize_t n;

	if (g->z.avail_in)
		return 1;
	n = input_raw(in, g->chunk, sizeof(g->chunk), e);
	if (n < 0)
		return (int)n;
	g->z.next_in = g->chunk;
	g->z.avail_in = (uInt)n;
	return n > 0;
}

/* On to the next member: 1, 0 if there is none, or a negative errno. */
static int gunzip_member(struct gzip *g, struct input *in, struct port_error *e)
{
	int ret;

	while ((ret = gunzip_fill(g, in, e)) > 0 && !*g->z.next_in) {
		g->z.next_in++;
		g->z.avail_in--;
	}
	if (ret > 0)
		g->inside = inflateReset(&g->z) == Z_OK;
	return ret;
}

static int gunzip_damaged(const struct gzip *g, const struct input *in,
			  struct port_error *e)
{
	return port_fail(e, -EBADMSG,
			 PORT_NAME ": the gzip data is damaged%s%s",
			 input_name(in), g->z.msg ? ": " : "",
			 g->z.msg ? g->z.msg : "");
}

static ssize_t gunzip_read(void *state, struct input *in, void *buf,
			   size_t size, struct port_error *e)
{
	struct gzip *g = state;
	int more, ret;

	g->z.next_out = buf;
	g->z.avail_out = clamp(size);
	while (g->z.next_out == (Bytef *)buf) {
		more = g->inside ? gunzip_fill(g, in, e) :
				   gunzip_member(g, in, e);
		if (more < 0 || (!more && !g->inside))
			return more;
		ret = inflate(&g->z, Z_NO_FLUSH);
		if (ret == Z_STREAM_END)
			g->inside = false;
		else if (g->z.next_out != (Bytef *)buf)
			break;
		else if (ret == Z_BUF_ERROR && !more)
			return port_fail(e, -EBADMSG,
					 PORT_NAME ": the gzip data breaks off",
					 input_name(in));
		else if (ret != Z_OK && ret != Z_BUF_ERROR)
			return gunzip_damaged(g, in, e);
	}
	return g->z.next_out - (Bytef *)buf;
}

static void gunzip_close(void *state)
{
	struct gzip *g = state;

	inflateEnd(&g->z);
	free(g);
}

static int gzip_open(void **state, const struct output *out,
		     struct port_error *e)
{
	struct gzip *g = calloc(1, sizeof(*g));

	(void)out;
	if (!g ||
	    deflateInit2(&g->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW,
			 GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(g);
		return port_fail(e, -ENOMEM, "out of memory");
	}
	g->z.next_out = g->chunk;
	g->z.avail_out = sizeof(g->chunk);
	*state = g;
	return 0;
}

static int gzip_spill(struct gzip *g, struct output *out, struct port_error *e)
{
	size_t n = sizeof(g->chunk) - g->z.avail_out;

	g->z.next_out = g->chunk;
	g->z.avail_out = sizeof(g->chunk);
	return output_raw(out, g->chunk, n, e);
}

static int gzip_write(void *state, struct output *out, const void *buf,
		      size_t size, struct port_error *e)
{
	struct gzip *g = state;
	const uint8_t *end = (const uint8_t *)buf + size;
	int err = 0;

	g->z.next_in = buf;
	while (!err && g->z.next_in < end) {
		g->z.avail_in = clamp((size_t)(end - g->z.next_in));
		deflate(&g->z, Z_NO_FLUSH);
		if (!g->z.avail_out)
			err = gzip_spill(g, out, e);
	}
	return err;
}

static int gzip_finish(void *state, struct output *out, struct port_error *e)
{
	struct gzip *g = state;
	int err, ret;

	do {
		ret = deflate(&g->z, Z_FINISH);
		err = gzip_spill(g, out, e);
	} while (!err && ret != Z_STREAM_END);
	return err;
}

static void gzip_close(void *state)
{
	struct gzip *g = state;

	deflateEnd(&g->z);
	free(g);
}

const struct decoder gzip_decoder = {
	.name = "gzip",
	.match = gzip_match,
	.open = gunzip_open,
	.read = gunzip_read,
	.close = gunzip_close,
};

const struct encoder gzip_encoder = {
	.suffix = ".gz",
	.open = gzip_open,
	.write = gzip_write,
	.finish = gzip_finish,
	.close = gzip_close,
};

#else

static int gunzip_open(void **state, const struct input *in,
		       struct port_error *e)
{
	(void)state;
	return port_fail(e, -ENOTSUP,
			 PORT_NAME ": this build has no gzip support",
			 input_name(in));
}

static int gzip_open(void **state, const struct output *out,
		     struct port_error *e)
{
	(void)state;
	return port_fail(e, -ENOTSUP,
			 PORT_NAME ": this build has no gzip support",
			 output_name(out));
}

const struct decoder gzip_decoder = {
	.name = "gzip",
	.match = gzip_match,
	.open = gunzip_open,
};

const struct encoder gzip_encoder = {
	.suffix = ".gz",
	.open = gzip_open,
};

#endif
