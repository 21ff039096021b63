/* SPDX-License-Identifier: MIT */
/* gso_ufo.c - one UDP datagram into IP fragments (R-UFO-1 to R-UFO-4) */
#include "gso_make.h"

static struct segoff_meta m;

/* The datagram that @out's fragments make, behind @skip bytes of each. */
static uint8_t whole[PACKET_MAX];
static size_t whole_len;

static void reassemble(size_t skip)
{
	whole_len = 0;
	for (size_t k = 0; k < nout; k++) {
		memcpy(whole + whole_len, out[k].at + skip, out[k].len - skip);
		whole_len += out[k].len - skip;
	}
}

/* Is it the datagram of the input, with a good checksum? */
static void datagram_good(size_t skip)
{
	reassemble(skip);
	eq(whole_len, in.len - in.th);
	mem_eq(whole, 6, in.at + in.th, 6);
	mem_eq(whole + 8, whole_len - 8, in.at + in.data, whole_len - 8);
	eq(ref_fold((uint64_t)seed_for(whole_len) + ref_sum(whole, whole_len)),
	   0xffff);
}

static void test_ipv4(void)
{
	test("R-UFO-1 IPv4: offsets, MF, one ID, no DF");
	ethernet(0x0800);
	ipv4(17, 0x4242, 0xc000); /* reserved bit and DF: both are cleared */
	udp(3000);
	payload(3000);
	m = meta_for(SEGOFF_GSO_UDP, 1000);
	eq(cut(&m), 4);
	for (size_t k = 0; k < 4; k++) {
		eq(ref_get16(seg_ip(k) + 4), 0x4242);
		eq(ref_get16(seg_ip(k) + 2), k < 3 ? 1020 : 28);
		eq(ref_get16(seg_ip(k) + 6), k * 125 | (k < 3 ? 0x2000 : 0));
		eq(ip_sum(k), 0xffff);
	}
	datagram_good(in.th);

	test("R-UFO-1 IPv4 options are in every fragment");
	ethernet(0x0800);
	ipv4(17, 1, 0);
	in.at[in.net] = 0x46;
	put("\x07\x04\x04\x00", 4);
	in.th = in.len;
	udp(30);
	payload(30);
	m = meta_for(SEGOFF_GSO_UDP, 16);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++)
		mem_eq(seg_ip(k) + 20, 4, "\x07\x04\x04\x00", 4);
	datagram_good(in.th);
}

static void same_datagram(uint16_t check, uint8_t ip_summed)
{
	udp4(100);
	m = meta_for(SEGOFF_GSO_UDP, 40);
	m.ip_summed = ip_summed;
	ref_put16(in_check(), check);
	eq(cut(&m), 3);
	datagram_good(in.th);
	eq(cut_as(&m, 0, SEGOFF_OUT_PARTIAL), 3);
	datagram_good(in.th);
}

static void test_checksum(void)
{
	test("R-UFO-2 the checksum in the input does not matter");
	same_datagram(0, SEGOFF_CHECKSUM_PARTIAL);
	same_datagram(0x5aa5, SEGOFF_CHECKSUM_PARTIAL);
	same_datagram(0xffff, SEGOFF_CHECKSUM_NONE);
	same_datagram(0, SEGOFF_CHECKSUM_UNNECESSARY);

	test("R-UFO-2 never 0");
	udp4(100);
	m = meta_for(SEGOFF_GSO_UDP, 40);
	eq(cut(&m), 3);
	ref_put16(in.at + in.data,
		  ref_fold((uint64_t)ref_get16(in.at + in.data) +
			   seg16(0, in.th + 6)));
	eq(cut(&m), 3);
	eq(seg16(0, in.th + 6), 0xffff);

	test("R-UFO-2 the UDP length is not touched");
	ref_put16(in.at + in.th + 4, 0x7777);
	eq(cut(&m), 3);
	eq(seg16(0, in.th + 4), 0x7777);

	test("R-UFO-2 csum_start does not matter");
	m.csum_start = 20;
	eq(cut(&m), 3);
}

/* Fragment header of segment @k, which is at @at. */
static void fragment(size_t k, size_t at, uint8_t next, uint16_t word)
{
	const uint8_t *h = out[k].at + at;

	eq(h[0], next);
	eq(h[1], 0);
	eq(ref_get16(h + 2), word);
	eq(ref_get32(h + 4), 0x5beddd07);
}

static void test_ipv6(void)
{
	test("R-UFO-3 IPv6: Fragment headers");
	udp6(3000);
	m = meta_for(SEGOFF_GSO_UDP, 1000);
	eq(cut(&m), 4);
	for (size_t k = 0; k < 4; k++) {
		eq(seg_ip(k)[6], 44);
		eq(ref_get16(seg_ip(k) + 4), k < 3 ? 1008 : 16);
		fragment(k, 54, 17, (uint16_t)(k * 1000 | (k < 3)));
	}
	datagram_good(62);
}

static void with_extensions(size_t frag_at, size_t frag_next_at, uint8_t next,
			    uint16_t step)
{
	udp(30);
	payload(30);
	m = meta_for(SEGOFF_GSO_UDP, 16);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++) {
		mem_eq(out[k].at + 20, frag_next_at - 20, in.at + 20,
		       frag_next_at - 20);
		eq(out[k].at[frag_next_at], 44);
		fragment(k, frag_at, next, (uint16_t)(k * step | (k < 2)));
		mem_eq(out[k].at + frag_at + 8, in.th - frag_at,
		       in.at + frag_at, in.th - frag_at);
	}
	datagram_good(in.th + 8);
}

/* The 8 bytes of E in each are the offsets' surplus: 16 + E. */
static void test_unfragmentable(void)
{
	test("R-UFO-3 R-Q-6 behind Hop-by-Hop; offsets advance by 8 too many");
	ethernet(0x86dd);
	ipv6(0);
	extension(17, 8);
	with_extensions(62, 54, 17, 24);

	test("R-UFO-3 behind a Routing header");
	ethernet(0x86dd);
	ipv6(43);
	extension(17, 8);
	in.at[57] = 0; /* no segments left */
	with_extensions(62, 54, 17, 24);

	test("R-UFO-3 behind Destination options before a Routing header");
	ethernet(0x86dd);
	ipv6(60);
	extension(43, 8);
	extension(17, 8);
	in.at[65] = 0;
	with_extensions(70, 62, 17, 32);

	test("R-UFO-3 behind Destination options without a Routing header");
	ethernet(0x86dd);
	ipv6(60);
	extension(17, 8);
	with_extensions(62, 54, 17, 24);

	test("R-UFO-3 before Destination options behind a Routing header");
	ethernet(0x86dd);
	ipv6(43);
	extension(60, 8);
	in.at[57] = 0;
	extension(17, 8);
	with_extensions(62, 54, 60, 32);
}

static void test_odd_sizes(void)
{
	test("R-UFO-4 R-Q-4 IPv4: gso_size 1001, offsets cut to 8-byte units");
	udp4(3000);
	m = meta_for(SEGOFF_GSO_UDP, 1001);
	eq(cut(&m), 4);
	for (size_t k = 0; k < 4; k++) {
		eq(ref_get16(seg_ip(k) + 2), k < 3 ? 1021 : 25);
		eq(ref_get16(seg_ip(k) + 6),
		   k * 1001 / 8 | (k < 3 ? 0x2000 : 0));
	}
	datagram_good(in.th);

	test("R-UFO-4 IPv6: gso_size 17, offsets run into the flag bits");
	udp6(40);
	m = meta_for(SEGOFF_GSO_UDP, 17);
	eq(cut(&m), 3);
	fragment(0, 54, 17, 0x0001);
	fragment(1, 54, 17, 0x0011);
	fragment(2, 54, 17, 0x0022);

	test("R-UFO-4 gso_size 3 cuts the UDP header itself");
	udp4(10);
	m = meta_for(SEGOFF_GSO_UDP, 3);
	eq(cut(&m), 6);
	datagram_good(in.th);
}

static void test_refused(void)
{
	test("R-UFO-1 UDP length not above gso_size");
	udp4(992);
	m = meta_for(SEGOFF_GSO_UDP, 1000);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);
	udp4(993);
	eq(cut(&m), 2);
	eq(out[1].len, 35);

	test("R-UFO-1 UFO said of TCP");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_UDP, 8);
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
}

int main(void)
{
	test_ipv4();
	test_checksum();
	test_ipv6();
	test_unfragmentable();
	test_odd_sizes();
	test_refused();
	return test_end();
}
