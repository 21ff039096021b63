/* SPDX-License-Identifier: MIT */
/*
 * oracle_tundev.c - superpackets through every kind of tunnel device (R-TUN)
 *
 * The superpacket that is judged is the one which the tunnel device built. It
 * must be segmented as the kernel does it, every byte; and what the kernel
 * does must be right by itself.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "net.h"
#include "tunnel_check.h"
#include "tunnel_options.h"
#include "tunnel_path.h"
#include "tunnel_super.h"

#define VXLAN_START_MOST 254

struct tally {
	uint64_t asked;
	uint64_t refused;
	uint64_t early;
	uint64_t whole;
	uint64_t cut;
	struct tunnel_sorts sorts;
	uint64_t segments;
};

/**
 * struct run - one run of the judge
 * @o: what it was told
 * @path: through the kernel
 * @tunnel: the kind that is asked about
 * @sp: the superpacket that goes into the tunnel
 * @built: the superpacket that the tunnel device made of it
 * @wire: how the kernel segmented it
 * @want: how libsegoff does
 * @failures: differences so far
 * @tally: by kind
 */
struct run {
	struct tunnel_options o;
	struct tunnel_path path;
	const struct tunnel_dev *tunnel;
	struct superpacket sp;
	struct answer *built;
	struct answer *wire;
	struct answer *want;
	uint64_t failures;
	struct tally tally[TUNNEL_MAX];
};

/* VXLAN has no more room to say where the checksum begins. */
static bool left_to_remote(const struct tunnel_dev *t, const struct layers *l)
{
	return t->gso_type & SEGOFF_GSO_TUNNEL_REMCSUM &&
	       (t->encap || l->inner_th - l->inner_mac <= VXLAN_START_MOST);
}

static void differ(struct run *run, const char *what)
{
	size_t f = answer_differs(run->wire, run->want);

	run->failures++;
	printf("DIFFERENCE (%s) -s %llu -k %s -o %llu\n", what,
	       (unsigned long long)run->o.seed, run->tunnel->name,
	       (unsigned long long)run->sp.number);
	answer_print_frames("built", run->built, 0, run->o.only);
	answer_print_frames("kernel", run->wire, f, run->o.only);
	answer_print_frames("segoff", run->want, f, run->o.only);
	fflush(stdout);
}

static void judge_engine(struct run *run, const struct superpacket *built,
			 const struct segoff_meta *meta,
			 const struct segoff_gso_opts *o, const char *mode)
{
	engine_built(built, meta, o, run->want);
	if (!answer_equal(run->wire, run->want))
		differ(run, mode);
}

/* With the metadata that libsegoff finds in the headers themselves. */
static void judge_headers(struct run *run, const struct superpacket *built,
			  const struct segoff_meta *meta,
			  const struct layers *l)
{
	const struct segoff_ports *ports = tunnel_ports(run->tunnel, l);
	struct segoff_gso_opts o = { .sz = sizeof(o), .ports = ports };
	struct iovec iov = { built->frame, built->len };
	struct segoff_pkt pkt = { &iov, 1, SEGOFF_LINK_ETHERNET };
	struct segoff_stack st;
	struct segoff_meta said = { .gso_type = meta->gso_type &
						~(TUNNEL_TYPES |
						  SEGOFF_GSO_TUNNEL_REMCSUM),
				    .gso_size = meta->gso_size,
				    .ip_summed = meta->ip_summed,
				    .csum_start = meta->csum_start,
				    .csum_offset = meta->csum_offset };

	/* a fragment by its header, it is none to who was told the rest */
	if (segoff_dissect_ports(&pkt, ports, &st) == SEGOFF_V_FRAGMENT)
		return;
	segoff_meta_describe(&pkt, &st, &said);
	judge_engine(run, built, &said, &o, "by its headers");
}

static void judge_modes(struct run *run, const struct superpacket *built,
			const struct segoff_meta *meta, const struct layers *l)
{
	struct segoff_gso_opts o = { .sz = sizeof(o), .flags = AS_LINUX };

	judge_engine(run, built, meta, &o, "as Linux");
	if (!run->sp.sound)
		return;
	o.flags = 0;
	judge_engine(run, built, meta, &o, "default");
	if (meta->gso_size)
		judge_headers(run, built, meta, l);
}

static void count(struct tally *y, const struct run *run,
		  const struct segoff_meta *meta)
{
	y->segments += run->wire->n;
	y->whole += !meta->gso_size;
	y->cut += meta->gso_size > 0;
	if (meta->gso_size)
		tunnel_sorts_count(&y->sorts, &run->sp);
}

static void judge_built(struct run *run, struct tally *y)
{
	struct superpacket built = tunnel_built(&run->sp, run->built);
	struct segoff_meta meta;
	struct layers l;
	const char *wrong;

	if (!layers_find(&l, run->tunnel, built.frame, built.len)) {
		differ(run, "headers");
		return;
	}
	built.payload = (uint32_t)l.payload;
	tunnel_meta(run->tunnel, run->built->bytes, &l, &meta);
	if (meta.gso_size && left_to_remote(run->tunnel, &l) != l.remote) {
		differ(run, "remote checksum");
		return;
	}
	count(y, run, &meta);
	wrong = tunnel_check(run->tunnel, built.frame, built.len,
			     l.remote || meta.csum_start != l.inner_th,
			     run->wire);
	if (wrong) {
		differ(run, wrong);
		return;
	}
	judge_modes(run, &built, &meta, &l);
}

static void judge_one(struct run *run, uint64_t number)
{
	struct tally *y = &run->tally[run->tunnel - tunnel_devs];

	tunnel_superpacket(&run->sp, run->tunnel, run->o.seed, number);
	answer_clear(run->want);
	tunnel_path_ask(&run->path, &run->sp, run->built, run->wire);
	y->asked++;
	if (run->wire->err || !run->wire->n)
		y->refused++;
	else if (run->built->n != 1)
		y->early++; /* segmented before the tunnel */
	else
		judge_built(run, y);
}

static void judge_kind(struct run *run, const struct tunnel_dev *t)
{
	const struct tally *y = &run->tally[t - tunnel_devs];
	uint64_t end = run->o.only ? run->o.only : run->o.count * TUNNEL_TRIES;

	run->tunnel = t;
	if (!tunnel_path_enter(&run->path, t)) {
		printf("oracle: this kernel has no %s: %s\n", t->name,
		       strerror(errno));
		return;
	}
	for (uint64_t i = run->o.only ? run->o.only : 1;
	     i <= end && y->cut < run->o.count && run->failures < run->o.most;
	     i++)
		judge_one(run, i);
	tunnel_path_leave(&run->path);
}

static void print_tally(const struct run *run)
{
	printf("%-19s %7s %7s %7s %7s %7s %7s %8s\n", "kind", "asked",
	       "refused", "early", "whole", "cut", "of UDP", "frames");
	for (const struct tunnel_dev *t = tunnel_devs; t->name; t++) {
		const struct tally *y = &run->tally[t - tunnel_devs];

		if (!tunnel_wanted(&run->o, t))
			continue;
		printf("%-19s %7llu %7llu %7llu %7llu %7llu %7llu %8llu\n",
		       t->name, (unsigned long long)y->asked,
		       (unsigned long long)y->refused,
		       (unsigned long long)y->early,
		       (unsigned long long)y->whole, (unsigned long long)y->cut,
		       (unsigned long long)tunnel_sorts_udp(&y->sorts),
		       (unsigned long long)y->segments);
	}
}

/* A kind of which too few were segmented was not tested; why, or NULL. */
static const char *untested(const struct run *run, const struct tunnel_dev *t)
{
	const struct tally *y = &run->tally[t - tunnel_devs];

	if (y->cut < run->o.count)
		return "superpackets";
	if (run->o.count < TUNNEL_SURE_COUNT)
		return NULL;
	if (y->refused > y->asked / TUNNEL_LOST_PART)
		return "what is not refused";
	return tunnel_sorts_lack(&y->sorts, t, run->o.count);
}

static unsigned int untested_kinds(const struct run *run)
{
	unsigned int n = 0;

	for (const struct tunnel_dev *t = tunnel_devs; t->name; t++) {
		const char *few;

		if (run->o.only || !tunnel_wanted(&run->o, t))
			continue;
		few = untested(run, t);
		if (few)
			printf("oracle: too little of kind %s could be judged: "
			       "%s\n",
			       t->name, few);
		n += few != NULL;
	}
	return n;
}

static int end(const struct run *run)
{
	unsigned int untested = untested_kinds(run);
	uint64_t asked = 0;

	if (run->o.verbose)
		print_tally(run);
	for (unsigned int i = 0; i < TUNNEL_MAX; i++)
		asked += run->tally[i].asked;
	printf("oracle: %llu superpackets into tunnels, %s, %llu differences "
	       "(seed %llu)\n",
	       (unsigned long long)asked, net_kernel_name(),
	       (unsigned long long)run->failures,
	       (unsigned long long)run->o.seed);
	return run->failures || untested || !asked;
}

int main(int argc, char **argv)
{
	static uint8_t frame[FRAME_MAX];
	static struct run run;

	tunnel_begin(&run.o, argc, argv);
	run.sp.frame = frame;
	run.built = answer_new();
	run.wire = answer_new();
	run.want = answer_new();
	tunnel_path_open(&run.path);
	for (const struct tunnel_dev *t = tunnel_devs; t->name; t++)
		if (tunnel_wanted(&run.o, t))
			judge_kind(&run, t);
	return end(&run);
}
