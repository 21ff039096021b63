/* SPDX-License-Identifier: MIT */
/*
 * lookslike.c - what a file is that is no capture file
 */
#include "lookslike.h"

#include <stdbool.h>
#include <string.h>

#define MODIFIED                                               \
	"a pcap file of a modified libpcap, whose packet "     \
	"headers are longer; 'editcap -F pcap' turns it into " \
	"a plain one"
#define CONVERT(what) what "; 'editcap' turns it into pcapng"
#define UNPACK(what)  what "; unpack it first"

static const struct look {
	const char *magic;
	size_t n;
	const char *what;
} looks[] = {
	{ "\xa1\xb2\xcd\x34", 4, MODIFIED },
	{ "\x34\xcd\xb2\xa1", 4, MODIFIED },
	{ "\xa1\xe2\xcb\x12", 4, MODIFIED },
	{ "\x12\xcb\xe2\xa1", 4, MODIFIED },
	{ "\xa1\x2b\x3c\x4d", 4, MODIFIED },
	{ "\x4d\x3c\x2b\xa1", 4, MODIFIED },
	{ "\x1c\x00\x01\xac", 4, CONVERT("an Ixia capture") },
	{ "\xac\x01\x00\x1c", 4, CONVERT("an Ixia capture") },
	{ "\x1c\x00\x01\xab", 4, CONVERT("an Ixia capture") },
	{ "\xab\x01\x00\x1c", 4, CONVERT("an Ixia capture") },
	{ "snoop\0\0\0", 8, CONVERT("a snoop capture") },
	{ "GMBU", 4, CONVERT("a Microsoft Network Monitor capture") },
	{ "RTSS", 4, CONVERT("a Microsoft Network Monitor capture") },
	{ "TRSNIFF data", 12, CONVERT("a Sniffer capture") },
	{ "XCP\0", 4, CONVERT("a NetXRay capture") },
	{ "\x0a\x0d\x0d\x0a", 4,
	  "a pcapng file whose byte-order mark is damaged" },
	{ "\x1f\x8b", 2, UNPACK("gzip data in compressed data") },
	{ "\x28\xb5\x2f\xfd", 4, UNPACK("zstd data in compressed data") },
	{ "\xfd"
	  "7zXZ",
	  5, UNPACK("xz data") },
	{ "BZh", 3, UNPACK("bzip2 data") },
	{ "\x04\x22\x4d\x18", 4, UNPACK("lz4 data") },
	{ "\x1f\x9d", 2, UNPACK("compress data") },
	{ "PK\3\4", 4, UNPACK("a ZIP archive") },
	{ "7z\xbc\xaf", 4, UNPACK("a 7z archive") },
	{ "\x7f"
	  "ELF",
	  4, "a program" },
	{ "%PDF", 4, "a PDF document" },
};

static bool is_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] < ' ' && p[i] != '\t' && p[i] != '\r' &&
		     p[i] != '\n') ||
		    p[i] > '~')
			return false;
	return n > 0;
}

const char *looks_like(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++)
		if (n >= looks[i].n && !memcmp(p, looks[i].magic, looks[i].n))
			return looks[i].what;
	return is_text(p, n) ? "text" : NULL;
}
