/* SPDX-License-Identifier: MIT */
/* sctp_csum.c - SCTP packets: headers, and their checksum (R-SCTP-1) */
#include <segoff.h>

#include "../ref/ref.h"
#include "../test.h"

/* Two DATA chunks, as a kernel sent them: id 0x0301 of a superpacket. */
static const uint8_t good[] = {
	0x45, 0x00, 0x00, 0x48, 0x03, 0x01, 0x40, 0x00, 0x40, 0x84, 0x23, 0x2f,
	0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02, 0x0b, 0x59, 0x0b, 0x5a,
	0x11, 0x22, 0x33, 0x44, 0x1b, 0x04, 0x28, 0x74, 0x00, 0x03, 0x00, 0x14,
	0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
	0x69, 0x6a, 0x6b, 0x6c, 0x00, 0x03, 0x00, 0x11, 0x00, 0x00, 0x00, 0x03,
	0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x6d, 0x00, 0x00, 0x00,
};

#define SCTP  20u
#define CHECK 28u

static uint8_t at[sizeof(good) + 6];
static struct iovec v[3];
static struct segoff_pkt pkt = { v, 1, SEGOFF_LINK_RAW };
static struct segoff_csum_report r;

static void begin(void)
{
	memcpy(at, good, sizeof(good));
	memset(at + sizeof(good), 0xee, sizeof(at) - sizeof(good));
	v[0] = (struct iovec){ at, sizeof(good) };
	pkt.niov = 1;
}

static void state_is(enum segoff_csum_state want, uint32_t found)
{
	eq(segoff_csum_verify(&pkt, NULL, &r), want);
	eq(r.field, CHECK);
	eq(r.found, found);
	eq(r.right, 0x1b042874);
	ok(r.ip_good);
}

static void test_walk(void)
{
	struct segoff_stack st;

	test("the walk ends behind the common header");
	begin();
	eq(segoff_dissect(&pkt, &st), SEGOFF_V_OK);
	eq(st.nlayer, 2);
	eq(st.layer[1].proto, SEGOFF_P_SCTP);
	eq(st.layer[1].off, SCTP);
	eq(st.layer[1].len, 12);
	eq(st.payload, 32);
	ok(!strcmp(segoff_proto_name(SEGOFF_P_SCTP), "sctp"));
	test("11 bytes of it are not enough");
	v[0].iov_len = SCTP + 11;
	eq(segoff_dissect(&pkt, &st), SEGOFF_V_TRUNCATED);
	eq(st.nlayer, 1);
}

static void test_states(void)
{
	test("R-SCTP-1 CRC32c, least significant byte first");
	begin();
	state_is(SEGOFF_CSUM_GOOD, 0x1b042874);
	test("bytes behind the IP packet are not covered");
	v[0].iov_len = sizeof(at);
	state_is(SEGOFF_CSUM_GOOD, 0x1b042874);
	test("in pieces");
	v[0].iov_len = 33;
	v[1] = (struct iovec){ at + 33, 8 };
	v[2] = (struct iovec){ at + 41, sizeof(good) - 41 };
	pkt.niov = 3;
	state_is(SEGOFF_CSUM_GOOD, 0x1b042874);
	test("zero is what is left to a device");
	begin();
	ref_put32(at + CHECK, 0);
	state_is(SEGOFF_CSUM_PARTIAL, 0);
	test("one bit makes it wrong");
	begin();
	at[CHECK + 3] ^= 1;
	state_is(SEGOFF_CSUM_WRONG, 0x1b042875);
}

static void test_made_right(void)
{
	struct segoff_meta m = { .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				 .csum_start = SCTP,
				 .csum_offset = 8 };

	test("segoff_csum_rewrite() makes it right, once");
	begin();
	at[CHECK] ^= 0x80;
	eq(segoff_csum_rewrite(&pkt, NULL), 1);
	mem_eq(at, sizeof(good), good, sizeof(good));
	eq(segoff_csum_rewrite(&pkt, NULL), 0);
	test("segoff_csum_complete() knows it by its place");
	begin();
	ref_put32(at + CHECK, 0xffffffff);
	eq(segoff_csum_complete(&pkt, &m), 0);
	mem_eq(at, sizeof(good), good, sizeof(good));
	test("another place is an Internet checksum");
	begin();
	m.csum_offset = 4;
	eq(segoff_csum_complete(&pkt, &m), 0);
	ok(ref_get16(at + SCTP + 4) != 0x1122);
	mem_eq(at + CHECK, 4, good + CHECK, 4);
}

/* A packet that stays whole, as it comes from a socket. */
static void test_whole(void)
{
	struct segoff_gso_opts o = { .sz = sizeof(o) };
	struct segoff_meta m = { .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
				 .csum_start = SCTP,
				 .csum_offset = 8 };
	uint8_t out[sizeof(good)];
	struct segoff_gso g;

	test("an ordinary packet is finished on its way through");
	begin();
	ref_put32(at + CHECK, 0);
	eq(segoff_gso_init(&g, &pkt, &m, &o, NULL), 0);
	eq(segoff_gso_next(&g, out, sizeof(out)), sizeof(good));
	mem_eq(out, sizeof(out), good, sizeof(good));
	test("or left to a device");
	begin();
	o.csum = SEGOFF_OUT_PARTIAL;
	eq(segoff_gso_init(&g, &pkt, &m, &o, NULL), 0);
	eq(segoff_gso_next(&g, out, sizeof(out)), sizeof(good));
	eq(ref_get32(out + CHECK), 0);
	mem_eq(out + 32, sizeof(out) - 32, good + 32, sizeof(good) - 32);
}

int main(void)
{
	test_walk();
	test_states();
	test_made_right();
	test_whole();
	return test_end();
}
