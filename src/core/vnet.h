/* SPDX-License-Identifier: MIT */
/* vnet.h - the layout of struct virtio_net_hdr (linux/virtio_net.h) */
#ifndef SEGOFF_CORE_VNET_H
#define SEGOFF_CORE_VNET_H

#include <segoff/meta.h>

#include "bytes.h"

#define VNET_PLAIN  10 /* flags .. csum_offset */
#define VNET_MRG    12 /* + num_buffers */
#define VNET_HASH   20 /* + hash */
#define VNET_TUNNEL 24 /* + outer_th_offset, inner_nh_offset */

#define VNET_AT_HDR_LEN	    2
#define VNET_AT_GSO_SIZE    4
#define VNET_AT_CSUM_START  6
#define VNET_AT_CSUM_OFFSET 8
#define VNET_AT_OUTER_TH    20
#define VNET_AT_INNER_NH    22

#define VNET_GSO_TUNNEL \
	(SEGOFF_VNET_GSO_UDP_TUNNEL_IPV4 | SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6)

#endif
