/* SPDX-License-Identifier: MIT */
/* train_ip.c - IP headers, outer and inner, from what they are to say */
#include "train.h"

#include <string.h>

#include "wire.h"

#define IPV4_LEN   20u
#define IPV6_LEN   40u
#define FRAG6_LEN  8u
#define NEXT_FRAG6 44

static size_t put_ipv4(uint8_t *ip, const struct ip *s, size_t behind)
{
	size_t len = IPV4_LEN + s->nipopt;

	ip[0] = (uint8_t)((uint32_t)s->nibble << 4 | len / 4);
	ip[1] = s->tos;
	put16(ip + 2, (uint32_t)((int)(len + behind) + s->ip_len));
	put16(ip + 4, s->id);
	put16(ip + 6, s->fragment);
	ip[8] = s->ttl;
	ip[9] = s->next;
	put16(ip + 10, 0);
	memcpy(ip + 12, s->addr, 4);
	memcpy(ip + 16, s->addr + 16, 4);
	memcpy(ip + IPV4_LEN, s->ipopt, s->nipopt);
	return len;
}

/* The chain of extension headers ends in a fragment's, or in @s->next. */
static size_t put_ext(uint8_t *p, const struct ip *s, uint8_t *last)
{
	size_t len = s->ext_len;

	memcpy(p, s->ext, len);
	for (size_t at = 0; at < len; at += (p[at + 1] + 1u) * 8) {
		*last = at ? *last : s->next_ext;
		last = p + at;
	}
	*last = s->next;
	if (!s->frag6)
		return len;
	*last = NEXT_FRAG6;
	memset(p + len, 0, FRAG6_LEN);
	p[len] = s->next;
	p[len + 3] = (uint8_t)(s->id & 0xf9);
	return len + FRAG6_LEN;
}

static size_t put_ipv6(uint8_t *ip, const struct ip *s, size_t behind)
{
	size_t len;

	put32(ip, (uint32_t)s->nibble << 28 | (uint32_t)s->tos << 20 |
			  (s->label & 0xfffff));
	ip[7] = s->ttl;
	memcpy(ip + 8, s->addr, 32);
	len = put_ext(ip + IPV6_LEN, s, ip + 6);
	put16(ip + 4, (uint32_t)((int)(len + behind) + s->ip_len));
	return IPV6_LEN + len;
}

size_t train_ip_len(const struct ip *ip)
{
	if (ip->version == 4)
		return IPV4_LEN + ip->nipopt;
	return IPV6_LEN + ip->ext_len + (ip->frag6 ? FRAG6_LEN : 0);
}

size_t train_put_ip(uint8_t *p, const struct ip *ip, size_t behind)
{
	return ip->version == 4 ? put_ipv4(p, ip, behind) :
				  put_ipv6(p, ip, behind);
}

uint16_t train_ip_sum(const uint8_t *p)
{
	return wire_fold(wire_sum(p, (p[0] & 15u) * 4)) ^ 0xffff;
}

void train_put_ip_check(uint8_t *p, const struct ip *ip)
{
	uint16_t c;

	if (ip->version != 4)
		return;
	c = train_ip_sum(p);
	if (ip->ip_zero && !c)
		c = 0xffff;
	put16(p + 10, c ^ ip->ip_xor);
}

uint64_t train_pseudo(const struct ip *ip, uint8_t proto, size_t len)
{
	size_t n = ip->version == 4 ? 4 : 16;

	return wire_sum(ip->addr, n) + wire_sum(ip->addr + 16, n) + proto + len;
}
