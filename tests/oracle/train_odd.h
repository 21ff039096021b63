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

/* Another EtherType; another protocol behind IP. */
void odd_type(struct spec *s, struct rnd *r);
void odd_protocol(struct spec *s, struct rnd *r);

#endif
