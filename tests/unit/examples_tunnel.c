/* SPDX-License-Identifier: MIT */
/*
 * examples_tunnel.c - superpackets in tunnels and their segments: VXLAN as a
 * 6.18 kernel wrote it, the others worked out by hand
 */
#include "example_run.h"

#define VXLAN_TCP (SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL_CSUM)

struct example {
	const char *name;
	unsigned int link;
	uint32_t gso_type;
	uint16_t th_off;
	uint16_t inner_net_off;
	uint16_t csum_start;
	uint32_t partial;
	const char *in;
	const char *out[4];
};

static const struct example examples[] = {
	{ "R-TUN-1, 2, 4 VXLAN with outer checksum",
	  SEGOFF_LINK_ETHERNET,
	  VXLAN_TCP,
	  34,
	  64,
	  84,
	  0,
	  "020000000002020000000001080045000060010040004011258b0a0000010a000002"
	  "c00012b5004c14600800000000002a000a00000000010a0000000002080045000"
	  "02e01f440004006b782c0a80001c0a80002000700080000000100000005501803"
	  "e881740000c0c1c2c3c4c5",
	  { "02000000000202000000000108004500005e010040004011258d0a0000010a00"
	    "0002c00012b5004a4c110800000000002a000a00000000010a00000000020800"
	    "4500002c01f440004006b784c0a80001c0a80002000700080000000100000005"
	    "501003e8a6fa0000c0c1c2c3",
	    "02000000000202000000000108004500005c010140004011258e0a0000010a00"
	    "0002c00012b500484c130800000000002a000a00000000010a00000000020800"
	    "4500002a01f540004006b785c0a80001c0a80002000700080000000500000005"
	    "501803e865b00000c4c5" } },
	{ "R-TUN-5 GRE with checksum and key",
	  SEGOFF_LINK_RAW,
	  SEGOFF_GSO_TCPV4 | SEGOFF_GSO_GRE_CSUM,
	  20,
	  32,
	  52,
	  0,
	  "4500004e01004000402f257f0a0000010a000002a0000800000000000000002a4500"
	  "002e01f440004006b782c0a80001c0a800020007000800000001000000055018"
	  "03e881740000c0c1c2c3c4c5",
	  { "4500004c01004000402f25810a0000010a000002a0000800d94700000000002a"
	    "4500002c01f440004006b784c0a80001c0a80002000700080000000100000005"
	    "501003e8a6fa0000c0c1c2c3",
	    "4500004a01014000402f25820a0000010a000002a0000800d94500000000002a"
	    "4500002a01f540004006b785c0a80001c0a80002000700080000000500000005"
	    "501803e865b00000c4c5" } },
	{ "R-PART-1, 2, 3, 4 partial frame and tail",
	  SEGOFF_LINK_RAW,
	  VXLAN_TCP,
	  20,
	  50,
	  70,
	  VXLAN_TCP,
	  "4500006401004000401125870a0000010a000002c00012b50050146408000000"
	  "00002a000a00000000010a000000000208004500003201f440004006b77ec0a8"
	  "0001c0a80002000700080000000100000005501803e881780000c0c1c2c3c4c5"
	  "c6c7c8c9",
	  { "4500005e010040004011258d0a0000010a000002c00012b5004a4c1108000000"
	    "00002a000a00000000010a000000000208004500002c01f440004006b784c0a8"
	    "0001c0a80002000700080000000100000005501003e881760000c0c1c2c3c4c5"
	    "c6c7",
	    "4500005c010240004011258d0a0000010a000002c00012b500484c1308000000"
	    "00002a000a00000000010a000000000208004500002a01f640004006b784c0a8"
	    "0001c0a80002000700080000000900000005501803e881700000c8c9" } },
	{ "R-TUN-9 VXLAN with remote checksum offload",
	  SEGOFF_LINK_RAW,
	  VXLAN_TCP | SEGOFF_GSO_TUNNEL_REMCSUM,
	  20,
	  50,
	  70,
	  0,
	  "450000600100400040112587" /* lengths and sums do not matter */
	  "0a0000010a000002c00012b5004c14600820000000002a110a00000000010a00"
	  "0000000208004500002e01f440004006b782c0a80001c0a80002000700080000"
	  "000100000005501803e881740000c0c1c2c3c4c5",
	  { "4500005e010040004011258d0a0000010a000002c00012b5004a716808200000"
	    "00002a110a00000000010a000000000208004500002c01f440004006b784c0a8"
	    "0001c0a80002000700080000000100000005501003e881720000c0c1c2c3",
	    "4500005c010140004011258e0a0000010a000002c00012b50048302208200000"
	    "00002a110a00000000010a000000000208004500002a01f540004006b785c0a8"
	    "0001c0a80002000700080000000500000005501803e881700000c4c5" } },
};

/* With the offsets in the metadata, and without them, by the port. */
static void run(const struct example *e, size_t len, size_t step,
		uint32_t flags, bool offsets)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .partial = e->partial };
	struct segoff_meta meta = { .gso_type = e->gso_type,
				    .gso_size = 4,
				    .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				    .encapsulation = true,
				    .csum_start = e->csum_start,
				    .csum_offset = 16 };

	if (offsets) {
		meta.th_off = e->th_off;
		meta.inner_net_off = e->inner_net_off;
		meta.inner_th_off = e->csum_start;
	}
	if (e->partial)
		o.csum = SEGOFF_OUT_PARTIAL;
	run_example(len, e->csum_start + 20u, step, e->link, &meta, &o);
}

/* The remote checksums of the last example are those of the first. */
static void receive(void)
{
	static const uint16_t right[] = { 0xa6fa, 0x65b0 };

	test("R-TUN-9 what a receiver makes of a remote checksum");
	for (size_t k = 0; k < 2; k++) {
		struct iovec v = { want[k], want_len[k] };
		struct segoff_pkt pkt = { &v, 1, SEGOFF_LINK_RAW };
		struct segoff_stack st;
		struct segoff_remcsum r;

		segoff_dissect(&pkt, &st);
		eq(segoff_remcsum_find(&pkt, &st, &r), 1);
		eq(r.start, 34);
		eq(r.offset, 50);
		eq(segoff_remcsum_complete(&pkt, &st, &r), 0);
		eq(want[k][86] << 8 | want[k][87], right[k]);
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct example *e = &examples[i];
		size_t len = unhex(e->in, in);

		test(e->name);
		want_hex(e->out, 4);
		for (size_t step = 1; step < 16; step++) {
			run(e, len, step, 0, true);
			run(e, len, step, 0, false);
			run(e, len, step, SEGOFF_TRUST_SEED | SEGOFF_STRICT,
			    true);
		}
	}
	receive();
	return test_end();
}
