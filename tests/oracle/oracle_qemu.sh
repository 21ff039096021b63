#!/bin/sh
# SPDX-License-Identifier: MIT
#
# oracle_qemu.sh DIR JUDGE [OPTIONS] - a judge as init of Debian's stock kernel
#
# The kernel is fetched into DIR, if it is not there yet (kernel_fetch.sh), and
# booted in a machine that is emulated: slow, but no right is needed, no
# network touched, and the processor is the same everywhere. JUDGE is linked
# statically.
set -u

[ $# -ge 2 ] || exit 2
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/oracle/guest.sh
. "$here/guest.sh"
kernel=$1
judge=$2
shift 2
need qemu-system-x86_64 qemu-system-x86
need cpio cpio
"$here/kernel_fetch.sh" "$kernel" || exit

guest_folder
mkdir "$dir/root" "$dir/root/dev" "$dir/root/proc" "$dir/root/sys"
cp "$judge" "$dir/root/init" && cp "$kernel/modules.cpio" "$dir/initrd" ||
	exit 1
(cd "$dir/root" && find . | cpio --quiet -o -H newc) >>"$dir/initrd" || exit 1

timeout -k 5 600 qemu-system-x86_64 -accel tcg -cpu max -m 1G \
	-nodefaults -no-reboot -display none \
	-serial "file:$dir/log" -serial "file:$dir/status" \
	-kernel "$kernel/vmlinuz" -initrd "$dir/initrd" \
	-append "console=ttyS0 quiet panic=-1 ORACLE_STATUS=/dev/ttyS1 -- $*" \
	</dev/null
guest_end "the kernel in qemu"
