/* SPDX-License-Identifier: MIT */
/*
 * odd.h - packets that look odd, remembered until the end
 *
 * Whether an oddity is normal depends on where the capture was taken, which
 * shows only at its end; so the first few of each kind are kept.
 */
#ifndef SEGOFF_CLI_ODD_H
#define SEGOFF_CLI_ODD_H

#include "examine.h"
#include "vantage.h"

enum odd_kind {
	ODD_SUPER,   /* larger than the wire takes */
	ODD_PARTIAL, /* checksum holds the seed */
	ODD_ABSENT,  /* checksum is zero */
	ODD_LENGTH,  /* IP length was not filled in */
	ODD_ALONE,   /* above the MTU, and not to be cut: see why */
	ODD_SNAPLEN, /* cut short */
	ODD_WRONG,   /* checksum is really wrong */
	ODD_REFUSED, /* virtio_net_hdr that Linux refuses */
	ODD_KINDS,
};

/**
 * struct odd - one odd thing about one packet
 * @segments: superpackets: how many segments it stands for, 0: not known
 */
struct odd {
	uint64_t number;
	enum odd_kind kind;
	enum segoff_verdict why;
	struct address from, to;
	uint16_t from_port, to_port;
	uint8_t proto;
	bool seed_has_length;
	bool ip_sum;
	uint16_t found, right;
	uint32_t frame;
	uint32_t network;
	uint32_t gso_size;
	uint64_t segments;
	uint16_t length;
};

/**
 * struct odds - all of them
 * @count: by kind
 * @named: how many of them are in @odd
 * @odd: the first ones of each kind, in the order of the file
 * @limit: so many of each kind are kept
 */
struct odds {
	uint64_t packets;
	uint64_t count[ODD_KINDS];
	unsigned int named[ODD_KINDS];
	struct odd *odd;
	size_t nodd;
	unsigned int limit;
};

/* Return: false without memory. */
bool odds_init(struct odds *o, unsigned int limit);
void odds_free(struct odds *o);

/* Take down what is odd about a packet. */
void odds_add(struct odds *o, const struct seen *s, const struct finding *f);

/* Stable name of a kind, for scripts. */
const char *odd_name(enum odd_kind k);

/* How many packets deserve a look. */
uint64_t odds_attention(const struct odds *o);

#endif
