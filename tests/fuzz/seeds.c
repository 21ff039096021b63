/* SPDX-License-Identifier: MIT */
/*
 * seeds.c - inputs with tunnels for fuzz_segment, as the generator makes them
 *
 *	fuzz_seeds FOLDER
 *
 * A generated superpacket becomes a file (tunnel-NNN) if one header follows
 * another in it that did not in those before. The tree has the result; write
 * it anew when fuzz_case.h or the generator changes.
 */
#include "fuzz_case.h"

#define BYTES_MAX 700
#define CASES	  100000

/* By protocol and the one behind it. */
static bool seen[SEGOFF_P_COUNT][SEGOFF_P_COUNT];

static bool is_new(const struct gen_case *c)
{
	bool new = false;

	for (size_t i = 0; i + 1 < c->nlayer; i++) {
		bool *one = &seen[c->layer[i].proto][c->layer[i + 1].proto];

		new = new || !*one;
		*one = true;
	}
	return new;
}

static struct fuzz_head head_of(const struct gen_case *c)
{
	struct fuzz_head h = { .link = (uint8_t)c->link,
			       .ip_summed = c->meta.ip_summed,
			       .encapsulation = FUZZ_OFFSETS,
			       .gso_flags = (uint8_t)c->opts.flags,
			       .gso_csum = (uint8_t)c->opts.csum,
			       .csum_start = c->meta.csum_start,
			       .csum_offset = c->meta.csum_offset,
			       .gso_size = c->meta.gso_size,
			       .gso_type = c->meta.gso_type,
			       .frag_id = c->opts.frag_id };

	if (c->meta.encapsulation)
		h.encapsulation |= FUZZ_ENCAPSULATION;
	if (c->opts.ports)
		h.encapsulation |= FUZZ_PORTS;
	if (c->opts.partial)
		h.encapsulation |= FUZZ_PARTIAL;
	return h;
}

static bool write_case(const struct gen_case *c, const char *folder,
		       unsigned int k)
{
	const struct segoff_meta *m = &c->meta;
	struct fuzz_head h = head_of(c);
	struct fuzz_offsets o = { m->net_off,	    m->th_off,
				  m->inner_mac_off, m->inner_net_off,
				  m->inner_th_off,  m->inner_protocol };
	char name[4096];
	FILE *f;

	snprintf(name, sizeof(name), "%s/tunnel-%03u", folder, k);
	f = fopen(name, "wb");
	if (!f)
		return false;
	fwrite(&h, sizeof(h), 1, f);
	fwrite(&o, sizeof(o), 1, f);
	fwrite(c->at, c->len, 1, f);
	return !fclose(f);
}

int main(int argc, char **argv)
{
	static struct gen_case c;
	unsigned int n = 0;

	if (argc != 2)
		return 1;
	for (uint64_t i = 0; i < CASES; i++) {
		struct rnd r = rnd_seed(1, i);

		gen_tunnel(&r, &c, false);
		if (c.len > BYTES_MAX || !is_new(&c))
			continue;
		if (!write_case(&c, argv[1], ++n)) {
			perror(argv[1]);
			return 1;
		}
	}
	printf("%u seeds\n", n);
	return 0;
}
