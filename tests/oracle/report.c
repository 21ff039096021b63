/* SPDX-License-Identifier: MIT */
/* report.c - what a judge prints, and counts */
#include "report.h"

#include <stdio.h>
#include <string.h>

#include "known.h"
#include "net.h"

#define FRAMES_MOST 4
#define EMPTY_AFTER 300
#define KERNEL_6_2  0x060200u

void report_count(struct job *job, const struct superpacket *sp,
		  const struct segoff_meta *meta)
{
	struct tally *t = &job->tally[sp->kind - kinds];
	const struct answer *k = job->kernel;

	t->asked++;
	t->segments += k->n;
	if (k->err)
		t->refused++;
	else if (!k->n && job->path.out >= 0)
		t->lost++;
	else if (meta->gso_size)
		t->cut++;
	else
		t->whole++;
}

static void print_hex(const struct job *job, const char *label,
		      const uint8_t *p, size_t n)
{
	printf("  %s, %zu bytes: ", label, n);
	answer_print(p, n, job->only);
}

static void print_answer(const struct job *job, const char *who,
			 const struct answer *a, size_t from)
{
	char label[32];

	printf("  %s: %s, %zu frames\n", who,
	       a->err ? strerror(a->err) : "accepted", a->n);
	for (size_t i = from; i < a->n && i < from + FRAMES_MOST; i++) {
		snprintf(label, sizeof(label), "%s %zu", who, i);
		print_hex(job, label, a->bytes + answer_start(a, i),
			  answer_len(a, i));
	}
}

/* The first byte in which that frame differs. */
static size_t first_byte(const struct answer *a, const struct answer *b,
			 size_t f)
{
	size_t i = 0, n = answer_len(a, f);

	n = n < answer_len(b, f) ? n : answer_len(b, f);
	while (i < n && a->bytes[answer_start(a, f) + i] ==
				b->bytes[answer_start(b, f) + i])
		i++;
	return i;
}

void report_difference(const struct job *job, const struct superpacket *sp,
		       const char *mode)
{
	const struct answer *k = job->kernel, *w = job->want;
	size_t f = answer_differs(k, w);

	printf("DIFFERENCE (%s) -s %llu%s%s -o %llu: %s, %s", mode,
	       (unsigned long long)job->seed, job->kind ? " -k " : "",
	       job->kind ? job->kind->name : "", (unsigned long long)sp->number,
	       sp->kind->name, sp->nodd ? "odd:" : "nothing odd");
	for (unsigned int i = 0; i < sp->nodd; i++)
		printf(" %s", sp->odd[i]);
	printf("\n  built: l3 %u, l4 %u, payload %u, gso_size %u, mtu %u\n",
	       sp->l3, sp->l4, sp->payload, sp->gso_size, job->path.mtu);
	if (f < k->n && f < w->n)
		printf("  frame %zu differs at byte %zu\n", f,
		       first_byte(k, w, f));
	print_hex(job, "header", sp->vnet, sp->vnet_size);
	print_hex(job, "packet", sp->frame, sp->len);
	print_answer(job, "kernel", k, f);
	print_answer(job, "segoff", w, f);
}

static void print_tally(const struct job *job)
{
	printf("%-8s %8s %8s %8s %8s %8s %9s\n", "kind", "asked", "refused",
	       "lost", "whole", "cut", "frames");
	for (const struct kind *k = kinds; k->name; k++) {
		const struct tally *t = &job->tally[k - kinds];

		if (!t->asked)
			continue;
		printf("%-8s %8llu %8llu %8llu %8llu %8llu %9llu\n", k->name,
		       (unsigned long long)t->asked,
		       (unsigned long long)t->refused,
		       (unsigned long long)t->lost,
		       (unsigned long long)t->whole, (unsigned long long)t->cut,
		       (unsigned long long)t->segments);
	}
	printf("%llu also in the default mode, %llu not judged\n",
	       (unsigned long long)job->defaults,
	       (unsigned long long)job->unjudged);
}

/* Can this path say such a superpacket at all? */
static bool possible(const struct job *job, const struct kind *k)
{
	if ((k->type == SEGOFF_VNET_GSO_UDP_L4 ||
	     (k->type == TYPE_BY_L4 && k->proto == 17)) &&
	    job->path.kernel < KERNEL_6_2)
		return false;
	if (!(job->path.limits.tunnels & 1u << k->tunnel))
		return false;
	return k->tunnel != TUNNEL_VNET || job->path.tunnel;
}

/* A kind of which nothing was ever segmented was not tested. */
static unsigned int empty_kinds(const struct job *job)
{
	unsigned int n = 0;

	for (const struct kind *k = kinds; k->name; k++) {
		const struct tally *t = &job->tally[k - kinds];
		bool may_be_whole = !k->type;

		if (t->asked < EMPTY_AFTER || !possible(job, k) ||
		    (may_be_whole ? t->whole : t->cut))
			continue;
		printf("oracle: nothing of kind %s came out\n", k->name);
		n++;
	}
	return n;
}

int report_end(const struct job *job)
{
	unsigned int empty = empty_kinds(job);

	if (job->verbose) {
		print_tally(job);
		known_print();
	}
	printf("oracle: %llu superpackets, %s, %llu differences (seed %llu)\n",
	       (unsigned long long)job->asked, net_kernel_name(),
	       (unsigned long long)job->failures,
	       (unsigned long long)job->seed);
	return job->failures || empty || !job->asked;
}
