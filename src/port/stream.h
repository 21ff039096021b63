/* SPDX-License-Identifier: MIT */
/*
 * stream.h - bytes from and to files and pipes, compressed or not
 */
#ifndef SEGOFF_PORT_STREAM_H
#define SEGOFF_PORT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct port_error - what went wrong, for a person
 * @code: negative errno
 * @text: one line without a final newline: what, where, what to do
 */
struct port_error {
	int code;
	char text[512];
};

/**
 * port_fail() - fill in an error
 * @e: error
 * @code: negative errno
 * @format: as printf()
 *
 * Return: @code.
 */
int port_fail(struct port_error *e, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * port_stop() - end reading early
 *
 * May be called from a signal handler, and cannot be taken back. From then on
 * every input_read() that would have to read from its file fails with -EINTR,
 * and so does a call that was waiting. (One that is just about to wait needs
 * another signal.) Outputs can still be written and finished, but a write that
 * is interrupted, now or later, gives up with -EINTR.
 */
void port_stop(void);

/**
 * port_on_shrunk() - what to do when a file becomes shorter while it is read
 * @handler: called from a signal handler with the file's name; does what may
 *	be done there (write(), output_litter(), _exit()), and does not return
 *
 * Regular files are mapped instead of read from then on, which is faster; that
 * such a file shrinks then shows only as a SIGBUS.
 */
void port_on_shrunk(void (*handler)(const char *name));

/* --------------------------------------------------------------- input */

struct input;

/**
 * input_open() - open a file or a pipe for reading
 * @in: receives the input, to be closed with input_close()
 * @path: "-" is standard input
 * @e: receives the reason of a failure
 *
 * gzip and zstd are recognised by their first bytes and undone.
 *
 * Return: 0 or a negative errno (-ENOTSUP: compressed in a way that this build
 * cannot undo).
 */
int input_open(struct input **in, const char *path, struct port_error *e);

/**
 * input_read() - read uncompressed bytes
 * @in: input
 * @buf: receives them
 * @size: room there, above 0
 * @e: receives the reason of a failure
 *
 * Return: number of bytes, at least 1; 0 at the end; a negative errno
 * (-EBADMSG for compressed data that is damaged or breaks off; everything
 * before has been returned; -EINTR after port_stop()).
 */
ssize_t input_read(struct input *in, void *buf, size_t size,
		   struct port_error *e);

/* Which compression is undone: "", "gzip" or "zstd". */
const char *input_compression(const struct input *in);

/**
 * input_wait() - is there more to read, or soon?
 * @in: input
 * @ms: for how long to wait for it, in milliseconds
 *
 * Return: false if nothing came in that time; true if something did, at the
 * end, and for inputs that are no plain pipes.
 */
bool input_wait(const struct input *in, int ms);

/**
 * input_progress() - how far reading has come
 * @in: input
 * @total: receives the file's size in bytes, 0 if unknown (a pipe)
 *
 * Return: bytes read from the file, before decompression.
 */
uint64_t input_progress(const struct input *in, uint64_t *total);

/**
 * input_same_file() - is this input the file at @path?
 * @in: input
 * @path: name of a file that may not exist; "-" is standard output
 *
 * Return: true only for regular files: a terminal or /dev/null may well be
 * both read and written.
 */
bool input_same_file(const struct input *in, const char *path);

void input_close(struct input *in);

/* -------------------------------------------------------------- output */

struct output;

/**
 * output_open() - begin a file or write to a pipe
 * @out: receives the output
 * @path: "-" is standard output; ".gz" or ".zst" at its end compresses
 * @e: receives the reason of a failure
 *
 * A regular file is written beside its final name and gets that name when all
 * is written, so whatever was there before stays until then. What exists and
 * is no regular file (a device, a named pipe) is written directly.
 *
 * Return: 0 or a negative errno (-ENOTSUP: this build cannot compress so).
 */
int output_open(struct output **out, const char *path, struct port_error *e);

/**
 * output_write() - write all these bytes
 * @out: output
 * @buf: bytes
 * @size: how many
 * @e: receives the reason of a failure
 *
 * Return: 0 or a negative errno (-ENOSPC, -EPIPE ...). A failure is final: it
 * comes again at each further call, output_finish() included.
 */
int output_write(struct output *out, const void *buf, size_t size,
		 struct port_error *e);

/**
 * output_finish() - make sure that everything is written, and name the file
 * @out: output; gone afterwards, whatever is returned
 * @e: receives the reason of a failure
 *
 * Return: 0 or a negative errno; then no file bears the final name that did
 * not before.
 */
int output_finish(struct output *out, struct port_error *e);

/**
 * output_litter() - remove an unfinished file, from a signal handler
 *
 * The program must end then: nothing else may be done with the output.
 *
 * Return: whether there was one, so that nothing is left of it.
 */
bool output_litter(void);

/**
 * output_direct() - is what was written seen by others at once?
 * @out: output
 *
 * Return: true for pipes and devices; false for a file that gets its name at
 * the end.
 */
bool output_direct(const struct output *out);

/**
 * output_abandon() - leave no trace
 * @out: output; gone afterwards; may be NULL
 */
void output_abandon(struct output *out);

#endif
