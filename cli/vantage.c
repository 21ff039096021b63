/* SPDX-License-Identifier: MIT */
/* vantage.c - where was this captured? */
#include "vantage.h"

#include <stdlib.h>
#include <string.h>

/* Hosts that are remembered; what does not fit is not counted. */
#define HOSTS	  4096u
#define PROBE_MAX 16u

struct host {
	struct address address;
	uint64_t unfinished;
	uint64_t finished;
	uint64_t super_out;
	uint64_t super_in;
};

struct vantage {
	bool inside;
	bool super;
	struct host host[HOSTS];
};

struct vantage *vantage_new(void)
{
	return calloc(1, sizeof(struct vantage));
}

void vantage_free(struct vantage *v)
{
	free(v);
}

void packet_addresses(const struct segoff_pkt *pkt,
		      const struct segoff_stack *st, struct address *from,
		      struct address *to)
{
	const uint8_t *ip =
		(const uint8_t *)pkt->iov[0].iov_base + st->layer[st->net].off;
	size_t n = st->ip_version == 4 ? 4 : 16;
	size_t at = st->ip_version == 4 ? 12 : 8;

	memset(from, 0, sizeof(*from));
	memset(to, 0, sizeof(*to));
	from->version = to->version = st->ip_version;
	memcpy(from->bytes, ip + at, n);
	memcpy(to->bytes, ip + at + n, n);
}

static uint32_t place(const struct address *a)
{
	uint32_t h = 2166136261u; /* FNV-1a; hostile input costs counts only */

	for (size_t i = 0; i < sizeof(a->bytes); i++)
		h = (h ^ a->bytes[i]) * 16777619u;
	return h % HOSTS;
}

/* The host's entry; a new one if there is room near its place. */
static struct host *find(const struct vantage *v, const struct address *a)
{
	uint32_t at = place(a);

	for (uint32_t i = 0; i < PROBE_MAX; i++) {
		const struct host *h = &v->host[(at + i) % HOSTS];

		if (!h->address.version || !memcmp(&h->address, a, sizeof(*a)))
			return (struct host *)(uintptr_t)h;
	}
	return NULL;
}

static bool is_local(const struct host *h)
{
	return h && h->address.version && h->unfinished &&
	       h->unfinished >= h->finished;
}

void vantage_see(struct vantage *v, const struct address *from,
		 const struct address *to, bool super, bool unfinished)
{
	struct host *src = find(v, from), *dst;

	if (src)
		src->address = *from;
	dst = find(v, to);
	if (dst)
		dst->address = *to;
	v->super |= super;
	if (!src || !dst)
		return;
	if (super) {
		src->super_out++;
		dst->super_in++;
	} else if (unfinished) {
		src->unfinished++;
	} else {
		src->finished++;
	}
	if (is_local(src) && is_local(dst) && src != dst)
		v->inside = true;
}

bool vantage_local(const struct vantage *v, const struct address *a)
{
	return is_local(find(v, a));
}

enum vantage_point vantage_point(const struct vantage *v)
{
	bool out = false, in = false, local = false;

	for (uint32_t i = 0; i < HOSTS; i++) {
		const struct host *h = &v->host[i];

		if (!is_local(h))
			continue;
		local = true;
		out |= h->super_out > 0;
		in |= h->super_in > 0;
	}
	if (v->inside)
		return POINT_INSIDE;
	if (out && in)
		return POINT_BOTH;
	if (in)
		return POINT_RECEIVER;
	if (local)
		return POINT_SENDER;
	return v->super ? POINT_MERGED : POINT_NONE;
}

static const struct {
	const char *name;
	const char *text;
	const char *why;
} words[] = {
	[POINT_NONE] = { "none", "nothing shows it",
			 "all checksums are complete, all packets of wire "
			 "size: captured on the wire, or offload is off" },
	[POINT_SENDER] = { "sender", "the sending host",
			   "checksums of outgoing packets are partial, "
			   "incoming ones are complete" },
	[POINT_RECEIVER] = { "receiver", "the receiving host",
			     "packets to it were merged (GRO, LRO), its own "
			     "checksums are partial" },
	[POINT_BOTH] = { "both", "a host that sends and receives",
			 "superpackets go out and come in, its own checksums "
			 "are partial" },
	[POINT_INSIDE] = { "inside", "inside one machine",
			   "checksums of both ends are partial: loopback, "
			   "veth, bridge or virtual machines, no wire in "
			   "between" },
	[POINT_MERGED] = { "merged", "behind something that merges packets",
			   "superpackets, but nobody's checksums are partial: "
			   "a NIC or hypervisor (LRO, hardware GRO)" },
};

/* The same where not all packets fit the picture. */
static const char *const mixed_why[] = {
	[POINT_NONE] = "no address whose checksums are mostly partial, no "
		       "packet that is surely a superpacket: captured on the "
		       "wire, or offload is off",
	[POINT_MERGED] = "superpackets, but beside them no address whose "
			 "checksums are mostly partial: GRO, LRO or a "
			 "hypervisor merged them, or their sender sent little "
			 "else",
};

const char *vantage_name(enum vantage_point p)
{
	return words[p].name;
}

const char *vantage_text(enum vantage_point p)
{
	return words[p].text;
}

const char *vantage_why(enum vantage_point p, bool mixed)
{
	return mixed && mixed_why[p] ? mixed_why[p] : words[p].why;
}
