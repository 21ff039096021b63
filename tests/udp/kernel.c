/* SPDX-License-Identifier: MIT */
/* kernel.c - which releases are said to spoil trains */
#include "../../cli/udp/kernel.h"

#include "../test.h"

int main(void)
{
	test("releases with the fault, as distributors write them");
	ok(kernel_fault("7.0.0"));
	ok(kernel_fault("7.0-rc1"));
	ok(kernel_fault("7.0.12-9-generic"));
	ok(kernel_fault("7.1.4+deb14-amd64"));
	test("and without, before and after it");
	ok(!kernel_fault("6.18.44"));
	ok(!kernel_fault("6.999.1"));
	ok(!kernel_fault("7.1.5"));
	ok(!kernel_fault("7.2"));
	ok(!kernel_fault("17.0.1"));
	test("what is no release has none");
	ok(!kernel_fault("?"));
	ok(!kernel_fault(""));
	ok(!kernel_fault("7"));
	ok(!kernel_fault("7.0.99999999999999999999"));
	test("this kernel has a release");
	ok(kernel_release()[0] > '0' && kernel_release()[0] <= '9');
	return test_end();
}
