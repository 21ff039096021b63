/* SPDX-License-Identifier: MIT */
/* kernel.h - which kernel this is, and what is known of it */
#ifndef SEGOFF_CLI_UDP_KERNEL_H
#define SEGOFF_CLI_UDP_KERNEL_H

/* "6.1.0-18-amd64", or "?". */
const char *kernel_release(void);

/* What a kernel of a release is known to do to trains, or NULL. Distributors
 * mend and break what the number does not show. */
const char *kernel_fault(const char *release);

#endif
