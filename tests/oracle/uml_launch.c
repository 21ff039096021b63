/* SPDX-License-Identifier: MIT */
/*
 * uml_launch.c - start a user-mode Linux on a processor newer than itself
 *
 *	uml_launch linux.uml ARGUMENTS
 *
 * Theory of operation
 * -------------------
 * User-mode Linux keeps the vector registers of its processes in a buffer of
 * fixed size and fetches them with ptrace(PTRACE_GETREGSET, NT_X86_XSTATE). On
 * processors with AVX-512 or AMX there are more of them than it has room for,
 * and it dies while booting. If that one request fails it is content with the
 * older one, the 512 bytes of FXSAVE. A seccomp filter makes it fail. The price
 * is that the upper halves of AVX registers are lost whenever a process is
 * switched, so processes inside must not use them (guest.c).
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define GETREGSET  0x4204u /* linux/ptrace.h */
#define X86_XSTATE 0x202u  /* linux/elf.h */

#define LOAD(member)                       \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
		 offsetof(struct seccomp_data, member))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define RETURN(what)	    BPF_STMT(BPF_RET | BPF_K, what)

int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		LOAD(arch),
		UNLESS(AUDIT_ARCH_X86_64, 7),
		LOAD(nr),
		UNLESS(SYS_ptrace, 5),
		LOAD(args[0]),
		UNLESS(GETREGSET, 3),
		LOAD(args[2]),
		UNLESS(X86_XSTATE, 1),
		RETURN(SECCOMP_RET_ERRNO | EINVAL),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(*code), code };

	if (argc < 2)
		return 2;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) {
		perror("seccomp");
		return 1;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
