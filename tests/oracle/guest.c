/* SPDX-License-Identifier: MIT */
/*
 * guest.c - a judge as the only process of a kernel
 *
 * Theory of operation
 * -------------------
 * A kernel that is started with the judge as its init runs the judge and
 * nothing else: no shell, no modprobe. There are two of them.
 *
 * user-mode-linux is a kernel that runs as an ordinary process, with the
 * host's files as its root (hostfs). As uml_launch.c has it, it saves only the
 * old half of the vector registers of its processes. So libc must not use the
 * new half, which oracle_uml.sh tells it by GLIBC_TUNABLES, and libsegoff
 * neither.
 *
 * The other is booted in an emulated machine, see oracle_qemu.sh. Its root is
 * an initramfs that holds the judge and modules.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "../../src/cpu/csum.h"
#include "net.h"

#define LINE_ROOM 4096 /* of modules.dep */

/* It may be there already. */
static void mount_on(const char *type, const char *where)
{
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		net_die(where);
}

/* Where this kernel's modules are, each file by its name in modules.dep. */
static int open_modules(void)
{
	static const char *const roots[] = { "/usr/lib/uml/modules",
					     "/lib/modules" };
	struct utsname u;
	char path[256];
	int fd = -1;

	if (uname(&u))
		net_die("uname");
	for (size_t i = 0; fd < 0 && i < sizeof(roots) / sizeof(*roots); i++) {
		snprintf(path, sizeof(path), "%s/%s", roots[i], u.release);
		fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	if (fd < 0)
		net_die(path);
	return fd;
}

static void load_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		net_die(name);
	close(fd);
}

/* A line of modules.dep: the module, and what it needs, nearest first. */
static void load_line(int folder, char *line)
{
	char *colon = strchr(line, ':'), *space;

	line[strcspn(line, "\n")] = '\0';
	while ((space = strrchr(colon, ' '))) {
		if (space[1])
			load_file(folder, space + 1);
		*space = '\0';
	}
	*colon = '\0';
	load_file(folder, line);
}

/* One that is not in the list is built in, or its lack will show. */
static void load_module(int folder, const char *name)
{
	char line[LINE_ROOM], end[64];
	FILE *f = fdopen(openat(folder, "modules.dep", O_RDONLY | O_CLOEXEC),
			 "r");

	snprintf(end, sizeof(end), "/%s.ko:", name);
	if (!f)
		net_die("modules.dep");
	while (fgets(line, sizeof(line), f))
		if (strstr(line, end)) {
			load_line(folder, line);
			break;
		}
	fclose(f);
}

void guest_load_file(const char *path)
{
	if (net_alone())
		load_file(AT_FDCWD, path);
}

void guest_load(const char *const *names)
{
	int folder;

	if (!net_alone())
		return;
	folder = open_modules();
	for (; *names; names++)
		load_module(folder, *names);
	close(folder);
}

/*
 * The proof: a copy to a page that is not there yet goes through the kernel
 * with the data in registers.
 */
static bool registers_kept(void)
{
	static uint8_t from[200], to[64][4096];

	memset(from, 0x5a, sizeof(from));
	for (size_t i = 0; i < 64; i++) {
		memcpy(to[i] + 100, from, sizeof(from));
		if (memcmp(to[i] + 100, from, sizeof(from)))
			return false;
	}
	return true;
}

static void halt(int status, void *unused)
{
	const char *path = getenv("ORACLE_STATUS");
	FILE *f = path ? fopen(path, "w") : NULL;

	(void)unused;
	if (f) {
		fprintf(f, "%d\n", status);
		fclose(f);
	}
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
}

void guest_begin(void)
{
	static const char *const modules[] = { "ipv6", "mip6", "bridge", "tun",
					       NULL };

	if (!net_alone())
		return;
	on_exit(halt, NULL);
	printf("oracle: the only process of a kernel\n");
	if (!registers_kept())
		net_die("vector registers are lost (see oracle_uml.sh)");
	mount_on("proc", "/proc");
	mount_on("sysfs", "/sys");
	mount_on("devtmpfs", "/dev");
	guest_load(modules);
	segoff__cpu_force(&segoff__cpu_portable);
}
