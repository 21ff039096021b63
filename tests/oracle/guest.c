/* SPDX-License-Identifier: MIT */
/*
 * guest.c - a judge as the only process of a user-mode Linux
 *
 * Theory of operation
 * -------------------
 * user-mode-linux is a kernel that runs as an ordinary process, with the
 * host's files as its root (hostfs). Started with init=<judge> it runs the
 * judge and nothing else: no shell, no modprobe.
 *
 * As uml_launch.c has it, the kernel saves only the old half of the vector
 * registers of its processes. So libc must not use the new half, which
 * oracle_uml.sh tells it by GLIBC_TUNABLES, and libsegoff neither.
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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

#include "../../src/cpu/csum.h"
#include "net.h"

#define MODULES	  "/usr/lib/uml/modules"
#define LINE_ROOM 4096 /* of modules.dep */

static void mount_on(const char *type, const char *where)
{
	if (mount(type, where, type, 0, NULL))
		net_die(where);
}

static void load_file(const char *release, const char *name)
{
	char path[LINE_ROOM + 256];
	int fd;

	snprintf(path, sizeof(path), MODULES "/%s/%s", release, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		net_die(path);
	close(fd);
}

/* A line of modules.dep: the module, and what it needs, nearest first. */
static void load_line(const char *release, char *line)
{
	char *colon = strchr(line, ':'), *space;

	line[strcspn(line, "\n")] = '\0';
	while ((space = strrchr(colon, ' '))) {
		if (space[1])
			load_file(release, space + 1);
		*space = '\0';
	}
	*colon = '\0';
	load_file(release, line);
}

/* One that is not in the list is built in, or its lack will show. */
static void load_module(const char *release, const char *name)
{
	char path[256], line[LINE_ROOM], end[64];
	FILE *f;

	snprintf(path, sizeof(path), MODULES "/%s/modules.dep", release);
	snprintf(end, sizeof(end), "/%s.ko:", name);
	f = fopen(path, "r");
	if (!f)
		net_die(path);
	while (fgets(line, sizeof(line), f))
		if (strstr(line, end)) {
			load_line(release, line);
			break;
		}
	fclose(f);
}

void guest_load(const char *const *names)
{
	struct utsname u;

	if (getpid() != 1)
		return;
	if (uname(&u))
		net_die("uname");
	for (; *names; names++)
		load_module(u.release, *names);
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

/* The host's devices are not ours. */
static void make_devices(void)
{
	mount_on("tmpfs", "/dev");
	if (mkdir("/dev/net", 0755) ||
	    mknod("/dev/net/tun", S_IFCHR | 0600, makedev(10, 200)))
		net_die("/dev/net/tun");
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

	if (getpid() != 1)
		return;
	on_exit(halt, NULL);
	printf("oracle: in user-mode Linux\n");
	if (!registers_kept())
		net_die("vector registers are lost (see oracle_uml.sh)");
	mount_on("proc", "/proc");
	mount_on("sysfs", "/sys");
	guest_load(modules);
	make_devices();
	segoff__cpu_force(&segoff__cpu_portable);
}
