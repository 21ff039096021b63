/* SPDX-License-Identifier: MIT */
/*
 * train_odd.c - what may be odd about a train
 *
 * Rows of the table here change what one packet says; how many packets of the
 * flow they change is drawn apart from that. Those of the table in
 * train_order.c change more than that.
 */
#include "train_odd.h"

#include <stdio.h>
#include <string.h>

#define TCP 6
#define FIN 0x001
#define SYN 0x002
#define RST 0x004
#define PSH 0x008
#define ACK 0x010
#define URG 0x020
#define ECE 0x040
#define CWR 0x080
#define AE  0x100

#define GSO_MOST 55000u

static void a_tos(struct spec *s, struct rnd *r)
{
	s->tos ^= (uint8_t)(1u << rnd_below(r, 8));
}

static void a_ttl(struct spec *s, struct rnd *r)
{
	s->ttl ^= (uint8_t)(1u << rnd_below(r, 8));
}

static void a_label(struct spec *s, struct rnd *r)
{
	s->label ^= 1u << rnd_below(r, 20);
}

static void a_df(struct spec *s, struct rnd *r)
{
	(void)r;
	s->fragment ^= 0x4000;
}

static void a_reserved(struct spec *s, struct rnd *r)
{
	(void)r;
	s->fragment |= 0x8000;
}

static void a_fragment(struct spec *s, struct rnd *r)
{
	s->fragment |=
		(uint16_t)(rnd_chance(r, 50) ? 0x2000 : 1u << rnd_below(r, 13));
	s->frag6 = s->version == 6;
}

static void a_id(struct spec *s, struct rnd *r)
{
	static const uint16_t by[] = { 1, 65535, 256, 2, 32768 };

	s->id = (uint16_t)(s->id + (rnd_chance(r, 80) ?
					    by[rnd_below(r, LENGTH(by))] :
					    rnd_below(r, 65536)));
}

static void a_nibble(struct spec *s, struct rnd *r)
{
	s->nibble = (uint8_t)rnd_below(r, 16);
}

static void a_ip_options(struct spec *s, struct rnd *r)
{
	s->nipopt = (uint8_t)(4 * rnd_between(r, 1, 10));
	memset(s->ipopt, 1, s->nipopt);
}

static void a_ext(struct spec *s, struct rnd *r)
{
	if (s->ext_len) /* only padding differs */
		s->ext[rnd_between(r, 4, 7)] ^= 1;
	else
		a_label(s, r);
}

static void a_address(struct spec *s, struct rnd *r)
{
	s->addr[rnd_below(r, 2) * 16 + rnd_below(r, 4)] ^=
		(uint8_t)(1u << rnd_below(r, 8));
}

void odd_protocol(struct spec *s, struct rnd *r)
{
	static const uint8_t other[] = { 1, 2, 58, 59, 89, 132, 136, 253 };

	s->next = other[rnd_below(r, LENGTH(other))];
}

static void a_mac(struct spec *s, struct rnd *r)
{
	s->mac[rnd_below(r, 12)] ^= (uint8_t)(2u << rnd_below(r, 7));
}

void odd_type(struct spec *s, struct rnd *r)
{
	static const uint16_t other[] = { 0x0806, 0x88cc, 0x8863, 0x0004,
					  0x05dc, 0x8847, 0x0800, 0x86dd };

	s->type = other[rnd_below(r, LENGTH(other))];
}

static void a_tag(struct spec *s, struct rnd *r)
{
	if (s->tags)
		s->tag[rnd_below(r, s->tags)][1] ^=
			(uint16_t)(1u << rnd_below(r, 16));
	else
		a_mac(s, r);
}

static void a_port(struct spec *s, struct rnd *r)
{
	if (rnd_chance(r, 50))
		s->sport ^= (uint16_t)(1u << rnd_below(r, 16));
	else
		s->dport ^= (uint16_t)(1u << rnd_below(r, 16));
}

static void a_seq(struct spec *s, struct rnd *r)
{
	static const uint32_t by[] = { 1, 65536, 0x80000000, 0xffffffff };

	s->seq += rnd_chance(r, 50) ?
			  by[rnd_below(r, LENGTH(by))] :
			  s->payload * rnd_between(r, 0, 3) - s->payload;
}

static void a_ack(struct spec *s, struct rnd *r)
{
	s->ack += 1u << rnd_below(r, 32);
}

static void a_window(struct spec *s, struct rnd *r)
{
	s->window ^= (uint16_t)(1u << rnd_below(r, 16));
}

static void a_urgent(struct spec *s, struct rnd *r)
{
	s->urgent = (uint16_t)rnd_next(r);
}

static void a_flag(struct spec *s, struct rnd *r)
{
	static const uint16_t bits[] = { FIN, SYN,   RST,   PSH,
					 PSH, ACK,   URG,   ECE,
					 CWR, CWR,   AE,    0x200,
					 FIN, 0x400, 0x800, FIN | PSH };

	s->flags ^= bits[rnd_below(r, LENGTH(bits))];
}

static void a_doff(struct spec *s, struct rnd *r)
{
	s->doff = (int8_t)((int)rnd_below(r, 8) - 4);
}

static void an_option(struct spec *s, struct rnd *r)
{
	if (s->proto != TCP)
		return;
	if (!s->nopt || rnd_chance(r, 20)) {
		s->nopt = (uint8_t)(4 * rnd_below(r, 11));
		memset(s->opt, 1, s->nopt);
	} else {
		s->opt[rnd_below(r, s->nopt)] ^= 1;
	}
}

static void an_ip_sum(struct spec *s, struct rnd *r)
{
	s->ip_xor = (uint16_t)(1u << rnd_below(r, 16));
}

static void an_l4_sum(struct spec *s, struct rnd *r)
{
	s->l4_xor = (uint16_t)(1u << rnd_below(r, 16));
}

static void no_check(struct spec *s, struct rnd *r)
{
	(void)r;
	s->no_check = true;
}

static void an_l4_zero(struct spec *s, struct rnd *r)
{
	(void)r;
	s->l4_zero = true;
}

static void an_ip_len(struct spec *s, struct rnd *r)
{
	s->ip_len = (int)rnd_below(r, 41) - 20;
	if (rnd_chance(r, 10))
		s->ip_len = -(int)s->payload - (int)rnd_below(r, 60);
}

static void a_udp_len(struct spec *s, struct rnd *r)
{
	s->udp_len = (int)rnd_below(r, 21) - 10;
	if (rnd_chance(r, 20))
		s->udp_len = -(int)s->payload - (int)rnd_below(r, 9);
}

static void a_trailer(struct spec *s, struct rnd *r)
{
	s->trailer = (uint16_t)rnd_between(r, 1, 46);
}

/* Not into the tags: who reads takes those off first. */
static void a_cut(struct spec *s, struct rnd *r)
{
	s->cut = (uint16_t)rnd_between(r, 1, 80);
}

static void a_partial(struct spec *s, struct rnd *r)
{
	static const int8_t by[] = { 0, 0, 0, -1, -20, 1, 4, -8 };

	s->partial = true;
	s->start = s->tags ? 0 : by[rnd_below(r, LENGTH(by))];
	if (rnd_chance(r, 20))
		an_l4_sum(s, r);
}

/* Several segments in one, of the size that the others have. */
static void a_super(struct spec *s, struct rnd *r)
{
	uint32_t n = rnd_between(r, 2, 20);

	if (!s->payload || s->payload * n > GSO_MOST)
		return;
	s->gso = (uint16_t)s->payload;
	s->payload =
		s->gso * n - (rnd_chance(r, 50) ? 0 : rnd_below(r, s->gso));
	s->partial = s->proto != TCP || rnd_chance(r, 80);
}

struct field_row {
	const char *name;
	void (*change)(struct spec *s, struct rnd *r);
};

static const struct field_row fields[] = {
	{ "tos", a_tos },
	{ "ttl", a_ttl },
	{ "label", a_label },
	{ "df", a_df },
	{ "reserved", a_reserved },
	{ "fragment", a_fragment },
	{ "id", a_id },
	{ "version", a_nibble },
	{ "ip-options", a_ip_options },
	{ "extension", a_ext },
	{ "address", a_address },
	{ "protocol", odd_protocol },
	{ "mac", a_mac },
	{ "type", odd_type },
	{ "tag", a_tag },
	{ "port", a_port },
	{ "seq", a_seq },
	{ "ack", a_ack },
	{ "window", a_window },
	{ "urgent", a_urgent },
	{ "flag", a_flag },
	{ "flags", a_flag },
	{ "offset", a_doff },
	{ "option", an_option },
	{ "ip-sum", an_ip_sum },
	{ "l4-sum", an_l4_sum },
	{ "no-sum", no_check },
	{ "l4-zero", an_l4_zero },
	{ "ip-length", an_ip_len },
	{ "udp-length", a_udp_len },
	{ "trailer", a_trailer },
	{ "cut", a_cut },
	{ "partial", a_partial },
	{ "super", a_super },
};

/* One packet, all from there on, or some of them; the same change in each. */
static void change_fields(struct train *t, struct rnd *r,
			  const struct field_row *row)
{
	unsigned int k = rnd_below(r, t->n), flow = t->spec[k].flow;
	uint32_t how_many = rnd_below(r, 4);
	struct rnd same = *r, again;

	rnd_next(r);
	row->change(&t->spec[k], &(struct rnd){ same.state });
	for (k++; k < t->n && how_many > 1; k++) {
		if (t->spec[k].flow != flow ||
		    (how_many == 2 && rnd_chance(r, 50)))
			continue;
		again = same;
		row->change(&t->spec[k], &again);
	}
}

#define ODD_MOST 64

static unsigned int times[ODD_MOST];

static const char *name_of(unsigned int k)
{
	return k < LENGTH(fields) ? fields[k].name :
				    train_orders[k - LENGTH(fields)].name;
}

static unsigned int kinds_of_odd(void)
{
	unsigned int n = LENGTH(fields);

	while (name_of(n))
		n++;
	return n;
}

void train_odd(struct train *t, struct rnd *r)
{
	uint32_t at = rnd_below(r, 100);

	t->nodd = at < 60 ? 1 : rnd_between(r, 2, TRAIN_ODD);
	for (unsigned int i = 0; i < t->nodd; i++) {
		unsigned int k = rnd_below(r, kinds_of_odd());

		times[k]++;
		t->odd[i] = name_of(k);
		if (k < LENGTH(fields))
			change_fields(t, r, &fields[k]);
		else
			train_orders[k - LENGTH(fields)].change(t, r);
	}
}

void train_odd_print(void)
{
	for (unsigned int k = 0; name_of(k); k++)
		printf("%-10s %8u%s", name_of(k), times[k],
		       k % 4 == 3 ? "\n" : "   ");
	printf("\n");
}
