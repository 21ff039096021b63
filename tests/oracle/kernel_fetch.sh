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

# Where the lists of packages are missing or old: lists of our own, for which
# no right is needed and which the machine does not notice.
own_lists()
{
	mkdir -p "$tmp/apt/lists/partial" "$tmp/apt/cache/archives/partial"
	options="-o Dir::State::lists=$tmp/apt/lists -o Dir::Cache=$tmp/apt/cache"
	apt apt-get -q update >>"$tmp/log"
}

# $tmp may have no spaces, as mktemp has it.
apt()
{
	command=$1
	shift
	# shellcheck disable=SC2086
	$command $options -o APT::Sandbox::User=root -o Acquire::Retries=3 \
		"$@" 2>>"$tmp/log"
}

# depends PACKAGE PATTERN: the packages it needs, of those named so
depends()
{
	apt apt-cache depends --no-recommends --no-suggests "$1" |
		sed -n "s/^ *Depends: \\($2\\)\$/\\1/p"
}

# fetch FOLDER PACKAGE...
fetch()
{
	mkdir -p "$1" && (cd "$1" && shift && apt apt-get -q download "$@" >>log)
}

# What the newest of them is called changes with every release.
download()
{
	package=$(depends $meta 'linux-image-[0-9][^ ]*' | head -n 1)
	[ -n "$package" ] || return
	headers=linux-headers-${package#linux-image-}
	others=$(depends "$headers" 'linux-\(headers\|kbuild\)-[^ ]*')
	# shellcheck disable=SC2086 # a list of words
	fetch "$tmp/image" "$package:amd64" &&
		fetch "$tmp/headers" "$headers:amd64" $others
}

# Modules that have to do with networks, and what these need.
pack()
{
	(cd "$1" && find lib \( -type d -o -name modules.dep -o -regex \
		'.*/kernel/\(drivers/net\|net\|lib\|crypto\)/.*' \) \
		! -path '*/net/ethernet/*' | cpio --quiet -o -H newc)
}

unpack()
{
	mkdir "$tmp/x" "$tmp/new" &&
		dpkg-deb --fsys-tarfile "$tmp"/image/*.deb |
		tar -C "$tmp/x" -xf - ./boot ./lib/modules &&
		depmod -b "$tmp/x" "$(basename "$tmp"/x/lib/modules/*)" &&
		mv "$tmp"/x/boot/vmlinuz-* "$tmp/new/vmlinuz" &&
		pack "$tmp/x" >"$tmp/new/modules.cpio" &&
		mkdir "$tmp/new/headers" &&
		mv "$tmp"/headers/*.deb "$tmp/new/headers"
}

[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] ||
	skip "Debian's kernel for amd64 is wanted here"
PATH=$PATH:/usr/sbin:/sbin
need dpkg-deb dpkg
need depmod kmod
need cpio cpio
need flock util-linux

mkdir -p "$(dirname "$1")" || exit 1
exec 9>"$1.lock"
flock 9
[ -d "$1/headers" ] && exit 0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
options=
if ! download && ! { own_lists && download; }; then
	tail -n 5 "$tmp/log"
	skip "no $meta to be had from the archive"
fi
if ! unpack 2>>"$tmp/log"; then
	tail -n 5 "$tmp/log"
	echo "oracle: $package is not laid out as it should be"
	exit 1
fi
# whole or not at all, whatever file system it comes from
rm -rf "$1" "$1.new"
cp -r "$tmp/new" "$1.new" && mv "$1.new" "$1"
