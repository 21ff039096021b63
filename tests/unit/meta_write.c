/* SPDX-License-Identifier: MIT */
/* meta_write.c - metadata to virtio_net_hdr (R-META-17 to R-META-20) */
#include <errno.h>
#include <segoff.h>

#include "../test.h"

static struct segoff_meta m;
static struct segoff_vnet_opts o;
static uint8_t hdr[24];

static void begin(uint32_t gso_type)
{
	m = (struct segoff_meta){ .gso_type = gso_type, .gso_size = 0x0304 };
	m.hdr_len = 0x0506;
	m.csum_start = 0x0708;
	m.csum_offset = 0x090a;
	o = (struct segoff_vnet_opts){ .sz = sizeof(o) };
}

static void becomes(const char *want, size_t size)
{
	memset(hdr, 0x5a, sizeof(hdr));
	eq(segoff_vnet_encode(&m, hdr, size, &o), 0);
	mem_eq(hdr, size, want, size);
}

static void cannot(size_t size)
{
	eq(segoff_vnet_encode(&m, hdr, size, &o), -EINVAL);
}

static void test_types(void)
{
	uint32_t all = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6 | SEGOFF_GSO_UDP_L4;

	test("R-META-17 TCPV4 before TCPV6 before UDP_L4");
	begin(all);
	becomes("\0\1\6\5\4\3\0\0\0\0", 10);
	m.gso_type &= ~SEGOFF_GSO_TCPV4;
	becomes("\0\4\6\5\4\3\0\0\0\0", 10);
	m.gso_type &= ~SEGOFF_GSO_TCPV6;
	becomes("\0\5\6\5\4\3\0\0\0\0", 10);

	test("R-META-17 TCP_ECN is bit 0x80; other bits say nothing");
	begin(SEGOFF_GSO_TCPV6 | SEGOFF_GSO_TCP_ECN | SEGOFF_GSO_DODGY |
	      SEGOFF_GSO_TCP_FIXEDID);
	becomes("\0\x84\6\5\4\3\0\0\0\0", 10);

	test("R-META-17 what no header can say");
	begin(SEGOFF_GSO_UDP);
	cannot(10);
	begin(SEGOFF_GSO_SCTP);
	cannot(24);
	begin(0);
	cannot(12);

	test("R-META-17 gso_size 0: no type, size, length");
	begin(SEGOFF_GSO_UDP);
	m.gso_size = 0;
	becomes("\0\0\0\0\0\0\0\0\0\0", 10);

	test("R-META-17 big endian");
	begin(SEGOFF_GSO_TCPV4);
	o.big_endian = true;
	becomes("\0\1\5\6\3\4\0\0\0\0", 10);

	test("R-META-17 the rest of longer headers is 0");
	begin(SEGOFF_GSO_TCPV4);
	becomes("\0\1\6\5\4\3\0\0\0\0\0\0", 12);
	becomes("\0\1\6\5\4\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	becomes("\0\1\6\5\4\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
	test("options whose size is not set");
	o.sz = 0;
	cannot(10);

	test("R-META-17 there are no other sizes");
	begin(SEGOFF_GSO_TCPV4);
	cannot(0);
	cannot(9);
	cannot(11);
	cannot(16);
}

static void test_csum(void)
{
	test("R-META-18 PARTIAL: flag 1, csum_start, csum_offset");
	begin(0);
	m.gso_size = 0;
	m.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	becomes("\1\0\0\0\0\0\x08\x07\x0a\x09", 10);
	o.vlan_outside = true;
	becomes("\1\0\0\0\0\0\x0c\x07\x0a\x09", 10);

	test("R-META-18 UNNECESSARY: flag 2, if that may be said");
	begin(0);
	m.gso_size = 0;
	m.ip_summed = SEGOFF_CHECKSUM_UNNECESSARY;
	becomes("\0\0\0\0\0\0\0\0\0\0", 10);
	o.data_valid = true;
	becomes("\2\0\0\0\0\0\0\0\0\0", 10);

	test("R-META-18 other states: no flag");
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	becomes("\0\0\0\0\0\0\0\0\0\0", 10);
	m.ip_summed = SEGOFF_CHECKSUM_COMPLETE;
	becomes("\0\0\0\0\0\0\0\0\0\0", 10);
}

static void begin_tunnel(uint32_t more)
{
	begin(SEGOFF_GSO_TCPV4 | more);
	m.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	m.encapsulation = true;
	m.protocol = 0x0800;
	m.th_off = 0x0022;
	m.inner_net_off = 0x0140;
	o.tunnel = true;
	o.big_endian = true; /* not so with a tunnel */
}

static void test_tunnel(void)
{
	test("R-META-19 outer IPv4 0x20, flag 8 for an outer checksum");
	begin_tunnel(SEGOFF_GSO_UDP_TUNNEL_CSUM);
	becomes("\x09\x21\6\5\4\3\x08\x07\x0a\x09\0\0\0\0\0\0\0\0\0\0"
		"\x22\x00\x40\x01",
		24);

	test("R-META-19 outer IPv6 0x40, no flag without outer checksum");
	begin_tunnel(SEGOFF_GSO_UDP_TUNNEL);
	m.protocol = 0x86dd;
	becomes("\x01\x41\6\5\4\3\x08\x07\x0a\x09\0\0\0\0\0\0\0\0\0\0"
		"\x22\x00\x40\x01",
		24);

	test("R-META-19 no DATA_VALID with a tunnel");
	m.ip_summed = SEGOFF_CHECKSUM_UNNECESSARY;
	o.data_valid = true;
	becomes("\x00\x41\6\5\4\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\x22\x00\x40\x01",
		24);

	test("R-META-19 a VLAN tag to come moves csum_start only");
	begin_tunnel(SEGOFF_GSO_UDP_TUNNEL_CSUM);
	o.vlan_outside = true;
	becomes("\x09\x21\6\5\4\3\x0c\x07\x0a\x09\0\0\0\0\0\0\0\0\0\0"
		"\x22\x00\x40\x01",
		24);

	test("R-META-19 not negotiated, or no room for it");
	begin_tunnel(SEGOFF_GSO_UDP_TUNNEL);
	cannot(20);
	o.tunnel = false;
	cannot(24);
	test("nor can it tell of tunnels in tunnels");
	begin_tunnel(SEGOFF_GSO_UDP_TUNNEL);
	m.inner_net_off = 0;
	cannot(24);
}

static void test_offload(void)
{
	static const struct {
		uint32_t bits;
		bool ok;
	} set[] = {
		{ 0, true },	 { 0x02, false },  { 0x10, false },
		{ 0x01, true },	 { 0x03, true },   { 0x05, true },
		{ 0x09, false }, { 0x0b, true },   { 0x0d, true },
		{ 0x11, true },	 { 0x21, false },  { 0x41, false },
		{ 0x61, true },	 { 0x81, false },  { 0x83, true },
		{ 0x85, true },	 { 0xe1, true },   { 0x103, false },
		{ 0x183, true }, { 0x181, false }, { 0x201, false },
		{ 0x1ff, true }, { 0x200, false }, { 0xffffffff, false },
		{ 0x60, false }, { 0x08, false },  { 0x80000001, false },
	};

	test("R-META-20 TUNSETOFFLOAD");
	for (size_t i = 0; i < sizeof(set) / sizeof(*set); i++)
		if (!eq(segoff_tun_offload_ok(set[i].bits), set[i].ok))
			printf("# set %#x\n", set[i].bits);
}

int main(void)
{
	test_types();
	test_csum();
	test_tunnel();
	test_offload();
	return test_end();
}
