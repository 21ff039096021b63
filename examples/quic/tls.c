/* SPDX-License-Identifier: MIT */
/* tls.c - the TLS session of a QUIC connection */
#include "tls.h"
#include "wire.h"

#include <ngtcp2/ngtcp2_crypto_gnutls.h>
#include <stdbool.h>

#define PRIORITY                                                  \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:" \
	"%DISABLE_TLS13_COMPAT_MODE"

static void must(const char *what, int err)
{
	if (err < 0)
		die(what, gnutls_strerror(err));
}

static void configure(struct tls *t, bool server)
{
	int err = server ? ngtcp2_crypto_gnutls_configure_server_session(
				   t->session) :
			   ngtcp2_crypto_gnutls_configure_client_session(
				   t->session);

	if (err)
		die("TLS", "the session cannot be configured for QUIC");
	if (!server)
		gnutls_session_set_verify_cert(t->session, NULL, 0);
}

void tls_open(struct tls *t, const char *cert, const char *key, void *ref)
{
	static unsigned char name[] = "segoff-example";
	gnutls_datum_t alpn = { name, sizeof(name) - 1 };

	must("TLS", gnutls_certificate_allocate_credentials(&t->credentials));
	if (key)
		must(cert,
		     gnutls_certificate_set_x509_key_file(
			     t->credentials, cert, key, GNUTLS_X509_FMT_PEM));
	else
		must(cert, gnutls_certificate_set_x509_trust_file(
				   t->credentials, cert, GNUTLS_X509_FMT_PEM));
	must("TLS",
	     gnutls_init(&t->session,
			 key ? GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET :
			       GNUTLS_CLIENT));
	must("TLS", gnutls_priority_set_direct(t->session, PRIORITY, NULL));
	must("TLS", gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE,
					   t->credentials));
	must("TLS", gnutls_alpn_set_protocols(t->session, &alpn, 1,
					      GNUTLS_ALPN_MANDATORY));
	gnutls_session_set_ptr(t->session, ref);
	configure(t, key != NULL);
}

void tls_close(struct tls *t)
{
	gnutls_deinit(t->session);
	gnutls_certificate_free_credentials(t->credentials);
}
