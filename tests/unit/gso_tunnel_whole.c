/* SPDX-License-Identifier: MIT */
/*
 * gso_tunnel_whole.c - packets in tunnels that are no superpackets: Linux
 * finishes the inner checksum only, and so does SEGOFF_STRICT
 */
#include "tunnel_make.h"

static struct segoff_meta m;

static void made(const char *names)
{
	make(names, 700);
	m = tunnel_meta_at(0);
	m.inner_mac_off = 0;
}

/* The one packet that comes out, all its checksums right. */
static void finished(const char *names)
{
	struct segoff_gso_opts o = { .sz = sizeof(o), .ports = &tunnel_ports };

	if (eq(cut_with(&m, &o), 1)) {
		expect(0, in.len - in.data, 0);
		if (!mem_eq(out[0].at, out[0].len, want_at, want_len))
			printf("# %s\n", names);
	}
}

static void test_finished(void)
{
	static const char *const names[] = {
		"eth ip4 vxlan* eth ip4 tcp", "eth ip6 vxlan* eth ip6 udp",
		"ip4 geneve* eth ip6 tcp",    "ip4 gue* ip4 udp",
		"ip6 fou6* ip6 tcp",
	};
	uint8_t check[2];

	test("R-Q-3 the outer checksum is finished, too");
	for (size_t i = 0; i < 5; i++) {
		made(names[i]);
		finished(names[i]);
		m.inner_net_off = 0;
		finished(names[i]);
	}
	test("R-Q-3 in a tunnel in a tunnel");
	make("eth ip4 vxlan* eth ip6 gre ip4 vxlan* eth ip4 tcp", 700);
	m = tunnel_meta(0);
	finished("nested");
	test("R-Q-3 SEGOFF_STRICT: the seed stays in the outer check field");
	made(names[0]);
	memcpy(check, in.at + part[2].at + 6, 2);
	eq(cut(&m), 1);
	expect(0, 700, 0);
	memcpy(want_at + part[2].at + 6, check, 2);
	mem_eq(out[0].at, out[0].len, want_at, want_len);
	test("R-Q-3 left partial: outside as if it were finished");
	eq(cut_as(&m, 0, SEGOFF_OUT_PARTIAL), 1);
	expect(0, 700, 0);
	memcpy(want_at + in.th + 16, in_check(), 2);
	mem_eq(out[0].at, out[0].len, want_at, want_len);
	eq(out[0].meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(out[0].meta.csum_start, in.th);
	test("R-Q-3 kept: nothing changes");
	eq(cut_as(&m, 0, SEGOFF_OUT_KEEP), 1);
	mem_eq(out[0].at, out[0].len, in.at, in.len);
}

/* What the tunnel says beyond checksums is nobody's business. */
static void test_left(void)
{
	test("R-Q-3 bytes behind the inner packet stay behind it");
	made("eth ip4 vxlan* eth ip4 tcp");
	ref_put16(in.at + in.net + 2, ref_get16(in.at + in.net + 2) - 6u);
	set_ip_sum(in.at + in.net);
	memset(in.at + in.len - 6, 0, 6);
	ref_put16(in_check(), seed_for(in.len - 6 - in.th));
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 1);
	eq(seg16(0, in.net + 2), in.len - in.net - 6);
	eq(ref_fold((uint64_t)seed_for(in.len - 6 - in.th) +
		    ref_sum(out[0].at + in.th, in.len - 6 - in.th)),
	   0xffff);
	eq(ref_fold(pseudo_for(in.at, 2, 17, in.len - part[2].at) +
		    ref_sum(out[0].at + part[2].at, in.len - part[2].at)),
	   0xffff);
	test("R-Q-3 a checksum that is not the transport's: as Linux");
	made("eth ip4 vxlan* eth ip4 tcp");
	m.csum_offset = 18;
	eq(cut_as(&m, 0, SEGOFF_OUT_COMPLETE), 1);
	mem_eq(out[0].at, in.th, in.at, in.th);
	test("R-Q-3 UDP_TUNNEL: the outer check is copied");
	made("eth ip4 vxlan eth ip4 tcp");
	ref_put16(in.at + part[2].at + 6, 0x1234);
	finished("vxlan");
}

int main(void)
{
	test_finished();
	test_left();
	return test_end();
}
