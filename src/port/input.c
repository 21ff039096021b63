/* SPDX-License-Identifier: MIT */
/*
 * input.c - bytes from files and pipes, compressed or not
 *
 * Theory of operation
 * -------------------
 * The first bytes are read ahead to see whether the input is compressed, as a
 * pipe cannot be rewound; input_raw() gives them out again before it reads on.
 * What the caller gets comes through a decoder, which for an input that is not
 * compressed is input_raw() itself.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec.h"
#include "fd.h"
#include "map.h"

struct input {
	const struct decoder *decoder;
	void *state;
	char *name;
	uint64_t taken;
	uint64_t total;
	struct stat st;
	bool from_start;
	int fd;
	uint8_t head[CODEC_HEAD];
	size_t nhead;
	size_t given;
};

static ssize_t plain_read(void *state, struct input *in, void *buf, size_t size,
			  struct port_error *e)
{
	(void)state;
	return input_raw(in, buf, size, e);
}

static const struct decoder plain_decoder = {
	.name = "",
	.read = plain_read,
};

static const struct decoder *const decoders[] = {
	&gzip_decoder,
	&zstd_decoder,
	NULL,
};

static ssize_t read_file(struct input *in, void *buf, size_t size,
			 struct port_error *e)
{
	ssize_t n = fd_read(in->fd, buf, size);

	if (n < 0)
		return port_fail_file(e, (int)n, in->name, "cannot be read");
	in->taken += (uint64_t)n;
	return n;
}

ssize_t input_raw(struct input *in, void *buf, size_t size,
		  struct port_error *e)
{
	size_t n = in->nhead - in->given;

	if (!n)
		return read_file(in, buf, size, e);
	if (n > size)
		n = size;
	memcpy(buf, in->head + in->given, n);
	in->given += n;
	return (ssize_t)n;
}

const char *input_name(const struct input *in)
{
	return in->name;
}

static int read_head(struct input *in, struct port_error *e)
{
	ssize_t n;

	do {
		n = read_file(in, in->head + in->nhead, CODEC_HEAD - in->nhead,
			      e);
		if (n < 0)
			return (int)n;
		in->nhead += (size_t)n;
	} while (n && in->nhead < CODEC_HEAD);
	return 0;
}

static const struct decoder *decoder_of(const struct input *in)
{
	for (const struct decoder *const *d = decoders; *d; d++)
		if ((*d)->match(in->head, in->nhead))
			return *d;
	return &plain_decoder;
}

static int open_decoder(struct input *in, struct port_error *e)
{
	const struct decoder *decoder = decoder_of(in);
	int err = 0;

	if (decoder->open)
		err = decoder->open(&in->state, in, e);
	if (!err)
		in->decoder = decoder;
	return err;
}

static int open_file(struct input *in, const char *path, struct port_error *e)
{
	int err = 0;

	in->name = strdup(port_name(path, "standard input"));
	if (!in->name)
		return port_fail(e, -ENOMEM, "out of memory");
	in->fd = strcmp(path, "-") ? fd_open(path, O_RDONLY, 0) :
				     fd_share(STDIN_FILENO);
	if (in->fd < 0)
		err = in->fd;
	else if (fstat(in->fd, &in->st))
		err = -errno;
	if (err)
		port_fail_file(e, err, in->name, "cannot be opened");
	return err;
}

/* What is left to be read: standard input may have been read from before. */
static void measure(struct input *in)
{
	off_t at = lseek(in->fd, 0, SEEK_CUR);

	if (S_ISREG(in->st.st_mode) && at >= 0 && at < in->st.st_size)
		in->total = (uint64_t)(in->st.st_size - at);
	in->from_start = in->total && !at;
	posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

int input_open(struct input **in, const char *path, struct port_error *e)
{
	struct input *i = calloc(1, sizeof(*i));
	int err;

	*in = NULL;
	if (!i)
		return port_fail(e, -ENOMEM, "out of memory");
	i->fd = -1;
	err = open_file(i, path, e);
	if (!err) {
		measure(i);
		err = read_head(i, e);
	}
	if (!err)
		err = open_decoder(i, e);
	if (err)
		input_close(i);
	else
		*in = i;
	return err;
}

ssize_t input_read(struct input *in, void *buf, size_t size,
		   struct port_error *e)
{
	return in->decoder->read(in->state, in, buf, size, e);
}

bool input_mappable(const struct input *in)
{
	return in->decoder == &plain_decoder && in->from_start;
}

const uint8_t *input_map(struct input *in, uint64_t at, size_t *len)
{
	const uint8_t *p;
	struct stat st;

	/* the file may have grown since */
	if (fstat(in->fd, &st) || at >= (uint64_t)st.st_size)
		return NULL;
	if (*len > (uint64_t)st.st_size - at)
		*len = (size_t)((uint64_t)st.st_size - at);
	p = map_part(in->fd, at, *len, in->name);
	if (p)
		in->taken = at + *len;
	return p;
}

const char *input_compression(const struct input *in)
{
	return in->decoder->name;
}

bool input_wait(const struct input *in, int ms)
{
	if (in->decoder != &plain_decoder || in->nhead > in->given)
		return true;
	return fd_wait(in->fd, ms);
}

uint64_t input_progress(const struct input *in, uint64_t *total)
{
	*total = in->total;
	return in->taken;
}

bool input_same_file(const struct input *in, const char *path)
{
	struct stat st;
	int err = strcmp(path, "-") ? stat(path, &st) :
				      fstat(STDOUT_FILENO, &st);

	return !err && S_ISREG(st.st_mode) && st.st_dev == in->st.st_dev &&
	       st.st_ino == in->st.st_ino;
}

void input_close(struct input *in)
{
	if (!in)
		return;
	if (in->decoder && in->decoder->close)
		in->decoder->close(in->state);
	if (in->fd >= 0)
		close(in->fd);
	free(in->name);
	free(in);
}
