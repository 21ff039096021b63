/* SPDX-License-Identifier: MIT */
/* gso_fits.c - the length of a full segment (R-FIN-1) */
#include "gso_make.h"

static struct segoff_meta m;

static struct segoff_pkt pkt_of(struct iovec *v)
{
	v->iov_base = in.at;
	v->iov_len = in.len;
	return (struct segoff_pkt){ v, 1, in.link };
}

/* Both lengths, and that the border between fitting and not is there. */
static void lengths_are(ssize_t net, ssize_t mac)
{
	struct iovec v;
	struct segoff_pkt pkt = pkt_of(&v);

	eq(segoff_gso_network_seglen(&pkt, &m), net);
	eq(segoff_gso_mac_seglen(&pkt, &m), mac);
	eq(segoff_gso_fits(&pkt, &m, (size_t)net), 1);
	eq(segoff_gso_fits(&pkt, &m, (size_t)net - 1), 0);
}

static void test_table(void)
{
	test("R-FIN-1 TCP over IPv4: IP, TCP with its options, gso_size");
	ethernet(0x0800);
	ipv4(6, 1, 0x4000);
	tcp(0, 0x10, 12);
	payload(5000);
	m = meta_for(SEGOFF_GSO_TCPV4, 1448);
	lengths_are(1500, 1514);

	test("R-FIN-1 TCP over IPv6 with extension headers and a VLAN tag");
	ethernet(0x8100);
	put("\x00\x05\x86\xdd", 4);
	ipv6(0);
	extension(60, 16);
	extension(6, 8);
	tcp(0, 0x10, 0);
	payload(5000);
	m = meta_for(SEGOFF_GSO_TCPV6, 1000);
	lengths_are(40 + 24 + 20 + 1000, 18 + 40 + 24 + 20 + 1000);

	test("R-FIN-1 UDP_L4: 8 bytes of UDP");
	udp4(5000);
	m = meta_for(SEGOFF_GSO_UDP_L4, 1000);
	lengths_are(1028, 1042);

	test("R-FIN-1 UFO: gso_size includes the UDP header");
	udp4(5000);
	m = meta_for(SEGOFF_GSO_UDP, 1000);
	lengths_are(1020, 1034);
}

static void test_worked_numbers(void)
{
	struct iovec v;
	struct segoff_pkt pkt;

	test("R-FIN-1 mtu 600: gso_size 560 fits, 561 does not");
	tcp4(2100);
	pkt = pkt_of(&v);
	m = meta_for(SEGOFF_GSO_TCPV4, 560);
	eq(segoff_gso_fits(&pkt, &m, 600), 1);
	m.gso_size = 561;
	eq(segoff_gso_fits(&pkt, &m, 600), 0);
}

static void test_others(void)
{
	struct iovec v;
	struct segoff_pkt pkt;

	test("R-FIN-1 what is no superpacket is as long as it is");
	tcp4(2000);
	m = meta_for(0, 0);
	lengths_are(2040, 2054);

	test("R-FIN-1 nor what is not IP: it counts behind the link header");
	ref_put16(in.at + 12, 0x0806);
	lengths_are(2040, 2054);

	test("R-FIN-1 UFO over IPv6: its Fragment header is not counted");
	udp6(5000);
	m = meta_for(SEGOFF_GSO_UDP, 1456);
	lengths_are(1496, 1510);

	test("R-FIN-1 errors are those of segmentation");
	tcp4(25);
	pkt = pkt_of(&v);
	m = meta_for(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_ESP, 10);
	eq(segoff_gso_network_seglen(&pkt, &m), -EOPNOTSUPP);
	eq(segoff_gso_mac_seglen(&pkt, &m), -EOPNOTSUPP);
	eq(segoff_gso_fits(&pkt, &m, 1500), -EOPNOTSUPP);
	m = meta_for(SEGOFF_GSO_UDP, 10);
	eq(segoff_gso_fits(&pkt, &m, 1500), -EINVAL);
	ref_put16(in.at + 12, 0x0806);
	eq(segoff_gso_fits(&pkt, &m, 1500), -EPROTONOSUPPORT);
}

static void test_ports(void)
{
	static const struct segoff_port port = { 5555, SEGOFF_P_IPV4 };
	static const struct segoff_ports ports = { &port, 1 };
	struct segoff_pkt pkt;
	size_t mac = 7;
	struct iovec v;

	test("R-FIN-1 a tunnel behind a port that is not well known");
	ethernet(0x0800);
	ipv4(17, 1, 0x4000);
	udp(0);
	ref_put16(in.at + in.len - 6, 5555);
	ipv4(6, 1, 0x4000);
	tcp(0, 0x10, 0);
	payload(5000);
	m = meta_for(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_UDP_TUNNEL, 1000);
	m.encapsulation = true;
	pkt = pkt_of(&v);
	eq(segoff_gso_network_seglen(&pkt, &m), -EINVAL);
	eq(segoff_gso_seglen_ports(&pkt, NULL, &m, &mac), -EINVAL);
	eq(mac, 7);
	eq(segoff_gso_seglen_ports(&pkt, &ports, &m, &mac), 28 + 40 + 1000);
	eq(mac, 14 + 28 + 40 + 1000);
	eq(segoff_gso_seglen_ports(&pkt, &ports, &m, NULL), 28 + 40 + 1000);
	m.inner_net_off = 42;
	m.inner_protocol = 0x0800;
	lengths_are(28 + 40 + 1000, 14 + 28 + 40 + 1000);
}

int main(void)
{
	test_table();
	test_worked_numbers();
	test_others();
	test_ports();
	return test_end();
}
