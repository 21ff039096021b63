/* SPDX-License-Identifier: MIT */
/* gso_sctp.c - superpackets of SCTP, by members (R-SCTP-1, 2, 5) */
#include "gso_make.h"

#define MEMBERS_MAX 8

static struct iovec piece[MEMBERS_MAX + 1];
static unsigned int npiece;
static struct segoff_meta m;

/* Headers, with a CRC32c left to somebody else. */
static void headers(bool six, size_t options)
{
	static const uint8_t sctp[12] = { 0x0b, 0x59, 0x0b, 0x5a,
					  0x11, 0x22, 0x33, 0x44 };

	ethernet(six ? 0x86dd : 0x0800);
	if (six)
		ipv6(options ? 0 : 132);
	else
		ipv4(132, 0xffff, 0x4000);
	if (six && options)
		extension(132, options);
	put(sctp, sizeof(sctp));
	in.data = in.len;
	piece[0] = (struct iovec){ in.at, in.len };
	npiece = 1;
	m = (struct segoff_meta){ .gso_type = SEGOFF_GSO_SCTP,
				  .gso_size = SEGOFF_GSO_BY_FRAGS,
				  .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				  .csum_start = (uint16_t)in.th,
				  .csum_offset = 8 };
}

/* A member: a DATA chunk of @n bytes, header included, padded. */
static void member(uint16_t n)
{
	uint8_t *p = in.at + in.len;

	piece[npiece++] = (struct iovec){ p, (n + 3u) & ~3u };
	memset(p, 0, n + 4u);
	p[1] = 3;
	ref_put16(p + 2, n);
	for (size_t i = 16; i < n; i++)
		p[i] = (uint8_t)(npiece * 16 + i);
	in.len += (n + 3u) & ~3u;
}

static struct segoff_pkt packet(void)
{
	return (struct segoff_pkt){ piece, npiece, in.link };
}

/* All segments, or -errno. */
static int cut_members(enum segoff_csum_out csum, uint32_t flags)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .csum = csum };
	struct segoff_pkt pkt = packet();
	struct segoff_bound b;
	size_t used = 0;
	struct segoff_gso g;
	int err = segoff_gso_init(&g, &pkt, &m, &o, &b);
	ssize_t n;

	nout = 0;
	why = segoff_gso_why(&g);
	if (err)
		return err;
	while ((n = segoff_gso_next(&g, out_bytes + used, b.largest)) > 0) {
		out[nout].at = out_bytes + used;
		out[nout].len = (size_t)n;
		used += out[nout++].len;
	}
	segoff_gso_meta(&g, &m);
	eq(nout, b.segs);
	return (int)nout;
}

/* The bytes of segment @k behind its headers. */
static void carries(size_t k, const void *p, size_t n)
{
	mem_eq(out[k].at + in.data, out[k].len - in.data, p, n);
}

static enum segoff_csum_state checksum_of(size_t k,
					  struct segoff_csum_report *r)
{
	struct iovec v = { out[k].at, out[k].len };
	struct segoff_pkt pkt = { &v, 1, in.link };

	return segoff_csum_verify(&pkt, NULL, r);
}

static void test_segments(void)
{
	struct segoff_csum_report r;

	test("R-SCTP-1 one segment per member, its CRC32c complete");
	headers(false, 0);
	member(24);
	member(37);
	member(1000);
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), 3);
	eq(m.ip_summed, SEGOFF_CHECKSUM_NONE);
	for (size_t k = 0; k < 3; k++) {
		carries(k, piece[k + 1].iov_base, piece[k + 1].iov_len);
		mem_eq(out[k].at + in.th, 8, in.at + in.th, 8);
		eq(checksum_of(k, &r), SEGOFF_CSUM_GOOD);
		eq(ref_get32(out[k].at + in.th + 8),
		   ref_sctp_check(out[k].at + in.th, out[k].len - in.th));
		ok(r.ip_good);
	}
	test("R-SCTP-2 the IPv4 identification counts, lengths are rebuilt");
	for (size_t k = 0; k < 3; k++) {
		eq(ref_get16(out[k].at + in.net + 4), (0xffff + k) & 0xffff);
		eq(ref_get16(out[k].at + in.net + 2), out[k].len - in.net);
		eq(ref_get16(out[k].at + in.net + 6), 0x4000);
	}
	test("R-SCTP-2 over IPv6, extension headers included");
	headers(true, 16);
	member(100);
	member(24);
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), 2);
	eq(ref_get16(out[0].at + in.net + 4), 16 + 12 + 100);
	eq(ref_get16(out[1].at + in.net + 4), 16 + 12 + 24);
	eq(checksum_of(1, &r), SEGOFF_CSUM_GOOD);
}

static void test_left_out(void)
{
	struct segoff_csum_report r;

	test("R-SCTP-1 left to a device the CRC32c is zero");
	headers(false, 0);
	member(24);
	member(40);
	ref_put32(in.at + in.th + 8, 0xdeadbeef);
	eq(cut_members(SEGOFF_OUT_PARTIAL, 0), 2);
	eq(m.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(m.csum_start, in.th);
	eq(m.csum_offset, 8);
	eq(ref_get32(out[0].at + in.th + 8), 0);
	eq(ref_get32(out[1].at + in.th + 8), 0);
	eq(checksum_of(1, &r), SEGOFF_CSUM_PARTIAL);
	test("R-SCTP-1 and untouched if that is wanted");
	m.gso_type = SEGOFF_GSO_SCTP;
	m.gso_size = SEGOFF_GSO_BY_FRAGS;
	eq(cut_members(SEGOFF_OUT_KEEP, 0), 2);
	eq(ref_get32(out[1].at + in.th + 8), 0xdeadbeef);
	eq(checksum_of(1, &r), SEGOFF_CSUM_WRONG);
}

static void test_members(void)
{
	test("chunks behind the headers are one member more");
	headers(false, 0);
	member(24);
	member(40);
	member(20);
	piece[0].iov_len += 24;
	memmove(piece + 1, piece + 2, 2 * sizeof(*piece));
	npiece = 3;
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), 3);
	carries(0, in.at + in.data, 24);
	carries(2, piece[2].iov_base, 20);
	test("pieces of no bytes are no members");
	headers(false, 0);
	piece[npiece++] = (struct iovec){ NULL, 0 };
	member(24);
	piece[npiece++] = (struct iovec){ NULL, 0 };
	member(28);
	piece[npiece++] = (struct iovec){ NULL, 0 };
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), 2);
	carries(1, piece[4].iov_base, 28);
	test("one member is a superpacket of one segment, to the letter too");
	headers(false, 0);
	member(24);
	eq(cut_members(SEGOFF_OUT_COMPLETE, SEGOFF_STRICT), 1);
	test("none at all is one segment without chunks, but not to the letter");
	headers(false, 0);
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), 1);
	eq(out[0].len, in.data);
	headers(false, 0);
	eq(cut_members(SEGOFF_OUT_COMPLETE, SEGOFF_STRICT), -EINVAL);
	verdict(why, SEGOFF_V_GSO_SMALL);
}

static void test_refused(void)
{
	test("without the SCTP bit it is refused");
	headers(false, 0);
	member(24);
	member(24);
	m.gso_type = SEGOFF_GSO_TCPV4;
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), -EINVAL);
	verdict(why, SEGOFF_V_GSO_TYPE);
	test("with a gso_size, too");
	m.gso_type = SEGOFF_GSO_SCTP;
	m.gso_size = 24;
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), -EINVAL);
	verdict(why, SEGOFF_V_GSO_TYPE);
	test("with less than 12 bytes of header, too");
	m.gso_size = SEGOFF_GSO_BY_FRAGS;
	piece[0].iov_len--;
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), -EINVAL);
	verdict(why, SEGOFF_V_TRUNCATED);
	test("a list of members is not asked of TCP");
	tcp4(100);
	piece[0] = (struct iovec){ in.at, in.len };
	npiece = 1;
	m.gso_type = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_SCTP;
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	eq(cut_members(SEGOFF_OUT_COMPLETE, 0), -EOPNOTSUPP);
	verdict(why, SEGOFF_V_GSO_UNSUPPORTED);
}

static void test_fits(void)
{
	struct segoff_pkt pkt;

	test("R-SCTP-5 every member must fit, the largest in the middle too");
	headers(false, 0);
	member(24);
	member(1000);
	member(20);
	pkt = packet();
	eq(segoff_gso_network_seglen(&pkt, &m), 20 + 12 + 1000);
	eq(segoff_gso_mac_seglen(&pkt, &m), 14 + 20 + 12 + 1000);
	eq(segoff_gso_fits(&pkt, &m, 1032), 1);
	eq(segoff_gso_fits(&pkt, &m, 1031), 0);
}

/* Room that is counted beforehand suffices. */
static void test_bound(void)
{
	struct segoff_bound loose, b;
	struct segoff_pkt pkt;
	struct segoff_gso g;

	test("segoff_gso_bound() counts members");
	headers(false, 0);
	for (unsigned int i = 0; i < MEMBERS_MAX; i++)
		member(20);
	pkt = packet();
	segoff_gso_bound(in.len, npiece, 255, SEGOFF_GSO_BY_FRAGS, &loose);
	eq(segoff_gso_init(&g, &pkt, &m, NULL, &b), 0);
	eq(b.segs, MEMBERS_MAX);
	eq(b.largest, in.data + 20);
	ok(loose.segs >= b.segs && loose.iovs >= b.iovs &&
	   loose.hdr_bytes >= b.hdr_bytes && loose.flat_bytes >= b.flat_bytes &&
	   loose.largest >= b.largest);
}

int main(void)
{
	test_segments();
	test_left_out();
	test_members();
	test_refused();
	test_fits();
	test_bound();
	return test_end();
}
