/* SPDX-License-Identifier: MIT */
/* train_odd.h - the two halves of what may be odd about a train */
#ifndef SEGOFF_ORACLE_TRAIN_ODD_H
#define SEGOFF_ORACLE_TRAIN_ODD_H

#include "train.h"

/**
 * struct order_row - something odd that concerns more than one packet
 * @name: for reports
 * @change: does it
 */
struct order_row {
	const char *name;
	void (*change)(struct train *t, struct rnd *r);
};

/* All of them (train_order.c), ended by one without a name. */
extern const struct order_row train_orders[];

/**
 * struct field_row - something odd about what a packet says
 * @name: for reports
 * @change: does it; NULL: see @change_ip
 * @change_ip: does it to an IP header, of a tunnel either of them
 */
struct field_row {
	const char *name;
	void (*change)(struct spec *s, struct rnd *r);
	void (*change_ip)(struct ip *ip, struct rnd *r);
};

/* What may be odd about tunnels (train_shell_odd.c), ended the same way. */
extern const struct field_row train_shell_fields[];

/* Another EtherType; another protocol behind IP. */
void odd_type(struct spec *s, struct rnd *r);
void odd_protocol(struct ip *ip, struct rnd *r);

#endif
