/* SPDX-License-Identifier: MIT */
/* gso_tcp.c - TCP segmentation (R-TCP-1 to R-TCP-9) */
#include "gso_make.h"

#define FIN 0x001
#define SYN 0x002
#define RST 0x004
#define PSH 0x008
#define ACK 0x010
#define URG 0x020
#define ECE 0x040
#define CWR 0x080
#define AE  0x100

static struct segoff_meta m;

static uint16_t flags_of(size_t k)
{
	return seg16(k, in.th + 12) & 0xfff;
}

/* Four segments of a packet with these flags, over IPv4 and over IPv6. */
static void cut_flags(uint16_t flags, uint32_t type, bool v6)
{
	ethernet(v6 ? 0x86dd : 0x0800);
	if (v6)
		ipv6(6);
	else
		ipv4(6, 1, 0x4000);
	tcp(1000, flags, 0);
	payload(35);
	m = meta_for((v6 ? SEGOFF_GSO_TCPV6 : SEGOFF_GSO_TCPV4) | type, 10);
	eq(cut(&m), 4);
}

static void flags_become(uint16_t flags, uint32_t type, uint16_t first,
			 uint16_t middle, uint16_t last)
{
	for (int v6 = 0; v6 < 2; v6++) {
		cut_flags(flags, type, v6);
		eq(flags_of(0), first);
		eq(flags_of(1), middle);
		eq(flags_of(2), middle);
		eq(flags_of(3), last);
		for (size_t k = 0; k < 4; k++)
			eq(l4_sum(k, in.th), 0xffff);
	}
}

static void test_payload(void)
{
	uint8_t all[3000];
	size_t n = 0;

	test("R-TCP-1 sizes, number and order");
	tcp4(2500);
	m = meta_for(SEGOFF_GSO_TCPV4, 1000);
	eq(cut(&m), 3);
	eq(out[0].len, 54 + 1000);
	eq(out[1].len, 54 + 1000);
	eq(out[2].len, 54 + 500);
	for (size_t k = 0; k < nout; k++) {
		memcpy(all + n, out[k].at + 54, out[k].len - 54);
		n += out[k].len - 54;
	}
	mem_eq(all, n, in.at + in.data, 2500);

	test("R-TCP-1 a multiple of gso_size has no short last segment");
	tcp4(3000);
	eq(cut(&m), 3);
	eq(out[2].len, 54 + 1000);

	test("R-TCP-1 one byte each");
	tcp6(3);
	m = meta_for(SEGOFF_GSO_TCPV6, 1);
	eq(cut(&m), 3);
	eq(out[1].at[in.th + 20], 8);
}

static void test_sequence(void)
{
	test("R-TCP-2 sequence numbers, modulo 2^32");
	ethernet(0x0800);
	ipv4(6, 1, 0x4000);
	tcp(0xfffffc18, ACK, 0);
	payload(2500);
	m = meta_for(SEGOFF_GSO_TCPV4, 1000);
	eq(cut(&m), 3);
	eq(ref_get32(out[0].at + in.th + 4), 0xfffffc18);
	eq(ref_get32(out[1].at + in.th + 4), 0);
	eq(ref_get32(out[2].at + in.th + 4), 1000);
}

static void test_flags(void)
{
	uint16_t rest = AE | ECE | URG | ACK | RST | SYN | 0xe00;

	test("R-TCP-3 FIN and PSH on the last segment only");
	flags_become(FIN | PSH | ACK, 0, ACK, ACK, FIN | PSH | ACK);

	test("R-TCP-4 CWR on the first segment only, without TCP_ECN");
	flags_become(CWR | ACK, 0, CWR | ACK, ACK, ACK);
	test("R-TCP-4 CWR on the first segment only, with TCP_ECN");
	flags_become(CWR | ACK, SEGOFF_GSO_TCP_ECN, CWR | ACK, ACK, ACK);
	test("R-TCP-4 CWR on all segments with TCP_ACCECN");
	flags_become(CWR | ACK, SEGOFF_GSO_TCP_ACCECN, CWR | ACK, CWR | ACK,
		     CWR | ACK);

	test("R-TCP-5 all other flags and reserved bits on every segment");
	flags_become(rest, 0, rest, rest, rest);
}

static void test_copied(void)
{
	test("R-TCP-5 ack, window, urgent pointer, options are repeated");
	ethernet(0x0800);
	ipv4(6, 1, 0x4000);
	tcp(1, ACK | URG, 40);
	payload(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++) {
		const uint8_t *th = out[k].at + in.th;

		eq(ref_get32(th), 0x1f90c350);
		eq(ref_get32(th + 8), 0x11223344);
		eq(ref_get16(th + 14), 0x200);
		eq(ref_get16(th + 18), 0xabcd);
		mem_eq(th + 20, 40, in.at + in.th + 20, 40);
		eq(l4_sum(k, in.th), 0xffff);
	}
}

static void test_checksums(void)
{
	test("R-TCP-6 right seed: every checksum verifies, odd tail too");
	tcp6(2501);
	m = meta_for(SEGOFF_GSO_TCPV6, 999);
	eq(cut(&m), 3);
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff);

	test("R-TCP-6 0 is stored as 0");
	tcp4(30);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut(&m), 3);
	/* a word of segment 1 grows by its checksum, which is then 0 */
	ref_put16(in.at + in.data + 10,
		  ref_fold((uint64_t)ref_get16(in.at + in.data + 10) +
			   seg16(1, in.th + 16)));
	eq(cut(&m), 3);
	eq(seg16(1, in.th + 16), 0);
	eq(l4_sum(1, in.th), 0xffff);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	eq(seg16(1, in.th + 16), 0);
}

/* Two packets that differ in their check value only give the same segments. */
static void same_whatever_check(uint32_t flags)
{
	uint8_t first[300];
	size_t n;

	eq(cut_as(&m, flags, SEGOFF_OUT_COMPLETE), 3);
	n = (size_t)(out[2].at + out[2].len - out[0].at);
	memcpy(first, out[0].at, n);
	ref_put16(in_check(), 0x5aa5);
	eq(cut_as(&m, flags, SEGOFF_OUT_COMPLETE), 3);
	mem_eq(out[0].at, n, first, n);
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff);
}

static void test_not_partial(void)
{
	test("R-TCP-7 not PARTIAL: the check value has no influence");
	for (uint8_t state = 0; state < SEGOFF_CHECKSUM_PARTIAL; state++) {
		tcp4(25);
		m = meta_for(SEGOFF_GSO_TCPV4, 10);
		m.ip_summed = state;
		m.csum_start = 0;
		same_whatever_check(SEGOFF_TRUST_SEED | SEGOFF_STRICT);
	}
	test("R-TCP-7 nor if it fits one segment and passes whole");
	tcp4(4);
	m = meta_for(SEGOFF_GSO_TCPV4, 1000);
	m.ip_summed = SEGOFF_CHECKSUM_NONE;
	ref_put16(in_check(), 0x5aa5);
	eq(cut_as(&m, SEGOFF_TRUST_SEED, SEGOFF_OUT_COMPLETE), 1);
	eq(l4_sum(0, in.th), 0xffff);

	test("without SEGOFF_TRUST_SEED a PARTIAL packet's has none, either");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	same_whatever_check(SEGOFF_STRICT);
}

static void test_wrong_seed(void)
{
	test("R-TCP-8 a seed off by d gives every checksum off by -d");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	ref_put16(in_check(), ref_get16(in_check()) + 0x0123u);
	eq(cut(&m), 3);
	/* right is what it sums to: ffff plus -d, that is ffff - d */
	for (size_t k = 0; k < 3; k++)
		eq(l4_sum(k, in.th), 0xffff - 0x0123);
}

static void test_refused(void)
{
	test("R-TCP-9 payload not above gso_size");
	tcp4(1000);
	m = meta_for(SEGOFF_GSO_TCPV4, 1000);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);
	tcp4(0);
	refused(&m, -EINVAL, SEGOFF_V_GSO_SMALL);
	tcp4(1001);
	eq(cut(&m), 2);

	test("R-TCP-9 data offset below 5");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	in.at[in.th + 12] = 0x40;
	refused(&m, -EINVAL, SEGOFF_V_TCP_HEADER);

	test("R-TCP-9 header longer than the packet");
	in.at[in.th + 12] = 0xf0;
	in.len = in.th + 59;
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);

	test("R-TCP-9 fewer than 20 bytes");
	tcp4(25);
	in.len = in.th + 19;
	refused(&m, -EINVAL, SEGOFF_V_TRUNCATED);

	test("R-TCP-9 csum_start not at the TCP header");
	tcp4(25);
	m.csum_start = 36;
	refused(&m, -EINVAL, SEGOFF_V_GSO_CSUM_START);
	m.csum_start = 20;
	refused(&m, -EINVAL, SEGOFF_V_GSO_CSUM_START);
}

static void test_type(void)
{
	static const uint32_t elsewhere[] = { SEGOFF_GSO_ESP, SEGOFF_GSO_FCOE };

	test("R-TCP-9 type bit missing");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_UDP_L4, 10);
	m.csum_offset = 16;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	m.gso_type = 0;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);

	test("R-TCP-9 the other IP version's bit, to the letter");
	m.gso_type = SEGOFF_GSO_TCPV6;
	refused(&m, -EINVAL, SEGOFF_V_GSO_TYPE);
	test("and by default it is segmented by what it is");
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 3);
	eq(ref_get16(seg_ip(2) + 4), 0x1236);

	test("ESP and FCoE are not handled");
	for (unsigned int i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere);
	     i++) {
		m.gso_type = SEGOFF_GSO_TCPV4 | elsewhere[i];
		refused(&m, -EOPNOTSUPP, SEGOFF_V_GSO_UNSUPPORTED);
	}
}

static void test_options(void)
{
	struct segoff_gso_opts o = { .sz = 0 };
	struct iovec v = { in.at, 0 };
	struct segoff_pkt pkt = { &v, 1, SEGOFF_LINK_ETHERNET };
	struct segoff_gso g;

	test("options whose size is not set");
	tcp4(25);
	v.iov_len = in.len;
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(segoff_gso_init(&g, &pkt, &m, &o, NULL), -EINVAL);
	verdict(segoff_gso_why(&g), SEGOFF_V_OPTS);
	eq(segoff_gso_init(&g, &pkt, &m, NULL, NULL), 0);
}

static void test_default(void)
{
	test("a payload that fits passes whole by default");
	tcp4(1000);
	m = meta_for(SEGOFF_GSO_TCPV4, 1000);
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 1);
	eq(out[0].len, in.len);
	mem_eq(out[0].at, 50, in.at, 50);
	eq(l4_sum(0, in.th), 0xffff);

	test("segments with a seed each, for a device to finish");
	tcp4(25);
	m = meta_for(SEGOFF_GSO_TCPV4, 10);
	eq(cut_as(&m, 0, SEGOFF_OUT_PARTIAL), 3);
	eq(seg16(0, in.th + 16), seed_for(30));
	eq(seg16(2, in.th + 16), seed_for(25));

	test("segments with the check value of the packet, untouched");
	ref_put16(in_check(), 0x5aa5);
	eq(cut_as(&m, 0, SEGOFF_OUT_KEEP), 3);
	for (size_t k = 0; k < 3; k++) {
		eq(seg16(k, in.th + 16), 0x5aa5);
		eq(ip_sum(k), 0xffff);
	}
}

int main(void)
{
	test_payload();
	test_sequence();
	test_flags();
	test_copied();
	test_checksums();
	test_not_partial();
	test_wrong_seed();
	test_refused();
	test_type();
	test_default();
	test_options();
	return test_end();
}
