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
	ODD_FRAME,  /* partial frame: headers of one segment, payload of more */
	ODD_REMOTE, /* a tunnel leaves the checksum for the receiver */
	ODD_KINDS,
};

/* Which checksum it is about. */
enum odd_field {
	FIELD_TRANSPORT,
	FIELD_IPV4,
	FIELD_TUNNEL,
};

/**
 * struct odd - one odd thing about one packet
 * @field: checksums: which one, enum odd_field
 * @found: of @field, but not of a tunnel's
 * @segments: superpackets: how many segments it stands for, 0: not known
 * @stack: its headers, in struct stacks
 */
struct odd {
	uint64_t number;
	enum odd_kind kind;
	enum segoff_verdict why;
	struct address from, to;
	uint16_t from_port, to_port;
	uint8_t proto;
	bool seed_has_length;
	enum odd_field field;
	uint32_t found, right;
	uint32_t stack;
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
 * @stack: of the packet that is taken down
 */
struct odds {
	uint64_t packets;
	uint64_t count[ODD_KINDS];
	unsigned int named[ODD_KINDS];
	struct odd *odd;
	size_t nodd;
	unsigned int limit;
	uint32_t stack;
};

/* Return: false without memory. */
bool odds_init(struct odds *o, unsigned int limit);
void odds_free(struct odds *o);

/**
 * odds_add() - take down what is odd about a packet
 * @o: odds
 * @s: the packet
 * @f: what was found out
 * @partial: it is a superpacket with the headers of one segment
 * @stack: its headers, in struct stacks
 */
void odds_add(struct odds *o, const struct seen *s, const struct finding *f,
	      bool partial, uint32_t stack);

/* Stable name of a kind, for scripts. */
const char *odd_name(enum odd_kind k);

/* How many packets deserve a look. */
uint64_t odds_attention(const struct odds *o);

#endif
