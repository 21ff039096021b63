/* SPDX-License-Identifier: MIT */
/*
 * target.c - the file that an output ends up in
 *
 * Theory of operation
 * -------------------
 * A regular file is written under another name in the directory of its final
 * one and renamed when it is complete: whoever looks sees the old file or the
 * whole new one, and a program that reads its own output file reads the old
 * one. Symbolic links are followed first, or rename() would replace the link.
 * A file that was there keeps its permissions and, as far as we may, its
 * owner; one that may not be written is not replaced either, although the
 * directory would allow it.
 */
#define _POSIX_C_SOURCE 200809L

#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec.h"
#include "fd.h"

/* As many symbolic links as the kernel follows. */
#define LINKS_MAX 40

/* Names that other programs took, before we believe in another cause. */
#define NAMES_MAX 1000

/* The unfinished file that a signal handler would remove. */
static const char *volatile litter;

bool output_litter(void)
{
	return litter && !unlink(litter);
}

/* Bytes of a path up to its last slash. */
static size_t dir_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* What @name means inside the directory of @path. */
static char *beside(const char *path, const char *name)
{
	size_t dir = *name == '/' ? 0 : dir_len(path), n = strlen(name) + 1;
	char *joined = malloc(dir + n);

	if (joined) {
		memcpy(joined, path, dir);
		memcpy(joined + dir, name, n);
	}
	return joined;
}

/* Follow symbolic links, to a file that may not exist. */
static int resolve(const char *path, char **resolved)
{
	char link[PATH_MAX], *now = strdup(path), *next;
	ssize_t n;

	for (int i = 0; now && i < LINKS_MAX; i++) {
		n = readlink(now, link, sizeof(link) - 1);
		if (n < 0) {
			*resolved = now;
			return 0;
		}
		link[n] = 0;
		next = beside(now, link);
		free(now);
		now = next;
	}
	free(now);
	return now ? -ELOOP : -ENOMEM;
}

/* The permissions of the file that is replaced, if it may be written. */
static int inherit(const struct target *t, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;

	if (faccessat(AT_FDCWD, t->final, W_OK, AT_EACCESS))
		return -errno;
	if (fchown(t->fd, old->st_uid, old->st_gid) &&
	    fchown(t->fd, (uid_t)-1, old->st_gid))
		mode &= ~(mode_t)S_IRWXG;
	return fchmod(t->fd, mode) ? -errno : 0;
}

/* Make the file. The kernel applies the umask to one that is new. */
static int create(struct target *t, bool replaces)
{
	mode_t mode = replaces ? 0600 : 0666;
	char name[64];

	for (unsigned int i = 0; i < NAMES_MAX; i++) {
		snprintf(name, sizeof(name), ".segoff-%ld-%u.tmp",
			 (long)getpid(), i);
		free(t->temp);
		t->temp = beside(t->final, name);
		if (!t->temp)
			return -ENOMEM;
		t->fd = fd_open(t->temp, O_WRONLY | O_CREAT | O_EXCL, mode);
		if (t->fd != -EEXIST)
			break;
	}
	if (t->fd >= 0)
		litter = t->temp;
	return t->fd < 0 ? t->fd : 0;
}

static int open_beside(struct target *t, const char *path,
		       const struct stat *old)
{
	int err = resolve(path, &t->final);

	if (!err)
		err = create(t, old != NULL);
	if (!err && old)
		err = inherit(t, old);
	return err;
}

static int open_any(struct target *t, const char *path)
{
	struct stat st;

	if (!*path)
		return -ENOENT;
	if (!strcmp(path, "-")) {
		t->fd = fd_share(STDOUT_FILENO);
	} else if (stat(path, &st)) {
		if (errno != ENOENT)
			return -errno;
		return open_beside(t, path, NULL);
	} else if (S_ISREG(st.st_mode)) {
		return open_beside(t, path, &st);
	} else {
		t->fd = fd_open(path, O_WRONLY, 0);
	}
	return t->fd < 0 ? t->fd : 0;
}

int target_open(struct target *t, const char *path, struct port_error *e)
{
	const char *name = port_name(path, "standard output");
	int err;

	*t = (struct target){ .fd = -1, .name = strdup(name) };
	err = t->name ? open_any(t, path) : -ENOMEM;
	if (err) {
		port_fail_file(e, err, name, "cannot be written");
		target_discard(t);
	}
	return err;
}

static void forget(struct target *t)
{
	if (litter == t->temp)
		litter = NULL;
	free(t->name);
	free(t->final);
	free(t->temp);
}

int target_commit(struct target *t, struct port_error *e)
{
	int err = close(t->fd) ? -errno : 0;

	if (!err && t->final && rename(t->temp, t->final))
		err = -errno;
	if (err) {
		port_fail_file(e, err, t->name, "cannot be completed");
		if (t->final)
			unlink(t->temp);
	}
	forget(t);
	return err;
}

void target_discard(struct target *t)
{
	if (t->fd >= 0) {
		close(t->fd);
		if (t->final)
			unlink(t->temp);
	}
	forget(t);
}
