/* SPDX-License-Identifier: MIT */
/*
 * model_tunnel.c - the model of tunnels, against packets that it did not make
 *
 * The first example is the output of a 6.18 kernel; the others were worked out
 * by other means, and their checksums verified. The model judges the library,
 * so it is judged itself.
 */
#include <segoff.h>

#include "../ref/ref_nest.h"
#include "../test.h"

/* Everything of a packet up to its payload but for lengths and checksums. */
#define ETHER "020000000002020000000001"
#define INNER "0a00000000010a000000000208004500"

static const char *const vxlan_in = ETHER
	"08004500"
	"0060010040004011258b0a0000010a000002c00012b5004c1460"
	"0800000000002a00" INNER "002e01f440004006b782c0a80001c0a80002"
	"000700080000000100000005501803e881740000c0c1c2c3c4c5";

static const char *const remote_in = ETHER
	"08004500"
	"0060010040004011258b0a0000010a000002c00012b5004c1460"
	"0820000000002a11" INNER "002e01f440004006b782c0a80001c0a80002"
	"000700080000000100000005501803e881740000c0c1c2c3c4c5";

static uint8_t in[512], want[512];
static size_t len;

static size_t unhex(const char *s, uint8_t *out)
{
	unsigned int v;
	size_t n = 0;

	for (; *s; s += 2) {
		sscanf(s, "%2x", &v);
		out[n++] = (uint8_t)v;
	}
	return n;
}

/* As a sender of VXLAN says it, behind a link header of @l2 bytes. */
static struct segoff_meta vxlan_meta(size_t l2, uint32_t more)
{
	return (struct segoff_meta){
		.gso_type = SEGOFF_GSO_TCPV4 | more,
		.gso_size = 4,
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.encapsulation = true,
		.csum_start = (uint16_t)(l2 + 70),
		.csum_offset = 16,
		.net_off = (uint16_t)l2,
		.th_off = (uint16_t)(l2 + 20),
		.inner_mac_off = (uint16_t)(l2 + 36),
		.inner_net_off = (uint16_t)(l2 + 50),
		.inner_th_off = (uint16_t)(l2 + 70),
		.inner_protocol = 0x6558,
	};
}

static struct ref_list cut(const char *packet, unsigned int link,
			   const struct segoff_meta *m, uint32_t flags)
{
	struct segoff_gso_opts o = { .sz = sizeof(o), .flags = flags };
	enum segoff_verdict why;
	struct ref_list l;
	struct ref_pkt p;

	len = unhex(packet, in);
	p = (struct ref_pkt){ in, len, link };
	eq(ref_segment(&p, NULL, m, &o, &l, &why), 0);
	eq(why, SEGOFF_V_OK);
	return l;
}

static void are(const struct ref_list *l, const char *const *packet, size_t n)
{
	const struct ref_seg *s = l->first;

	eq(l->count, n);
	for (size_t i = 0; i < n && s; i++, s = s->next)
		mem_eq(s->at, s->len, want, unhex(packet[i], want));
}

static void check(const char *packet, unsigned int link,
		  const struct segoff_meta *m, const char *const *out)
{
	static const uint32_t flags[] = { 0, SEGOFF_TRUST_SEED,
					  SEGOFF_STRICT | SEGOFF_TRUST_SEED };

	for (size_t i = 0; i < 3; i++) {
		struct ref_list l = cut(packet, link, m, flags[i]);

		are(&l, out, 2);
		ref_free(&l);
	}
}

/* Metadata name the tunnel, by its inner headers; or the port does. */
static void vxlan(void)
{
	static const char *const out[] = {
		ETHER "08004500005e010040004011258d0a0000010a000002c00012b5"
		      "004a4c110800000000002a00" INNER
		      "002c01f440004006b784c0a80001c0a80002"
		      "000700080000000100000005501003e8a6fa0000c0c1c2c3",
		ETHER "08004500005c010140004011258e0a0000010a000002c00012b5"
		      "00484c130800000000002a00" INNER
		      "002a01f540004006b785c0a80001c0a80002"
		      "000700080000000500000005501803e865b00000c4c5"
	};
	struct segoff_meta m = vxlan_meta(14, SEGOFF_GSO_UDP_TUNNEL_CSUM);

	test("R-TUN-4 VXLAN with outer checksum, as a kernel cut it");
	check(vxlan_in, SEGOFF_LINK_ETHERNET, &m, out);
	m.inner_mac_off = 0;
	m.inner_protocol = 0x0800;
	check(vxlan_in, SEGOFF_LINK_ETHERNET, &m, out);
	m.inner_net_off = 0;
	check(vxlan_in, SEGOFF_LINK_ETHERNET, &m, out);
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	check(vxlan_in, SEGOFF_LINK_ETHERNET, &m, out);
	m.inner_th_off = 0;
	check(vxlan_in, SEGOFF_LINK_ETHERNET, &m, out);
}

/* The checksum in the GRE header is made from nothing. */
static void gre(void)
{
	static const char *const packet =
		"4500004e01004000402f257f0a0000010a000002"
		"a0000800000000000000002a"
		"4500002e01f440004006b782c0a80001c0a80002"
		"000700080000000100000005501803e881740000c0c1c2c3c4c5";
	static const char *const out[] = {
		"4500004c01004000402f25810a0000010a000002"
		"a0000800d94700000000002a"
		"4500002c01f440004006b784c0a80001c0a80002"
		"000700080000000100000005501003e8a6fa0000c0c1c2c3",
		"4500004a01014000402f25820a0000010a000002"
		"a0000800d94500000000002a"
		"4500002a01f540004006b785c0a80001c0a80002"
		"000700080000000500000005501803e865b00000c4c5"
	};
	struct segoff_meta m = {
		.gso_type = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_GRE_CSUM,
		.gso_size = 4,
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.encapsulation = true,
		.csum_start = 52,
		.csum_offset = 16,
	};

	test("R-TUN-5 GRE with checksum and key");
	check(packet, SEGOFF_LINK_RAW, &m, out);
}

/* The seed stays; what it becomes at the receiver is what vxlan() has. */
static void remote(void)
{
	static const char *const out[] = {
		ETHER "08004500005e010040004011258d0a0000010a000002c00012b5"
		      "004a71680820000000002a11" INNER
		      "002c01f440004006b784c0a80001c0a80002"
		      "000700080000000100000005501003e881720000c0c1c2c3",
		ETHER "08004500005c010140004011258e0a0000010a000002c00012b5"
		      "004830220820000000002a11" INNER
		      "002a01f540004006b785c0a80001c0a80002"
		      "000700080000000500000005501803e881700000c4c5"
	};
	static const uint16_t finished[] = { 0xa6fa, 0x65b0 };
	struct segoff_meta m = vxlan_meta(
		14, SEGOFF_GSO_UDP_TUNNEL_CSUM | SEGOFF_GSO_TUNNEL_REMCSUM);

	test("R-TUN-9 VXLAN with remote checksum");
	check(remote_in, SEGOFF_LINK_ETHERNET, &m, out);
	test("R-TUN-10 which packets may have one, and how it is said");
	eq(ref_remcsum_vxlan(34, 16), 0x11);
	eq(ref_remcsum_vxlan(34, 6), 0x91);
	eq(ref_remcsum_vxlan(254, 16), 0x7f);
	eq(ref_remcsum_vxlan(256, 16), -22);
	eq(ref_remcsum_vxlan(33, 16), -22);
	eq(ref_remcsum_vxlan(34, 8), -22);
	test("the receiver of a remote checksum completes it");
	for (size_t i = 0; i < 2; i++) {
		len = unhex(out[i], in);
		eq(ref_remcsum_receive(in, len, SEGOFF_LINK_ETHERNET, NULL), 1);
		eq(ref_get16(in + 100), finished[i]);
	}
	len = unhex(vxlan_in, in);
	eq(ref_remcsum_receive(in, len, SEGOFF_LINK_ETHERNET, NULL), 0);
}

/* R-TUN-11: behind 12 bytes of GUE header, an IPv4 header and TCP. */
static void remote_gue(void)
{
	static const char *const packet =
		"4500004e010040004011258b0a0000010a000002"
		"c00017c0003a0000"
		"0204000180000000"
		"00140024"
		"4500002e01f440004006b782c0a80001c0a80002"
		"000700080000000100000005501803e881740000c0c1c2c3c4c5";

	test("R-TUN-11 GUE: start and field are from the end of its header");
	len = unhex(packet, in);
	eq(ref_remcsum_receive(in, len, SEGOFF_LINK_RAW, NULL), 1);
	/* finished: the sum over TCP and its pseudo header is all ones */
	eq(ref_fold(ref_sum(in + 40 + 12, 8) + 6 + 26 + ref_sum(in + 60, 26)),
	   0xffff);
	in[39] = 0x12; /* the field before the start */
	eq(ref_remcsum_receive(in, len, SEGOFF_LINK_RAW, NULL), -22);
}

static const char *const partial_in =
	"4500006401004000401125870a0000010a000002c00012b5005014640800000000002a"
	"00" INNER "003201f440004006b77ec0a80001c0a80002"
	"000700080000000100000005501803e881780000c0c1c2c3c4c5c6c7c8c9";

static const char *const partial_out[] = {
	"4500005e010040004011258d0a0000010a000002c00012b5004a4c110800000000002a"
	"00" INNER "002c01f440004006b784c0a80001c0a80002"
	"000700080000000100000005501003e881760000c0c1c2c3c4c5c6c7",
	"4500005c010240004011258d0a0000010a000002c00012b500484c130800000000002a"
	"00" INNER "002a01f640004006b784c0a80001c0a80002"
	"000700080000000900000005501803e881700000c8c9"
};

static struct ref_frames frames(const struct segoff_meta *m, uint32_t covers)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .csum = SEGOFF_OUT_PARTIAL,
				     .partial = covers };
	enum segoff_verdict why;
	struct ref_frames f;
	struct ref_pkt p;

	len = unhex(partial_in, in);
	p = (struct ref_pkt){ in, len, SEGOFF_LINK_RAW };
	if (ref_partial(&p, m, &o, &f, &why))
		f.list.count = 0;
	return f;
}

static void partial(void)
{
	const uint32_t covers = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM;
	struct segoff_meta m =
		vxlan_meta(0, SEGOFF_GSO_UDP_TUNNEL_CSUM | SEGOFF_GSO_DODGY);
	struct ref_frames f = frames(&m, covers);

	test("R-PART-3 R-PART-4 VXLAN, one full frame and a tail");
	are(&f.list, partial_out, 2);
	test("R-PART-2 metadata of frame and tail");
	eq(f.meta[0].gso_size, 4);
	eq(f.meta[0].gso_segs, 2);
	eq(f.meta[0].gso_type, covers | SEGOFF_GSO_PARTIAL);
	eq(f.meta[0].csum_start, 70);
	eq(f.meta[1].gso_size, 0);
	eq(f.meta[1].gso_type, 0);
	ref_frames_free(&f);
	test("R-PART-6 a device that does not take this tunnel");
	eq(frames(&m, SEGOFF_GSO_TCPV4).list.count, 0);
	test("R-PART-1 less than two segments in a frame");
	m.gso_size = 6;
	eq(frames(&m, covers).list.count, 0);
}

/* R-PART-5, by bytes that do not come from expansion */
static void expand(void)
{
	struct segoff_meta m = vxlan_meta(0, SEGOFF_GSO_UDP_TUNNEL_CSUM);
	struct ref_list l, e;
	struct ref_frames f;
	const struct ref_seg *a, *b;
	enum segoff_verdict why;
	struct ref_pkt p;

	test("R-PART-5 what a device makes of the frame");
	l = cut(partial_in, SEGOFF_LINK_RAW, &m, 0);
	eq(l.count, 3);
	f = frames(&m, m.gso_type);
	p = (struct ref_pkt){ f.list.first->at, f.list.first->len,
			      SEGOFF_LINK_RAW };
	eq(ref_segment(&p, NULL, &f.meta[0], NULL, &e, &why), 0);
	eq(e.count, 2);
	for (a = l.first, b = e.first; b; a = a->next, b = b->next)
		mem_eq(b->at, b->len, a->at, a->len);
	ref_free(&e);
	ref_free(&l);
	ref_frames_free(&f);
}

int main(void)
{
	vxlan();
	gre();
	remote();
	remote_gue();
	partial();
	expand();
	return test_end();
}
