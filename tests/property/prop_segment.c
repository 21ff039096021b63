/* SPDX-License-Identifier: MIT */
#include "check.h"

int main(int argc, char **argv)
{
	return property_main(argc, argv, "prop_segment", check_segment, 200000);
}
