/* SPDX-License-Identifier: MIT */
#include <segoff/base.h>

#define STR(x)	#x
#define XSTR(x) STR(x)

const char *segoff_version(void)
{
	return XSTR(SEGOFF_VERSION_MAJOR) "." XSTR(
		SEGOFF_VERSION_MINOR) "." XSTR(SEGOFF_VERSION_PATCH);
}
