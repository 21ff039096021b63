/* SPDX-License-Identifier: MIT */
/* reason.c - a name and an English sentence for states and reasons */
#include <segoff/udp_path.h>

static const char *const states[SEGOFF_UDP_STATES] = {
	[SEGOFF_UDP_INACTIVE] = "inactive",
	[SEGOFF_UDP_ACTIVE] = "active",
	[SEGOFF_UDP_PROBE] = "probe",
	[SEGOFF_UDP_DISABLED] = "disabled",
};

static const struct {
	const char *name;
	const char *text;
} words[SEGOFF_UDP_REASONS] = {
	[SEGOFF_UDP_R_NEW] = { "new", "nothing was tried yet" },
	[SEGOFF_UDP_R_TRAIN] = { "train", "equal datagrams wait, so "
					  "UDP_SEGMENT is used" },
	[SEGOFF_UDP_R_PROBE_EIO] = { "probe-eio",
				     "UDP_SEGMENT gave EIO: the same data is "
				     "tried without it" },
	[SEGOFF_UDP_R_PROBE_EINVAL] = { "probe-einval",
					"UDP_SEGMENT gave EINVAL: the same "
					"data is tried without it" },
	[SEGOFF_UDP_R_PROBE_EPERM] = { "probe-eperm",
				       "UDP_SEGMENT gave EPERM: the same data "
				       "is tried without it" },
	[SEGOFF_UDP_R_PROBE_OTHER] = { "probe-other",
				       "UDP_SEGMENT failed: the same data is "
				       "tried without it" },
	[SEGOFF_UDP_R_INNOCENT] = { "innocent",
				    "plain datagrams fail, too: it is not "
				    "UDP_SEGMENT's fault" },
	[SEGOFF_UDP_R_EIO] = { "eio",
			       "only UDP_SEGMENT gives EIO: the device has "
			       "no checksum offload (Linux before 6.11), or "
			       "IPsec is on the route" },
	[SEGOFF_UDP_R_EINVAL] = { "einval",
				  "only UDP_SEGMENT gives EINVAL: checksums "
				  "are switched off on the socket, or the "
				  "datagrams are above the MTU (Linux before "
				  "6.14)" },
	[SEGOFF_UDP_R_EPERM] = { "eperm",
				 "only UDP_SEGMENT gives EPERM: a firewall "
				 "looks at the length of the unsplit packet" },
	[SEGOFF_UDP_R_OTHER] = { "other",
				 "UDP_SEGMENT fails where plain datagrams "
				 "pass" },
	[SEGOFF_UDP_R_SIZE] = { "size",
				"datagrams of that size do not fit the "
				"path's MTU; smaller ones leave in trains" },
	[SEGOFF_UDP_R_BYTES] = { "bytes",
				 "IP options leave less room in a message; "
				 "trains are made shorter" },
	[SEGOFF_UDP_R_SEGS] = { "segs",
				"more than 64 datagrams in a train were "
				"refused; 64 are tried" },
	[SEGOFF_UDP_R_WAIT] = { "wait", "the socket has no room, or a signal "
					"came" },
	[SEGOFF_UDP_R_NOBUFS] = { "nobufs", "a queue or a memory limit is "
					    "full" },
	[SEGOFF_UDP_R_EARLIER] = { "earlier",
				   "an error of the route, or of a datagram "
				   "that was sent earlier" },
	[SEGOFF_UDP_R_AGED] = { "aged", "time has passed: what was learnt is "
					"tried again" },
	[SEGOFF_UDP_R_ROUTE] = { "route", "the route has changed: what was "
					  "learnt is forgotten" },
	[SEGOFF_UDP_R_LOSS] = { "loss", "trains were taken and did not "
					"arrive" },
	[SEGOFF_UDP_R_OFF] = { "off", "switched off by the program" },
	[SEGOFF_UDP_R_ON] = { "on", "switched on by the program" },
	[SEGOFF_UDP_R_KERNEL] = { "kernel", "this kernel has no "
					    "UDP_SEGMENT" },
};

const char *segoff_udp_state_name(unsigned int s)
{
	return s < SEGOFF_UDP_STATES ? states[s] : "?";
}

const char *segoff_udp_reason_name(unsigned int r)
{
	return r < SEGOFF_UDP_REASONS ? words[r].name : "?";
}

const char *segoff_udp_reason_str(unsigned int r)
{
	return r < SEGOFF_UDP_REASONS ? words[r].text : "?";
}
