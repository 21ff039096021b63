#!/bin/sh
# SPDX-License-Identifier: MIT
#
# oracle_qemu.sh [-m MODULE] DIR JUDGE [OPTIONS] - a judge as init of Debian's
# stock kernel
#
# The kernel is fetched into DIR, if it is not there yet (kernel_fetch.sh), and
# booted in a machine that is emulated: slow, but no right is needed, it has no
# network, and the processor is the same everywhere. JUDGE is linked
# statically. The folder MODULE has the source of a kernel module, which is
# built for that kernel and is then /module.ko to JUDGE. The machine is given up
# after ORACLE_SECONDS, 400 if the environment does not say.
set -u

module=
if [ "${1-}" = -m ] && [ $# -ge 2 ]; then
	module=$2
	shift 2
fi
[ $# -ge 2 ] || exit 2
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/oracle/guest.sh
. "$here/guest.sh"
kernel=$1
judge=$2
shift 2
need qemu-system-x86_64 qemu-system-x86
need cpio cpio
if [ -n "$module" ]; then
	need make make
	need gcc-12 gcc-12
fi
guest_folder
attend "$here/kernel_fetch.sh" "$kernel" || exit

# The headers are not installed where they say they are.
unpack_headers()
{
	for package in "$kernel"/headers/*.deb; do
		dpkg-deb -x "$package" "$dir/headers" || exit 1
	done
	tree=$(echo "$dir"/headers/usr/src/linux-headers-*-cloud-amd64)
	sed -i "s,^include ,&$dir/headers," "$tree/Makefile"
	lacks=$(ldd "$dir"/headers/usr/lib/linux-kbuild-*/tools/objtool/objtool |
		sed -n 's/^\t\(.*\) => not found/\1/p')
	[ -z "$lacks" ] || skip "no $lacks, to build a module with"
}

# build_module SOURCE: without a trace in the folder of the source, and whatever
# make this was started by
build_module()
{
	unpack_headers
	cp -r "$1" "$dir/module" || exit 1
	if ! attend env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$tree" \
		"M=$dir/module" modules >"$dir/log" 2>&1; then
		cat "$dir/log"
		exit 1
	fi
	cp "$dir"/module/*.ko "$dir/root/module.ko" || exit 1
}

mkdir "$dir/root" "$dir/root/dev" "$dir/root/proc" "$dir/root/sys"
cp "$judge" "$dir/root/init" && cp "$kernel/modules.cpio" "$dir/initrd" ||
	exit 1
[ -z "$module" ] || build_module "$module"
(cd "$dir/root" && find . | cpio --quiet -o -H newc) >>"$dir/initrd" || exit 1

# Moved byte by byte, as these two bits ask for, memory takes its time here.
attend timeout -k 5 "${ORACLE_SECONDS:-400}" qemu-system-x86_64 \
	-accel tcg -cpu max,-erms,-fsrm -m 1G -nodefaults -no-reboot \
	-display none -serial "file:$dir/log" -serial "file:$dir/status" \
	-kernel "$kernel/vmlinuz" -initrd "$dir/initrd" \
	-append "console=ttyS0 quiet panic=-1 panic_on_warn=1 \
ORACLE_STATUS=/dev/ttyS1 -- $*" </dev/null
guest_end "the kernel in qemu"
