/* SPDX-License-Identifier: MIT */
/*
 * ref.h - a slow and obvious model of segmentation and of its admission
 *
 * Theory of operation
 * -------------------
 * The library computes what changes from one segment to the next; it adjusts
 * sums. The model does neither. It walks the headers byte by byte, builds
 * every segment from nothing, and sums every checksum over every byte it
 * covers, sixteen bits at a time. It shares no code with the library: only
 * the public structures and constants. Where the two agree on a byte, two
 * different ways led there.
 *
 * A packet is one contiguous buffer. Results are malloc()ed.
 *
 * The rule numbers in the comments (R-TCP-2, Q-13) are those of the project's
 * conformance list. Comments that begin with "Decision:" mark places where
 * the rules leave a choice, and say which way Linux 6.18 goes.
 */
#ifndef SEGOFF_TESTS_REF_H
#define SEGOFF_TESTS_REF_H

#include <segoff.h>

/* One packet in, contiguous. */
struct ref_pkt {
	const uint8_t *at;
	size_t len;
	unsigned int link;
};

/* One packet out. */
struct ref_seg {
	struct ref_seg *next;
	size_t len;
	uint8_t at[];
};

/* How a packet lies in pieces, where that means something (SCTP). */
struct ref_pieces {
	const size_t *len;
	size_t n;
};

/* All packets that came of one. */
struct ref_list {
	struct ref_seg *first;
	struct ref_seg *last;
	size_t count;
	size_t largest;
};

void ref_free(struct ref_list *l);
/* One more packet at the end. */
void ref_append(struct ref_list *l, struct ref_seg *s);

/* Packet bytes are big endian. */
static inline uint16_t ref_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline void ref_put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline uint32_t ref_get32(const uint8_t *p)
{
	return (uint32_t)ref_get16(p) << 16 | ref_get16(p + 2);
}

static inline void ref_put32(uint8_t *p, uint32_t v)
{
	ref_put16(p, v >> 16);
	ref_put16(p + 2, v & 0xffff);
}

/* ref_sum.c: RFC 1071, in big-endian words, unfolded; and CRC32c. */
uint64_t ref_sum(const uint8_t *p, size_t n);
uint16_t ref_fold(uint64_t sum);
uint16_t ref_not(uint16_t v);
uint32_t ref_crc32c(uint32_t crc, const uint8_t *p, size_t n);

/* ref_walk.c */

/**
 * struct ref_walk - where the headers of a packet are
 * @end: why the walk went no further; SEGOFF_V_OK: at a TCP, UDP or SCTP header
 * @ntag: VLAN tags
 * @net: IP header, once there is one
 * @version: 4 or 6 as the link layer says, 0 without IP
 * @proto: protocol number at @th, or the one that ended the walk
 * @th: transport header, or where the walk ended
 */
struct ref_walk {
	enum segoff_verdict end;
	unsigned int ntag;
	size_t net;
	int version;
	uint8_t proto;
	size_t th;
};

/* Link layer and VLAN tags only: sets end, ntag, net, version. */
enum segoff_verdict ref_walk_link(const struct ref_pkt *p, struct ref_walk *w);

/* Link, IP, extension headers: no checks that segmentation does not make. */
enum segoff_verdict ref_walk(const struct ref_pkt *p, struct ref_walk *w);

/* The IP header at @w->net, which is of @w->version. */
enum segoff_verdict ref_walk_ip(const struct ref_pkt *p, struct ref_walk *w);

/* What the end of a walk means to segmentation: 0 or -errno. */
int ref_walk_error(const struct ref_walk *w);

bool ref_is_extension(uint8_t proto);

/* What segoff_dissect() documents. */
enum segoff_verdict ref_dissect(const struct ref_pkt *p,
				struct segoff_stack *st);

/**
 * ref_pseudo() - sum over the pseudo header
 * @p: packet
 * @w: its headers
 * @final: IPv6: take the final destination from a Routing header
 * @len: upper-layer length
 */
uint64_t ref_pseudo(const struct ref_pkt *p, const struct ref_walk *w,
		    bool final, size_t len);

/**
 * struct ref_super - a packet, understood and found good
 * @p: its bytes
 * @m: its metadata
 * @own: the same, if it is not as it was given
 * @w: its headers; of a packet with tunnels, those of the innermost
 * @ports: which UDP ports are tunnels; NULL: the well-known ones
 * @trust: the seed in the packet is used as it is
 * @strict: Linux to the letter
 * @csum: enum segoff_csum_out
 * @frag_id: identification for IPv6 fragments
 * @hlen: bytes before the payload, which every segment repeats
 * @size: payload bytes of a full segment
 * @count: segments
 * @ufo: the segments are IP fragments
 * @jumbo: the Hop-by-Hop header of a BIG TCP packet is to go
 * @by_frags: each segment is a piece of the packet
 * @pieces: which these are; NULL: the packet is one
 * @frag_at: UFO over IPv6: where the Fragment header goes
 * @frag_next_at: and where the next-header byte is that names it
 */
struct ref_super {
	const struct ref_pkt *p;
	const struct segoff_meta *m;
	struct segoff_meta own;
	struct ref_walk w;
	const struct segoff_ports *ports;
	bool trust;
	bool strict;
	uint32_t csum;
	uint32_t frag_id;
	size_t hlen;
	size_t size;
	size_t count;
	bool ufo;
	bool jumbo;
	bool by_frags;
	const struct ref_pieces *pieces;
	size_t frag_at;
	size_t frag_next_at;
};

/* ref_gso.c: a packet, its headers, and the options; NULL: no options. */
void ref_begin(struct ref_super *s, const struct ref_pkt *p,
	       const struct segoff_meta *m, const struct segoff_gso_opts *o);

/*
 * Can it be segmented, and into how many? Its headers (@s->w) are known. Fills
 * @s; or -errno.
 */
int ref_admit_at(struct ref_super *s, enum segoff_verdict *why);

/* ref_nest_gso.c: the segments, tunnels and all; or frames. */
int ref_segment(const struct ref_pkt *p, const struct ref_pieces *pieces,
		const struct segoff_meta *m, const struct segoff_gso_opts *o,
		struct ref_list *out, enum segoff_verdict *why);

/* ref_sctp.c: member @k of a superpacket, and how many there are. */
bool ref_member(const struct ref_super *s, size_t k, size_t *from, size_t *len);
size_t ref_members(const struct ref_super *s, size_t *largest);

/**
 * ref_segment_list() - a superpacket whose members are there (ref_list.c)
 * @p: the superpacket
 * @member: the packets behind the first
 * @n: how many
 * @m: metadata of @p
 * @o: options or NULL
 * @out: receives the segments
 * @why: receives the reason of a refusal
 *
 * R-TCP-10 to R-TCP-12, R-UDP-5.
 */
int ref_segment_list(const struct ref_pkt *p, const struct ref_pkt *member,
		     size_t n, const struct segoff_meta *m,
		     const struct segoff_gso_opts *o, struct ref_list *out,
		     enum segoff_verdict *why);

/*
 * ref_whole.c: the checksum of a packet that is there; which destination of a
 * Routing header it is about is for ref_about_final() to say.
 */
bool ref_about_final(const struct ref_super *s);

/* ref_whole.c: a packet with gso_size 0; NULL: its metadata is impossible. */
struct ref_seg *ref_ordinary(const struct ref_super *s);

/* ref_build.c: segment @k, counted from 0. */
struct ref_seg *ref_build(const struct ref_super *s, size_t k);

/* ref_pack.c */

#define REF_CHUNKS  20000
#define REF_MEMBERS 256

/**
 * struct ref_members - members of a superpacket of SCTP
 * @n: how many
 * @alone: there is one, and it is too large for a packet
 * @at: bytes of a member
 * @auth: where its AUTH chunk is, counted from 1; 0: it has none
 */
struct ref_members {
	size_t n;
	bool alone;
	struct ref_member_bytes {
		size_t len;
		size_t auth;
		uint8_t at[70000];
	} member[REF_MEMBERS];
};

/* R-SCTP-3, R-SCTP-4: how many chunks were taken; or -errno. */
int ref_pack(const struct segoff_sctp_path *p, const struct iovec *c, size_t n,
	     struct ref_members *out);

/* Where members end, if @len bytes of chunks are to be cut to @room each. */
enum segoff_verdict ref_cut_chunks(const uint8_t *p, size_t len, size_t room,
				   size_t *border, size_t *n);

/* ref_fits.c: R-FIN-1 */
ssize_t ref_network_seglen(const struct ref_pkt *p,
			   const struct segoff_ports *ports,
			   const struct ref_pieces *pieces,
			   const struct segoff_meta *m);
ssize_t ref_mac_seglen(const struct ref_pkt *p,
		       const struct segoff_ports *ports,
		       const struct ref_pieces *pieces,
		       const struct segoff_meta *m);
int ref_fits(const struct ref_pkt *p, const struct ref_pieces *pieces,
	     const struct segoff_meta *m, size_t mtu);

/* ref_vnet.c, ref_tunnel.c: R-META-1 to 16 */
int ref_decode(const uint8_t *hdr, size_t size, const struct ref_pkt *p,
	       const struct segoff_vnet_opts *o, struct segoff_meta *m,
	       enum segoff_verdict *why);

/* A virtio_net_hdr in numbers; fields that its size lacks are 0. */
struct ref_vnet {
	uint8_t flags;
	uint8_t gso_type;
	uint16_t hdr_len;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t outer_th;
	uint16_t inner_nh;
};

/* The rules that hold with and without a tunnel. */
enum segoff_verdict ref_decode_plain(const struct ref_vnet *h,
				     const struct ref_pkt *p,
				     const struct segoff_vnet_opts *o,
				     struct segoff_meta *m);

/* And those of a UDP tunnel. */
enum segoff_verdict ref_decode_tunnel(const struct ref_vnet *h,
				      const struct ref_pkt *p,
				      const struct segoff_vnet_opts *o,
				      struct segoff_meta *m);

/* ref_encode.c: R-META-14, 17 to 20 */
int ref_encode(const struct segoff_meta *m, uint8_t *hdr, size_t size,
	       const struct segoff_vnet_opts *o);
bool ref_size_ok(enum segoff_writer writer, size_t size);
bool ref_offload_ok(uint32_t bits);

/* ref_csum.c, ref_repair.c: as the functions of segoff/csum.h, in place. */
int ref_complete(uint8_t *pkt, size_t len, unsigned int link,
		 const struct segoff_meta *m);

/**
 * struct ref_checksum - a transport checksum, from the bytes
 * @start: where its sum begins
 * @field: where it is
 * @udp: zero means that there is none
 * @seed: the pseudo header's sum
 * @seed_without: the same without the length
 * @seed_all: the same with the length of all bytes that are there
 * @sum: over everything but the checksum
 * @right: what it must be
 */
struct ref_checksum {
	size_t start;
	size_t field;
	bool udp;
	uint16_t seed;
	uint16_t seed_without;
	uint16_t seed_all;
	uint16_t sum;
	uint16_t right;
};

/*
 * ref_sctp.c: the CRC32c of @len bytes that begin with an SCTP header, as the
 * field should hold it, read as a big-endian number.
 */
uint32_t ref_sctp_check(const uint8_t *sctp, size_t len);

/* The bytes that a transport checksum covers, by what the headers say. */
size_t ref_upper_len(const struct ref_pkt *p, const struct ref_walk *w,
		     size_t headers_end);

/*
 * false: there is no TCP or UDP header. Fragments are not told apart. @final: as
 * for ref_pseudo().
 */
bool ref_checksum(const struct ref_pkt *p, bool final, struct ref_checksum *c);
bool ref_checksum_at(const struct ref_pkt *p, const struct ref_walk *w,
		     bool final, struct ref_checksum *c);
void ref_verify(const struct ref_pkt *p, struct segoff_csum_report *r);
void ref_verify_ports(const struct ref_pkt *p, const struct segoff_ports *ports,
		      struct segoff_csum_report *r);
int ref_rewrite(uint8_t *pkt, size_t len, unsigned int link);
bool ref_length_broken(const uint8_t *pkt, size_t len, unsigned int link);
int ref_length_repair(uint8_t *pkt, size_t len, unsigned int link);

#endif
