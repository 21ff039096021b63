/* SPDX-License-Identifier: MIT */
/*
 * examples.c - superpackets and their segments as a 6.18 kernel wrote them
 *
 * Frames in hex, as they went into one TAP and came out of another whose
 * offloads are off; each through all three forms of output.
 */
#include <segoff.h>

#include "../test.h"

static size_t unhex(const char *s, uint8_t *out)
{
	unsigned int v;
	size_t n = 0;

	for (; *s; s++) {
		if (*s == ' ')
			continue;
		sscanf(s, "%2x", &v);
		out[n++] = (uint8_t)v;
		s++;
	}
	return n;
}

struct example {
	const char *name;
	const char *vnet;
	const char *in;
	const char *out[4];
};

static const struct example examples[] = {
	{ "TSO IPv4: ID and sequence wrap, CWR first, FIN and PSH last",
	  "01010000040022001000",
	  "020000000002020000000001080045000032fffe4000400626c50a0000010a000002"
	  "1f90c350fffffffc112233445099020014270000a0a1a2a3a4a5a6a7a8a9",
	  { "02000000000202000000000108004500002cfffe4000400626cb0a0000010a0000"
	    "021f90c350fffffffc11223344509002002ec50000a0a1a2a3",
	    "02000000000202000000000108004500002cffff4000400626ca0a0000010a0000"
	    "021f90c350000000001122334450100200273a0000a4a5a6a7",
	    "02000000000202000000000108004500002a00004000400626cc0a0000010a0000"
	    "021f90c350000000041122334450190200c9d20000a8a9" } },
	{ "UDP GSO over IPv6: odd tail, flow label",
	  "01050000020036000600",
	  "02000000000202000000000186dd60012345000d1140fd0000000000000000000000"
	  "00000001fd00000000000000000000000000000212340035000dfa220102030405",
	  { "02000000000202000000000186dd60012345000a1140fd00000000000000000000"
	    "0000000001fd00000000000000000000000000000212340035000af26a0102",
	    "02000000000202000000000186dd60012345000a1140fd00000000000000000000"
	    "0000000001fd00000000000000000000000000000212340035000af0680304",
	    "02000000000202000000000186dd6001234500091140fd00000000000000000000"
	    "0000000001fd000000000000000000000000000002123400350009ee6e05" } },
	{ "UFO IPv4: one checksum, one ID, offsets and MF",
	  "01030000080022000600",
	  "02000000000202000000000108004500002842420000401124810a0000010a000002"
	  "1234003500141428000102030405060708090a0b",
	  { "02000000000202000000000108004500001c424220004011048d0a0000010a0000"
	    "02123400350014bb36",
	    "02000000000202000000000108004500001c424220014011048c0a0000010a0000"
	    "020001020304050607",
	    "020000000002020000000001080045000018424200024011248f0a0000010a0000"
	    "0208090a0b" } },
	{ "UFO IPv6: Fragment header",
	  "01030000100036000600",
	  "02000000000202000000000186dd6000000000181140fd0000000000000000000000"
	  "00000001fd000000000000000000000000000002123400350018fa2d000102030405"
	  "060708090a0b0c0d0e0f",
	  { "02000000000202000000000186dd6000000000182c40fd00000000000000000000"
	    "0000000001fd000000000000000000000000000002110000015beddd0712340035"
	    "0018bb100001020304050607",
	    "02000000000202000000000186dd6000000000102c40fd00000000000000000000"
	    "0000000001fd000000000000000000000000000002110000105beddd0708090a0b"
	    "0c0d0e0f" } },
};

static uint8_t in[256], want[4][256], vnet[10], out[4096], hdr[4096];
static size_t nwant, want_len[4];

static void check_flat(struct segoff_gso *g)
{
	struct iovec seg[4];

	if (!eq(segoff_gso_flat(g, out, sizeof(out), seg, 4), nwant))
		return;
	for (size_t i = 0; i < nwant; i++)
		mem_eq(seg[i].iov_base, seg[i].iov_len, want[i], want_len[i]);
	eq(segoff_gso_flat(g, out, sizeof(out), seg, 4), 0);
}

static void check_next(struct segoff_gso *g)
{
	ssize_t n;

	for (size_t i = 0; i < nwant; i++) {
		n = segoff_gso_next(g, out + 1, want_len[i]);
		mem_eq(out + 1, (size_t)n, want[i], want_len[i]);
	}
	eq(segoff_gso_next(g, out, sizeof(out)), 0);
}

static void check_scatter(struct segoff_gso *g, const struct segoff_bound *b)
{
	struct iovec iov[64];
	unsigned int pieces[4], k = 0;
	struct segoff_scatter s = { hdr, b->hdr_bytes, iov, b->iovs, pieces, 4 };
	size_t n;

	if (!ok(b->iovs <= 64))
		return;
	if (!eq(segoff_gso_scatter(g, &s), nwant))
		return;
	for (size_t i = 0; i < nwant; i++) {
		n = 0;
		for (unsigned int j = 0; j < pieces[i]; j++, k++) {
			memcpy(out + n, iov[k].iov_base, iov[k].iov_len);
			n += iov[k].iov_len;
		}
		mem_eq(out, n, want[i], want_len[i]);
	}
	eq(segoff_gso_scatter(g, &s), 0);
}

/* The input in pieces: headers, then @step bytes at a time. */
static unsigned int chop(struct iovec *iov, size_t len, size_t head,
			 size_t step)
{
	unsigned int n = 0;

	iov[n].iov_base = in;
	iov[n++].iov_len = head;
	for (size_t at = head; at < len; at += step) {
		iov[n].iov_base = in + at;
		iov[n++].iov_len = len - at < step ? len - at : step;
	}
	return n;
}

static void run(const struct example *e, size_t len, size_t step,
		uint32_t flags)
{
	struct segoff_gso_opts o = { sizeof(o), flags, SEGOFF_OUT_COMPLETE,
				     0x5beddd07 };
	struct iovec iov[64];
	struct segoff_pkt pkt = { iov, 0, SEGOFF_LINK_ETHERNET };
	struct segoff_meta meta;
	struct segoff_bound b;
	struct segoff_gso g;

	pkt.niov = chop(iov, len, vnet[6] + (vnet[8] == 16 ? 20u : 8u), step);
	eq(segoff_vnet_decode(vnet, 10, &pkt, NULL, &meta, NULL), 0);
	for (int form = 0; form < 3; form++) {
		if (!eq(segoff_gso_init(&g, &pkt, &meta, &o, &b), 0))
			return;
		eq(b.segs, nwant);
		if (form == 0)
			check_flat(&g);
		else if (form == 1)
			check_next(&g);
		else
			check_scatter(&g, &b);
	}
	(void)e;
}

int main(void)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct example *e = &examples[i];
		size_t len = unhex(e->in, in);

		test(e->name);
		unhex(e->vnet, vnet);
		for (nwant = 0; nwant < 4 && e->out[nwant]; nwant++)
			want_len[nwant] = unhex(e->out[nwant], want[nwant]);
		for (size_t step = 1; step < 16; step++) {
			run(e, len, step, 0);
			run(e, len, step, SEGOFF_TRUST_SEED | SEGOFF_STRICT);
		}
	}
	return test_end();
}
