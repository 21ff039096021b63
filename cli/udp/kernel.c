/* SPDX-License-Identifier: MIT */
/* kernel.c - which kernel this is, and what is known of it */
#include "kernel.h"

#include <ctype.h>
#include <stdlib.h>
#include <sys/utsname.h>

/* Versions as one number, so that they can be compared. */
#define VERSION(a, b, c) (((a)*1000ul + (b)) * 1000ul + (c))

const char *kernel_release(void)
{
	static struct utsname u;

	return uname(&u) ? "?" : u.release;
}

/* "7.1.4-9-generic" as one number; what is missing is 0; 0: no version. */
static unsigned long version_of(const char *release)
{
	unsigned long part[3] = { 0 };
	char *end = NULL;
	size_t i;

	for (i = 0; i < 3 && isdigit((unsigned char)*release); i++) {
		part[i] = strtoul(release, &end, 10);
		if (part[i] > 999)
			return 0;
		release = *end == '.' ? end + 1 : "";
	}
	return i < 2 ? 0 : VERSION(part[0], part[1], part[2]);
}

const char *kernel_fault(const char *release)
{
	unsigned long v = version_of(release);

	if (v >= VERSION(7, 0, 0) && v <= VERSION(7, 1, 4))
		return "Linux 7.0 to 7.1.4 spoils trains of equal datagrams on "
		       "some devices, and says nothing";
	return NULL;
}
