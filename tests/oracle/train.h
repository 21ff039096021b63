/* SPDX-License-Identifier: MIT */
/*
 * train.h - random trains of packets, mostly in step, often not
 *
 * Theory of operation
 * -------------------
 * A train is made in three steps. First some flows, and from them specs: what
 * each packet is to say, field by field, as senders would that have much to
 * send; the flows take turns. Then odd things are done to the specs (a row of
 * the table in train_odd.c): to one packet, to all that follow in its flow, or
 * to the order. At last the packets are built from the specs, every byte.
 */
#ifndef SEGOFF_ORACLE_TRAIN_H
#define SEGOFF_ORACLE_TRAIN_H

#include "random.h"
#include "wire.h"

#define TRAIN_MOST   200   /* packets */
#define TRAIN_KINDS  48	   /* there are no more */
#define TRAIN_FLOWS  16	   /* more than are ever held */
#define TRAIN_PACKET 70000 /* bytes of one */
#define TRAIN_ODD    5
#define TRAIN_VNET   10
#define EXT_MOST     64
#define TRAIN_GUE    6080
#define TRAIN_FOU    5500 /* and the protocol that is behind */
#define OPT_MOST     16

/**
 * struct ip - what an IP header is to say
 * @version: 4 or 6: how it is laid out
 * @nibble: its first four bits
 * @addr: source, destination
 * @fragment: IPv4: the word with flags and offset
 * @nipopt: bytes of IPv4 options
 * @next: protocol number
 * @ext: IPv6 extension headers; the last one's next header is put there
 * @next_ext: protocol number of the first of them
 * @frag6: a Fragment header behind them
 * @ip_len: added to the length
 * @ip_xor: what is wrong with the header checksum
 * @ip_zero: the header checksum, if zero, in its other form
 */
struct ip {
	uint8_t version;
	uint8_t nibble;
	uint8_t addr[32];
	uint8_t tos;
	uint8_t ttl;
	uint32_t label;
	uint16_t id;
	uint16_t fragment;
	uint8_t nipopt;
	uint8_t ipopt[40];
	uint8_t next;
	uint8_t ext[EXT_MOST];
	uint8_t next_ext;
	uint8_t ext_len;
	bool frag6;
	int ip_len;
	uint16_t ip_xor;
	bool ip_zero;
};

/* What is between the two IP headers of a tunnel. */
enum shell_type {
	SHELL_NONE = 0,
	SHELL_IP, /* nothing */
	SHELL_GRE,
	SHELL_VXLAN, /* the first in UDP, as are all that follow */
	SHELL_GPE,
	SHELL_GENEVE,
	SHELL_FOU,
	SHELL_GUE,
};

/**
 * struct shell - what is around the packet of a tunnel
 * @type: enum shell_type
 * @ip: outer IP header
 * @deeper: a second one of IP in IP, the same again
 * @sport: UDP
 * @no_check: UDP without checksum
 * @udp_len: added to the length in the UDP header
 * @sum_xor: what is wrong with the UDP or GRE checksum
 * @gre: FOU, GUE: there is GRE in it
 * @flags: GRE: flags and version; VXLAN, Geneve: the first word, but for
 *	@proto
 * @word: GRE: key; VXLAN, Geneve: VNI and the byte behind it
 * @seq: GRE: sequence number, if there is one
 * @proto: GRE, Geneve: EtherType of what is inside; GPE: its number
 * @gue: GUE: what is wrong with the first word
 * @nopt: Geneve: bytes of options; GUE: of fields
 * @teb: there is an inner link header
 * @mac: and this is it
 * @mac_type: its EtherType
 * @remcsum: VXLAN, GUE: remote checksum offload
 */
struct shell {
	uint8_t type;
	struct ip ip;
	bool deeper;
	uint16_t sport;
	uint16_t dport;
	bool no_check;
	int udp_len;
	uint16_t sum_xor;
	bool gre;
	uint32_t flags;
	uint32_t word;
	uint32_t seq;
	uint16_t proto;
	uint32_t gue;
	uint8_t nopt;
	uint8_t opt[OPT_MOST];
	bool teb;
	uint8_t mac[12];
	uint16_t mac_type;
	bool remcsum;
};

/**
 * struct spec - what a packet is to say
 * @flow: whose it is
 * @ip: its IP header; the inner one of a tunnel
 * @shell: the tunnel
 * @proto: 6 or 17: how the transport header is laid out
 * @type: EtherType
 * @mac: destination, source
 * @tags: how many VLAN tags
 * @tag: type of each, and its control bits
 * @flags: TCP: data offset word without the offset, 12 bits
 * @doff: TCP: added to the data offset
 * @fill: where in the random bytes the payload begins
 * @udp_len: added to the length in the UDP header
 * @l4_xor: what is wrong with the transport checksum
 * @no_check: UDP without checksum
 * @l4_zero: the transport checksum is made zero, in one of its forms
 * @partial: transport checksum unfinished, and the header says so
 * @start: added to csum_start
 * @gso: gso_size, if it is a superpacket
 * @hint: hdr_len is right, not 0
 * @trailer: bytes behind the IP packet
 * @cut: bytes that are missing at the end
 */
struct spec {
	uint8_t flow;
	struct ip ip;
	struct shell shell;
	uint8_t proto;
	uint16_t type;
	uint8_t mac[12];
	uint8_t tags;
	uint16_t tag[3][2];
	uint16_t sport;
	uint16_t dport;
	uint32_t seq;
	uint32_t ack;
	uint16_t flags;
	uint16_t window;
	uint16_t urgent;
	uint8_t nopt;
	uint8_t opt[40];
	int8_t doff;
	uint32_t payload;
	uint32_t fill;
	int udp_len;
	uint16_t l4_xor;
	bool no_check;
	bool l4_zero;
	bool partial;
	int start;
	uint16_t gso;
	bool hint;
	uint16_t trailer;
	uint16_t cut;
};

/* Where something of a built packet is. */
struct spot {
	size_t outer_l3;
	size_t l3;
	size_t l4;
	size_t l4_len;
};

/* The devices that trains run into. */
enum train_way {
	WAY_PLAIN = 0, /* as it is by default */
	WAY_UDP,       /* rx-udp-gro-forwarding */
	WAY_BIG,       /* the same, and large superpackets */
	WAY_SMALL,     /* the same, and small ones */
	WAY_LIST,      /* rx-gro-list */
	WAY_CUT,       /* the same, and out through a device without */
	WAY_COUNT
};

/* Below how many bytes the superpackets of each stay. */
extern const uint32_t train_limits[WAY_COUNT];

/**
 * struct train_kind - one sort of train
 * @name: for reports
 * @weight: how often
 * @version: 4, 6, 0: either
 * @proto: 6, 17, 0: either
 * @way: into which device
 * @bulk: many large packets: limits are met
 * @shell: enum shell_type: in a tunnel
 * @outer: 4, 6, 0: either; of the outer header
 */
struct train_kind {
	const char *name;
	unsigned int weight;
	uint8_t version;
	uint8_t proto;
	uint8_t way;
	bool bulk;
	uint8_t shell;
	uint8_t outer;
};

/* All kinds, ended by one without a name. */
extern const struct train_kind train_kinds[];

struct packet {
	uint8_t vnet[TRAIN_VNET];
	uint8_t *bytes;
	size_t len;
	struct spot at;
};

/**
 * struct train - packets in the order of their arrival
 * @old: what kernels before 6.18 do otherwise is left out: only TCP, no CWR,
 *	always DF, no checksum that begins in the IP header; outside of tunnels
 *	never DF, and identifications count; set by the caller
 * @tunnels: only tunnels, else none; set by the caller
 * @geneve: Geneve among them; set by the caller
 * @fou: FOU and GUE among them; set by the caller
 * @number: which train of the run
 * @kind: its kind
 * @odd: names of what is odd
 * @nodd: how many
 * @n: packets
 * @spec: what they say
 * @packet: the packets
 * @head: their bytes that stay together
 * @step: bytes of a piece behind the headers; 0: each in one piece
 * @late: pop at the end, not after each packet
 * @scatter: take superpackets in pieces
 */
struct train {
	bool old;
	bool tunnels;
	bool geneve;
	bool fou;
	uint64_t number;
	const struct train_kind *kind;
	const char *odd[TRAIN_ODD];
	unsigned int nodd;
	unsigned int n;
	struct spec spec[TRAIN_MOST];
	struct packet packet[TRAIN_MOST];
	size_t head[TRAIN_MOST];
	size_t step;
	bool late;
	bool scatter;
};

/**
 * train_weight() - how often a kind is made
 * @k: the kind
 * @t: what its caller has set is heeded
 *
 * Return: its weight among the others, 0 for what is left out.
 */
uint32_t train_weight(const struct train_kind *k, const struct train *t);

/* The sum over all kinds. */
uint32_t train_weights(const struct train *t);

/**
 * train_make() - make a train
 * @t: receives it; zeroed before its first use, but for what the
 *	caller sets
 * @seed: of the run
 * @number: of the train
 */
void train_make(struct train *t, uint64_t seed, uint64_t number);

/* Do something odd to a train's specs (train_odd.c). */
void train_odd(struct train *t, struct rnd *r);

/* Build packet @i from its spec (train_build.c). */
void train_build(struct train *t, unsigned int i);

/*
 * IP headers (train_ip.c): the length of one; put one, with so much behind it;
 * its checksum, which is then put there; the sum over a pseudo header.
 */
size_t train_ip_len(const struct ip *ip);
size_t train_put_ip(uint8_t *p, const struct ip *ip, size_t behind);
uint16_t train_ip_sum(const uint8_t *p);
void train_put_ip_check(uint8_t *p, const struct ip *ip);
uint64_t train_pseudo(const struct ip *ip, uint8_t proto, size_t len);

/*
 * What is around the packet of a tunnel (train_shell.c): one for a flow, its
 * length; put it, with so much behind it; and its lengths and checksums, when
 * the rest is there.
 */
void train_shell(struct spec *s, struct rnd *r, const struct train_kind *k);
size_t train_shell_len(const struct shell *h);
size_t train_shell_put(uint8_t *p, const struct shell *h, size_t behind);
void train_shell_finish(uint8_t *f, const struct spec *s,
			const struct spot *at);

/* The checksums of a spec's packet as they are without what is wrong. */
struct sums {
	uint16_t ip;
	uint16_t l4;
};
struct sums train_sums(const struct spec *s);

/* Print the name of every odd thing, and how often it was done. */
void train_odd_print(void);

#endif
