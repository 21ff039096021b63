/* SPDX-License-Identifier: MIT */
/*
 * vlan.bpf.c - VLAN 7 for what is said with 10.8.1.1, on kernels without VLAN
 * devices: attached to both ends of a veth with tc
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#define SEC(name) __attribute__((section(name), used))

static long (*vlan_push)(void *skb, __be16 proto, __u16 tci) = (void *)18;
static long (*vlan_pop)(void *skb) = (void *)19;

/* Is 10.8.1.1 an end of this IPv4 packet? */
static int ours(struct __sk_buff *skb)
{
	__u8 *p = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u8 want[4] = { 10, 8, 1, 1 };
	int src = 1, dst = 1;

	if (p + 34 > end || p[12] != 8 || p[13] != 0)
		return 0;
	for (int i = 0; i < 4; i++) {
		src &= p[26 + i] == want[i];
		dst &= p[30 + i] == want[i];
	}
	return src | dst;
}

SEC("tc_push") int push(struct __sk_buff *skb)
{
	if (ours(skb))
		vlan_push(skb, __builtin_bswap16(0x8100), 7);
	return TC_ACT_OK;
}

SEC("tc_pop") int pop(struct __sk_buff *skb)
{
	if (skb->vlan_present)
		vlan_pop(skb);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual MIT/GPL";
