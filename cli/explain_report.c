/* SPDX-License-Identifier: MIT */
/* explain_report.c - what explain found, for people and for scripts */
#include <arpa/inet.h>

#include "cli.h"
#include "explain_report.h"
#include "json.h"

/* How a line ends: is it normal? */
#define NORMAL	"Normal."
#define NOERROR "Not an error."
#define LOOK	"Look here."

#define PROTO_SCTP 132

struct page {
	const struct explained *x;
	FILE *f;
	const char *bold;
	const char *red;
	const char *plain;
};

static const char *address_text(const struct address *a, char text[static 46])
{
	if (!a->version || !inet_ntop(a->version == 4 ? AF_INET : AF_INET6,
				      a->bytes, text, 46))
		return "?";
	return text;
}

static const char *proto_name(uint8_t nr)
{
	switch (nr) {
	case 6:
		return "TCP";
	case 17:
		return "UDP";
	case 47:
		return "GRE";
	case PROTO_SCTP:
		return "SCTP";
	default:
		return "IP";
	}
}

/* "10.0.0.5:443", "[fd00::1]:443" */
static void print_end(const struct page *p, const struct address *a,
		      uint16_t port)
{
	char text[46];
	bool six = a->version == 6 && port;

	fprintf(p->f, "%s%s%s", six ? "[" : "", address_text(a, text),
		six ? "]" : "");
	if (port)
		fprintf(p->f, ":%u", port);
}

static void print_who(const struct page *p, const struct odd *n)
{
	fprintf(p->f, "%s#%llu%s  ", p->bold, (unsigned long long)n->number,
		p->plain);
	if (!n->from.version)
		return;
	fprintf(p->f, "%s ", proto_name(n->proto));
	print_end(p, &n->from, n->from_port);
	fputs(" > ", p->f);
	print_end(p, &n->to, n->to_port);
	fputs("   ", p->f);
}

/* Where a superpacket was made, or will be cut. */
static const char *where(const struct page *p, const struct odd *n)
{
	bool from = vantage_local(p->x->vantage, &n->from);
	bool to = vantage_local(p->x->vantage, &n->to);

	if (from && to)
		return "It never was on a wire.";
	if (from)
		return "The NIC cut it after this capture.";
	if (to)
		return "It was merged on the way in, before this capture.";
	return "It was merged before this capture, or is cut after it.";
}

static void print_super(const struct page *p, const struct odd *n)
{
	print_who(p, n);
	fprintf(p->f, "%s bytes, MTU here is %s\n", grouped(n->frame),
		grouped(p->x->mtu));
	if (n->gso_size == SEGOFF_GSO_BY_FRAGS) {
		fprintf(p->f,
			"     superpacket: %s segments, cut between chunks as "
			"they fill the MTU. %s " NORMAL "\n",
			grouped(n->segments), where(p, n));
		return;
	}
	fprintf(p->f,
		"     superpacket: %s segments of %s byte%s (%s). "
		"%s " NORMAL "\n",
		grouped(n->segments), grouped(n->gso_size), plural(n->gso_size),
		segoff_verdict_str(n->why), where(p, n));
}

static void print_frame(const struct page *p, const struct odd *n)
{
	print_who(p, n);
	fprintf(p->f, "%s bytes, its headers say one segment of %s byte%s\n",
		grouped(n->frame), grouped(n->gso_size), plural(n->gso_size));
	fprintf(p->f,
		"     partial frame: %s segments for a device that repeats "
		"these headers (GSO_PARTIAL). " NORMAL "\n",
		grouped(n->segments));
}

static void print_remote(const struct page *p, const struct odd *n)
{
	print_who(p, n);
	fprintf(p->f,
		"checksum 0x%04x is the pseudo-header sum only, and the "
		"tunnel header tells the receiver to finish it (remote "
		"checksum offload). So it is on the wire. " NORMAL "\n",
		n->found);
}

static void print_wrong(const struct page *p, const struct odd *n)
{
	int digits = n->proto == PROTO_SCTP ? 8 : 4;

	print_who(p, n);
	if (n->field == FIELD_IPV4)
		fprintf(p->f, "IPv4 header checksum is wrong: damaged or "
			      "rewritten on the way.");
	else if (n->field == FIELD_TUNNEL)
		fprintf(p->f, "checksum of the tunnel around it is wrong: "
			      "damaged or rewritten on the way.");
	else
		fprintf(p->f,
			"checksum 0x%0*x, should be 0x%0*x, and it is "
			"not a partial one: damaged or rewritten on the "
			"way.",
			digits, n->found, digits, n->right);
	fprintf(p->f, " %s" LOOK "%s\n", p->red, p->plain);
}

static void print_partial(const struct page *p, const struct odd *n)
{
	print_who(p, n);
	if (n->field == FIELD_TUNNEL) {
		fprintf(p->f, "checksum of the tunnel around it was never "
			      "filled in: left for the NIC. " NOERROR "\n");
		return;
	}
	if (n->proto == PROTO_SCTP) {
		fprintf(p->f,
			"checksum is zero: left for the NIC. " NOERROR "\n");
		return;
	}
	fprintf(p->f,
		"checksum 0x%04x is the pseudo-header sum only%s: left "
		"for the NIC. " NOERROR "\n",
		n->found, n->seed_has_length ? "" : " (without the length)");
}

static void print_odd(const struct page *p, const struct odd *n)
{
	switch (n->kind) {
	case ODD_SUPER:
		print_super(p, n);
		return;
	case ODD_PARTIAL:
		print_partial(p, n);
		return;
	case ODD_WRONG:
		print_wrong(p, n);
		return;
	case ODD_FRAME:
		print_frame(p, n);
		return;
	case ODD_REMOTE:
		print_remote(p, n);
		return;
	default:
		break;
	}
	print_who(p, n);
	if (n->kind == ODD_ABSENT)
		fprintf(p->f,
			"%s is 0: never filled in, left for the NIC. " NOERROR
			"\n",
			n->field == FIELD_IPV4 ? "IPv4 header checksum" :
						 "checksum");
	else if (n->kind == ODD_LENGTH)
		fprintf(p->f,
			"IP length field says %u, there are %s bytes: "
			"left for the NIC to fill in. " NOERROR "\n",
			n->length, grouped(n->network));
	else if (n->kind == ODD_SNAPLEN)
		fprintf(p->f,
			"%s byte%s, %s. Nothing can be said of its "
			"checksums.\n",
			grouped(n->frame), plural(n->frame),
			segoff_verdict_str(n->why));
	else if (n->kind == ODD_REFUSED)
		fprintf(p->f,
			"virtio_net_hdr that Linux refuses: %s. %s" LOOK "%s\n",
			segoff_verdict_str(n->why), p->red, p->plain);
	else
		fprintf(p->f, "%s bytes, MTU here is %s: %s. %s" LOOK "%s\n",
			grouped(n->frame), grouped(p->x->mtu),
			segoff_verdict_str(n->why), p->red, p->plain);
}

/* One of a kind, or more of them. */
static const char *kind_words(int kind, uint64_t n)
{
	static const char *const words[ODD_KINDS][2] = {
		[ODD_SUPER] = { "superpacket", "superpackets" },
		[ODD_PARTIAL] = { "partial checksum", "partial checksums" },
		[ODD_ABSENT] = { "checksum of 0", "checksums of 0" },
		[ODD_LENGTH] = { "length not filled in",
				 "lengths not filled in" },
		[ODD_ALONE] = { "packet above the MTU",
				"packets above the MTU" },
		[ODD_SNAPLEN] = { "packet cut short", "packets cut short" },
		[ODD_WRONG] = { "wrong checksum", "wrong checksums" },
		[ODD_REFUSED] = { "refused header", "refused headers" },
		[ODD_FRAME] = { "partial frame", "partial frames" },
		[ODD_REMOTE] = { "remote checksum", "remote checksums" },
	};

	return words[kind][n != 1];
}

static void print_more(const struct page *p)
{
	const struct odds *o = p->x->odds;
	uint64_t more;

	for (int k = 0; k < ODD_KINDS; k++) {
		if (o->count[k] <= o->limit)
			continue;
		more = o->count[k] - o->limit;
		fprintf(p->f, "...  and %s more %s (--limit shows more)\n",
			grouped(more), kind_words(k, more));
	}
}

static void print_count(const struct page *p, int kind, const char **between)
{
	uint64_t n = p->x->odds->count[kind];

	if (!n)
		return;
	fprintf(p->f, "%s%s %s", *between, grouped(n), kind_words(kind, n));
	*between = ", ";
}

static void print_verdict(const struct page *p)
{
	const struct odds *o = p->x->odds;
	uint64_t attention = odds_attention(o);
	const char *between = "";

	fprintf(p->f, "%sverdict%s  ", p->bold, p->plain);
	print_count(p, ODD_SUPER, &between);
	print_count(p, ODD_FRAME, &between);
	print_count(p, ODD_PARTIAL, &between);
	print_count(p, ODD_ABSENT, &between);
	print_count(p, ODD_LENGTH, &between);
	print_count(p, ODD_REMOTE, &between);
	print_count(p, ODD_SNAPLEN, &between);
	if (o->count[ODD_SUPER] + o->count[ODD_FRAME] + o->count[ODD_PARTIAL] +
	    o->count[ODD_ABSENT] + o->count[ODD_LENGTH])
		fputs(": offload at the capture point. ", p->f);
	else if (*between)
		fputs(". ", p->f);
	else
		fprintf(p->f, "%s packet%s, nothing odd from offload. ",
			grouped(o->packets), plural(o->packets));
	if (attention)
		fprintf(p->f, "%s%s packet%s attention.%s\n", p->red,
			grouped(attention),
			attention == 1 ? " deserves" : "s deserve", p->plain);
	else
		fputs("No packet deserves attention.\n", p->f);
}

/* How the capture point shows. */
static const char *point_why(const struct odds *o, enum vantage_point point)
{
	bool mixed = o->count[ODD_PARTIAL] || o->count[ODD_ABSENT] ||
		     o->count[ODD_WRONG] || o->count[ODD_ALONE];

	return o->packets ? vantage_why(point, mixed) : "there are no packets";
}

/* The headers that occur, most frequent first. */
static void print_stacks(const struct page *p)
{
	uint32_t order[STACKS_MAX], n = stacks_sort(p->x->stacks, order);
	uint64_t others = stacks_others(p->x->stacks);
	unsigned int limit = p->x->odds->limit;
	const char *title = "layers";

	for (uint32_t i = 0; i < n; i++) {
		const struct stack *s = stacks_get(p->x->stacks, order[i]);

		if (i >= limit) {
			others += s->packets;
			continue;
		}
		fprintf(p->f, "%s%-8s%s%9s packet%s   %s\n", p->bold, title,
			p->plain, grouped(s->packets),
			s->packets == 1 ? " " : "s", s->text);
		title = "";
	}
	if (others && limit)
		fprintf(p->f, "...  and %s more packet%s with other layers\n",
			grouped(others), plural(others));
}

/* What merge would do, and what keeps it from doing more. */
static void print_merge(const struct page *p)
{
	const struct merge_report *r = p->x->merge;

	fprintf(p->f,
		"%smerge%s  %s of %s packet%s, into %s superpacket%s. Why "
		"packets do not join one before them:\n",
		p->bold, p->plain, grouped(r->merged), grouped(r->packets),
		plural(r->packets), grouped(r->superpackets),
		plural(r->superpackets));
	merge_text_whys(r, p->f);
}

void explain_text(const struct explained *x, FILE *f, bool colour)
{
	struct page p = { x, f, colour ? "\033[1m" : "",
			  colour ? "\033[31m" : "", colour ? "\033[0m" : "" };
	enum vantage_point point = vantage_point(x->vantage);

	fprintf(f, "%scapture point%s   %s (%s)\n", p.bold, p.plain,
		vantage_text(point), point_why(x->odds, point));
	print_stacks(&p);
	for (size_t i = 0; i < x->odds->nodd; i++)
		print_odd(&p, &x->odds->odd[i]);
	print_more(&p);
	if (x->merge)
		print_merge(&p);
	print_verdict(&p);
}

static void json_end(struct json *j, const char *key, const struct address *a,
		     uint16_t port)
{
	char text[46];

	json_open(j, key, '{');
	json_string(j, "address", address_text(a, text));
	if (port)
		json_number(j, "port", port);
	json_close(j, '}');
}

/* What kinds have of their own. */
static void json_odd_kind(struct json *j, const struct odd *n)
{
	static const char *const fields[] = {
		[FIELD_TRANSPORT] = "transport",
		[FIELD_IPV4] = "ipv4",
		[FIELD_TUNNEL] = "tunnel",
	};

	switch (n->kind) {
	case ODD_SUPER:
	case ODD_FRAME:
		json_number(j, "gso_size", n->gso_size);
		json_number(j, "segments", n->segments);
		break;
	case ODD_LENGTH:
		json_number(j, "length_field", n->length);
		break;
	case ODD_PARTIAL:
	case ODD_WRONG:
	case ODD_ABSENT:
	case ODD_REMOTE:
		json_string(j, "field", fields[n->field]);
		if (n->field == FIELD_TUNNEL)
			break;
		json_number(j, "found", n->found);
		json_number(j, "right", n->right);
		break;
	default:
		break;
	}
}

static void json_odd(struct json *j, const struct stacks *stacks,
		     const struct odd *n)
{
	json_open(j, NULL, '{');
	json_number(j, "packet", n->number);
	json_string(j, "kind", odd_name(n->kind));
	if (n->stack != NO_STACK)
		json_string(j, "layers", stacks_get(stacks, n->stack)->text);
	if (n->from.version) {
		json_string(j, "protocol", proto_name(n->proto));
		json_end(j, "from", &n->from, n->from_port);
		json_end(j, "to", &n->to, n->to_port);
	}
	json_number(j, "frame", n->frame);
	json_odd_kind(j, n);
	if (n->why != SEGOFF_V_OK)
		json_string(j, "reason", segoff_verdict_name(n->why));
	json_close(j, '}');
}

static void json_stacks(struct json *j, const struct stacks *stacks)
{
	uint32_t order[STACKS_MAX], n = stacks_sort(stacks, order);

	json_open(j, "stacks", '[');
	for (uint32_t i = 0; i < n; i++) {
		const struct stack *s = stacks_get(stacks, order[i]);

		json_open(j, NULL, '{');
		json_string(j, "layers", s->text);
		json_number(j, "packets", s->packets);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_number(j, "other_stacks", stacks_others(stacks));
}

void explain_json(const struct explained *x, FILE *f)
{
	enum vantage_point point = vantage_point(x->vantage);
	struct json j = { f, false };

	json_open(&j, NULL, '{');
	json_string(&j, "input", x->in);
	json_number(&j, "packets", x->odds->packets);
	json_string(&j, "capture_point", vantage_name(point));
	json_string(&j, "capture_point_text", vantage_text(point));
	json_stacks(&j, x->stacks);
	json_open(&j, "counts", '{');
	for (enum odd_kind k = 0; k < ODD_KINDS; k++)
		json_number(&j, odd_name(k), x->odds->count[k]);
	json_close(&j, '}');
	json_number(&j, "attention", odds_attention(x->odds));
	json_open(&j, "odd", '[');
	for (size_t i = 0; i < x->odds->nodd; i++)
		json_odd(&j, x->stacks, &x->odds->odd[i]);
	json_close(&j, ']');
	if (x->merge) {
		json_open(&j, "merge", '{');
		merge_json(x->merge, &j);
		json_close(&j, '}');
	}
	if (x->error)
		json_string(&j, "error", x->error);
	json_close(&j, '}');
	fputc('\n', f);
}
