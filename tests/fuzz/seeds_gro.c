/* SPDX-License-Identifier: MIT */
/*
 * seeds_gro.c - inputs with tunnels for fuzz_gro, as the generator makes them
 *
 *	fuzz_seeds_gro FOLDER
 *
 * A generated train becomes a file if something is merged in it, and one header
 * follows another in a packet that did not in those before. The tree has the
 * result; write it anew when fuzz_train.h or the generator changes.
 */
#include <stdio.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "fuzz_train.h"

#define BYTES_MAX 1500
#define TRAINS	  40000

/* By profile, protocol and the one behind it. */
static bool seen[2][SEGOFF_P_COUNT][SEGOFF_P_COUNT];

static bool is_new(const struct train *t)
{
	bool new = false;

	for (size_t i = 0; i < t->n; i++) {
		struct ref_pkt p = { t->pkt[i].at, t->pkt[i].len, t->link };
		struct segoff_stack st;

		ref_dissect_ports(&p, t->opts.ports, &st);
		for (size_t k = 0; k + 1 < st.nlayer; k++) {
			bool *one = &seen[t->opts.profile][st.layer[k].proto]
					 [st.layer[k + 1].proto];

			new = new || !*one;
			*one = true;
		}
	}
	return new;
}

static size_t bytes_of(const struct train *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->pkt[i].len;
	return n;
}

static bool merges(const struct train *t)
{
	static struct drive d;
	struct complaint why;
	bool fine = drive(&d, t, NULL, &why) && d.nout < t->n;

	drive_free(&d);
	return fine;
}

static struct fuzz_opts opts_of(const struct train *t)
{
	return (struct fuzz_opts){
		.profile = (uint8_t)(t->opts.profile |
				     (t->opts.ports ? FUZZ_TRAIN_PORTS : 0)),
		.flags = (uint8_t)t->opts.flags,
		.link = (uint8_t)t->link,
		.flows = (uint8_t)t->opts.flows,
		.max_size = t->opts.max_size,
	};
}

static struct fuzz_pkt pkt_of(const struct train_pkt *p)
{
	const struct segoff_meta *m = &p->meta;

	return (struct fuzz_pkt){ .len = (uint16_t)p->len,
				  .has_meta = p->has_meta,
				  .ip_summed = m->ip_summed,
				  .gso_type = m->gso_type,
				  .gso_size = m->gso_size,
				  .gso_segs = m->gso_segs,
				  .csum_start = m->csum_start,
				  .csum_offset = m->csum_offset,
				  .cut = p->cut,
				  .hash = (uint8_t)p->hash,
				  .then = p->then };
}

static bool write_train(const struct train *t, const char *folder,
			unsigned int k)
{
	static const char *const profile[] = { "lossless", "linux" };
	struct fuzz_opts o = opts_of(t);
	char name[4096];
	FILE *f;

	snprintf(name, sizeof(name), "%s/%s-tunnel-%03u", folder,
		 profile[t->opts.profile], k);
	f = fopen(name, "wb");
	if (!f)
		return false;
	fwrite(&o, sizeof(o), 1, f);
	for (size_t i = 0; i < t->n; i++) {
		struct fuzz_pkt p = pkt_of(&t->pkt[i]);

		fwrite(&p, sizeof(p), 1, f);
		fwrite(t->pkt[i].at, t->pkt[i].len, 1, f);
	}
	return !fclose(f);
}

int main(int argc, char **argv)
{
	static struct train t;
	unsigned int n = 0;

	if (argc != 2)
		return 1;
	for (uint64_t i = 0; i < TRAINS; i++) {
		struct rnd r = rnd_seed(1, i);

		gen_train(&r, &t, i & 1);
		if (bytes_of(&t) > BYTES_MAX || !merges(&t) || !is_new(&t))
			continue;
		if (!write_train(&t, argv[1], ++n)) {
			perror(argv[1]);
			return 1;
		}
	}
	printf("%u seeds\n", n);
	return 0;
}
