// SPDX-License-Identifier: MIT
/*
 * segoff_partial.c - a network device that takes partial frames (GSO_PARTIAL)
 *
 * Theory of operation
 * -------------------
 * The device part0 sends nothing. What the kernel hands to it, it hands to the
 * loopback device of its namespace, as if received there, behind a record of
 * what the kernel knows of the packet (record.h). A packet socket reads it.
 *
 * What the device takes is written to the module's parameter "offer". The
 * kernel's own rules for features that need others are applied to it.
 *
 * No sender outside the kernel can say TCP_FIXEDID, so the same parameter names
 * bits that superpackets get on their way, where they enter a bridge.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>

#include "record.h"

static struct net_device *part0;
static uint mark; /* bits of gso_type */

static netdev_features_t types(uint mask)
{
	return ((netdev_features_t)mask << NETIF_F_GSO_SHIFT) &
	       NETIF_F_GSO_MASK;
}

static void offer(uint native, uint partial, uint encap, uint sums)
{
	netdev_features_t base = NETIF_F_SG | NETIF_F_HIGHDMA | NETIF_F_LLTX |
				 (sums ? NETIF_F_HW_CSUM : 0);

	part0->gso_partial_features = types(partial);
	part0->hw_enc_features = base | types(encap);
	part0->features = base | types(native | partial);
	part0->vlan_features = part0->features;
	part0->mpls_features = part0->features;
	part0->hw_features = part0->features;
	part0->wanted_features = part0->features;
	netdev_update_features(part0);
}

static int offer_set(const char *text, const struct kernel_param *kp)
{
	uint native, partial, encap, sums, marked;

	if (sscanf(text, PARTIAL_OFFER, &native, &partial, &encap, &sums,
		   &marked) != 5)
		return -EINVAL;
	rtnl_lock();
	offer(native, partial, encap, sums);
	WRITE_ONCE(mark, marked);
	rtnl_unlock();
	return 0;
}

static const struct kernel_param_ops offer_ops = { .set = offer_set };

module_param_cb(offer, &offer_ops, NULL, 0200);
MODULE_PARM_DESC(offer, "types taken whole, as partial frames, in tunnels; "
			"checksums; types to be added");

/* Of TCP over IPv4: nothing else has identifications. */
static int mark_packet(struct sk_buff *skb, struct net_device *dev,
		       struct packet_type *type, struct net_device *orig)
{
	if (READ_ONCE(mark) && netif_is_bridge_port(dev) &&
	    skb->pkt_type != PACKET_OUTGOING && skb_is_gso(skb) &&
	    skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4)
		skb_shinfo(skb)->gso_type |= READ_ONCE(mark);
	consume_skb(skb);
	return 0;
}

static struct packet_type marker = {
	.type = cpu_to_be16(ETH_P_ALL),
	.func = mark_packet,
};

static void describe(struct partial_record *r, const struct sk_buff *skb)
{
	const struct skb_shared_info *gso = skb_shinfo(skb);

	memset(r, 0, sizeof(*r));
	r->features = (u32)((skb->dev->features & NETIF_F_GSO_MASK) >>
			    NETIF_F_GSO_SHIFT);
	r->gso_type = gso->gso_type;
	r->gso_size = gso->gso_size;
	r->gso_segs = gso->gso_segs;
	r->ip_summed = skb->ip_summed;
	r->encapsulation = skb->encapsulation;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		r->csum_start = (u16)skb_checksum_start_offset(skb);
		r->csum_offset = skb->csum_offset;
	}
	r->net_off = (u16)skb_network_offset(skb);
	r->th_off = (u16)skb_transport_offset(skb);
	r->inner_mac_off = (u16)(skb_inner_mac_header(skb) - skb->data);
	r->inner_net_off = (u16)skb_inner_network_offset(skb);
	r->inner_th_off = (u16)skb_inner_transport_offset(skb);
	r->inner_protocol = ntohs(skb->inner_protocol);
}

static netdev_tx_t partial_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct partial_record r;

	describe(&r, skb);
	if (skb_cow_head(skb, sizeof(r))) {
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	memcpy(skb_push(skb, sizeof(r)), &r, sizeof(r));
	skb_scrub_packet(skb, false);
	skb_orphan(skb);
	skb_gso_reset(skb);
	skb->encapsulation = 0;
	skb->ip_summed = CHECKSUM_NONE;
	skb->pkt_type = PACKET_HOST;
	skb->protocol = htons(PARTIAL_PROTOCOL);
	skb->dev = dev_net(dev)->loopback_dev;
	skb_reset_mac_header(skb);
	netif_rx(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops ops = {
	.ndo_start_xmit = partial_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

static void partial_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &ops;
	dev->max_mtu = ETH_MAX_MTU;
	netif_set_tso_max_size(dev, GSO_MAX_SIZE);
	dev->flags |= IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	eth_hw_addr_random(dev);
}

static int __init partial_init(void)
{
	int err;

	part0 = alloc_netdev(0, PARTIAL_DEVICE, NET_NAME_USER, partial_setup);
	if (!part0)
		return -ENOMEM;
	err = register_netdev(part0);
	if (err)
		free_netdev(part0);
	else
		dev_add_pack(&marker);
	return err;
}

static void __exit partial_exit(void)
{
	dev_remove_pack(&marker);
	unregister_netdev(part0);
	free_netdev(part0);
}

module_init(partial_init);
module_exit(partial_exit);
MODULE_DESCRIPTION("a device that takes partial frames, to show them");
MODULE_LICENSE("Dual MIT/GPL");
