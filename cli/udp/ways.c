/* SPDX-License-Identifier: MIT */
/* ways.c - the ways of sending, as a table */
#include "load.h"

const struct way_of ways[WAYS] = {
	[WAY_SENDTO] = { "sendto", "sendto", bare_sendto_prepare, bare_sendto,
			 WAYS },
	[WAY_SENDMMSG] = { "sendmmsg", "sendmmsg of 64", bare_mmsg_prepare,
			   bare_mmsg, WAYS },
	[WAY_OURS_PLAIN] = { "segoff-plain", "segoff, GSO off, 64 at once",
			     ours_plain_prepare, ours_send, WAY_SENDMMSG },
	[WAY_GSO] = { "gso", "UDP_SEGMENT by cmsg", bare_gso_prepare, bare_gso,
		      WAYS },
	[WAY_OURS] = { "segoff", "segoff, a train at once", ours_prepare,
		       ours_send, WAY_GSO },
	[WAY_OPTION] = { "gso-option", "UDP_SEGMENT by option",
			 bare_option_prepare, bare_send, WAYS },
	[WAY_OURS_OPTION] = { "segoff-option", "segoff, by option",
			      ours_option_prepare, ours_send, WAY_OPTION },
	[WAY_TRAINS] = { "gso-sendmmsg", "UDP_SEGMENT, sendmmsg of 8",
			 bare_trains_prepare, bare_trains, WAYS },
	[WAY_OURS_TRAINS] = { "segoff-trains", "segoff, 8 trains at once",
			      ours_trains_prepare, ours_send, WAY_TRAINS },
	[WAY_ZEROCOPY] = { "gso-zerocopy", "UDP_SEGMENT, MSG_ZEROCOPY",
			   bare_zerocopy_prepare, bare_zerocopy, WAYS },
	[WAY_OURS_ZEROCOPY] = { "segoff-zerocopy",
				"segoff, zerocopy if it pays",
				ours_zerocopy_prepare, ours_zerocopy,
				WAY_ZEROCOPY },
	[WAY_MIXED] = { "sendmmsg-mixed", "mixed sizes, sendmmsg of 64",
			bare_mixed_prepare, bare_mmsg, WAYS },
	[WAY_OURS_MIXED] = { "segoff-mixed", "mixed sizes, segoff, 64 at once",
			     ours_mixed_prepare, ours_send, WAY_MIXED },
};

/* A number that looks random and is always the same (splitmix64). */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

uint32_t mixed_size(const struct load *l, size_t at)
{
	uint64_t r = mix(at);

	if (r % 3)
		return l->size;
	return 1 + (uint32_t)(r / 3 % (l->size - 1));
}
