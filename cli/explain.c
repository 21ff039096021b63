/* SPDX-License-Identifier: MIT */
/*
 * explain.c - segoff explain: what looks odd, and is it normal?
 */
#include <errno.h>
#include <unistd.h>

#include "cli.h"
#include "explain_report.h"
#include "format.h"
#include "options.h"
#include "progress.h"
#include "survey.h"
#include "tunnels.h"

#define LIMIT_DEFAULT 10
#define MTU_DEFAULT   1500

struct explain {
	struct capture_reader *reader;
	struct window *window;
	struct vantage *vantage;
	struct odds odds;
	struct stacks *stacks;
	struct tunnels tunnels;
	struct examine_opts examine;
	struct progress progress;
	const char *in;
	struct merge_report merge;
	unsigned int limit;
	bool merges;
	bool json;
	bool quiet;
};

static const char help_text[] =
	"usage: segoff explain [OPTIONS] IN\n"
	"\n"
	"Say what is in a capture and what looks odd, why it is or is not\n"
	"normal, and where the capture was taken. '-' is a pipe.\n"
	"\n"
	"  --mtu N            MTU of the wire (default 1500)\n"
	"  --tunnel KIND=PORT this UDP port is a tunnel's: vxlan, vxlan-gpe,\n"
	"                     geneve, gue, mpls, fou-ip4, fou-ip6, fou-gre;\n"
	"                     may be repeated, and adds to the well-known ones\n"
	"  --vnet-hdr[=SIZE]  every record begins with a virtio_net_hdr of\n"
	"                     SIZE bytes: 10 (default), 12, 20, 24\n"
	"  --merge            say what segoff merge would do, and why not more\n"
	"  --limit N          name up to N packets of each kind, and N stacks of\n"
	"                     headers (default 10)\n"
	"  --json             for scripts\n"
	"  --quiet            no progress\n"
	"\n"
	"Exit status: 0 done; 1 input unreadable or broken off; 2 usage;\n"
	"3 done, and a packet deserves attention; 4 output failed;\n"
	"130 interrupted.\n";

static int check_merge(const struct explain *x)
{
	if (x->examine.vnet)
		return usage_error("explain",
				   "--merge and --vnet-hdr do not go together");
	if (!survey_possible(x->in))
		return usage_error("explain",
				   "--merge reads its input twice, which a "
				   "pipe cannot be");
	return 0;
}

static int take_arguments(struct explain *x, int argc, char **argv)
{
	unsigned long mtu = 0, limit = LIMIT_DEFAULT;
	const struct option_row rows[] = {
		{ .name = "mtu", .number = &mtu, .min = 68, .max = 1u << 20 },
		{ .name = "tunnel", .call = tunnel_option, .to = &x->tunnels },
		{ .name = "vnet-hdr",
		  .call = vnet_option,
		  .to = &x->examine.vnet,
		  .optional = true },
		{ .name = "limit", .number = &limit, .min = 0, .max = 10000 },
		{ .name = "merge", .flag = &x->merges },
		{ .name = "json", .flag = &x->json },
		{ .name = "quiet", .flag = &x->quiet },
		{ .name = NULL },
	};
	int first, status = options_parse("explain", help_text, rows, argc,
					  argv, &first);

	if (status)
		return status;
	if (argc - first > 1)
		return usage_error("explain", "'%s' is one file too many",
				   argv[first + 1]);
	if (argc - first < 1)
		return usage_error("explain", "one input is needed");
	x->examine.hints.sz = sizeof(x->examine.hints);
	x->examine.hints.mtu = (uint32_t)mtu;
	x->examine.ports = tunnels_ports(&x->tunnels);
	x->limit = (unsigned int)limit;
	x->in = argv[first];
	return x->merges ? check_merge(x) : 0;
}

static int open_all(struct explain *x)
{
	struct port_error e;

	if (capture_open(&x->reader, x->in, &e) < 0)
		return failed(&e, STATUS_INPUT);
	x->vantage = vantage_new();
	x->stacks = stacks_new();
	if (!x->vantage || !x->stacks || !odds_init(&x->odds, x->limit) ||
	    window_open(&x->window, x->reader, x->examine.hints.mtu,
			x->examine.vnet, x->examine.ports) < 0) {
		complain("not enough memory");
		return STATUS_INPUT;
	}
	return 0;
}

/* Are its headers those of one segment? Its metadata need not say so. */
static bool is_partial(const struct explain *x, const struct seen *s,
		       const struct finding *f)
{
	struct segoff_meta seen;

	if (!x->examine.vnet)
		return f->how == SEGOFF_V_FROM_LENGTHS;
	return f->meta.gso_size &&
	       segoff_infer(NULL, SEGOFF_NO_FLOW, &f->pkt, &s->st, NULL,
			    &seen) == SEGOFF_V_FROM_LENGTHS &&
	       seen.gso_size == f->meta.gso_size;
}

static void look(struct explain *x, const struct seen *s)
{
	const struct segoff_gso_opts how = { .sz = sizeof(how),
					     .ports = x->examine.ports };
	struct address from, to;
	struct segoff_bound b;
	struct segoff_gso g;
	struct finding f;
	bool partial;

	examine(x->window, s, &x->examine, &f);
	if (!f.refused && examine_has_meta(&f))
		examine_cut(s, &x->examine, &how, &f, &g, &b);
	partial = is_partial(x, s, &f);
	odds_add(&x->odds, s, &f, partial,
		 stacks_count(x->stacks, &f.pkt, &s->st));
	if (f.refused || f.alone == SEGOFF_V_SNAPLEN ||
	    (s->st.end != SEGOFF_V_OK && !f.fix_sum))
		return;
	packet_addresses(&f.pkt, &s->st, &from, &to);
	/* nothing that merges packets makes partial frames */
	vantage_see(x->vantage, &from, &to, f.segments > 1 && !partial,
		    f.fix_sum || f.meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL);
}

static int work(struct explain *x)
{
	const struct seen *s;
	uint64_t done, total;

	progress_begin(&x->progress, !x->quiet);
	while ((s = window_next(x->window))) {
		if (s->rec.packet)
			look(x, s);
		if (progress_due(&x->progress)) {
			done = capture_progress(x->reader, &total);
			progress_show(&x->progress, done, total);
		}
	}
	progress_end(&x->progress);
	if (!window_error(x->window))
		return STATUS_DONE;
	return failed(window_error(x->window), STATUS_INPUT);
}

/* What breaks off does so twice, and is complained of once. */
static int look_at_merge(struct explain *x, int status)
{
	struct port_error e;

	if (!x->merges || status == STATUS_INTERRUPTED ||
	    !survey(x->in, x->examine.ports, &x->merge, &e))
		return status;
	return status == STATUS_DONE || e.code == -EINTR ?
		       failed(&e, STATUS_INPUT) :
		       status;
}

static int run(struct explain *x)
{
	struct explained told = { .odds = &x->odds,
				  .in = x->in,
				  .mtu = MTU_DEFAULT };
	int status = open_all(x);

	if (status)
		return status;
	status = look_at_merge(x, work(x));
	if (window_error(x->window))
		told.error = window_error(x->window)->text;
	told.vantage = x->vantage;
	told.stacks = x->stacks;
	told.merge = x->merges ? &x->merge : NULL;
	if (x->examine.hints.mtu)
		told.mtu = x->examine.hints.mtu;
	if (x->json)
		explain_json(&told, stdout);
	else
		explain_text(&told, stdout, isatty(STDOUT_FILENO));
	if (status == STATUS_DONE && odds_attention(&x->odds))
		return STATUS_LEFT;
	return status;
}

int cmd_explain(int argc, char **argv)
{
	struct explain x = { 0 };
	int status;

	status = take_arguments(&x, argc, argv);
	if (status)
		return status == HELPED ? STATUS_DONE : status;
	status = run(&x);
	window_close(x.window);
	vantage_free(x.vantage);
	odds_free(&x.odds);
	stacks_free(x.stacks);
	if (x.reader)
		capture_close(x.reader);
	return status;
}
