/* SPDX-License-Identifier: MIT */
/*
 * csum.c - judging, finishing and rewriting the checksums of a packet
 *
 * Theory of operation
 * -------------------
 * A transport checksum field can hold four things: the right value; the seed,
 * which is the sum over the pseudo header alone, not complemented, left for a
 * device to finish; zero, which is "none" for UDP; or something else. Senders
 * disagree on the seed: with the length (Linux), without it (some Windows
 * drivers), so both are recognised. What is finished from a capture is always
 * computed from the bytes: a seed that looks right may be the seed of another
 * length. SCTP is another matter (sctp_csum.c).
 */
#include <segoff/csum.h>

#include <errno.h>

#include "pseudo.h"
#include "sctp_csum.h"
#include "tunnel.h"

uint32_t segoff_csum_partial(const void *buf, size_t len, uint32_t sum)
{
	if (!len)
		return fold32(sum);
	return fold32(fold32(sum) + segoff__cpu()->sum(buf, len));
}

uint16_t segoff_csum_fold(uint32_t sum)
{
	return (uint16_t)~fold32(sum);
}

/* A checksum of a packet: where it is and what it covers. */
struct scope {
	const uint8_t *ip;
	uint32_t ip_len;
	unsigned int version;
	uint8_t nr; /* protocol number in the pseudo header; GRE has none */
	uint16_t zero;
	size_t start;
	size_t len;
	size_t field;
};

/*
 * A UDP length that fits inside the IP packet bounds the checksum, but for what
 * 16 bits hold of a longer one (BIG TCP in a tunnel).
 */
static size_t udp_len(const uint8_t *udp, size_t room)
{
	size_t len = load16(udp + UDP_LEN_AT);

	if (len < UDP_LEN || len > room || (room - len) % 65536 == 0)
		return room;
	return len;
}

static void scope_of_layer(const struct segoff_pkt *pkt,
			   const struct segoff_stack *st,
			   const struct segoff_layer *l, struct scope *s)
{
	const struct segoff_layer *ip = segoff__ip_of(l);
	const uint8_t *head = segoff__head(pkt);

	*s = (struct scope){ .ip = head + ip->off,
			     .ip_len = ip->len,
			     .version = ip_version(ip),
			     .nr = IPPROTO_NR_TCP,
			     .start = l->off,
			     .len = segoff__ip_end_of(pkt, st, ip) - l->off,
			     .field = segoff__check_of(l) };
	if (l->proto == SEGOFF_P_UDP) {
		s->nr = IPPROTO_NR_UDP;
		s->zero = 0xffff;
		s->len = udp_len(head + s->start, s->len);
	} else if (l->proto == SEGOFF_P_GRE) {
		s->nr = IPPROTO_NR_GRE;
	} else if (l->proto == SEGOFF_P_SCTP) {
		s->nr = IPPROTO_NR_SCTP;
	}
}

static void scope_of(const struct segoff_pkt *pkt,
		     const struct segoff_stack *st, struct scope *s)
{
	scope_of_layer(pkt, st, segoff__last(st), s);
}

static uint32_t seed(const struct scope *s, bool with_length, bool final)
{
	uint32_t sum;

	if (s->nr == IPPROTO_NR_GRE)
		return 0;
	sum = segoff__pseudo(s->ip, s->ip_len, s->version, s->nr, final);
	return with_length ? sum + words32((uint32_t)s->len) : sum;
}

uint32_t segoff__pseudo_udp(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st,
			    const struct segoff_layer *udp)
{
	struct scope s;

	scope_of_layer(pkt, st, udp, &s);
	return seed(&s, true, true);
}

/* The seed for all bytes that are there, whatever their lengths say. */
static bool is_seed_of_all(const struct segoff_stack *st, const struct scope *s,
			   uint16_t value)
{
	struct scope all = *s;

	all.len = st->len - s->start;
	return value == fold32(seed(&all, true, true)) ||
	       value == fold32(seed(&all, true, false));
}

bool segoff__seed_of_all(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st)
{
	struct scope s;

	scope_of(pkt, st, &s);
	return is_seed_of_all(st, &s, load_word(segoff__head(pkt) + s.field));
}

/* Is the value one of the seeds that senders leave behind? */
static bool is_seed(const struct scope *s, uint16_t value, bool *has_length)
{
	for (int final = 0; final < 2; final++)
		for (int with = 1; with >= 0; with--)
			if (value == fold32(seed(s, with, final))) {
				*has_length = with;
				return true;
			}
	return false;
}

static bool ip_sums_good(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st)
{
	const struct segoff_layer *l = st->layer;

	for (unsigned int i = 0; i < st->nlayer; i++, l++)
		if (l->proto == SEGOFF_P_IPV4 &&
		    segoff__cpu()->sum(segoff__head(pkt) + l->off, l->len) !=
			    0xffff)
			return false;
	return true;
}

/* Sum of what is covered, the field itself included. */
static uint32_t whole_sum(const struct segoff_pkt *pkt, const struct scope *s,
			  bool final)
{
	struct segoff__cursor c = cursor_at(pkt, s->start);

	return cursor_sum(&c, s->len, segoff__cpu()) + seed(s, true, final);
}

/* What the field should hold, as a word. */
static uint16_t right_sum(const struct scope *s, uint32_t sum, uint16_t found)
{
	uint16_t right = (uint16_t)~fold32(sum + minus(found));

	return right ? right : s->zero;
}

uint16_t segoff__csum_fresh(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st, bool final,
			    bool partial)
{
	struct scope s;

	scope_of(pkt, st, &s);
	if (partial)
		return fold32(seed(&s, true, final));
	return right_sum(&s, whole_sum(pkt, &s, final),
			 load_word(segoff__head(pkt) + s.field));
}

/* That sum once words of the packet have changed. */
static uint32_t sum_after(const struct segoff_pkt *pkt, const struct scope *s,
			  const struct segoff__change *change, unsigned int n)
{
	uint32_t sum = whole_sum(pkt, s, true);

	for (unsigned int i = 0; i < n; i++)
		if (change[i].at - s->start + 2 <= s->len)
			sum += (change[i].at - s->start) & 1 ?
				       swapped(change[i].by) :
				       change[i].by;
	return sum;
}

uint16_t segoff__csum_outer(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st,
			    const struct segoff_layer *l,
			    const struct segoff__change *change, unsigned int n)
{
	struct scope s;

	scope_of_layer(pkt, st, l, &s);
	return right_sum(&s, sum_after(pkt, &s, change, n),
			 load_word(segoff__head(pkt) + s.field));
}

static bool is_udp(const struct scope *s)
{
	return s->nr == IPPROTO_NR_UDP;
}

static void judge_sum(const struct segoff_pkt *pkt, const struct scope *s,
		      struct segoff_csum_report *r)
{
	uint16_t found = load_word(segoff__head(pkt) + s->field);
	uint32_t sum = whole_sum(pkt, s, true);

	r->field = (uint32_t)s->field;
	r->found = be16(found);
	r->right = be16(right_sum(s, sum, found));
	if (is_udp(s) && !found)
		r->state = SEGOFF_CSUM_ABSENT;
	else if (fold32(sum) == 0xffff)
		r->state = SEGOFF_CSUM_GOOD;
	else if (is_seed(s, found, &r->seed_has_length))
		r->state = SEGOFF_CSUM_PARTIAL;
	else
		r->state = found ? SEGOFF_CSUM_WRONG : SEGOFF_CSUM_ABSENT;
}

static void judge(const struct segoff_pkt *pkt, const struct scope *s,
		  struct segoff_csum_report *r)
{
	if (s->nr == IPPROTO_NR_SCTP)
		segoff__sctp_judge(pkt, s->start, s->len, r);
	else
		judge_sum(pkt, s, r);
}

/* Has a header in the middle a checksum over what is behind it? */
static bool covers(const struct segoff_pkt *pkt, const struct segoff_layer *l)
{
	const uint8_t *p = segoff__head(pkt) + l->off;

	if (l->proto == SEGOFF_P_GRE)
		return load16(p) & GRE_CSUM;
	return l->proto == SEGOFF_P_UDP && load_word(p + UDP_CHECK_AT);
}

/*
 * Is a tunnel's checksum right once the innermost one is finished? So senders
 * leave it that let a device finish the inner one (lco_csum), and so it is in a
 * partial frame.
 */
static bool right_later(const struct segoff_pkt *pkt,
			const struct segoff_stack *st, const struct scope *s)
{
	struct segoff__change later;
	struct scope in;

	scope_of(pkt, st, &in);
	later = segoff__change(segoff__head(pkt), in.field,
			       segoff__csum_fresh(pkt, st, true, false));
	return fold32(sum_after(pkt, s, &later, 1)) == 0xffff;
}

static enum segoff_csum_state judge_cover(const struct segoff_pkt *pkt,
					  const struct segoff_stack *st,
					  const struct segoff_layer *l,
					  bool inner_waits)
{
	struct segoff_csum_report r;
	struct scope s;

	scope_of_layer(pkt, st, l, &s);
	judge_sum(pkt, &s, &r);
	if (r.state != SEGOFF_CSUM_GOOD && inner_waits &&
	    right_later(pkt, st, &s))
		return SEGOFF_CSUM_GOOD;
	/* GRE waits for its checksum with nothing in it */
	return r.state == SEGOFF_CSUM_ABSENT ? SEGOFF_CSUM_PARTIAL : r.state;
}

/* The tunnels' checksums: the worst of them. */
static enum segoff_csum_state judge_outer(const struct segoff_pkt *pkt,
					  const struct segoff_stack *st,
					  bool inner_waits)
{
	enum segoff_csum_state worst = SEGOFF_CSUM_NONE, state;

	for (unsigned int i = 0; i + 1 < st->nlayer; i++) {
		if (!covers(pkt, &st->layer[i]))
			continue;
		state = judge_cover(pkt, st, &st->layer[i], inner_waits);
		if (state > worst)
			worst = state;
	}
	return worst;
}

/* The innermost checksum, if the walk reached it. */
static void judge_inner(const struct segoff_pkt *pkt,
			const struct segoff_stack *st,
			struct segoff_csum_report *r)
{
	struct scope s;

	if (!segoff__has_l4(st))
		return;
	scope_of(pkt, st, &s);
	judge(pkt, &s, r);
	if (segoff__has_sctp(st))
		return;
	if (r->state == SEGOFF_CSUM_WRONG &&
	    is_seed_of_all(st, &s, be16((uint16_t)r->found))) {
		r->state = SEGOFF_CSUM_PARTIAL;
		r->seed_has_length = true;
	}
	r->remote = segoff__is_remote(pkt, st);
}

enum segoff_csum_state segoff_csum_verify(const struct segoff_pkt *pkt,
					  const struct segoff_stack *st,
					  struct segoff_csum_report *r)
{
	struct segoff_stack own;
	bool inner_waits;

	st = segoff__stack(pkt, st, &own);
	*r = (struct segoff_csum_report){ .why = st->end };
	r->ip_good = ip_sums_good(pkt, st);
	judge_inner(pkt, st, r);
	inner_waits = r->state == SEGOFF_CSUM_PARTIAL && !r->remote;
	/* what a CRC32c will add to a sum is not known before */
	r->outer = judge_outer(pkt, st, inner_waits && !segoff__has_sctp(st));
	return r->state;
}

int segoff_csum_complete(const struct segoff_pkt *pkt,
			 const struct segoff_meta *meta)
{
	size_t field = (size_t)meta->csum_start + meta->csum_offset;
	struct segoff_stack st;
	struct segoff__cursor c;
	uint16_t sum;

	if (meta->ip_summed != SEGOFF_CHECKSUM_PARTIAL)
		return 0;
	if (!pkt->niov || field + 2 > pkt->iov[0].iov_len)
		return -EINVAL;
	if (segoff__sctp_meant(pkt, meta, NULL, &st)) {
		store32((uint8_t *)pkt->iov[0].iov_base + field,
			segoff__sctp_check(pkt, meta->csum_start, SIZE_MAX));
		return 0;
	}
	c = cursor_at(pkt, meta->csum_start);
	sum = (uint16_t)~cursor_sum(&c, SIZE_MAX, segoff__cpu());
	store_word((uint8_t *)pkt->iov[0].iov_base + field, sum ? sum : 0xffff);
	return 0;
}

/* Store a word; was it another before? */
static int change(const struct segoff_pkt *pkt, size_t at, uint16_t value)
{
	uint8_t *p = (uint8_t *)pkt->iov[0].iov_base + at;

	if (load_word(p) == value)
		return 0;
	store_word(p, value);
	return 1;
}

static int rewrite_ipv4(const struct segoff_pkt *pkt,
			const struct segoff_layer *l)
{
	const uint8_t *p = segoff__head(pkt) + l->off;
	uint32_t sum = segoff__cpu()->sum(p, l->len);

	sum += minus(load_word(p + 10));
	return change(pkt, l->off + 10u, (uint16_t)~fold32(sum));
}

static int rewrite_layer(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st,
			 const struct segoff_layer *l)
{
	struct segoff_csum_report r;
	struct scope s;

	scope_of_layer(pkt, st, l, &s);
	judge(pkt, &s, &r);
	if (r.state == SEGOFF_CSUM_GOOD)
		return 0;
	if (r.state == SEGOFF_CSUM_ABSENT && is_udp(&s) && s.version == 4)
		return 0;
	if (s.nr == IPPROTO_NR_SCTP) {
		store32((uint8_t *)pkt->iov[0].iov_base + r.field, r.right);
		return 1;
	}
	return change(pkt, r.field, be16((uint16_t)r.right));
}

/* What the receiver finishes holds the seed. */
static int rewrite_remote(const struct segoff_pkt *pkt,
			  const struct segoff_stack *st)
{
	struct segoff_csum_report r;
	struct scope s;

	scope_of(pkt, st, &s);
	judge_inner(pkt, st, &r);
	if (r.state == SEGOFF_CSUM_PARTIAL && r.seed_has_length)
		return 0;
	return change(pkt, r.field, fold32(seed(&s, true, true)));
}

static int rewrite_inner(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st)
{
	if (segoff__is_remote(pkt, st))
		return rewrite_remote(pkt, st);
	return rewrite_layer(pkt, st, segoff__last(st));
}

int segoff_csum_rewrite(const struct segoff_pkt *pkt,
			const struct segoff_stack *st)
{
	struct segoff_stack own;
	int n = 0;

	st = segoff__stack(pkt, st, &own);
	for (unsigned int i = 0; i < st->nlayer; i++)
		if (st->layer[i].proto == SEGOFF_P_IPV4)
			n += rewrite_ipv4(pkt, &st->layer[i]);
	if (segoff__has_l4(st))
		n += rewrite_inner(pkt, st);
	/* what is outside covers what is inside */
	for (unsigned int i = st->nlayer; i-- > 1;)
		if (covers(pkt, &st->layer[i - 1]))
			n += rewrite_layer(pkt, st, &st->layer[i - 1]);
	return n;
}
