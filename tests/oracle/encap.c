/* SPDX-License-Identifier: MIT */
/* encap.c - superpackets that the kernel puts into a tunnel */
#include "encap.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <net/if.h>
#include <sys/syscall.h>

#include "net.h"
#include "wire.h"

#define TCX_INGRESS 46 /* BPF_TCX_INGRESS, Linux 6.6 */
#define TCX_DROP    2
#define WHOLE_MOST  16064 /* SKB_MAX_ALLOC: above that only superpackets */

/* The map's only value: what to put before a packet. */
struct value {
	uint32_t len;
	uint32_t unused;
	uint64_t flags;
	uint8_t type[8];
	uint8_t headers[ENCAP_MOST];
};

static int map = -1;

static int bpf(int what, union bpf_attr *attr, size_t size)
{
	return (int)syscall(SYS_bpf, what, attr, size);
}

/* clang-format off */
#define INSN(c, d, s, o, i) { (c), (d), (s), (o), (i) }
#define MOV(d, s)	  INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define MOV_N(d, n)	  INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, n)
#define ADD_N(d, n)	  INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, n)
#define LOAD(w, d, s, o)  INSN(BPF_LDX | (w) | BPF_MEM, d, s, o, 0)
#define STORE_N(d, o, n)  INSN(BPF_ST | BPF_W | BPF_MEM, d, 0, o, n)
#define IF_N(op, d, n, o) INSN(BPF_JMP | (op) | BPF_K, d, 0, o, n)
#define CALL(f)		  INSN(BPF_JMP | BPF_CALL, 0, 0, 0, f)
#define EXIT		  INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define WIRE16(n) (n)
#else
#define WIRE16(n) (((n) & 0xff) << 8 | (n) >> 8)
#endif

enum { R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10 };

/* Where in the program: what has the map, and where it ends. */
enum { MAP_AT = 2, PASS = 35, DROP = 37 };

/*
 * value = map_lookup(0)
 * if (!value || !value->len || not IP)
 *	pass
 * if (adjust_room(skb, value->len, ROOM_MAC, value->flags))
 *	drop
 * store_bytes(skb, ETH_LEN, value->headers, value->len)
 * store_bytes(skb, ETH_LEN - 2, value->type, 2)
 */
static struct bpf_insn program[] = {
	MOV(R6, R1),
	STORE_N(R10, -4, 0),
	INSN(BPF_LD | BPF_DW | BPF_IMM, R1, BPF_PSEUDO_MAP_FD, 0, 0),
	INSN(0, 0, 0, 0, 0),
	MOV(R2, R10),
	ADD_N(R2, -4),
	CALL(BPF_FUNC_map_lookup_elem),
	IF_N(BPF_JEQ, R0, 0, PASS - 8),
	MOV(R7, R0),
	LOAD(BPF_W, R8, R7, offsetof(struct value, len)),
	IF_N(BPF_JEQ, R8, 0, PASS - 11),
	IF_N(BPF_JGT, R8, ENCAP_MOST, PASS - 12),
	LOAD(BPF_W, R1, R6, offsetof(struct __sk_buff, protocol)),
	IF_N(BPF_JEQ, R1, WIRE16(0x0800), 1),
	IF_N(BPF_JNE, R1, WIRE16(0x86dd), PASS - 15),
	MOV(R1, R6),
	MOV(R2, R8),
	MOV_N(R3, BPF_ADJ_ROOM_MAC),
	LOAD(BPF_DW, R4, R7, offsetof(struct value, flags)),
	CALL(BPF_FUNC_skb_adjust_room),
	IF_N(BPF_JNE, R0, 0, DROP - 21),
	MOV(R1, R6),
	MOV_N(R2, ETH_LEN),
	MOV(R3, R7),
	ADD_N(R3, offsetof(struct value, headers)),
	MOV(R4, R8),
	MOV_N(R5, 0),
	CALL(BPF_FUNC_skb_store_bytes),
	MOV(R1, R6),
	MOV_N(R2, ETH_LEN - 2),
	MOV(R3, R7),
	ADD_N(R3, offsetof(struct value, type)),
	MOV_N(R4, 2),
	MOV_N(R5, 0),
	CALL(BPF_FUNC_skb_store_bytes),
	MOV_N(R0, 0), /* PASS */
	EXIT,
	MOV_N(R0, TCX_DROP), /* DROP */
	EXIT,
};
/* clang-format on */

static int make_map(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY,
				.key_size = sizeof(uint32_t),
				.value_size = sizeof(struct value),
				.max_entries = 1 };

	return bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int load_program(void)
{
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SCHED_CLS,
				.insns = (uint64_t)(uintptr_t)program,
				.insn_cnt = LENGTH(program),
				.license = (uint64_t)(uintptr_t) "MIT" };

	program[MAP_AT].imm = map;
	return bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

/* The link lives as long as its descriptor, which is to say this program. */
static int attach(int prog, const char *name)
{
	union bpf_attr attr = { 0 };

	attr.link_create.prog_fd = (uint32_t)prog;
	attr.link_create.target_ifindex = if_nametoindex(name);
	attr.link_create.attach_type = TCX_INGRESS;
	return bpf(BPF_LINK_CREATE, &attr, sizeof(attr));
}

const char *encap_open(const char *name)
{
	int prog;

	map = make_map();
	if (map < 0)
		return "no right to make a BPF map (needs root)";
	prog = load_program();
	if (prog < 0)
		return "no right to load a BPF program (needs root)";
	if (attach(prog, name) < 0)
		return "no BPF programs on devices (TCX, Linux 6.6)";
	return NULL;
}

static uint32_t encap_len(const struct superpacket *sp)
{
	return sp->l3 - sp->outer_l3;
}

static uint64_t room_flags(const struct superpacket *sp)
{
	uint32_t l2 = sp->l3 - sp->inner_l2;
	uint64_t flags = sp->shrink ? 0 : BPF_F_ADJ_ROOM_FIXED_GSO;

	flags |= sp->kind->version == 4 ? BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 :
					  BPF_F_ADJ_ROOM_ENCAP_L3_IPV6;
	if (sp->outer_gso == SEGOFF_GSO_GRE)
		flags |= BPF_F_ADJ_ROOM_ENCAP_L4_GRE;
	if (sp->outer_gso == SEGOFF_GSO_UDP_TUNNEL)
		flags |= BPF_F_ADJ_ROOM_ENCAP_L4_UDP;
	if (sp->teb)
		flags |= BPF_F_ADJ_ROOM_ENCAP_L2_ETH;
	return flags | (uint64_t)l2 << BPF_ADJ_ROOM_ENCAP_L2_SHIFT;
}

void encap_set(const struct superpacket *sp)
{
	static struct value value;
	uint32_t key = 0;
	union bpf_attr attr = { .map_fd = (uint32_t)map,
				.key = (uint64_t)(uintptr_t)&key,
				.value = (uint64_t)(uintptr_t)&value };

	value.len = sp ? encap_len(sp) : 0;
	if (sp) {
		value.flags = room_flags(sp);
		memcpy(value.type, sp->frame + sp->outer_l3 - 2, 2);
		memcpy(value.headers, sp->frame + sp->outer_l3, value.len);
	}
	if (bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr)))
		net_die("BPF_MAP_UPDATE_ELEM");
}

void encap_inner(const struct superpacket *sp, struct superpacket *to)
{
	static uint8_t frame[FRAME_MAX];
	uint32_t link = sp->outer_l3, by = encap_len(sp);

	*to = *sp;
	to->frame = frame;
	to->len = sp->len - by;
	memcpy(frame, sp->frame, link);
	memcpy(frame + link, sp->frame + sp->l3, sp->len - sp->l3);
	put16(frame + link - 2, sp->version == 4 ? 0x0800 : 0x86dd);
	to->l3 -= by;
	to->l4 -= by;
	to->payload -= by;
	move_le16(to->vnet + VNET_HDR_LEN, by);
	move_le16(to->vnet + VNET_CSUM_START, by);
}

/* As bpf_skb_net_grow() has it: only these superpackets, and not all frames. */
static bool grows(const struct superpacket *sp, const struct segoff_meta *m)
{
	if (!m->gso_size)
		return sp->len <= WHOLE_MOST;
	if (m->gso_type & (SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6))
		return true;
	return m->gso_type & SEGOFF_GSO_UDP_L4 && !sp->shrink;
}

bool encap_meta(const struct superpacket *sp, struct segoff_meta *m)
{
	uint16_t by = (uint16_t)encap_len(sp);

	if (!grows(sp, m))
		return false;
	m->encapsulation = true;
	m->protocol = sp->kind->version == 4 ? 0x0800 : 0x86dd;
	m->net_off = (uint16_t)sp->outer_l3;
	m->th_off = (uint16_t)sp->outer_l4;
	m->inner_mac_off = (uint16_t)(sp->inner_l2 < sp->l3 ? sp->inner_l2 : 0);
	m->inner_net_off = (uint16_t)sp->l3;
	m->inner_th_off = (uint16_t)sp->l4;
	m->inner_protocol = sp->teb	     ? 0x6558 :
			    sp->version == 4 ? 0x0800 :
					       0x86dd;
	if (m->ip_summed == SEGOFF_CHECKSUM_PARTIAL)
		m->csum_start = (uint16_t)(m->csum_start + by);
	if (!m->gso_size)
		return true;
	m->gso_type |= sp->outer_gso | SEGOFF_GSO_DODGY;
	m->gso_segs = 0;
	if (sp->shrink)
		m->gso_size = (uint16_t)(m->gso_size - by);
	return true;
}
