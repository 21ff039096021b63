/* SPDX-License-Identifier: MIT */
/* format.c - capture formats in words */
#include "format.h"

#include "cli.h"

static const char *link_name(uint16_t linktype)
{
	switch (linktype) {
	case LINKTYPE_NULL:
	case LINKTYPE_LOOP:
		return "BSD loopback";
	case LINKTYPE_ETHERNET:
		return "Ethernet";
	case LINKTYPE_RAW:
	case LINKTYPE_IPV4:
	case LINKTYPE_IPV6:
		return "raw IP";
	case LINKTYPE_LINUX_SLL:
		return "Linux cooked v1";
	case LINKTYPE_LINUX_SLL2:
		return "Linux cooked v2";
	default:
		return NULL;
	}
}

void describe_format(const struct capture_reader *r,
		     const struct capture_record *rec, char *text, size_t size)
{
	const char *format = capture_format(r) == CAPTURE_PCAP ? "pcap" :
								 "pcapng";
	const char *link = link_name(rec->linktype);
	const char *packed = capture_compression(r);
	char number[24];

	if (!link) {
		snprintf(number, sizeof(number), "link type %u", rec->linktype);
		link = number;
	}
	snprintf(text, size, "%s, %s%s%s", format, link, *packed ? ", " : "",
		 packed);
}

int vnet_option(const char *command, const char *text, void *size)
{
	unsigned long n = 10;

	if (text && (!parse_number(text, 10, 24, &n) ||
		     (n != 10 && n != 12 && n != 20 && n != 24)))
		return usage_error(command,
				   "--vnet-hdr is 10, 12, 20 or 24, not '%s'",
				   text);
	*(uint32_t *)size = (uint32_t)n;
	return 0;
}
