/* SPDX-License-Identifier: MIT */
/*
 * target.h - the file that an output ends up in
 */
#ifndef SEGOFF_PORT_TARGET_H
#define SEGOFF_PORT_TARGET_H

#include "stream.h"

/**
 * struct target - where bytes go
 * @fd: to write to
 * @name: for messages
 * @final: the name that the file gets; NULL if it is written directly
 * @temp: the name that it has until then
 */
struct target {
	int fd;
	char *name;
	char *final;
	char *temp;
};

/**
 * target_open() - begin to write
 * @t: receives the target
 * @path: as of output_open()
 * @e: receives the reason of a failure
 *
 * Return: 0 or a negative errno; then there is nothing to discard.
 */
int target_open(struct target *t, const char *path, struct port_error *e);

/**
 * target_commit() - all is written: close the file and name it
 * @t: target; gone afterwards, whatever is returned
 * @e: receives the reason of a failure
 *
 * Return: 0 or a negative errno; then the file is gone.
 */
int target_commit(struct target *t, struct port_error *e);

/* Give up: close the file and remove it. The target is gone afterwards. */
void target_discard(struct target *t);

#endif
