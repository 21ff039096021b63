/* SPDX-License-Identifier: MIT */
/*
 * fd.h - file descriptors, with interrupted calls taken up again
 */
#ifndef SEGOFF_PORT_FD_H
#define SEGOFF_PORT_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Has port_stop() been called? */
bool port_stopped(void);

/**
 * fd_open() - as open(), never inherited by other programs, and never one of
 * the standard files
 * @path: file
 * @flags: as of open()
 * @mode: as of open()
 *
 * Return: a descriptor or a negative errno (-EINTR after port_stop(): a named
 * pipe whose other end nobody opens).
 *
 * A program may be started with standard files closed; were a file opened in
 * their place, messages would end up in it.
 */
int fd_open(const char *path, int flags, mode_t mode);

/**
 * fd_share() - another descriptor for the same open file
 * @fd: standard input or output
 *
 * Return: a descriptor or a negative errno.
 */
int fd_share(int fd);

/**
 * fd_read() - read what is there, waiting for at least one byte
 * @fd: descriptor, blocking or not
 * @buf: receives the bytes
 * @size: room there
 *
 * Return: number of bytes; 0 at the end; a negative errno (-EINTR after
 * port_stop()).
 */
ssize_t fd_read(int fd, void *buf, size_t size);

/**
 * fd_wait() - can something be read?
 * @fd: descriptor
 * @ms: for how long to wait for it, in milliseconds
 *
 * Return: false if nothing came in that time.
 */
bool fd_wait(int fd, int ms);

/**
 * fd_write() - write everything
 * @fd: descriptor, blocking or not
 * @buf: bytes
 * @size: how many
 *
 * Writing goes on after port_stop(), so that what was read can be saved; only
 * a call that is interrupted or stops half-way after that gives up.
 *
 * Return: 0 or a negative errno.
 */
int fd_write(int fd, const void *buf, size_t size);

#endif
