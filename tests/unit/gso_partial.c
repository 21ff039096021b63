/* SPDX-License-Identifier: MIT */
/*
 * gso_partial.c - GSO_PARTIAL: frames for a device that repeats headers, and
 * that device (R-PART-1 to R-PART-6)
 */
#include "tunnel_make.h"

static const char *const stacks[] = {
	"eth ip4 tcp",
	"eth ip6 tcp",
	"eth ip4 udp",
	"eth vlan ip4 vxlan* eth ip4 tcp",
	"eth ip4 vxlan eth ip6 tcp",
	"eth ip6 vxlan* eth vlan ip6 udp",
	"eth ip4 geneve* eth ip4 udp",
	"eth ip6 geneve ip4 tcp",
	"ip4 gpe* ip6 tcp",
	"ip4 gue* ip4 tcp",
	"ip6 fou6* ip6 udp",
	"ip4 fou-gre* gre-key* ip4 tcp",
	"eth ip4 gre* ip4 tcp",
	"eth ip4 gre-key ip6 udp",
	"eth ip6 gre-key* eth ip4 tcp",
	"ip4 ip4 tcp",
	"ip4 ip6 udp",
	"ip6 ip4 tcp",
	"ip6 ip6 tcp",
	"eth pppoe ip4 vxlan* eth mpls ip4 tcp",
	"ip4 gre* ip6 vxlan* eth ip4 geneve* ip4 tcp",
	"ip6 vxlan* eth ip4 vxlan eth ip6 vxlan* eth ip4 udp",
};

#define STACKS (sizeof(stacks) / sizeof(*stacks))

/* Segments, put aside. */
struct list {
	struct {
		size_t at;
		size_t len;
		struct segoff_meta meta;
	} seg[SEGS_MAX];
	size_t n;
	uint8_t bytes[3 * PACKET_MAX];
};

static struct list full, frames;
static struct segoff_meta m;

static void put_aside(struct list *l)
{
	size_t used = 0;

	for (l->n = 0; l->n < nout; l->n++) {
		l->seg[l->n].at = used;
		l->seg[l->n].len = out[l->n].len;
		l->seg[l->n].meta = out[l->n].meta;
		memcpy(l->bytes + used, out[l->n].at, out[l->n].len);
		used += out[l->n].len;
	}
}

/* For a device that takes @partial besides what the packet is. */
static int cut_frames(uint32_t partial, uint32_t flags)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .csum = SEGOFF_OUT_PARTIAL,
				     .partial = partial,
				     .ports = &tunnel_ports };

	return cut_with(&m, &o);
}

/* A datagram that no length field can say is cut short. */
static void build(const char *names, size_t n, uint16_t size)
{
	if (strstr(names, "udp") && n > 60000)
		n = 60001;
	make(names, n);
	m = tunnel_meta(size);
}

static void test_sizes(void)
{
	test("R-PART-1 R-PART-2 frames of whole segments, and a tail");
	build("eth ip4 vxlan* eth ip4 tcp", 7000, 1448);
	m.gso_type |= SEGOFF_GSO_DODGY;
	eq(cut_frames(m.gso_type, 0), 2);
	eq(out[0].len, in.data + 5792);
	eq(out[0].meta.gso_size, 1448);
	eq(out[0].meta.gso_segs, 4);
	eq(out[0].meta.gso_type,
	   (m.gso_type | SEGOFF_GSO_PARTIAL) & ~SEGOFF_GSO_DODGY);
	eq(out[0].meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(out[1].len, in.data + 1208);
	eq(out[1].meta.gso_size, 0);
	eq(out[1].meta.gso_type, 0);
	eq(out[1].meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);

	test("R-PART-2 no tail");
	build("eth ip4 vxlan* eth ip4 tcp", 5792, 1448);
	eq(cut_frames(m.gso_type, 0), 1);
	eq(out[0].meta.gso_segs, 4);

	test("R-PART-1 not two segments: ordinary segmentation");
	build("eth ip4 vxlan* eth ip4 tcp", 2000, 1448);
	eq(cut_frames(m.gso_type, 0), 2);
	eq(out[0].len, in.data + 1448);
	eq(out[0].meta.gso_size, 0);

	test("R-PART-2 BIG TCP: full frames, and a tail of more than one");
	build("eth ip6 gre ip6 tcp", 130000, 1448);
	eq(cut_frames(m.gso_type, 0), 2);
	eq(out[0].len, in.data + 65160);
	eq(out[0].meta.gso_segs, 45);
	eq(out[1].len, in.data + 64840);
	eq(out[1].meta.gso_segs, 45);
	eq(out[1].meta.gso_size, 1448);
	eq(out[1].meta.gso_type & SEGOFF_GSO_PARTIAL, SEGOFF_GSO_PARTIAL);
	test("R-PART-1 65534 bytes at most");
	build("eth ip4 tcp", 65535, 32767);
	eq(cut_frames(m.gso_type, 0), 2);
	eq(out[0].len, in.data + 65534);
	eq(out[1].len, in.data + 1);
}

/* What frame @f of @nf must be, where a full one has @per segments. */
static void expect_frame(size_t f, size_t nf, size_t per, size_t size)
{
	size_t from = f * per * size, all = in.len - in.data;
	size_t len = f + 1 < nf ? per * size : all - from;

	expect(f * per, size, m.gso_type);
	want_len = in.data + len;
	memcpy(want_at + in.data, in.at + in.data + from, len);
	if (in_proto() == 17) {
		ref_put16(want_at + in.th + 4, 8 + (uint32_t)len);
	} else {
		want_at[in.th + 13] = in.at[in.th + 13];
		if (f)
			want_at[in.th + 13] &= 0x7f;
		if (f + 1 < nf)
			want_at[in.th + 13] &= 0xf6;
	}
	ref_put16(want_at + in.th + m.csum_offset,
		  ref_fold(pseudo_for(want_at, nparts - 1, in_proto(),
				      want_len - in.th)));
}

static bool frames_right(size_t size)
{
	size_t all = in.len - in.data;
	size_t per = (all < 65534 ? all : 65534) / size;
	bool good = eq(nout, (all + per * size - 1) / (per * size));

	for (size_t f = 0; good && f < nout; f++) {
		expect_frame(f, nout, per, size);
		good = mem_eq(out[f].at, out[f].len, want_at, want_len);
	}
	return good;
}

/* Sizes to try: payload, gso_size. */
static const struct {
	size_t payload;
	uint16_t size;
} sizes[] = { { 7000, 1448 },	{ 5792, 1448 }, { 130000, 1448 },
	      { 140001, 1001 }, { 5, 2 },	{ 65535, 20000 } };

#define SIZES (sizeof(sizes) / sizeof(*sizes))

static void test_headers(void)
{
	test("R-PART-3 R-PART-4 the headers of a frame are a segment's");
	for (size_t i = 0; i < STACKS; i++)
		for (size_t j = 0; j < SIZES; j++)
			for (uint32_t flags = 0; flags < 4; flags++) {
				build(stacks[i], sizes[j].payload,
				      sizes[j].size);
				cut_frames(m.gso_type, flags);
				if (!frames_right(sizes[j].size))
					printf("# %s %zu\n", stacks[i],
					       sizes[j].payload);
			}
}

/* What a device makes of frame @f must be @full from segment @k on. */
static size_t expand(size_t f, size_t k, uint32_t flags)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .ports = &tunnel_ports };
	struct segoff_meta meta = frames.seg[f].meta;

	in.len = frames.seg[f].len;
	memcpy(in.at, frames.bytes + frames.seg[f].at, in.len);
	meta.encapsulation = true;
	if (!ok(cut_with(&meta, &o) > 0))
		return full.n + 1;
	for (size_t j = 0; j < nout && k < full.n; j++, k++)
		if (!mem_eq(out[j].at, out[j].len, full.bytes + full.seg[k].at,
			    full.seg[k].len))
			return full.n + 1;
	return k;
}

/* R-PART-5 for the packet that was built. */
static bool expands(uint32_t more, uint32_t flags)
{
	struct segoff_gso_opts o = { .sz = sizeof(o), .ports = &tunnel_ports };
	size_t k = 0;

	m.gso_type |= more;
	cut_with(&m, &o);
	put_aside(&full);
	cut_frames(m.gso_type, 0);
	put_aside(&frames);
	if (!ok(frames.n && frames.n < full.n))
		return false;
	for (size_t f = 0; f < frames.n && k < full.n; f++)
		k = expand(f, k, flags);
	return eq(k, full.n);
}

static void test_expand(void)
{
	static const uint32_t fixed[] = {
		0, SEGOFF_GSO_TCP_FIXEDID, SEGOFF_GSO_TCP_FIXEDID_INNER,
		SEGOFF_GSO_TCP_FIXEDID | SEGOFF_GSO_TCP_FIXEDID_INNER
	};

	test("R-PART-5 frames expanded are the segments");
	for (size_t i = 0; i < STACKS; i++)
		for (size_t j = 0; j < SIZES; j++)
			for (size_t k = 0; k < 4; k++) {
				build(stacks[i], sizes[j].payload,
				      sizes[j].size);
				if (!expands(fixed[k], 0))
					printf("# %s %zu\n", stacks[i],
					       sizes[j].payload);
			}
	test("R-PART-5 with the seeds that are in the frames");
	for (size_t i = 0; i < STACKS; i++) {
		build(stacks[i], 7000, 1448);
		if (!expands(0, SEGOFF_TRUST_SEED | SEGOFF_STRICT))
			printf("# %s\n", stacks[i]);
	}
	test("R-PART-5 a tunnel header of odd length, stepped over");
	make("eth ip4 vxlan* eth ip4 tcp", 7000);
	memmove(in.at + in.net + 1, in.at + in.net, in.len - in.net);
	in.len++;
	in.net++;
	in.th++;
	in.data++;
	part[4].at++;
	part[5].at++;
	ref_put16(in.at + part[2].at + 6,
		  ref_fold(pseudo_for(in.at, 2, 17, in.len - part[2].at)));
	m = tunnel_meta_at(1448);
	m.inner_mac_off = 0;
	eq(cuts_right(&m), true);
	cut_frames(m.gso_type, 0);
	eq(frames_right(1448), true);
}

static void test_admission(void)
{
	static const uint32_t bits[] = { SEGOFF_GSO_TCPV4,
					 SEGOFF_GSO_UDP_TUNNEL_CSUM,
					 SEGOFF_GSO_TCP_FIXEDID };

	test("R-PART-6 every bit must be the device's, but for DODGY");
	build("eth ip4 vxlan* eth ip4 tcp", 7000, 1448);
	m.gso_type |= SEGOFF_GSO_TCP_FIXEDID;
	eq(cut_frames(m.gso_type, 0), 2);
	for (size_t i = 0; i < 3; i++) {
		eq(cut_frames(m.gso_type & ~bits[i], 0), 5);
		eq(out[0].meta.gso_size, 0);
	}
	m.gso_type |= SEGOFF_GSO_DODGY;
	eq(cut_frames(m.gso_type & ~SEGOFF_GSO_DODGY, 0), 2);
	eq(cut_frames(0, 0), 5);
	test("frames only where their checksums may stay partial");
	{
		struct segoff_gso_opts o = { .sz = sizeof(o),
					     .partial = UINT32_MAX };

		eq(cut_with(&m, &o), 5);
		all_as_expected(1448, m.gso_type);
	}
	test("no frames of datagrams that become fragments");
	build("eth ip4 vxlan* eth ip4 udp", 7000, 1000);
	m.gso_type = SEGOFF_GSO_UDP | SEGOFF_GSO_UDP_TUNNEL_CSUM;
	eq(cut_frames(UINT32_MAX, 0), 8);
	eq(out[0].meta.gso_size, 0);
	test("nor of remote checksums");
	build("eth ip4 vxlan* eth ip4 tcp", 7000, 1448);
	m.gso_type |= SEGOFF_GSO_TUNNEL_REMCSUM;
	eq(cut_frames(UINT32_MAX, 0), 5);
	eq(out[0].meta.gso_size, 0);
}

/* BIG TCP of IPv6 as Linux before 7.0 marks it, in a tunnel. */
static void test_jumbo(void)
{
	static const uint8_t jumbo[8] = { 6, 0, 0xc2, 4, 0, 1, 0x11, 0x70 };
	static struct list plain;

	test("R-IP-6 in a tunnel: the jumbo header goes");
	build("eth ip6 vxlan* eth ip6 tcp", 130000, 1448);
	ok(cuts_right(&m));
	put_aside(&plain);
	cut_frames(m.gso_type, 0);
	put_aside(&frames);
	memmove(in.at + in.th + 8, in.at + in.th, in.len - in.th);
	memcpy(in.at + in.th, jumbo, 8);
	in.at[in.net + 6] = 0;
	in.len += 8;
	m.csum_start += 8;
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), plain.n);
	for (size_t k = 0; k < nout; k++)
		mem_eq(out[k].at, out[k].len, plain.bytes + plain.seg[k].at,
		       plain.seg[k].len);
	test("R-PART-4 and so it does from partial frames");
	eq(cut_frames(m.gso_type, 0), frames.n);
	for (size_t k = 0; k < nout; k++)
		mem_eq(out[k].at, out[k].len, frames.bytes + frames.seg[k].at,
		       frames.seg[k].len);
}

int main(void)
{
	test_sizes();
	test_headers();
	test_expand();
	test_admission();
	test_jumbo();
	return test_end();
}
