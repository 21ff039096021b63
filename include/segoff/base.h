/* SPDX-License-Identifier: MIT */
/* segoff/base.h - version, and what every header of the library needs */
#ifndef SEGOFF_BASE_H
#define SEGOFF_BASE_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <sys/types.h>
#include <sys/uio.h>

#if defined(__GNUC__)
#define SEGOFF_API __attribute__((visibility("default")))
#else
#define SEGOFF_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define SEGOFF_VERSION_MAJOR 0
#define SEGOFF_VERSION_MINOR 1
#define SEGOFF_VERSION_PATCH 0

/**
 * segoff_version() - version of the library that is running
 *
 * Return: "major.minor.patch", static.
 */
SEGOFF_API const char *segoff_version(void);

#ifdef __cplusplus
}
#endif

#endif
