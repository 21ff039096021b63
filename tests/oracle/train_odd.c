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

static void a_tos(struct ip *ip, struct rnd *r)
{
	ip->tos ^= (uint8_t)(1u << rnd_below(r, 8));
}

static void a_ttl(struct ip *ip, struct rnd *r)
{
	ip->ttl ^= (uint8_t)(1u << rnd_below(r, 8));
}

static void a_label(struct ip *ip, struct rnd *r)
{
	ip->label ^= 1u << rnd_below(r, 20);
}

static void a_df(struct ip *ip, struct rnd *r)
{
	(void)r;
	ip->fragment ^= 0x4000;
}

static void a_reserved(struct ip *ip, struct rnd *r)
{
	(void)r;
	ip->fragment |= 0x8000;
}

static void a_fragment(struct ip *ip, struct rnd *r)
{
	ip->fragment |=
		(uint16_t)(rnd_chance(r, 50) ? 0x2000 : 1u << rnd_below(r, 13));
	ip->frag6 = ip->version == 6;
}

static void a_id(struct ip *ip, struct rnd *r)
{
	static const uint16_t by[] = { 1, 65535, 256, 2, 32768 };

	ip->id = (uint16_t)(ip->id + (rnd_chance(r, 80) ?
					      by[rnd_below(r, LENGTH(by))] :
					      rnd_below(r, 65536)));
}

static void a_nibble(struct ip *ip, struct rnd *r)
{
	ip->nibble = (uint8_t)rnd_below(r, 16);
}

static void a_ip_options(struct ip *ip, struct rnd *r)
{
	ip->nipopt = (uint8_t)(4 * rnd_between(r, 1, 10));
	memset(ip->ipopt, 1, ip->nipopt);
}

static void a_ext(struct ip *ip, struct rnd *r)
{
	if (ip->ext_len) /* only padding differs */
		ip->ext[rnd_between(r, 4, 7)] ^= 1;
	else
		a_label(ip, r);
}

static void a_address(struct ip *ip, struct rnd *r)
{
	ip->addr[rnd_below(r, 2) * 16 + rnd_below(r, 4)] ^=
		(uint8_t)(1u << rnd_below(r, 8));
}

void odd_protocol(struct ip *ip, struct rnd *r)
{
	static const uint8_t other[] = { 1, 2, 58, 59, 89, 132, 136, 253 };

	ip->next = other[rnd_below(r, LENGTH(other))];
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

static void an_ip_sum(struct ip *ip, struct rnd *r)
{
	ip->ip_xor = (uint16_t)(1u << rnd_below(r, 16));
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

static void an_ip_len(struct ip *ip, struct rnd *r)
{
	ip->ip_len = (int)rnd_below(r, 41) - 20;
	if (rnd_chance(r, 10))
		ip->ip_len = -(int)rnd_below(r, 1500);
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
	s->start = s->tags || s->shell.type ? 0 : by[rnd_below(r, LENGTH(by))];
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

static const struct field_row fields[] = {
	{ "tos", NULL, a_tos },
	{ "ttl", NULL, a_ttl },
	{ "label", NULL, a_label },
	{ "df", NULL, a_df },
	{ "reserved", NULL, a_reserved },
	{ "fragment", NULL, a_fragment },
	{ "id", NULL, a_id },
	{ "version", NULL, a_nibble },
	{ "ip-options", NULL, a_ip_options },
	{ "extension", NULL, a_ext },
	{ "address", NULL, a_address },
	{ "protocol", NULL, odd_protocol },
	{ "mac", a_mac, NULL },
	{ "type", odd_type, NULL },
	{ "tag", a_tag, NULL },
	{ "port", a_port, NULL },
	{ "seq", a_seq, NULL },
	{ "ack", a_ack, NULL },
	{ "window", a_window, NULL },
	{ "urgent", a_urgent, NULL },
	{ "flag", a_flag, NULL },
	{ "flags", a_flag, NULL },
	{ "offset", a_doff, NULL },
	{ "option", an_option, NULL },
	{ "ip-sum", NULL, an_ip_sum },
	{ "l4-sum", an_l4_sum, NULL },
	{ "no-sum", no_check, NULL },
	{ "l4-zero", an_l4_zero, NULL },
	{ "ip-length", NULL, an_ip_len },
	{ "udp-length", a_udp_len, NULL },
	{ "trailer", a_trailer, NULL },
	{ "cut", a_cut, NULL },
	{ "partial", a_partial, NULL },
	{ "super", a_super, NULL },
};

static void change_one(struct spec *s, const struct field_row *row,
		       struct rnd r, bool outer)
{
	if (row->change)
		row->change(s, &r);
	else
		row->change_ip(outer ? &s->shell.ip : &s->ip, &r);
}

/* One packet, all from there on, or some of them; the same change in each. */
static void change_fields(struct train *t, struct rnd *r,
			  const struct field_row *row)
{
	unsigned int k = rnd_below(r, t->n), flow = t->spec[k].flow;
	uint32_t how_many = rnd_below(r, 4);
	bool outer = t->tunnels && rnd_chance(r, 50);
	struct rnd same = *r;

	rnd_next(r);
	change_one(&t->spec[k], row, same, outer);
	for (k++; k < t->n && how_many > 1; k++)
		if (t->spec[k].flow == flow &&
		    (how_many == 3 || !rnd_chance(r, 50)))
			change_one(&t->spec[k], row, same, outer);
}

#define ODD_MOST 96

static unsigned int times[ODD_MOST];

/* What may be odd about any train: fields, and the order of packets. */
static unsigned int plain_rows(void)
{
	unsigned int n = 0;

	while (train_orders[n].name)
		n++;
	return LENGTH(fields) + n;
}

/* And then what tunnels have. */
static const char *name_of(unsigned int k)
{
	if (k < LENGTH(fields))
		return fields[k].name;
	if (k < plain_rows())
		return train_orders[k - LENGTH(fields)].name;
	return train_shell_fields[k - plain_rows()].name;
}

static unsigned int kinds_of_odd(const struct train *t)
{
	unsigned int n = plain_rows();

	while (t->tunnels && name_of(n))
		n++;
	return n;
}

void train_odd(struct train *t, struct rnd *r)
{
	uint32_t at = rnd_below(r, 100);

	t->nodd = at < 60 ? 1 : rnd_between(r, 2, TRAIN_ODD);
	for (unsigned int i = 0; i < t->nodd; i++) {
		unsigned int k = rnd_below(r, kinds_of_odd(t));

		times[k]++;
		t->odd[i] = name_of(k);
		if (k < LENGTH(fields))
			change_fields(t, r, &fields[k]);
		else if (k < plain_rows())
			train_orders[k - LENGTH(fields)].change(t, r);
		else
			change_fields(t, r,
				      &train_shell_fields[k - plain_rows()]);
	}
}

void train_odd_print(void)
{
	unsigned int n = 0;

	for (unsigned int k = 0; name_of(k); k++)
		if (times[k])
			printf("%-10s %8u%s", name_of(k), times[k],
			       n++ % 4 == 3 ? "\n" : "   ");
	printf("\n");
}
