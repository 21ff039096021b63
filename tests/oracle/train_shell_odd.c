/* SPDX-License-Identifier: MIT */
/* train_shell_odd.c - what may be odd about a train of tunnels */
#include "train_odd.h"

#include <string.h>

#define GRE_CSUM 0x8000u
#define GRE_KEY	 0x2000u
#define GRE_SEQ	 0x1000u
#define VNI	 0x08000000u
#define GPE_NEXT 0x04000000u
#define REMCSUM	 0x00200000u /* only where there is one */

/* Flags that mean something, or any. */
static void a_tunnel_flag(struct spec *s, struct rnd *r)
{
	static const uint16_t gre[] = { GRE_CSUM, GRE_KEY, GRE_SEQ, 1,
					0x4000,	  2,	   0x80 };
	struct shell *h = &s->shell;

	if (h->type == SHELL_GUE && !(h->gre && rnd_chance(r, 50)))
		h->gue ^= 1u << rnd_below(r, 32);
	else if (h->type == SHELL_GRE || h->gre)
		h->flags ^= rnd_chance(r, 80) ? gre[rnd_below(r, LENGTH(gre))] :
						1u << rnd_below(r, 16);
	else /* without these flags segoff sees something else than Linux */
		h->flags = ((h->flags ^ 1u << rnd_below(r, 32)) & ~REMCSUM) |
			   (h->type == SHELL_GPE ? VNI | GPE_NEXT : VNI);
}

/* Key, VNI, and what is behind that. */
static void a_tunnel_word(struct spec *s, struct rnd *r)
{
	s->shell.word ^= 1u << rnd_below(r, 32);
}

static void a_tunnel_type(struct spec *s, struct rnd *r)
{
	static const uint16_t other[] = { 0x0800, 0x86dd, 0x6558, 0x8100,
					  0x8847, 0x0806, 0,	  1,
					  2,	  3,	  4,	  5 };

	s->shell.proto = other[rnd_below(r, LENGTH(other))];
}

static void an_inner_mac(struct spec *s, struct rnd *r)
{
	s->shell.mac[rnd_below(r, 12)] ^= (uint8_t)(1u << rnd_below(r, 8));
}

static void an_inner_type(struct spec *s, struct rnd *r)
{
	static const uint16_t other[] = { 0x0800, 0x86dd, 0x6558, 0x8100,
					  0x8847, 0x0806, 0x88cc, 4 };

	s->shell.mac_type = other[rnd_below(r, LENGTH(other))];
}

/* Mostly still a tunnel's. */
static void an_outer_port(struct spec *s, struct rnd *r)
{
	if (rnd_chance(r, 70))
		s->shell.sport ^= (uint16_t)(1u << rnd_below(r, 16));
	else
		s->shell.dport ^= (uint16_t)(1u << rnd_below(r, 16));
}

static void an_outer_sum(struct spec *s, struct rnd *r)
{
	s->shell.sum_xor = (uint16_t)(1u << rnd_below(r, 16));
}

static void no_outer_sum(struct spec *s, struct rnd *r)
{
	(void)r;
	s->shell.no_check = !s->shell.no_check;
}

static void an_outer_udp_len(struct spec *s, struct rnd *r)
{
	s->shell.udp_len = (int)rnd_below(r, 41) - 20;
}

/* The protocol number of another tunnel, or of no tunnel. */
static void an_outer_protocol(struct spec *s, struct rnd *r)
{
	static const uint8_t other[] = { 4, 41, 47, 6, 17, 137, 132 };

	s->shell.ip.next = other[rnd_below(r, LENGTH(other))];
}

/* An option of Geneve's that differs, or is told to be there. */
static void a_tunnel_option(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	if (h->nopt)
		h->opt[rnd_below(r, h->nopt)] ^=
			(uint8_t)(1u << rnd_below(r, 8));
	else
		a_tunnel_flag(s, r);
}

/* A tunnel in a tunnel. */
static void deeper(struct spec *s, struct rnd *r)
{
	(void)r;
	s->shell.deeper = true;
}

static void a_remcsum(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	(void)r;
	h->remcsum = h->type == SHELL_VXLAN || h->type == SHELL_GUE;
}

const struct field_row train_shell_fields[] = {
	{ "tnl-flag", a_tunnel_flag, NULL },
	{ "tnl-word", a_tunnel_word, NULL },
	{ "tnl-type", a_tunnel_type, NULL },
	{ "tnl-option", a_tunnel_option, NULL },
	{ "in-mac", an_inner_mac, NULL },
	{ "in-type", an_inner_type, NULL },
	{ "out-port", an_outer_port, NULL },
	{ "out-sum", an_outer_sum, NULL },
	{ "out-no-sum", no_outer_sum, NULL },
	{ "out-length", an_outer_udp_len, NULL },
	{ "out-proto", an_outer_protocol, NULL },
	{ "deeper", deeper, NULL },
	{ "remcsum", a_remcsum, NULL },
	{ 0 },
};
