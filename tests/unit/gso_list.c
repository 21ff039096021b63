/* SPDX-License-Identifier: MIT */
/* gso_list.c - segmentation of lists (R-TCP-10 to R-TCP-12, R-UDP-5, Q-5) */
#include "gro_make.h"

#define LIST	(SEGOFF_GRO_UDP | SEGOFF_GRO_FRAGLIST)
#define PACKETS 4

static bool is_udp;
static bool is_partial; /* the packets' checksums are unfinished */

/* A list and its members. */
static struct {
	struct segoff_meta meta;
	uint8_t at[1000];
	size_t len;
	struct segoff_pkt member[PACKETS];
	struct iovec iov[PACKETS + 1];
	uint16_t id_step;
} list;

static void make(void)
{
	start(SEGOFF_GRO_LINUX, LIST);
	gro.has_meta = is_partial;
	for (uint32_t i = 0; i < PACKETS; i++) {
		uint16_t id = (uint16_t)(100 + i * list.id_step);
		size_t n = i == PACKETS - 1 ? 33 : 50;

		if (is_udp)
			build_udp(id, n);
		else
			build_tcp(50 * i, id, ACK, 12, n);
		if (is_partial) {
			reseed();
			gro.meta = meta_for(0, 0);
		}
		push();
	}
	flush_all();
	leaves(0, PACKETS);
	memcpy(list.at, got.at, got.s.len);
	list.len = got.s.len;
	list.meta = got.s.meta;
	eq(segoff_super_members(&got.s, list.member, PACKETS, list.iov,
				PACKETS + 1),
	   PACKETS);
}

/* Cut it into @out; how many. */
static int cut_list(uint32_t flags, enum segoff_csum_out csum)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .csum = csum };
	struct iovec v = { list.at, list.len };
	struct segoff_pkt pkt = { &v, 1, SEGOFF_LINK_ETHERNET };
	struct segoff_gso g;
	size_t used = 0;
	ssize_t n;
	int err = segoff_gso_init_list(&g, &pkt, list.member + 1, PACKETS - 1,
				       &list.meta, &o, NULL);

	nout = 0;
	if (err)
		return err;
	while ((n = segoff_gso_next(&g, out_bytes + used, 200)) > 0) {
		out[nout].at = out_bytes + used;
		out[nout++].len = (size_t)n;
		used += (size_t)n;
	}
	eq(n, 0);
	return (int)nout;
}

static size_t check_at(void)
{
	return got.th + (is_udp ? 6 : 16);
}

/* Is the transport checksum of a segment right? */
static bool is_right(size_t k)
{
	struct ref_pkt p = { out[k].at, out[k].len, SEGOFF_LINK_ETHERNET };
	struct segoff_csum_report r;

	ref_verify(&p, &r);
	return r.state == SEGOFF_CSUM_GOOD && r.ip_good;
}

static const char *name(const char *tcp, const char *udp)
{
	return is_udp ? udp : tcp;
}

static void test_back(void)
{
	test(name("R-TCP-10 members come back as they were",
		  "R-UDP-5 members come back as they were"));
	list.id_step = 1;
	make();
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	for (size_t k = 0; k < nout; k++)
		mem_eq(out[k].at, out[k].len, gro.iov[k].iov_base,
		       gro.iov[k].iov_len);

	test("a wrong checksum of a member comes back wrong");
	make();
	((uint8_t *)gro.iov[2].iov_base)[check_at()] ^= 0x55;
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	mem_eq(out[2].at, out[2].len, gro.iov[2].iov_base, gro.iov[2].iov_len);
}

static void test_ids(void)
{
	if (v6)
		return;
	test(name("R-TCP-10 Q-5 equal IDs come back as id + k",
		  "R-UDP-5 Q-5 equal IDs come back as id + k"));
	list.id_step = 0;
	make();
	ref_put16(list.at + got.net + 4, 0xfffe);
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	for (size_t k = 0; k < nout; k++) {
		eq(ref_get16(seg_ip(k) + 4), (0xfffe + k) & 0xffff);
		ok(is_right(k));
	}
	test("TCP_FIXEDID: their own stay");
	list.meta.gso_type |= SEGOFF_GSO_TCP_FIXEDID;
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	for (size_t k = 0; k < nout; k++)
		eq(ref_get16(seg_ip(k) + 4), k ? 100 : 0xfffe);
	list.id_step = 1;
}

/* Other addresses and ports, with the checksum of the first put right. */
static void translate(void)
{
	uint8_t *ip = list.at + got.net;

	ip[v6 ? 8 : 12] ^= 0x31;
	ip[v6 ? 39 : 19] ^= 0x92;
	list.at[got.th + 1] ^= 0x77;
	list.at[got.th + 2] ^= 0x18;
}

static void test_translation(void)
{
	test("R-TCP-11 R-UDP-5 all get the addresses and ports of the head");
	make();
	translate();
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	for (size_t k = 0; k < nout; k++) {
		mem_eq(out[k].at + got.net + (v6 ? 8 : 12), v6 ? 32 : 8,
		       list.at + got.net + (v6 ? 8 : 12), v6 ? 32 : 8);
		mem_eq(out[k].at + got.th, 4, list.at + got.th, 4);
		/* whoever rewrites the head makes its checksum right */
		ok(!k || is_right(k));
	}

	test("R-TCP-11 incrementally: what was wrong stays wrong");
	((uint8_t *)gro.iov[2].iov_base)[check_at()] ^= 0x55;
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	ok(is_right(1) && !is_right(2) && is_right(3));

	test("R-TCP-11 what else is rewritten stays in the first");
	list.at[got.net + (v6 ? 7 : 8)] = 9;
	list.at[0] = 0x42;
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	eq(seg_ip(0)[v6 ? 7 : 8], 9);
	eq(seg_ip(1)[v6 ? 7 : 8], 64);
	eq(out[1].at[0], 0x42);
}

static void test_udp_zero(void)
{
	uint8_t *member = gro.iov[1].iov_base;

	test("R-UDP-5 a checksum of zero stays zero");
	make();
	member = gro.iov[1].iov_base;
	ref_put16(member + check_at(), 0);
	translate();
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	eq(ref_get16(out[1].at + check_at()), 0);

	test("R-UDP-5 one that becomes 0x0000 is 0xffff");
	make();
	member = gro.iov[1].iov_base;
	/* one port goes up by what the checksum says: that leaves nothing */
	ref_put16(member + check_at(), 0x0102);
	ref_put16(list.at + got.th,
		  (size_t)ref_get16(list.at + got.th) + 0x0102);
	eq(cut_list(0, SEGOFF_OUT_COMPLETE), PACKETS);
	eq(ref_get16(out[1].at + check_at()), 0xffff);
}

/* No list any more: segments by size, checksums from the bytes. */
static void by_size(int want)
{
	eq(cut_list(SEGOFF_TRUST_SEED | SEGOFF_STRICT, SEGOFF_OUT_COMPLETE),
	   want);
	for (size_t k = 0; k < nout; k++)
		ok(is_right(k));
}

static void test_geometry(void)
{
	test("R-TCP-12 R-UDP-5 another gso_size: cut by it");
	make();
	list.meta.gso_size = 61;
	by_size(3);
	eq(out[0].len, got.data + 61);
	eq(out[2].len, got.data + 61);

	test("R-TCP-12 R-UDP-5 DODGY: no member counts");
	make();
	list.meta.gso_type |= SEGOFF_GSO_DODGY;
	((uint8_t *)gro.iov[1].iov_base)[got.data] ^= 1;
	by_size(4);
	eq(out[1].at[got.data], list.at[got.data + 50]);

	test("a member that is longer, or of another protocol");
	make();
	list.iov[1].iov_len--;
	by_size(4);
	make();
	((uint8_t *)gro.iov[1].iov_base)[got.net + (v6 ? 6 : 9)] ^= 23;
	by_size(4);

	test("and without members, by segoff_gso_init()");
	make();
	memcpy(in.at, list.at, list.len);
	in.len = list.len;
	ref_put16(in.at + check_at(), 0x1234);
	eq(cut(&list.meta), 4);
	for (size_t k = 0; k < nout; k++)
		ok(is_right(k));
}

static void test_partial(void)
{
	const enum segoff_csum_out how[] = { SEGOFF_OUT_COMPLETE,
					     SEGOFF_OUT_PARTIAL,
					     SEGOFF_OUT_KEEP };

	is_partial = true;
	for (size_t i = 0; i < 3; i++)
		for (uint32_t flags = 0; flags < 2; flags++) {
			test("unfinished checksums, finished or left");
			make();
			eq(list.meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
			eq(cut_list(flags, how[i]), PACKETS);
			for (size_t k = 0; k < nout; k++)
				ok(is_right(k) == (how[i] == 0));
		}
	is_partial = false;
}

static void test_forms(void)
{
	struct iovec v = { list.at, 0 }, iov[3 * PACKETS], seg[PACKETS];
	struct segoff_pkt pkt = { &v, 1, SEGOFF_LINK_ETHERNET };
	uint8_t hdr[1000], flat[2000];
	unsigned int pieces[PACKETS];
	struct segoff_scatter s = { hdr,	 sizeof(hdr), iov,
				    3 * PACKETS, pieces,      PACKETS };
	struct segoff_bound b;
	struct segoff_gso g;

	test("flat and scatter, which refers to the members");
	make();
	translate();
	cut_list(0, SEGOFF_OUT_COMPLETE);
	v.iov_len = list.len;
	segoff_gso_init_list(&g, &pkt, list.member + 1, PACKETS - 1, &list.meta,
			     NULL, &b);
	eq(b.segs, PACKETS);
	eq(b.largest, got.data + 50);
	eq(segoff_gso_scatter(&g, &s), PACKETS);
	eq(segoff_gso_scatter(&g, &s), 0);
	for (size_t k = 0; k < PACKETS; k++) {
		const uint8_t *own = k ? gro.iov[k].iov_base : list.at;

		eq(pieces[k], 2);
		mem_eq(iov[2 * k].iov_base, iov[2 * k].iov_len, out[k].at,
		       got.data);
		ok(iov[2 * k + 1].iov_base == own + got.data);
		eq(iov[2 * k + 1].iov_len, out[k].len - got.data);
	}
	segoff_gso_init_list(&g, &pkt, list.member + 1, PACKETS - 1, &list.meta,
			     NULL, &b);
	eq(segoff_gso_flat(&g, flat, sizeof(flat), seg, PACKETS), PACKETS);
	for (size_t k = 0; k < PACKETS; k++)
		mem_eq(seg[k].iov_base, seg[k].iov_len, out[k].at, out[k].len);
}

int main(void)
{
	for (int k = 0; k < 4; k++) {
		v6 = k & 1;
		is_udp = k & 2;
		test_back();
		test_ids();
		test_translation();
		if (is_udp)
			test_udp_zero();
		test_geometry();
		test_partial();
		test_forms();
	}
	return test_end();
}
