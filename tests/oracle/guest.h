/* SPDX-License-Identifier: MIT */
/* guest.h - a judge as the only process of a kernel */
#ifndef SEGOFF_ORACLE_GUEST_H
#define SEGOFF_ORACLE_GUEST_H

/**
 * guest_begin() - if this is init, be one
 *
 * Mounts what is needed, loads modules, and sees to it that the machine halts
 * when the program exits; the exit status is then written to the file that
 * $ORACLE_STATUS names. Elsewhere it does nothing.
 */
void guest_begin(void);

/* If this is init, load these modules, up to a NULL. */
void guest_load(const char *const *names);

/* If this is init, load a module from a file. */
void guest_load_file(const char *path);

#endif
