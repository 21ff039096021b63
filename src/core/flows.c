/* SPDX-License-Identifier: MIT */
/*
 * flows.c - a table that remembers what flows have shown of their segment size
 *
 * Theory of operation
 * -------------------
 * Buckets of a few flows, so that a lookup is bounded work whatever arrives;
 * within a bucket the flow that was not seen for longest gives way. Both
 * directions share an entry: the key is the two endpoints in sorted order. The
 * hash is seeded, so nobody can aim at a bucket.
 */
#include "flows.h"

#include "hash.h"
#include "pseudo.h"

#define WAYS  8
#define WORDS 5

struct flow {
	uint64_t key[WORDS];
	uint32_t tag; /* 0: free */
	uint32_t seen;
	struct segoff__side side[2];
};

struct segoff_flows {
	uint64_t seed;
	uint32_t mtu;
	uint32_t clock;
	size_t buckets; /* a power of two */
	struct flow flow[];
};

/* A flow's name: place, direction and tag in one number. */
static segoff_flow flow_name(size_t place, unsigned int dir, uint32_t tag)
{
	return (segoff_flow)((uint64_t)place << 33 | (uint64_t)dir << 32 | tag);
}

size_t segoff_flows_size(size_t flows)
{
	size_t n = WAYS, size;

	while (n < flows && n <= SIZE_MAX / 2)
		n *= 2;
	if (n < flows || __builtin_mul_overflow(n, sizeof(struct flow), &size))
		return SIZE_MAX;
	return size + sizeof(struct segoff_flows);
}

struct segoff_flows *segoff_flows_init(void *mem, size_t size, uint32_t mtu,
				       uint64_t seed)
{
	struct segoff_flows *t = mem;
	size_t room, n = 1;

	if (size < segoff_flows_size(1))
		return NULL;
	room = (size - sizeof(*t)) / (WAYS * sizeof(struct flow));
	while (n * 2 <= room)
		n *= 2;
	t->seed = seed;
	t->mtu = mtu ? mtu : MTU_DEFAULT;
	if (t->mtu > UINT16_MAX) /* sizes are kept in 16 bits */
		t->mtu = UINT16_MAX;
	t->clock = 0;
	t->buckets = n;
	memset(t->flow, 0, n * WAYS * sizeof(struct flow));
	return t;
}

/* The endpoints in sorted order; which of them sends. */
static unsigned int make_key(const uint8_t *ip, unsigned int version,
			     const uint8_t *l4, uint8_t proto,
			     uint64_t key[WORDS])
{
	size_t n = version == 4 ? 4 : 16;
	const uint8_t *src = ip + (version == 4 ? 12 : 8), *dst = src + n;
	int order = memcmp(src, dst, n);
	uint8_t k[WORDS * 8] = { 0 };
	unsigned int dir;

	if (!order)
		order = memcmp(l4, l4 + 2, 2);
	dir = order > 0;
	memcpy(k, dir ? dst : src, n);
	memcpy(k + 16, dir ? src : dst, n);
	memcpy(k + 32, l4 + (dir ? 2 : 0), 2);
	memcpy(k + 34, l4 + (dir ? 0 : 2), 2);
	k[36] = proto;
	k[37] = (uint8_t)version;
	memcpy(key, k, sizeof(k));
	return dir;
}

/* The flow's entry; a new one takes the place of the oldest. */
static struct flow *find(struct segoff_flows *t, const uint64_t key[WORDS])
{
	uint64_t h = segoff__hash(key, WORDS, t->seed);
	struct flow *f = &t->flow[(h >> 32 & (t->buckets - 1)) * WAYS];
	uint32_t tag = (uint32_t)h | 1;
	struct flow *oldest = f;

	for (unsigned int i = 0; i < WAYS; i++) {
		if (f[i].tag == tag && !memcmp(f[i].key, key, sizeof(f->key)))
			return &f[i];
		if (!f[i].tag ||
		    (oldest->tag &&
		     t->clock - f[i].seen > t->clock - oldest->seen))
			oldest = &f[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	memcpy(oldest->key, key, sizeof(oldest->key));
	oldest->tag = tag;
	return oldest;
}

/* The MSS option of a SYN (RFC 9293 3.7.1); 536 or 1220 if there is none. */
static uint16_t syn_mss(const uint8_t *tcp, uint32_t len, unsigned int version)
{
	for (uint32_t i = TCP_MIN; i < len && tcp[i] != 0;) {
		if (tcp[i] == 1) {
			i++;
			continue;
		}
		if (i + 1 >= len || tcp[i + 1] < 2)
			break;
		if (tcp[i] == 2 && tcp[i + 1] == 4 && i + 4 <= len)
			return load16(tcp + i + 2);
		i += tcp[i + 1];
	}
	return version == 4 ? 536 : 1220;
}

static void count(uint16_t *n)
{
	*n = (uint16_t)(*n + (*n < UINT16_MAX));
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

static void learn_size(struct segoff__side *s, size_t payload, bool wire)
{
	if (!wire) {
		s->divisor = common_divisor((uint32_t)payload, s->divisor);
		count(&s->nsuper);
	} else if (payload == s->full) {
		count(&s->nfull);
	} else if (payload > s->full) {
		if (s->nfull)
			count(&s->nother);
		s->full = (uint16_t)payload;
		s->nfull = 1;
	} else {
		count(&s->nother);
	}
}

/*
 * Does this payload show what size the sender fills? One byte in a segment is
 * a keep-alive or a window probe (RFC 9293 3.8.4, 3.8.6.1).
 */
static bool shows_size(const uint8_t *l4, enum segoff_proto proto,
		       size_t payload)
{
	if (payload > UINT32_MAX)
		return false;
	if (proto == SEGOFF_P_UDP)
		return payload;
	return payload > 1 && !(l4[TCP_FLAGS_AT] & TCP_LAST_FLAGS);
}

segoff_flow segoff_flows_learn(struct segoff_flows *t,
			       const struct segoff_pkt *pkt,
			       const struct segoff_stack *st)
{
	const uint8_t *head = segoff__head(pkt), *l4;
	const struct segoff_layer *ip, *last;
	size_t end, payload;
	uint64_t key[WORDS];
	struct flow *f;
	unsigned int dir;

	if (!segoff__has_l4(st) || segoff__has_sctp(st))
		return SEGOFF_NO_FLOW;
	ip = &st->layer[st->net];
	last = segoff__last(st);
	l4 = head + last->off;
	dir = make_key(head + ip->off, st->ip_version, l4, st->ip_proto, key);
	f = find(t, key);
	f->seen = ++t->clock;
	end = segoff__ip_end(pkt, st);
	payload = end - st->payload;
	if (last->proto == SEGOFF_P_TCP && l4[TCP_FLAGS_AT] & TCP_SYN)
		f->side[dir].mss = syn_mss(l4, last->len, st->ip_version);
	else if (shows_size(l4, last->proto, payload))
		learn_size(&f->side[dir], payload, end - ip->off <= t->mtu);
	return flow_name((size_t)(f - t->flow), dir, f->tag);
}

size_t segoff_flows_slot(const struct segoff_flows *t, segoff_flow flow)
{
	(void)t;
	return flow < 0 ? 0 : (size_t)((uint64_t)flow >> 32);
}

bool segoff__flow_sides(const struct segoff_flows *t, segoff_flow flow,
			const struct segoff__side **from,
			const struct segoff__side **to)
{
	unsigned int dir = (uint64_t)flow >> 32 & 1;
	size_t place = (size_t)((uint64_t)flow >> 33);

	if (!t || flow < 0 || place >= t->buckets * WAYS ||
	    t->flow[place].tag != (uint32_t)flow)
		return false;
	*from = &t->flow[place].side[dir];
	*to = &t->flow[place].side[!dir];
	return true;
}
