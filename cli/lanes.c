/* SPDX-License-Identifier: MIT */
/* lanes.c - the packets of a batch, sorted by interface */
#include "lanes.h"

void lanes_sort(struct lanes *l, const struct batch *b)
{
	uint16_t last[LANES];

	for (size_t k = 0; k < LANES; k++) {
		l->first[k] = LANE_END;
		l->mixed[k] = false;
	}
	for (size_t i = 0; i < b->n; i++) {
		uint32_t k = b->rec[i].iface % LANES;

		l->next[i] = LANE_END;
		if (l->first[k] == LANE_END) {
			l->first[k] = (uint16_t)i;
		} else {
			l->next[last[k]] = (uint16_t)i;
			l->mixed[k] |= lane_terms(&b->rec[i]) !=
				       lane_terms(&b->rec[last[k]]);
		}
		last[k] = (uint16_t)i;
	}
}
