/* SPDX-License-Identifier: MIT */
/* sctp_pack.c - chunks into members, and found again (R-SCTP-3, R-SCTP-4) */
#include <errno.h>
#include <segoff.h>

#include "../ref/ref.h"
#include "../test.h"

#define CHUNKS_MAX 64

static uint8_t bytes[70000], room[80000];
static size_t used;
static struct iovec chunk[CHUNKS_MAX], member[CHUNKS_MAX];
static size_t nchunk;
static struct segoff_sctp_packed packed;
static struct segoff_sctp_path path;
static size_t covered[CHUNKS_MAX], calls;

/* Says how much it was given, and that the field was zero. */
static void count_hmac(void *arg, uint8_t *auth, size_t len)
{
	ok(arg == &calls);
	covered[calls++] = len;
	for (size_t i = 8; i < ref_get16(auth + 2); i++) {
		eq(auth[i], 0);
		auth[i] = (uint8_t)(0xa0 + calls);
	}
}

/* A path of 100 bytes behind headers of 32: 68 for chunks. */
static void begin(void)
{
	path = (struct segoff_sctp_path){ .sz = sizeof(path),
					  .pathmtu = 100,
					  .overhead = 32,
					  .hmac = count_hmac,
					  .arg = &calls };
	nchunk = used = calls = 0;
	memset(room, 0xee, sizeof(room));
}

static void add(uint8_t type, uint16_t len)
{
	uint8_t *p = bytes + used;

	memset(p, 0x60 + (int)nchunk, len);
	p[0] = type;
	p[1] = 3;
	ref_put16(p + 2, len);
	chunk[nchunk++] = (struct iovec){ p, len };
	used += len;
}

static int pack(void)
{
	return segoff_sctp_pack(&path, chunk, nchunk, room, sizeof(room),
				member, CHUNKS_MAX, &packed);
}

/* Packed, with so many chunks taken into so many members. */
static void packed_are(size_t chunks, size_t members)
{
	eq(pack(), 0);
	eq(packed.chunks, chunks);
	eq(packed.members, members);
}

static void test_filling(void)
{
	test("R-SCTP-3 members are filled in order, up to the path MTU");
	begin();
	add(0, 20);
	add(0, 48);
	add(0, 20);
	add(0, 16);
	packed_are(4, 2);
	eq(member[0].iov_len, 68);
	eq(member[1].iov_len, 36);
	mem_eq(member[0].iov_base, 20, chunk[0].iov_base, 20);
	mem_eq((uint8_t *)member[1].iov_base + 20, 16, chunk[3].iov_base, 16);
	eq(packed.fragment, false);
	test("R-SCTP-3 chunks are padded, with zeros");
	begin();
	add(0, 17);
	add(0, 18);
	packed_are(2, 1);
	eq(member[0].iov_len, 40);
	mem_eq(room + 17, 3, "\0\0\0", 3);
	mem_eq(room + 38, 3, "\0\0\xee", 3);
	test("R-SCTP-3 padding counts");
	begin();
	add(0, 49);
	add(0, 16);
	add(0, 20);
	packed_are(3, 2);
	eq(member[0].iov_len, 68);
	test("nothing to pack");
	begin();
	packed_are(0, 0);
}

static void test_auth(void)
{
	test("R-SCTP-4 AUTH leads every member, its HMAC about that one");
	begin();
	add(15, 28);
	for (unsigned int i = 0; i < 3; i++)
		add(0, 40);
	packed_are(4, 3);
	eq(calls, 3);
	for (unsigned int i = 0; i < 3; i++) {
		const uint8_t *m = member[i].iov_base;

		eq(member[i].iov_len, 68);
		eq(m[0], 15);
		eq(m[28], 0);
		eq(covered[i], 68);
		eq(m[8], 0xa1 + i);
		mem_eq(m, 8, chunk[0].iov_base, 8);
	}
	test("R-SCTP-4 what precedes AUTH is not covered");
	begin();
	add(3, 16);
	add(15, 28);
	add(0, 24);
	add(0, 40);
	packed_are(4, 2);
	eq(((uint8_t *)member[0].iov_base)[0], 3);
	eq(((uint8_t *)member[1].iov_base)[0], 15);
	eq(covered[0], 28 + 24);
	eq(covered[1], 28 + 40);
	test("one AUTH chunk in a superpacket");
	begin();
	add(15, 28);
	add(0, 20);
	add(15, 28);
	add(0, 20);
	packed_are(2, 1);
	test("AUTH and one more that do not fit");
	begin();
	add(15, 28);
	add(0, 44);
	eq(pack(), -EMSGSIZE);
	test("AUTH stays with what it is for");
	begin();
	add(0, 20);
	add(15, 28);
	add(0, 44);
	packed_are(1, 1);
}

static void test_large(void)
{
	test("R-SCTP-3 a chunk too large for a packet is in no superpacket");
	begin();
	add(0, 20);
	add(0, 69);
	add(0, 20);
	packed_are(1, 1);
	eq(packed.fragment, false);
	test("R-SCTP-3 but alone, to be sent in IP fragments");
	begin();
	add(0, 69);
	add(0, 20);
	packed_are(1, 1);
	eq(member[0].iov_len, 72);
	eq(packed.fragment, true);
	test("no room for any chunk at all");
	begin();
	path.pathmtu = 20;
	add(3, 16);
	packed_are(1, 1);
	eq(packed.fragment, true);
}

static void test_ceilings(void)
{
	test("R-SCTP-3 no more than max_size, the headers counted once");
	begin();
	path.max_size = 32 + 68 + 20;
	add(0, 68);
	add(0, 20);
	add(0, 16);
	packed_are(2, 2);
	path.max_size--;
	packed_are(1, 1);
	test("R-SCTP-3 no more than 65,536");
	begin();
	path.pathmtu = 10032;
	path.max_size = 1 << 20;
	for (unsigned int i = 0; i < 6; i++)
		add(0, 10000);
	add(0, 5508);
	packed_are(6, 6);
	test("R-SCTP-3 no more than congestion allows");
	begin();
	path.window = 32 + 68 + 20;
	add(0, 68);
	add(0, 20);
	add(0, 16);
	packed_are(2, 2);
	test("R-SCTP-3 but one packet goes in any case");
	begin();
	path.window = path.max_size = 10;
	add(0, 40);
	add(0, 28);
	add(0, 16);
	packed_are(2, 1);
	test("R-SCTP-3 a control chunk does not join data above the path MTU");
	begin();
	add(0, 60);
	add(3, 16);
	add(0, 20);
	packed_are(1, 1);
	test("R-SCTP-3 data does, and control chunks among themselves");
	begin();
	add(3, 60);
	add(3, 16);
	add(64, 60);
	packed_are(3, 3);
	eq(member[1].iov_len, 16);
}

static void test_refused(void)
{
	test("a length field that is not the length");
	begin();
	add(0, 20);
	chunk[0].iov_len = 24;
	eq(pack(), -EINVAL);
	test("less than a chunk");
	chunk[0].iov_len = 3;
	eq(pack(), -EINVAL);
	test("AUTH without room for an HMAC, or nobody to make one");
	begin();
	add(15, 7);
	add(0, 20);
	eq(pack(), -EINVAL);
	begin();
	add(15, 28);
	add(0, 20);
	path.hmac = NULL;
	eq(pack(), -EINVAL);
	test("options without a size");
	path.sz = 0;
	eq(pack(), -EINVAL);
	test("no room for the members, or for where they are");
	begin();
	add(0, 68);
	add(0, 20);
	eq(segoff_sctp_pack(&path, chunk, 2, room, 87, member, 2, &packed),
	   -ENOSPC);
	eq(room[87], 0xee);
	eq(segoff_sctp_pack(&path, chunk, 2, room, 88, member, 1, &packed),
	   -ENOSPC);
	eq(segoff_sctp_pack(&path, chunk, 2, room, 88, member, 2, &packed), 0);
}

/* A flat packet of what was added, each chunk padded. */
static uint8_t flat[70000];
static struct iovec whole = { flat, 0 };
static struct segoff_pkt pkt = { &whole, 1, SEGOFF_LINK_RAW };
static struct segoff_stack st;
static enum segoff_verdict why;

static void flatten(void)
{
	size_t at = 32;

	memset(flat, 0, sizeof(flat));
	for (size_t i = 0; i < nchunk; i++) {
		memcpy(flat + at, chunk[i].iov_base, chunk[i].iov_len);
		at += (chunk[i].iov_len + 3) & ~(size_t)3;
	}
	flat[0] = 0x45;
	flat[9] = 132;
	ref_put16(flat + 2, at);
	whole.iov_len = at;
	segoff_dissect(&pkt, &st);
}

static ssize_t cut(void)
{
	segoff_dissect(&pkt, &st);
	return segoff_sctp_members(&pkt, &st, 100, member, CHUNKS_MAX, &why);
}

static void not_cut(enum segoff_verdict want)
{
	eq(cut(), -EINVAL);
	eq(why, want);
}

static void test_found(void)
{
	test("a flat superpacket is cut where chunks do not fit any more");
	begin();
	add(0, 49);
	add(0, 16);
	add(0, 20);
	flatten();
	eq(cut(), 3);
	eq(member[0].iov_len, 32);
	ok(member[1].iov_base == flat + 32);
	eq(member[1].iov_len, 68);
	eq(member[2].iov_len, 20);
	eq(segoff_sctp_members(&pkt, &st, 100, NULL, 0, NULL), 3);
	test("and before a second AUTH chunk");
	begin();
	add(15, 8);
	add(0, 16);
	add(15, 8);
	add(0, 16);
	add(0, 20);
	flatten();
	eq(cut(), 3);
	eq(member[1].iov_len, 24);
	eq(member[2].iov_len, 44);
	test("the last chunk may lack its padding");
	begin();
	add(0, 68);
	add(0, 17);
	flatten();
	whole.iov_len -= 3;
	ref_put16(flat + 2, whole.iov_len);
	eq(cut(), 3);
	eq(member[2].iov_len, 17);
}

static void test_not_found(void)
{
	test("a chunk larger than the MTU allows");
	begin();
	add(0, 20);
	add(0, 72);
	flatten();
	not_cut(SEGOFF_V_MTU_LIMIT);
	test("an impossible length of a chunk: none, too much, cut short");
	begin();
	add(0, 20);
	add(0, 20);
	flatten();
	ref_put16(flat + 32 + 22, 3);
	not_cut(SEGOFF_V_SCTP_CHUNK);
	ref_put16(flat + 32 + 22, 21);
	not_cut(SEGOFF_V_SCTP_CHUNK);
	ref_put16(flat + 32 + 22, 20);
	whole.iov_len = 32 + 20 + 3;
	ref_put16(flat + 2, whole.iov_len);
	not_cut(SEGOFF_V_SCTP_CHUNK);
	test("bytes behind the IP packet");
	flatten();
	whole.iov_len += 2;
	not_cut(SEGOFF_V_TRAILER);
	test("no SCTP");
	flat[9] = 17;
	not_cut(SEGOFF_V_TRANSPORT);
	flat[9] = 1;
	not_cut(SEGOFF_V_TRANSPORT);
}

static void test_inferred(void)
{
	struct segoff_hints h = { .sz = sizeof(h), .mtu = 100 };
	struct segoff_meta m;

	test("segoff_infer() says so");
	begin();
	add(0, 60);
	add(0, 20);
	flatten();
	eq(segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &m),
	   SEGOFF_V_FROM_MTU);
	eq(m.gso_size, SEGOFF_GSO_BY_FRAGS);
	eq(m.gso_type, SEGOFF_GSO_SCTP);
	eq(m.th_off, 20);
	test("or why not");
	h.mtu = 90;
	eq(segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &m),
	   SEGOFF_V_MTU_LIMIT);
	eq(m.gso_size, 0);
	h.mtu = 112;
	eq(segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &m),
	   SEGOFF_V_WIRE_SIZE);
}

int main(void)
{
	test_filling();
	test_auth();
	test_large();
	test_ceilings();
	test_refused();
	test_found();
	test_not_found();
	test_inferred();
	return test_end();
}
