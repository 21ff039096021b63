/* SPDX-License-Identifier: MIT */
/* control.c - control messages of what is sent, in one place */
#include "tx.h"

#include <errno.h>
#include <netinet/ip.h>

#ifndef SCM_TXTIME
#define SCM_TXTIME 61
#endif

/* What may be there at once, ip_cmsg_send() and udp_cmsg_send(). */
_Static_assert(SEGOFF__UDP_CONTROL >=
		       CMSG_SPACE(sizeof(uint16_t)) + CMSG_SPACE(sizeof(int)) +
			       CMSG_SPACE(sizeof(struct in6_pktinfo)) +
			       CMSG_SPACE(sizeof(uint64_t)),
	       "room for all control messages");

static void put(struct msghdr *h, int level, int type, const void *data,
		size_t len)
{
	uint8_t *at = (uint8_t *)h->msg_control + h->msg_controllen;
	struct cmsghdr c = { .cmsg_len = CMSG_LEN(len),
			     .cmsg_level = level,
			     .cmsg_type = type };

	memcpy(at, &c, sizeof(c));
	memcpy(at + CMSG_LEN(0), data, len);
	h->msg_controllen += CMSG_SPACE(len);
}

/* The kernel ignores the option of the other family without a word. */
static void put_tos(struct msghdr *h, bool v4, int tos)
{
	if (v4)
		put(h, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	else
		put(h, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
}

static void put_pktinfo4(struct msghdr *h, const struct in6_addr *from,
			 uint32_t ifindex)
{
	struct in_pktinfo i = { .ipi_ifindex = (int)ifindex };

	memcpy(&i.ipi_spec_dst, &from->s6_addr[12], sizeof(i.ipi_spec_dst));
	put(h, IPPROTO_IP, IP_PKTINFO, &i, sizeof(i));
}

static void put_pktinfo6(struct msghdr *h, const struct in6_addr *from,
			 uint32_t ifindex)
{
	struct in6_pktinfo i = { .ipi6_addr = *from, .ipi6_ifindex = ifindex };

	put(h, IPPROTO_IPV6, IPV6_PKTINFO, &i, sizeof(i));
}

static int put_source(struct msghdr *h, const struct segoff_udp_dgram *d,
		      bool v4)
{
	struct segoff__udp_key k;
	int err = segoff__udp_key(&k, d);

	if (err)
		return err;
	if (d->from && IN6_IS_ADDR_V4MAPPED(&k.from) != v4)
		return -EINVAL;
	if (v4)
		put_pktinfo4(h, &k.from, d->ifindex);
	else
		put_pktinfo6(h, &k.from, d->ifindex);
	return 0;
}

int segoff__udp_control(const struct segoff_udp_tx *t, struct msghdr *h,
			const struct segoff_udp_dgram *d, bool v4, int size)
{
	uint16_t segment = (uint16_t)size;
	int err = 0;

	h->msg_controllen = 0;
	if (size >= 0)
		put(h, SOL_UDP, UDP_SEGMENT, &segment, sizeof(segment));
	if (d->flags & SEGOFF_UDP_TOS)
		put_tos(h, v4, d->tos);
	if (d->txtime) {
		if (!(t->flags & SEGOFF_UDP_TX_TXTIME))
			return -EINVAL;
		put(h, SOL_SOCKET, SCM_TXTIME, &d->txtime, sizeof(d->txtime));
	}
	if (unlikely(d->from || d->ifindex))
		err = put_source(h, d, v4);
	if (!h->msg_controllen)
		h->msg_control = NULL;
	return err;
}
