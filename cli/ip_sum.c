/* SPDX-License-Identifier: MIT */
/* ip_sum.c - the checksums of IPv4 headers */
#include "ip_sum.h"

#include <string.h>

#include "wire.h"

#define HEADER_MAX 60
#define SUM_AT	   10

static struct ip_sum compare(const uint8_t *ip, uint32_t len)
{
	struct ip_sum s = { .found = be16_at(ip + SUM_AT) };
	uint8_t header[HEADER_MAX];
	uint16_t sum;

	memcpy(header, ip, len);
	memset(header + SUM_AT, 0, sizeof(sum));
	sum = segoff_csum_fold(segoff_csum_partial(header, len, 0));
	memcpy(header + SUM_AT, &sum, sizeof(sum));
	s.right = be16_at(header + SUM_AT);
	return s;
}

struct ip_sum ip_sum_of(const struct segoff_pkt *pkt,
			const struct segoff_stack *st)
{
	struct ip_sum s = { 0 }, worst = { 0 };

	for (unsigned int i = 0; i < st->nlayer && !worst.found; i++) {
		const struct segoff_layer *l = &st->layer[i];

		if (l->proto != SEGOFF_P_IPV4)
			continue;
		s = compare((const uint8_t *)pkt->iov[0].iov_base + l->off,
			    l->len);
		if (s.found != s.right)
			worst = s;
	}
	return worst;
}
