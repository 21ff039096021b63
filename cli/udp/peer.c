/* SPDX-License-Identifier: MIT */
/* peer.c - the other end: HOST:PORT, and addresses as people read them */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "../cli.h"

/* Cut HOST:PORT or [HOST]:PORT in two; false if it is neither. */
static bool cut(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');
	size_t len;

	if (!colon || colon == text)
		return false;
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	len = strlen(text);
	if (text[0] == '[' && text[len - 1] == ']') {
		text[len - 1] = '\0';
		(*host)++;
	} else if (strchr(text, ':')) {
		return false; /* an IPv6 address wants brackets */
	}
	return **host != '\0';
}

static int ask(const char *host, const char *port, struct peer *p)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
					.ai_socktype = SOCK_DGRAM,
					.ai_flags = AI_NUMERICSERV };
	struct addrinfo *found;
	int err = getaddrinfo(host, port, &hints, &found);

	if (err) {
		complain("%s: %s", host,
			 err == EAI_SYSTEM ? strerror(errno) :
					     gai_strerror(err));
		return STATUS_INPUT;
	}
	memcpy(&p->addr, found->ai_addr, found->ai_addrlen);
	p->len = found->ai_addrlen;
	freeaddrinfo(found);
	peer_text((struct sockaddr *)&p->addr, p->text);
	return 0;
}

int peer_resolve(const char *command, const char *text, struct peer *p)
{
	char copy[sizeof(p->name)], *host, *port;
	unsigned long number;

	memset(p, 0, sizeof(*p));
	snprintf(copy, sizeof(copy), "%s", text);
	if (strlen(text) >= sizeof(copy) || !cut(copy, &host, &port) ||
	    !parse_number(port, 1, 65535, &number))
		return usage_error(command,
				   "HOST:PORT or [IPv6-ADDRESS]:PORT is "
				   "wanted, not '%s'",
				   text);
	snprintf(p->name, sizeof(p->name), "%s", host);
	return ask(host, port, p);
}

bool peer_v4(const struct sockaddr *a)
{
	struct sockaddr_in6 six;

	if (a->sa_family == AF_INET)
		return true;
	memcpy(&six, a, sizeof(six));
	return IN6_IS_ADDR_V4MAPPED(&six.sin6_addr);
}

static unsigned int port_of(const struct sockaddr *a)
{
	struct sockaddr_in four; /* the port is at the same place in both */

	memcpy(&four, a, sizeof(four));
	return ntohs(four.sin_port);
}

static void host6(const struct sockaddr *a, char text[PEER_TEXT])
{
	char name[IF_NAMESIZE];
	struct sockaddr_in6 six;
	size_t len;

	memcpy(&six, a, sizeof(six));
	inet_ntop(AF_INET6, &six.sin6_addr, text, PEER_TEXT);
	len = strlen(text);
	if (six.sin6_scope_id && if_indextoname(six.sin6_scope_id, name))
		snprintf(text + len, PEER_TEXT - len, "%%%s", name);
}

void peer_host(const struct sockaddr *a, char text[PEER_TEXT])
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (a->sa_family == AF_INET) {
		memcpy(&four, a, sizeof(four));
		inet_ntop(AF_INET, &four.sin_addr, text, PEER_TEXT);
	} else if (peer_v4(a)) {
		memcpy(&six, a, sizeof(six));
		inet_ntop(AF_INET, six.sin6_addr.s6_addr + 12, text, PEER_TEXT);
	} else {
		host6(a, text);
	}
}

void peer_text(const struct sockaddr *a, char text[PEER_TEXT])
{
	char host[PEER_TEXT];
	bool v4 = peer_v4(a);

	peer_host(a, host);
	snprintf(text, PEER_TEXT, "%s%.*s%s:%u", v4 ? "" : "[", PEER_TEXT - 9,
		 host, v4 ? "" : "]", port_of(a));
}
