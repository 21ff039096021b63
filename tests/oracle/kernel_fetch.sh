#!/bin/sh
# SPDX-License-Identifier: MIT
#
# kernel_fetch.sh DIR - the stock kernel of Debian, to boot in a machine
#
# Makes DIR/vmlinuz and DIR/modules.cpio of the package that
# linux-image-cloud-amd64 stands for, and DIR/headers, packages to build modules
# with, once. Nothing is installed: it would become the next kernel of whoever
# runs this, and the headers here are always this kernel's.
set -u

[ $# -eq 1 ] || exit 2
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/oracle/guest.sh
. "$here/guest.sh"
LC_ALL=C
export LC_ALL
meta=linux-image-cloud-amd64
SECONDS_MOST=230

# get FOLDER ARGUMENT...: apt-get there. Without a network it would try for many
# minutes, all of them together have SECONDS_MOST.
get()
{
	folder=$1
	left=$((end - $(date +%s)))
	shift
	[ "$left" -gt 0 ] && mkdir -p "$folder" || return
	# shellcheck disable=SC2086 # a list of words
	attend timeout -k 5 "$left" env -C "$folder" apt-get -q "$@" $options \
		-o APT::Sandbox::User=root -o Acquire::Retries=1 \
		-o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
		>>"$dir/log" 2>&1
}

# depends PACKAGE PATTERN: the packages it needs, of those named so
depends()
{
	# shellcheck disable=SC2086 # a list of words
	apt-cache depends --no-recommends --no-suggests "$1" $options \
		2>>"$dir/log" | sed -n "s/^ *Depends: \\($2\\)\$/\\1/p"
}

# Where the lists of packages are missing or old: lists of our own, for which
# no right is needed. The machine's stay as they are.
own_lists()
{
	mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
	options="-o Dir::State::lists=$dir/apt/lists -o Dir::Cache=$dir/apt/cache"
	get "$dir/apt" update
}

# What the newest of them is called changes with every release.
download()
{
	rm -rf "$dir/image" "$dir/headers"
	package=$(depends $meta 'linux-image-[0-9][^ ]*' | head -n 1)
	[ -n "$package" ] || return
	headers=linux-headers-${package#linux-image-}
	others=$(depends "$headers" 'linux-\(headers\|kbuild\)-[^ ]*')
	# shellcheck disable=SC2086 # a list of words
	get "$dir/image" download "$package:amd64" &&
		get "$dir/headers" download "$headers:amd64" $others
}

# Modules that have to do with networks, and what these need.
pack()
{
	(cd "$1" && find lib \( -type d -o -name modules.dep -o -regex \
		'.*/kernel/\(drivers/net\|net\|lib\|crypto\)/.*' \) \
		! -path '*/net/ethernet/*' | cpio --quiet -o -H newc)
}

# same_kernel FOLDER...: one folder of modules, and the headers to it
same_kernel()
{
	[ $# -eq 1 ] && [ -e "$(echo "$dir/headers/linux-headers-${1##*/}_"*)" ]
}

unpack()
{
	mkdir "$dir/x" "$dir/new" &&
		dpkg-deb --fsys-tarfile "$dir"/image/*.deb |
		tar -C "$dir/x" -xf - ./boot ./lib/modules &&
		same_kernel "$dir"/x/lib/modules/* &&
		depmod -b "$dir/x" "$(basename "$dir"/x/lib/modules/*)" &&
		mv "$dir"/x/boot/vmlinuz-* "$dir/new/vmlinuz" &&
		pack "$dir/x" >"$dir/new/modules.cpio" &&
		mkdir "$dir/new/headers" &&
		mv "$dir"/headers/*.deb "$dir/new/headers"
}

[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] ||
	skip "Debian's kernel for amd64 is wanted here"
PATH=$PATH:/usr/sbin:/sbin
need dpkg-deb dpkg
need depmod kmod
need cpio cpio
need flock util-linux

guest_folder
mkdir -p "$(dirname "$1")" || exit 1
exec 9>"$1.lock"
attend flock 9
[ -s "$1/vmlinuz" ] && [ -s "$1/modules.cpio" ] && [ -d "$1/headers" ] && exit 0
end=$(($(date +%s) + SECONDS_MOST))
options=
if ! download && ! { own_lists && download; }; then
	tail -n 5 "$dir/log"
	skip "no $meta to be had from the archive"
fi
if ! unpack 2>>"$dir/log"; then
	tail -n 5 "$dir/log"
	echo "oracle: $package is not laid out as it should be"
	exit 1
fi
# whole or not at all, whatever file system it comes from
rm -rf "$1" "$1.new"
cp -r "$dir/new" "$1.new" && mv "$1.new" "$1"
