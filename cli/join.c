/* SPDX-License-Identifier: MIT */
/* join.c - which packets of a batch become superpackets */
#include "join.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "format.h"
#include "vnet_out.h"

/* Headers of a superpacket: 256 bytes, and the one that BIG TCP adds. */
#define HEADER_MAX 264u

/* Bytes in front of an IP header at most, rounded up. */
#define LINK_MAX 64u

/* Flows whose flags are remembered; a forgotten one only costs a merge. */
#define FLOWS ((size_t)4096)

/* So many that no flow pushes another out: the same file gives the same. */
#define FLOWS_PER_PACKET 8u

#define NO_IFACE UINT32_MAX

/* What the last packet of a flow and direction was said to be. */
struct terms {
	segoff_flow flow;
	uint64_t terms;
};

struct join {
	struct join_opts o;
	const struct batch *b;
	struct segoff_gro *gro;
	size_t gro_size;
	uint32_t room; /* the limit of @gro's superpackets */
	struct segoff_flows *flows;
	struct terms *terms; /* by place in @flows */
	struct lanes lanes;
	struct segoff_gro_pkt pkt[BATCH_MAX];
	struct iovec whole[BATCH_MAX]; /* of these packets */
	unsigned int why[BATCH_MAX];
	uint16_t super_of[BATCH_MAX]; /* its place in @super, from 1; or 0 */
	size_t nsuper;
	size_t niov;
	size_t nmember;
	struct joined super[BATCH_MAX / 2];
	struct iovec iov[2 * BATCH_MAX];
	uint64_t member[BATCH_MAX];
	uint8_t (*header)[HEADER_MAX];
};

/* ------------------------------------------------------------ beginning */

static uint64_t unpredictable(const void *fallback)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint64_t)(uintptr_t)fallback;
	return seed;
}

static int make_flows(struct join *j)
{
	size_t size = segoff_flows_size(FLOWS);
	void *mem = malloc(size);

	if (!mem)
		return -ENOMEM;
	j->flows = segoff_flows_init(mem, size, 0, unpredictable(mem));
	j->terms = calloc(2 * FLOWS, sizeof(*j->terms));
	return j->terms ? 0 : -ENOMEM;
}

static int make_gro(struct join *j, size_t most)
{
	struct segoff_gro_opts *g = &j->o.gro;
	void *mem;

	g->sz = sizeof(*g);
	g->packets = (uint32_t)most;
	g->flows = FLOWS_PER_PACKET * g->packets;
	g->seed = unpredictable(j);
	j->gro_size = segoff_gro_size(g);
	mem = malloc(j->gro_size);
	if (!mem)
		return -ENOMEM;
	j->gro = segoff_gro_init(mem, j->gro_size, g);
	j->room = g->max_size;
	return 0;
}

void join_settle(struct join_opts *o, const struct capture_reader *reader)
{
	o->commented = !o->vnet && capture_format(reader) == CAPTURE_PCAPNG;
	if (!o->commented)
		o->gro.flags |= SEGOFF_GRO_COUNT_ID;
}

int join_open(struct join **j, const struct join_opts *o, size_t most)
{
	struct join *n = calloc(1, sizeof(*n));

	*j = n;
	if (!n)
		return -ENOMEM;
	n->o = *o;
	n->header = malloc((most / 2 + 1) * sizeof(*n->header));
	if (!n->header || make_flows(n))
		return -ENOMEM;
	return make_gro(n, most);
}

void join_close(struct join *j)
{
	if (!j)
		return;
	free(j->gro);
	free(j->flows);
	free(j->terms);
	free(j->header);
	free(j);
}

/* --------------------------------------------------------------- leaving */

static void keep(struct join *j, const struct segoff_super *s)
{
	struct joined *k = &j->super[j->nsuper];
	struct iovec *iov = &j->iov[j->niov];

	k->meta = s->meta;
	k->len = s->len;
	k->npkt = s->npkt;
	k->iov = iov;
	k->niov = (size_t)segoff_super_scatter(s, j->header[j->nsuper],
					       HEADER_MAX, iov, s->niov);
	k->member = &j->member[j->nmember];
	segoff_super_cookies(s, &j->member[j->nmember], s->npkt);
	j->niov += k->niov;
	j->nmember += s->npkt;
	j->super_of[s->cookie] = (uint16_t)++j->nsuper;
}

static void flush(struct join *j)
{
	struct segoff_super s;

	segoff_gro_flush(j->gro, UINT64_MAX);
	while (segoff_gro_pop(j->gro, &s))
		if (s.npkt > 1)
			keep(j, &s);
}

/* -------------------------------------------------------------- arriving */

static void describe(struct join *j, size_t i)
{
	const struct capture_record *rec = &j->b->rec[i];
	struct segoff_gro_pkt *p = &j->pkt[i];

	j->whole[i].iov_base = (void *)(uintptr_t)batch_frame(j->b, i);
	j->whole[i].iov_len = rec->caplen;
	*p = (struct segoff_gro_pkt){ .pkt = { &j->whole[i], 1, 0 },
				      .cookie = i };
	link_of(rec->linktype, &p->pkt.link);
}

/* A frame must not be larger than the interface's snap length. */
static uint32_t room_on(const struct join *j, const struct capture_record *rec)
{
	uint32_t most = j->o.gro.max_size;
	uint32_t snaplen = capture_snaplen(j->b->reader, rec->iface);
	uint32_t extra = j->o.vnet + LINK_MAX;

	if (!snaplen || (snaplen > extra && snaplen - extra >= most))
		return most;
	return snaplen > extra ? snaplen - extra : 1;
}

/* Packets of another interface from here on; nothing is held. */
static void change_iface(struct join *j, size_t i)
{
	struct segoff_gro_opts g = j->o.gro;

	g.max_size = room_on(j, &j->b->rec[i]);
	if (g.max_size == j->room)
		return;
	j->room = g.max_size;
	segoff_gro_init(j->gro, j->gro_size, &g);
}

/* Is there nothing that would be lost by merging it? */
static bool is_plain(const struct join *j, const struct capture_record *rec)
{
	if (rec->extras || rec->flags & (EPB_CSUM_NOTREADY | EPB_TCP_PENDING))
		return false;
	return !j->o.commented ||
	       (rec->has_time && (rec->flags || !rec->has_flags));
}

/* Finish what is held of a packet's flow; of all if that cannot be told. */
static void finish_flow(struct join *j, size_t i)
{
	struct segoff_stack st;

	if (segoff_dissect_ports(&j->pkt[i].pkt, j->o.gro.ports, &st) ==
	    SEGOFF_V_OK)
		segoff_gro_flush_flow(j->gro, &j->pkt[i]);
	else
		segoff_gro_flush(j->gro, UINT64_MAX);
}

/* Look its flow up; have its terms changed? */
static bool terms_change(struct join *j, size_t i)
{
	uint64_t terms = lane_terms(&j->b->rec[i]);
	struct segoff_gro_pkt *p = &j->pkt[i];
	struct segoff_stack st;
	struct terms *t;
	segoff_flow flow;
	bool same;

	segoff_dissect_ports(&p->pkt, j->o.gro.ports, &st);
	flow = segoff_flows_learn(j->flows, &p->pkt, &st);
	if (flow == SEGOFF_NO_FLOW)
		return false;
	p->hash = (uint32_t)segoff_flows_slot(j->flows, flow);
	t = &j->terms[p->hash];
	same = t->flow == flow && t->terms == terms;
	*t = (struct terms){ flow, terms };
	return !same;
}

/* From nanoseconds to ticks, which may be more than there are. */
static uint64_t ticks_of(uint64_t ns, uint64_t per_second)
{
	uint64_t seconds = ns / 1000000000, rest = ns % 1000000000, ticks;

	if (__builtin_mul_overflow(seconds, per_second, &ticks))
		return UINT64_MAX;
	/* a millionth of a tick is no matter */
	rest = (uint64_t)((double)rest * 1e-9 * (double)per_second + 1e-6);
	return ticks + rest < ticks ? UINT64_MAX : ticks + rest;
}

/* Finish what has waited for too long when this packet comes. */
static void expire(struct join *j, size_t i, uint64_t *now)
{
	const struct capture_record *rec = &j->b->rec[i];
	uint64_t limit =
		ticks_of(j->o.timeout, capture_ticks(j->b->reader, rec->iface));

	if (rec->time > *now)
		*now = rec->time;
	j->pkt[i].time = *now;
	if (*now > limit)
		segoff_gro_flush(j->gro, *now - limit - 1);
}

/* Push packets that lie side by side. */
static void push(struct join *j, size_t from, size_t to)
{
	segoff_gro_push_batch(j->gro, &j->pkt[from], to - from);
	for (size_t i = from; i < to; i++)
		j->why[i] = j->pkt[i].why;
}

/* Is it in tunnels of which the output's virtio_net_hdr cannot speak? */
static bool unsaid(const struct join *j, size_t i)
{
	const struct vnet_out v = { j->o.vnet, j->o.gro.ports };
	struct segoff_meta meta = { 0 };
	struct segoff_stack st;

	if (!j->o.vnet)
		return false;
	segoff_dissect_ports(&j->pkt[i].pkt, v.ports, &st);
	segoff_meta_describe(&j->pkt[i].pkt, &st, &meta);
	return !vnet_can_say(&v, &meta);
}

/* Does this packet stay as it is? */
static bool set_apart(struct join *j, size_t i)
{
	const struct capture_record *rec = &j->b->rec[i];

	if (rec->caplen != rec->len)
		j->why[i] = SEGOFF_V_SNAPLEN;
	else if (!is_plain(j, rec))
		j->why[i] = WHY_OPTIONS;
	else if (unsaid(j, i))
		j->why[i] = SEGOFF_V_TUNNEL;
	else
		return false;
	return true;
}

/* What must be seen to before a packet of a lane that is not simple. */
static void prepare(struct join *j, size_t i, uint64_t *now)
{
	if (terms_change(j, i))
		finish_flow(j, i);
	if (j->o.timeout != UINT64_MAX)
		expire(j, i, now);
}

/* Push this packet, and those beside it if the lane is simple. */
static size_t push_run(struct join *j, size_t from, bool simple)
{
	const struct capture_record *rec = j->b->rec;
	size_t i = from + 1;

	while (simple && j->lanes.next[i - 1] == i &&
	       rec[i].iface == rec[from].iface && !set_apart(j, i))
		i++;
	push(j, from, i);
	return i - 1;
}

static void walk(struct join *j, size_t lane)
{
	bool simple = !j->lanes.mixed[lane] && j->o.timeout == UINT64_MAX &&
		      j->o.gro.profile != SEGOFF_GRO_LINUX;
	uint32_t iface = NO_IFACE;
	uint64_t now = 0;

	for (size_t i = j->lanes.first[lane]; i != LANE_END;
	     i = j->lanes.next[i]) {
		if (j->b->rec[i].iface != iface) {
			flush(j);
			iface = j->b->rec[i].iface;
			change_iface(j, i);
			now = 0;
		}
		if (!simple)
			prepare(j, i, &now);
		if (set_apart(j, i))
			finish_flow(j, i);
		else
			i = push_run(j, i, simple);
	}
	flush(j);
}

void join_batch(struct join *j, const struct batch *b)
{
	j->b = b;
	j->nsuper = j->niov = j->nmember = 0;
	memset(j->super_of, 0, b->n * sizeof(*j->super_of));
	for (size_t i = 0; i < b->n; i++)
		describe(j, i);
	lanes_sort(&j->lanes, b);
	for (size_t k = 0; k < LANES; k++)
		walk(j, k);
}

bool join_merged(const struct join *j, size_t i)
{
	return j->why[i] == SEGOFF_V_OK;
}

const struct joined *join_super(const struct join *j, size_t i)
{
	return j->super_of[i] ? &j->super[j->super_of[i] - 1] : NULL;
}

unsigned int join_why(const struct join *j, size_t i)
{
	return j->why[i];
}
