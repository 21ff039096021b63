/* SPDX-License-Identifier: MIT */
/* segoff/udp_sys.h - system calls that the UDP functions use, and limits */
#ifndef SEGOFF_UDP_SYS_H
#define SEGOFF_UDP_SYS_H

#include <sys/socket.h>
#include <netinet/in.h>

#include <segoff/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mmsghdr; /* <sys/socket.h> has it with _GNU_SOURCE */

/* What the kernel takes (udp_send_skb(), udpv6_sendmsg()). */
#define SEGOFF_UDP_BYTES_V4 65507 /* payload of a message; v4-mapped, too */
#define SEGOFF_UDP_BYTES_V6 65527
#define SEGOFF_UDP_SEGS	    128 /* datagrams of a train; 64 before 2024 */
#define SEGOFF_UDP_SEGS_OLD 64
#define SEGOFF_UDP_BUFFER   65535 /* what a receive buffer must hold */

/**
 * struct segoff_udp_sys - the system calls that are used
 * @ctx: handed to each
 * @sendmmsg: sendmmsg(2); may be -ENOSYS, then @sendmsg is used
 * @sendmsg: sendmsg(2)
 * @sendto: sendto(2); @to NULL: send(2)
 * @recvmmsg: recvmmsg(2) without timeout; may be -ENOSYS, then @recvmsg is used
 * @recvmsg: recvmsg(2)
 * @setsockopt: setsockopt(2)
 * @getsockopt: getsockopt(2)
 * @getpeername: getpeername(2)
 * @now: nanoseconds of a clock that never goes back
 *
 * Each returns what the call returns, or a negative errno in place of -1.
 * To inject faults, or to send by other means.
 */
struct segoff_udp_sys {
	void *ctx;
	int (*sendmmsg)(void *ctx, int fd, struct mmsghdr *m, unsigned int n,
			int flags);
	ssize_t (*sendmsg)(void *ctx, int fd, const struct msghdr *m,
			   int flags);
	ssize_t (*sendto)(void *ctx, int fd, const void *buf, size_t len,
			  int flags, const struct sockaddr *to,
			  socklen_t tolen);
	int (*recvmmsg)(void *ctx, int fd, struct mmsghdr *m, unsigned int n,
			int flags);
	ssize_t (*recvmsg)(void *ctx, int fd, struct msghdr *m, int flags);
	int (*setsockopt)(void *ctx, int fd, int level, int name,
			  const void *value, socklen_t len);
	int (*getsockopt)(void *ctx, int fd, int level, int name, void *value,
			  socklen_t *len);
	int (*getpeername)(void *ctx, int fd, struct sockaddr *addr,
			   socklen_t *len);
	uint64_t (*now)(void *ctx);
};

/**
 * segoff_udp_sys_libc() - the system's own calls, CLOCK_MONOTONIC
 *
 * Return: static; @ctx is not used.
 */
SEGOFF_API const struct segoff_udp_sys *segoff_udp_sys_libc(void);

#ifdef __cplusplus
}
#endif

#endif
