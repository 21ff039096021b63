/* SPDX-License-Identifier: MIT */
/* rewrite.c - somebody who rewrites headers between GRO and GSO */
#include "rewrite.h"

#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <net/if.h>
#include <sys/syscall.h>

#include "random.h"
#include "wire.h"

#define TCX_EGRESS 47 /* BPF_TCX_EGRESS, Linux 6.6 */
#define TYPE_AT	   12
#define TCP	   6
#define UDP	   17

/* Bits of the destination port. */
#define DO_ADDRESS 1
#define DO_PORT	   2
#define DO_TTL	   4

static const uint8_t address[4] = { 10, 9, 8, 7 };
static const uint8_t port[2] = { 0x12, 0x34 };
static const uint8_t ttl = 33;

/* Where it all is, for each IP version without options or extensions. */
struct places {
	uint16_t type;
	uint8_t first; /* what the first byte of the header is, or 0: anything */
	uint8_t protocol;
	uint8_t flags; /* the low byte of the destination port */
	uint8_t address;
	uint8_t port;
	uint8_t ttl;
};

static const struct places places[] = {
	{ 0x0800, 0x45, 23, 37, 30, 34, 22 },
	{ 0x86dd, 0, 20, 57, 38, 54, 21 },
};

void rewrite_frame(uint8_t *f, size_t len)
{
	for (size_t i = 0; i < LENGTH(places); i++) {
		const struct places *p = &places[i];

		if (len <= p->flags || get16(f + TYPE_AT) != p->type ||
		    (p->first && f[14] != p->first) ||
		    (f[p->protocol] != TCP && f[p->protocol] != UDP))
			continue;
		if (f[p->flags] & DO_TTL)
			f[p->ttl] = ttl;
		if (f[p->flags] & DO_ADDRESS)
			memcpy(f + p->address, address, sizeof(address));
		if (f[p->flags] & DO_PORT)
			memcpy(f + p->port, port, sizeof(port));
		return;
	}
}

/* A program in the making. */
struct program {
	struct bpf_insn insn[128];
	unsigned int n;
};

static void add(struct program *p, uint8_t code, uint8_t dst, uint8_t src,
		int16_t off, int32_t imm)
{
	p->insn[p->n++] =
		(struct bpf_insn){ code, dst & 15u, src & 15u, off, imm };
}

/* r0: bytes of the frame; beyond its end the program ends. */
static void load(struct program *p, uint8_t size, uint8_t at)
{
	add(p, BPF_LD | BPF_ABS | size, 0, 0, 0, at);
}

static void leave(struct program *p)
{
	add(p, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0);
	add(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* bpf_skb_store_bytes() if this bit is set in r7. */
static void store(struct program *p, int32_t bit, uint8_t at,
		  const uint8_t *from, uint8_t n)
{
	uint32_t value = 0;

	memcpy(&value, from, n);
	add(p, BPF_JMP | BPF_JSET | BPF_K, BPF_REG_7, 0, 1, bit);
	add(p, BPF_JMP | BPF_JA, 0, 0, 8, 0);
	add(p, BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, -8, (int32_t)value);
	add(p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_6, 0, 0);
	add(p, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, at);
	add(p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_10, 0, 0);
	add(p, BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_3, 0, 0, -8);
	add(p, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_4, 0, 0, n);
	add(p, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_5, 0, 0, 0);
	add(p, BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_skb_store_bytes);
}

/* End here unless r0 is this value. */
static void must_be(struct program *p, int32_t value)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 2, value);
	leave(p);
}

static void rewrite_version(struct program *p, const struct places *at)
{
	unsigned int skip;

	load(p, BPF_H, TYPE_AT);
	skip = p->n;
	add(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0, 0, at->type);
	if (at->first) {
		load(p, BPF_B, 14);
		must_be(p, at->first);
	}
	load(p, BPF_B, at->protocol);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 3, TCP);
	must_be(p, UDP);
	load(p, BPF_B, at->flags);
	add(p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_7, BPF_REG_0, 0, 0);
	store(p, DO_TTL, at->ttl, &ttl, 1);
	store(p, DO_ADDRESS, at->address, address, sizeof(address));
	store(p, DO_PORT, at->port, port, sizeof(port));
	leave(p);
	p->insn[skip].off = (int16_t)(p->n - skip - 1);
}

static int bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

bool rewrite_attach(const char *name)
{
	static struct program p;
	union bpf_attr attr;
	int fd;

	add(&p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_6, BPF_REG_1, 0, 0);
	for (size_t i = 0; i < LENGTH(places); i++)
		rewrite_version(&p, &places[i]);
	leave(&p);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SCHED_CLS;
	attr.insns = (uintptr_t)p.insn;
	attr.insn_cnt = p.n;
	attr.license = (uintptr_t) "";
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		return false;
	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (uint32_t)fd;
	attr.link_create.target_ifindex = if_nametoindex(name);
	attr.link_create.attach_type = TCX_EGRESS;
	/* it stays as long as this descriptor does: until the end */
	return bpf(BPF_LINK_CREATE, &attr) >= 0;
}
