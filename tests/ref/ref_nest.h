/* SPDX-License-Identifier: MIT */
/*
 * ref_nest.h - the model of tunnels: packets in packets
 *
 * Theory of operation
 * -------------------
 * To the innermost packet everything in front of its IP header is one long
 * link header, which every segment repeats. So the plain model makes the
 * segments, checksums finished; then each header in front is set right, from
 * the inside out: its length, its identification, its checksum summed over
 * every byte behind it. A header is set right after all that it covers, so
 * nothing needs to be known of what is in there.
 *
 * A partial frame is not computed either. Its headers are those of a segment
 * that full segmentation makes.
 */
#ifndef SEGOFF_TESTS_REF_NEST_H
#define SEGOFF_TESTS_REF_NEST_H

#include "ref.h"

/* IP headers that segmentation takes at most. */
#define REF_IP_MAX 5

/**
 * struct ref_layer - one header
 * @proto: enum segoff_proto
 * @off: where it starts
 * @len: its bytes
 * @w: of an IP header: what the walk says of it
 * @inner: of an IP header: it is directly behind another
 */
struct ref_layer {
	unsigned int proto;
	size_t off;
	size_t len;
	struct ref_walk w;
	bool inner;
};

/**
 * struct ref_nest - all headers of a packet
 * @p: its bytes
 * @m: what is said of it; NULL: nothing, and only its bytes count
 * @as_kernel: nothing is said of it, but its IP headers are read as the kernel
 *	reads them: of the version that the header before says
 * @ports: which UDP ports are tunnels; NULL: the well-known ones
 * @layer: the headers, outermost first
 * @n: how many
 * @nlink: headers in front of them: the outermost link header and its tags
 * @w: the innermost IP header so far
 * @at: where the next header is
 * @nip: IP headers
 * @nudp: UDP headers of tunnels
 * @fragment: nothing is said of it, and the last IP header is a fragment's
 * @ip_proto: nothing is said of it: what is behind the last IP header
 * @end: why the walk went no further; SEGOFF_V_OK: at a TCP, UDP or SCTP header
 * @err: what that means to segmentation
 */
struct ref_nest {
	const struct ref_pkt *p;
	const struct segoff_meta *m;
	bool as_kernel;
	const struct segoff_ports *ports;
	struct ref_layer layer[SEGOFF_LAYERS_MAX];
	size_t n;
	size_t nlink;
	struct ref_walk w;
	size_t at;
	size_t nip;
	size_t nudp;
	bool fragment;
	uint8_t ip_proto;
	enum segoff_verdict end;
	int err;
};

/* ref_nest_walk.c: fills @n, whose p, m and ports are set. Return: @n->end */
enum segoff_verdict ref_nest_walk(struct ref_nest *n);

/* A header of @len bytes, if it is there and there is room for it. */
enum segoff_verdict ref_nest_take(struct ref_nest *n, unsigned int proto,
				  size_t len);

/*
 * ref_dissect.c: of a packet of which nothing is said, an IP header (@n->w says
 * where and which) and a TCP header; stricter than segmentation is.
 */
enum segoff_verdict ref_dissect_ip(struct ref_nest *n);
enum segoff_verdict ref_dissect_tcp(struct ref_nest *n);

/* What segoff_dissect_ports() documents. */
enum segoff_verdict ref_dissect_ports(const struct ref_pkt *p,
				      const struct segoff_ports *ports,
				      struct segoff_stack *st);

/* Is there a tunnel behind this port? SEGOFF_P_NONE: no. */
unsigned int ref_port_kind(const struct segoff_ports *ports, uint16_t port);

/**
 * struct ref_deep - a superpacket with tunnels, understood and found good
 * @s: its innermost packet
 * @m: what is said of that
 * @n: its headers
 * @opts: as they came, or defaults
 * @meta: what is said of the whole
 */
struct ref_deep {
	struct ref_super s;
	struct segoff_meta m;
	struct ref_nest n;
	struct segoff_gso_opts opts;
	const struct segoff_meta *meta;
};

/* ref_nest_gso.c: can it be segmented, and into how many? Or -errno. */
int ref_admit(const struct ref_pkt *p, const struct ref_pieces *pieces,
	      const struct segoff_meta *m, const struct segoff_gso_opts *o,
	      struct ref_deep *d, enum segoff_verdict *why);

/* Segment @k, its transport checksum as @csum (enum segoff_csum_out) says. */
struct ref_seg *ref_nest_build(const struct ref_deep *d, size_t k,
			       uint32_t csum);

/* What its transport checksum is while those in front are made. */
uint32_t ref_nest_first(const struct ref_deep *d, uint32_t csum);

/* The length field of a header, if it has one; @len: from its start on. */
void ref_put_length(uint8_t *h, unsigned int proto, size_t len);

/* ref_nest_fix.c: is a checksum made that covers the innermost packet? */
bool ref_is_covered(const struct ref_deep *d);

/* ref_nest_fix.c: a header (@i) of segment @k, when all behind it is right. */
void ref_nest_fix(const struct ref_deep *d, struct ref_seg *seg, size_t i,
		  size_t k);

/* Its identification and header checksum alone, if it is an IPv4 header. */
void ref_nest_id(const struct ref_deep *d, struct ref_seg *seg, size_t i,
		 size_t k);

/* ref_partial.c */

/**
 * struct ref_frames - what GSO_PARTIAL makes of a superpacket
 * @list: the frames, and perhaps a tail
 * @size: payload bytes of a full frame
 * @meta: of each
 */
struct ref_frames {
	struct ref_list list;
	size_t size;
	struct segoff_meta *meta;
};

/*
 * R-PART-1 to 4. Return: 0; 1 if it is to be segmented instead (R-PART-1,
 * R-PART-6); or -errno.
 */
int ref_partial(const struct ref_pkt *p, const struct segoff_meta *m,
		const struct segoff_gso_opts *o, struct ref_frames *f,
		enum segoff_verdict *why);
void ref_frames_free(struct ref_frames *f);

/* What a device does with a partial frame (R-PART-5). Appends to @out. */
int ref_expand(const struct ref_deep *d, struct ref_list *out);

/*
 * ref_sctp.c: is the CRC32c of SCTP meant, by what is there or else by what is
 * said? @n, whose p and ports are set, is where.
 */
bool ref_sctp_meant(struct ref_nest *n, const struct segoff_meta *m);

/* ref_remcsum.c */

/* Does the outermost option speak of this checksum? */
bool ref_is_remote(const struct ref_nest *n, size_t start, size_t field);

/* R-TUN-10. Return: the last byte of a VXLAN header, or -EINVAL. */
int ref_remcsum_vxlan(size_t csum_start, size_t csum_offset);

/*
 * What a receiver of remote checksums does: finds the outermost VXLAN or GUE
 * header with that option, and writes the checksum where it says. Return: 1; 0: there is no such option; -EINVAL: it is impossible.
 */
int ref_remcsum_receive(uint8_t *pkt, size_t len, unsigned int link,
			const struct segoff_ports *ports);

#endif
