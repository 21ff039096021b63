/* SPDX-License-Identifier: MIT */
/*
 * udp_faults.c - whatever fails, each datagram arrives once and in order
 *
 * Theory of operation
 *
 * A scenario is made from a number: a kernel with or without UDP_SEGMENT and
 * sendmmsg(), with 64 or 128 segments, paths with MTUs, firewalls and devices
 * that cannot, options, and a stream of datagrams. Between a tenth and a half
 * of all messages fail by chance. The sender is driven as a program would do
 * it: what may pass is sent again, what does not pass is left out. The
 * receiver knows what must come next on every path, byte by byte; after every
 * call exactly what was said to be taken must have arrived.
 *
 *	udp_faults [FAULTS [SEED]]
 */
#include "make.h"

#define STREAM 1500
#define ZERO   (make_opts.flags & SEGOFF_UDP_TX_ZEROCOPY)

static struct rnd rnd;
static bool left_out[STREAM];
static unsigned int path_no[STREAM];
static size_t next_on[FAKE_PATHS]; /* what comes next there, or later */
static size_t arrived;
static uint64_t faults, partial, datagrams, retried, dropped, calls;

/* The next datagram that must come on a path. */
static size_t expected(unsigned int path)
{
	size_t i = next_on[path];

	while (i < ndgram && (path_no[i] != path || left_out[i]))
		i++;
	return i;
}

static bool same_bytes(const struct fake_got *g, size_t i)
{
	const uint8_t *at = g->data;
	size_t len = 0;

	for (size_t k = 0; k < dgram[i].niov; k++) {
		const struct iovec *v = &dgram[i].iov[k];

		len += v->iov_len;
		if (len > g->len || memcmp(at, v->iov_base, v->iov_len) != 0)
			return false;
		at += v->iov_len;
	}
	return len == g->len;
}

static bool same_attributes(const struct fake_got *g, size_t i)
{
	const struct segoff_udp_dgram *d = &dgram[i];
	int tos = d->flags & SEGOFF_UDP_TOS ? d->tos : -1;

	return g->tos == tos && g->txtime == d->txtime &&
	       g->ifindex == d->ifindex;
}

static void arrive(void *ctx, const struct fake_got *g)
{
	size_t i = expected(g->path);

	(void)ctx;
	if (!ok(i < ndgram) || !ok(same_bytes(g, i)) ||
	    !ok(same_attributes(g, i)))
		printf("# path %u, datagram %zu, %zu bytes\n", g->path, i,
		       g->len);
	next_on[g->path] = i + 1;
	arrived++;
}

static uint32_t pick(const uint32_t *of, size_t n)
{
	return of[rnd_below(&rnd, n)];
}

#define PICK(...)                               \
	pick((const uint32_t[]){ __VA_ARGS__ }, \
	     sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void some_path(struct fake_path *p)
{
	p->mtu = PICK(1500, 1500, 576, 1400, 65536);
	p->df = rnd_percent(&rnd, 30);
	p->gso_err = (int)PICK(0, 0, 0, 0, EIO, EINVAL, EPERM);
	p->firewall = PICK(0, 0, 0, 0, 0, 2000);
}

static void some_kernel(void)
{
	make_kernel();
	fake.arrive = arrive;
	fake.rnd = rnd_seed(rnd64(&rnd), 0);
	fake.rate = (unsigned int)rnd_in(&rnd, 100, 500);
	fake.family = (int)PICK(AF_INET, AF_INET6);
	fake.gso = rnd_percent(&rnd, 90);
	fake.mmsg = rnd_percent(&rnd, 80);
	fake.segs = PICK(64, 128);
	fake.mtu_err = (int)PICK(EMSGSIZE, EMSGSIZE, EINVAL);
	fake.no_check = rnd_percent(&rnd, 5);
	fake.ip_options = PICK(0, 0, 0, 40);
	fake.tick = PICK(1, 1000000, 100000000);
	for (size_t i = 0; i < FAKE_PATHS; i++)
		some_path(&fake.path[i]);
	make_opts.flags = PICK(0, 0, SEGOFF_UDP_TX_OPTION,
			       SEGOFF_UDP_TX_DONTWAIT, SEGOFF_UDP_TX_ZEROCOPY,
			       SEGOFF_UDP_TX_PLAIN) |
			  SEGOFF_UDP_TX_TXTIME;
	make_opts.paths = PICK(0, 4);
	make_opts.batch = PICK(0, 1, 2, 7, 1024);
	make_opts.segs = PICK(0, 0, 3, 64);
	make_opts.bytes = PICK(0, 0, 2500);
	make_opts.retry = PICK(0, 1, SEGOFF_UDP_NEVER);
	make_start();
}

static const struct sockaddr *address(unsigned int path, unsigned int form)
{
	if (!path && form)
		return NULL;
	return fake.family == AF_INET ? v4(path) : v6(path, path % 2);
}

/* A size like the one before, or not. */
static size_t some_size(size_t last, unsigned int odd)
{
	if (!rnd_percent(&rnd, odd))
		return last;
	switch (rnd_below(&rnd, 16)) {
	case 0:
		return 0;
	case 1:
		return rnd_in(&rnd, 1, 2000);
	case 2:
		return rnd_in(&rnd, 20000, 66000);
	default:
		return rnd_in(&rnd, 4, 400);
	}
}

/* In two pieces that lie apart, sometimes. */
static void in_pieces(struct segoff_udp_dgram *d)
{
	static struct iovec two[STREAM][2];
	size_t i = (size_t)(d - dgram), len = piece[i].iov_len;

	if (len < 8)
		return;
	two[i][0] = piece[i];
	two[i][0].iov_len = len / 2;
	two[i][1].iov_base = payload + npayload;
	two[i][1].iov_len = len - len / 2;
	npayload += two[i][1].iov_len;
	d->iov = two[i];
	d->niov = 2;
}

static void some_stream(void)
{
	unsigned int odd = PICK(2, 10, 33, 100), turn = PICK(2, 10, 50);
	unsigned int path = 0, tos = 0, form = PICK(0, 1);
	size_t len = 100;

	make_none();
	memset(left_out, 0, sizeof(left_out));
	memset(next_on, 0, sizeof(next_on));
	arrived = 0;
	while (ndgram < STREAM && npayload + 140000 < sizeof(payload)) {
		struct segoff_udp_dgram *d;

		if (rnd_percent(&rnd, turn))
			path = (unsigned int)rnd_below(&rnd, FAKE_PATHS);
		if (rnd_percent(&rnd, 2))
			tos = (unsigned int)rnd_below(&rnd, 4);
		len = some_size(len ? len : 50, odd);
		path_no[ndgram] = path;
		d = make(address(path, form), len);
		d->flags = tos ? SEGOFF_UDP_TOS : 0;
		d->tos = (uint16_t)tos;
		d->txtime = rnd_percent(&rnd, 1) ? 9 : 0;
		if (rnd_percent(&rnd, 5))
			in_pieces(d);
	}
}

/* Zerocopy sends complete some time, copied or not. */
static void complete(void)
{
	static uint32_t told;

	if (!sent.zerocopy)
		told = 0;
	if (ZERO && fake.ndone < 60 && rnd_percent(&rnd, 10))
		fake.done[fake.ndone++].kind =
			rnd_percent(&rnd, 50) ? FAKE_ICMP : FAKE_STAMP;
	if (!ZERO || told >= fake.zerocopy || fake.ndone > 60)
		return;
	fake.done[fake.ndone].kind = FAKE_COMPLETION;
	fake.done[fake.ndone].low = told;
	fake.done[fake.ndone].high = fake.zerocopy - 1;
	fake.done[fake.ndone++].copied = rnd_percent(&rnd, 50);
	told = fake.zerocopy;
	ok(segoff_udp_reap(tx) <= fake.zerocopy);
}

static bool may_pass(int err)
{
	return err == -EAGAIN || err == -EINTR || err == -ENOBUFS ||
	       err == -ENOMEM;
}

/* What a call says must agree with itself and with what arrived. */
static void judge(ssize_t r, size_t n, size_t before)
{
	eq(arrived - before, sent.taken);
	eq(r, sent.taken || !n ? (ssize_t)sent.taken : sent.error);
	ok(sent.error ? sent.taken < n : sent.taken == n);
	ok(sent.in_trains <= sent.taken);
	ok(sent.calls <= 64 + 8 * n);
	calls += sent.calls;
}

/* Is this datagram to be left out now? */
static bool give_up(int err, unsigned int *tries)
{
	if (!err || may_pass(err) || (++*tries < 4 && rnd_percent(&rnd, 60))) {
		retried += err != 0;
		return false;
	}
	*tries = 0;
	dropped++;
	return true;
}

static void by_send(void)
{
	unsigned int tries = 0;
	size_t at = 0;

	while (at < ndgram && !test_state.bad) {
		size_t n = rnd_in(&rnd, 1, 300), before = arrived;
		ssize_t r;

		if (n > ndgram - at)
			n = ndgram - at;
		r = segoff_udp_send(tx, dgram + at, n, &sent);
		judge(r, n, before);
		at += sent.taken;
		if (sent.taken)
			tries = 0;
		if (sent.error && give_up(sent.error, &tries))
			left_out[at++] = true;
		complete();
	}
}

/* Push until nothing is corked; @at is the oldest that is. */
static void push_all(size_t at, size_t n)
{
	unsigned int tries = 0;

	while (n && !test_state.bad) {
		size_t before = arrived;
		ssize_t r = segoff_udp_push(tx, &sent);

		judge(r, n, before);
		at += sent.taken;
		n -= sent.taken;
		if (sent.error && give_up(sent.error, &tries)) {
			left_out[at++] = true;
			eq(segoff_udp_drop(tx, 1), --n);
		}
	}
}

static void by_cork(void)
{
	size_t first = 0;

	for (size_t at = 0; at < ndgram && !test_state.bad; at++) {
		size_t before = arrived;
		int err = segoff_udp_cork(tx, &dgram[at]);

		if (err || rnd_percent(&rnd, 2)) {
			eq(arrived, before);
			push_all(first, at - first + !err);
			first = at + !err;
		}
		if (err)
			eq(segoff_udp_cork(tx, &dgram[at]), 0);
	}
	push_all(first, ndgram - first);
}

/* Nothing more is to come on any path. */
static void complete_stream(void)
{
	for (unsigned int p = 0; p < FAKE_PATHS; p++)
		eq(expected(p), ndgram);
	eq(fake.lone, 0);
	datagrams += arrived;
	faults += fake.faults;
	partial += fake.partial;
}

static void scenario(uint64_t seed, uint64_t number)
{
	rnd = rnd_seed(seed, number);
	some_kernel();
	some_stream();
	if (make_opts.flags & SEGOFF_UDP_TX_OPTION || rnd_percent(&rnd, 80))
		by_send();
	else
		by_cork();
	complete_stream();
	if (test_state.bad)
		printf("# scenario %llu of seed %llu\n",
		       (unsigned long long)number, (unsigned long long)seed);
}

int main(int argc, char **argv)
{
	uint64_t want = argc > 1 ? strtoull(argv[1], NULL, 0) : 100000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;

	test("under faults each datagram arrives once, in order on its path");
	for (uint64_t i = 0; faults < want && !test_state.bad; i++)
		scenario(seed, i);
	printf("# %llu faults, %llu of them behind messages that were taken; "
	       "%llu datagrams arrived, %llu errors passed, %llu datagrams "
	       "left out, %llu calls\n",
	       (unsigned long long)faults, (unsigned long long)partial,
	       (unsigned long long)datagrams, (unsigned long long)retried,
	       (unsigned long long)dropped, (unsigned long long)calls);
	test("there were as many faults as were asked for, some in the middle");
	ok(faults >= want);
	ok(partial > want / 10);
	return test_end();
}
