/* SPDX-License-Identifier: MIT */
/*
 * codec.h - how compressed files are read and written
 *
 * A form of compression is one file with two const tables of functions. Which
 * one an input has is seen from its first bytes, which one an output gets is
 * seen from its name.
 */
#ifndef SEGOFF_PORT_CODEC_H
#define SEGOFF_PORT_CODEC_H

#include "stream.h"

/* Bytes of a file that are enough to recognise it. */
#define CODEC_HEAD 4

/* Compressed bytes that are read or written at once. */
#define CODEC_CHUNK (128u << 10)

/* Bytes of a file's name that go into an error text. */
#define PORT_NAME "%.200s"

/**
 * struct decoder - how to undo a form of compression
 * @name: as capture_compression() tells it
 * @match: do these first bytes, at most CODEC_HEAD of them, look like it?
 * @open: make the state; NULL if there is none
 * @read: as input_read(); reads with input_raw()
 * @close: free the state; NULL if there is none
 */
struct decoder {
	const char *name;
	bool (*match)(const uint8_t *head, size_t n);
	int (*open)(void **state, const struct input *in, struct port_error *e);
	ssize_t (*read)(void *state, struct input *in, void *buf, size_t size,
			struct port_error *e);
	void (*close)(void *state);
};

/**
 * struct encoder - how to compress
 * @suffix: of the names of such files
 * @open: make the state; NULL if there is none
 * @write: as output_write(); writes with output_raw()
 * @finish: write what is left; NULL if nothing ever is
 * @close: free the state; NULL if there is none
 */
struct encoder {
	const char *suffix;
	int (*open)(void **state, const struct output *out,
		    struct port_error *e);
	int (*write)(void *state, struct output *out, const void *buf,
		     size_t size, struct port_error *e);
	int (*finish)(void *state, struct output *out, struct port_error *e);
	void (*close)(void *state);
};

/**
 * port_name() - what messages call a file
 * @path: its name; an empty one is shown as such
 * @standard: what "-" means
 *
 * Return: one of both, or a static text.
 */
const char *port_name(const char *path, const char *standard);

/**
 * port_fail_file() - port_fail() with a file's name and the cause
 * @e: error
 * @code: negative errno; -EINTR: says "interrupted" and nothing else
 * @name: the file, from port_name()
 * @what: what could not be done with it
 *
 * Return: @code.
 */
int port_fail_file(struct port_error *e, int code, const char *name,
		   const char *what);

extern const struct decoder gzip_decoder, zstd_decoder;
extern const struct encoder gzip_encoder, zstd_encoder;

/* The file's own bytes, and its name for messages. */
ssize_t input_raw(struct input *in, void *buf, size_t size,
		  struct port_error *e);
const char *input_name(const struct input *in);

/**
 * input_map() - map a part of the input instead of reading it
 * @in: input, from which nothing but CODEC_HEAD bytes was read
 * @at: offset, a multiple of map_page()
 * @len: how much is wanted; receives how much there is, less at the end
 *
 * Return: its first byte, until the next call; NULL at the end of the file, or
 * if it cannot be mapped.
 */
const uint8_t *input_map(struct input *in, uint64_t at, size_t *len);

/* Is the input a plain file, from its beginning, that can be mapped? */
bool input_mappable(const struct input *in);

/* As output_write(), past the compression; and the name for messages. */
int output_raw(struct output *out, const void *buf, size_t size,
	       struct port_error *e);
const char *output_name(const struct output *out);

#endif
