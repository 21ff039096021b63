/* SPDX-License-Identifier: MIT */
/*
 * examples.c - superpackets and their segments as a 6.18 kernel wrote them
 *
 * Frames in hex, as they went into one TAP and came out of another whose
 * offloads are off; each through all three forms of output.
 */
#include "example_run.h"

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

static uint8_t vnet[10];

static void run(size_t len, size_t step, uint32_t flags)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .frag_id = 0x5beddd07 };
	struct iovec iov = { in, len };
	struct segoff_pkt pkt = { &iov, 1, SEGOFF_LINK_ETHERNET };
	size_t head = vnet[6] + (vnet[8] == 16 ? 20u : 8u);
	struct segoff_meta meta;

	eq(segoff_vnet_decode(vnet, 10, &pkt, NULL, &meta, NULL), 0);
	run_example(len, head, step, SEGOFF_LINK_ETHERNET, &meta, &o);
}

/*
 * SCTP: a superpacket by members, which no virtio_net_hdr can say; three of
 * them, of 24, 40 and 20 bytes.
 */
static const struct example by_members = {
	"SCTP: three members, ID counts, CRC32c",
	"",
	"4500007403004000408400000a0000010a0000020b590b5a1122334400000000"
	"000300180000000100000000000000006162636465666768"
	"00030014000000020000000100000000696a6b6c"
	"000300110000000300000002000000006d000000"
	"000300130000000400000003000000006e6f7000",
	{ "4500003803004000408423400a0000010a0000020b590b5a11223344a524cedf0003"
	  "00180000000100000000000000006162636465666768",
	  "45000048030140004084232f0a0000010a0000020b590b5a112233441b0428740003"
	  "0014000000020000000100000000696a6b6c00030011000000030000000200000000"
	  "6d000000",
	  "4500003403024000408423420a0000010a0000020b590b5a112233446782f0970003"
	  "00130000000400000003000000006e6f7000" }
};

static void run_members(uint32_t flags)
{
	struct segoff_gso_opts o = { .sz = sizeof(o), .flags = flags };
	struct iovec iov[4] = {
		{ in, 32 }, { in + 32, 24 }, { in + 56, 40 }, { in + 96, 20 }
	};
	struct segoff_pkt pkt = { iov, 4, SEGOFF_LINK_RAW };
	struct segoff_meta meta = { .gso_type = SEGOFF_GSO_SCTP,
				    .gso_size = SEGOFF_GSO_BY_FRAGS,
				    .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				    .csum_start = 20,
				    .csum_offset = 8 };

	all_forms(&pkt, &meta, &o);
}

static void test_members(void)
{
	test(by_members.name);
	eq(unhex(by_members.in, in), 116);
	want_hex(by_members.out, 4);
	run_members(0);
	run_members(SEGOFF_TRUST_SEED | SEGOFF_STRICT);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct example *e = &examples[i];
		size_t len = unhex(e->in, in);

		test(e->name);
		unhex(e->vnet, vnet);
		want_hex(e->out, 4);
		for (size_t step = 1; step < 16; step++) {
			run(len, step, 0);
			run(len, step, SEGOFF_TRUST_SEED | SEGOFF_STRICT);
		}
	}
	test_members();
	return test_end();
}
