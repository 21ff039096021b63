/* SPDX-License-Identifier: MIT */
/* format.c - capture formats in words */
#include "format.h"

#include <segoff.h>

#include "cli.h"

uint16_t frame_linktype(uint16_t linktype, uint32_t vnet)
{
	return vnet && linktype == LINKTYPE_USER0 ? LINKTYPE_ETHERNET :
						    linktype;
}

bool link_of(uint16_t linktype, unsigned int *link)
{
	switch (linktype) {
	case LINKTYPE_ETHERNET:
		*link = SEGOFF_LINK_ETHERNET;
		return true;
	case LINKTYPE_RAW:
	case LINKTYPE_IPV4:
	case LINKTYPE_IPV6:
		*link = SEGOFF_LINK_RAW;
		return true;
	case LINKTYPE_LINUX_SLL:
		*link = SEGOFF_LINK_LINUX_SLL;
		return true;
	case LINKTYPE_LINUX_SLL2:
		*link = SEGOFF_LINK_LINUX_SLL2;
		return true;
	case LINKTYPE_NULL:
		*link = SEGOFF_LINK_NULL;
		return true;
	case LINKTYPE_LOOP:
		*link = SEGOFF_LINK_LOOP;
		return true;
	default:
		*link = SEGOFF_LINK_COUNT;
		return false;
	}
}

static const char *link_name(int linktype)
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
	case -1:
		return "";
	default:
		return NULL;
	}
}

void describe_format(const struct capture_reader *r, int linktype, char *text,
		     size_t size)
{
	const char *format = capture_format(r) == CAPTURE_PCAP ? "pcap" :
								 "pcapng";
	const char *link = link_name(linktype);
	const char *packed = capture_compression(r);
	char number[24];

	if (!link) {
		snprintf(number, sizeof(number), "link type %d", linktype);
		link = number;
	}
	snprintf(text, size, "%s%s%s%s%s", format, *link ? ", " : "", link,
		 *packed ? ", " : "", packed);
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
