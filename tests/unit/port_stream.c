/* SPDX-License-Identifier: MIT */
/*
 * port_stream.c - files, pipes and signals
 */
#include "port_make.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

/* Run something in a process of its own; its failures are ours. */
static void in_child(void (*run)(void))
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		run();
		fflush(stdout);
		_exit(test_state.bad);
	}
	eq(waitpid(pid, &status, 0), pid);
	eq(status, 0);
}

static void write_file(const char *name, const char *text)
{
	struct port_error e = { 0 };
	struct output *out;

	if (!eq(output_open(&out, at(name), &e), 0)) {
		printf("#   %s\n", e.text);
		return;
	}
	eq(output_write(out, text, strlen(text), &e), 0);
	eq(output_finish(out, &e), 0);
}

static unsigned int mode_of(const char *name)
{
	struct stat st = { 0 };

	eq(stat(at(name), &st), 0);
	return st.st_mode & 07777;
}

/* ---------------------------------------------------------- regular files */

static void named_at_the_end(void)
{
	struct port_error e;
	struct output *out;

	test("a file has its name when it is complete");
	eq(output_open(&out, at("new"), &e), 0);
	eq(output_write(out, "1234", 4, &e), 0);
	eq(access(at("new"), F_OK), -1);
	eq(output_finish(out, &e), 0);
	written_is("new", "1234", 4);

	test("what was there before stays until then");
	eq(output_open(&out, at("new"), &e), 0);
	eq(output_write(out, "5678", 4, &e), 0);
	written_is("new", "1234", 4);
	eq(output_finish(out, &e), 0);
	written_is("new", "5678", 4);

	test("nothing changes when writing is given up");
	eq(output_open(&out, at("new"), &e), 0);
	eq(output_write(out, "9", 1, &e), 0);
	output_abandon(out);
	output_abandon(NULL);
	written_is("new", "5678", 4);
	unlink(at("new"));
	eq(output_open(&out, at("new"), &e), 0);
	output_abandon(out);
	eq(access(at("new"), F_OK), -1);
}

static void permissions(void)
{
	mode_t old = umask(027);

	test("a new file has the permissions that the umask leaves");
	unlink(at("new"));
	write_file("new", "x");
	eq(mode_of("new"), 0640);
	umask(0);
	unlink(at("new"));
	write_file("new", "x");
	eq(mode_of("new"), 0666);
	umask(022);
	test("a file that is replaced keeps its permissions");
	chmod(at("new"), 0604);
	write_file("new", "y");
	eq(mode_of("new"), 0604);
	written_is("new", "y", 1);
	umask(old);
}

static void read_only(void)
{
	struct port_error e = { 0 };
	struct output *out;

	if (!geteuid() && (setgid(65534) || setuid(65534)))
		_exit(1);
	eq(output_open(&out, at("new"), &e), -EACCES);
	ok(contains(&e, "new: cannot be written: Permission denied"));
}

static void read_only_is_kept(void)
{
	test("a file that may not be written is not replaced");
	write_file("new", "mine");
	chmod(at("new"), 0444);
	chmod(make_dir, 0777);
	in_child(read_only);
	chmod(make_dir, 0700);
	written_is("new", "mine", 4);
	chmod(at("new"), 0644);
}

static bool is_link(const char *name)
{
	struct stat st = { 0 };

	return !lstat(at(name), &st) && S_ISLNK(st.st_mode);
}

static void links(void)
{
	struct port_error e;
	struct output *out;

	test("symbolic links are followed");
	write_file("new", "old");
	eq(symlink("new", at("link")), 0);
	eq(symlink(at("link"), at("link2")), 0);
	write_file("link2", "through two links");
	ok(is_link("link") && is_link("link2"));
	written_is("new", "through two links", 17);

	test("symbolic links to nothing make the file");
	unlink(at("new"));
	write_file("link2", "made");
	ok(is_link("link") && is_link("link2"));
	written_is("new", "made", 4);

	test("symbolic links in a circle are refused");
	unlink(at("new"));
	eq(symlink("link2", at("new")), 0);
	eq(output_open(&out, at("link"), &e), -ELOOP);
	ok(contains(&e, "link: cannot be written: "));
	unlink(at("new"));
}

static void no_directory(void)
{
	struct port_error e;
	struct output *out;

	test("a directory that is not there, and one that is");
	eq(output_open(&out, at("none/new"), &e), -ENOENT);
	ok(contains(&e, "none/new: cannot be written: No such file"));
	eq(output_open(&out, make_dir, &e), -EISDIR);
	ok(contains(&e, "Is a directory"));
}

static void no_name(void)
{
	struct port_error e;
	struct output *out;

	test("a file that cannot get its name leaves nothing");
	eq(output_open(&out, at("new"), &e), 0);
	eq(output_write(out, "x", 1, &e), 0);
	eq(mkdir(at("new"), 0700), 0);
	eq(output_finish(out, &e), -EISDIR);
	ok(contains(&e, "new: cannot be completed: Is a directory"));
	eq(rmdir(at("new")), 0);
}

/* -------------------------------------------------------- failing writes */

static uint8_t lots[1 << 20];

static void full_device(void)
{
	struct port_error e;
	struct output *out;

	test("no space left, while writing");
	eq(output_open(&out, "/dev/full", &e), 0);
	eq(output_write(out, "x", 1, &e), -ENOSPC);
	ok(contains(&e, "/dev/full: cannot be written: No space left"));
	memset(&e, 0, sizeof(e));
	eq(output_finish(out, &e), -ENOSPC);
	ok(contains(&e, "No space left"));
	ok(access("/dev/full", F_OK) == 0);
}

/* What a compressor holds back comes out when the file is finished. */
static void full_at_the_end(void)
{
#ifdef HAVE_ZLIB
	struct port_error e;
	struct output *out;

	test("no space left, while finishing");
	eq(symlink("/dev/full", at("link.gz")), 0);
	eq(output_open(&out, at("link.gz"), &e), 0);
	eq(output_write(out, "x", 1, &e), 0);
	eq(output_finish(out, &e), -ENOSPC);
	ok(contains(&e, "No space left"));
	ok(is_link("link.gz"));
#endif
}

/* A write that failed half way is not repaired by space that comes back. */
static void gap(void)
{
	struct rlimit limit = { 600000, 1 << 30 };
	struct port_error e;
	struct output *out;

	signal(SIGXFSZ, SIG_IGN);
	eq(output_open(&out, at("new"), &e), 0);
	eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	eq(output_write(out, lots, sizeof(lots), &e), -EFBIG);
	limit.rlim_cur = limit.rlim_max;
	eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	eq(output_write(out, lots, sizeof(lots), &e), -EFBIG);
	eq(output_finish(out, &e), -EFBIG);
	ok(contains(&e, "File too large"));
}

static void no_gaps(void)
{
	test("a file with a gap is never named");
	in_child(gap);
	eq(access(at("new"), F_OK), -1);
}

static void capture_to_full(void)
{
	struct capture_frame c = { .len = 1 << 20, .orig_len = 1 << 20 };
	struct capture_reader *r;
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;
	struct file f = { 0 };
	uint8_t *to;

	test("no space left, in a capture");
	pcap_header(&f, 0xa1b2c3d4, 1);
	pcap_packet(&f, 1, 2, 60, 60);
	eq(open_made(&r, &f, &e), 0);
	eq(capture_create(&w, "/dev/full", r, -1, 0, &e), 0);
	eq(capture_next(r, &rec, &e), 1);
	eq(capture_copy(w, &rec, capture_bytes(r, &rec), &e), 0);
	eq(capture_finish(w, &e), -ENOSPC);
	eq(capture_create(&w, "/dev/full", r, -1, 0, &e), 0);
	ok(!capture_begin(w, &rec, CAPTURE_RECORD_MAX, &e));
	eq(e.code, -ENOSPC);
	capture_abandon(w);
	capture_abandon(NULL);

	test("a frame larger than the buffer");
	eq(capture_create(&w, at("new"), r, -1, 0, &e), 0);
	to = capture_begin(w, &rec, c.len, &e);
	memset(to, 7, c.len);
	capture_end(w, &rec, capture_bytes(r, &rec), &c);
	eq(capture_written(w), 24 + 16 + c.len);
	eq(capture_finish(w, &e), 0);
	capture_close(r);
	eq(capture_open(&r, at("new"), &e), 0);
	eq(capture_next(r, &rec, &e), 1);
	eq(rec.caplen, c.len);
	eq(capture_bytes(r, &rec)[rec.size - 1], 7);
	capture_close(r);
}

/* ----------------------------------------------------------------- pipes */

/* Run something with these as standard input and output. */
static void with_standard(int in, int out, void (*run)(void))
{
	int old_in = dup(0), old_out = dup(1);

	fflush(stdout);
	if (in >= 0)
		dup2(in, 0);
	if (out >= 0)
		dup2(out, 1);
	run();
	dup2(old_in, 0);
	dup2(old_out, 1);
	close(old_in);
	close(old_out);
}

static struct port_error standard_error;
static int standard_result;

static void write_standard(void)
{
	struct output *out;

	if (output_open(&out, "-", &standard_error))
		return;
	standard_result = output_write(out, "text", 4, &standard_error);
	if (standard_result)
		output_abandon(out);
	else
		standard_result = output_finish(out, &standard_error);
}

static void standard_output(void)
{
	char got[8];
	int p[2];

	test("standard output is written and stays open");
	eq(pipe(p), 0);
	with_standard(-1, p[1], write_standard);
	eq(standard_result, 0);
	eq(write(p[1], "!", 1), 1);
	eq(read(p[0], got, sizeof(got)), 5);
	mem_eq(got, 5, "text!", 5);

	test("a reader that has gone");
	signal(SIGPIPE, SIG_IGN);
	close(p[0]);
	with_standard(-1, p[1], write_standard);
	eq(standard_result, -EPIPE);
	ok(contains(&standard_error,
		    "standard output: the program that reads it has gone"));
	close(p[1]);
}

static void read_standard(void)
{
	struct port_error e;
	struct input *in;
	char got[16];
	ssize_t n = 0, k;
	uint64_t total;

	standard_result = input_open(&in, "-", &e);
	if (standard_result)
		return;
	while ((k = input_read(in, got + n, sizeof(got) - (size_t)n, &e)) > 0)
		n += k;
	input_progress(in, &total);
	standard_result = n == 10 && !memcmp(got, "3456789abc", 10) &&
			  total == 10;
	input_close(in);
}

static void standard_input(void)
{
	int fd;

	test("standard input is read from where it is");
	save("in", "0123456789abc", 13);
	fd = open(at("in"), O_RDONLY);
	eq(lseek(fd, 3, SEEK_SET), 3);
	with_standard(fd, -1, read_standard);
	eq(standard_result, 1);
	close(fd);
}

static struct file capture;

static void feed_fifo(void)
{
	const struct timespec pause = { 0, 1000000 };
	int fd = open(at("fifo"), O_WRONLY);

	for (size_t i = 0; i < capture.n; i++) {
		if (write(fd, capture.p + i, 1) != 1)
			_exit(1);
		if (i < 40)
			nanosleep(&pause, NULL);
	}
	_exit(0);
}

static void make_capture(void)
{
	capture.n = 0;
	pcap_header(&capture, 0xa1b2c3d4, 1);
	pcap_packet(&capture, 1, 2, 60, 60);
	pcap_packet(&capture, 3, 4, 333, 333);
}

/* A named pipe whose bytes come one by one. */
static void pipe_in(void)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	uint64_t total;
	int status;
	pid_t pid;

	test("a named pipe, byte by byte");
	make_capture();
	eq(mkfifo(at("fifo"), 0600), 0);
	fflush(stdout);
	pid = fork();
	if (!pid)
		feed_fifo();
	eq(capture_open(&r, at("fifo"), &e), 0);
	eq(capture_next(r, &rec, &e), 1);
	mem_eq(capture_bytes(r, &rec), rec.size, capture.p + 24, 76);
	eq(capture_next(r, &rec, &e), 1);
	mem_eq(capture_bytes(r, &rec), rec.size, capture.p + 100, 349);
	eq(capture_next(r, &rec, &e), 0);
	eq(capture_progress(r, &total), capture.n);
	eq(total, 0);
	ok(!capture_same_file(r, at("fifo")));
	capture_close(r);
	eq(waitpid(pid, &status, 0), pid);
	eq(status, 0);
}

static void copy_to_fifo(void)
{
	save("in", capture.p, capture.n);
	copy_all(-1, 0);
}

/* "out" is a named pipe: it is written, not replaced. */
static void pipe_out(void)
{
	uint8_t got[1000];
	ssize_t k;
	size_t n = 0;
	int fd;

	test("a named pipe is written directly");
	unlink(at("out"));
	eq(mkfifo(at("out"), 0600), 0);
	fd = open(at("out"), O_RDONLY | O_NONBLOCK);
	in_child(copy_to_fifo);
	while ((k = read(fd, got + n, sizeof(got) - n)) > 0)
		n += (size_t)k;
	mem_eq(got, n, capture.p, capture.n);
	close(fd);
	unlink(at("out"));
}

static void same_file(void)
{
	struct port_error e;
	struct input *in;

	test("the same file under another name");
	save("in", "text", 4);
	save("new", "text", 4);
	unlink(at("link"));
	eq(symlink("in", at("link")), 0);
	eq(input_open(&in, at("in"), &e), 0);
	ok(input_same_file(in, at("in")));
	ok(input_same_file(in, at("link")));
	ok(!input_same_file(in, at("new")));
	ok(!input_same_file(in, at("none")));
	input_close(in);
	eq(input_open(&in, "/dev/null", &e), 0);
	ok(!input_same_file(in, "/dev/null"));
	input_close(in);
}

/* --------------------------------------------------------------- signals */

static int feed[2];
static volatile sig_atomic_t alarms;

/* At the third signal there is something to read at last. */
static void on_alarm(int sig)
{
	(void)sig;
	if (++alarms == 3 && write(feed[1], "1234", 4) != 4)
		_exit(1);
}

static void on_stop(int sig)
{
	(void)sig;
	port_stop();
}

/* SIGALRM every 20 ms, which interrupts system calls. */
static void alarm_often(void (*handler)(int))
{
	const struct itimerval often = { { 0, 20000 }, { 0, 20000 } };
	struct sigaction a = { .sa_handler = handler };

	eq(pipe(feed), 0);
	eq(sigaction(SIGALRM, &a, NULL), 0);
	eq(setitimer(ITIMER_REAL, &often, NULL), 0);
}

static void read_on(void)
{
	struct port_error e;
	struct input *in;
	char got[8];

	if (alarms) /* the pipe is made before */
		_exit(1);
	alarm_often(on_alarm);
	dup2(feed[0], 0);
	eq(input_open(&in, "-", &e), 0);
	eq(input_read(in, got, sizeof(got), &e), 4);
	ok(alarms >= 3);
	input_close(in);
}

static void read_on_nonblocking(void)
{
	struct port_error e;
	struct input *in;
	char got[8];

	alarm_often(on_alarm);
	eq(fcntl(feed[0], F_SETFL, O_NONBLOCK), 0);
	dup2(feed[0], 0);
	eq(input_open(&in, "-", &e), 0);
	eq(input_read(in, got, sizeof(got), &e), 4);
	ok(alarms >= 3);
	input_close(in);
}

static void stop_reading(void)
{
	struct capture_reader *r;
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;
	struct input *in;

	alarm_often(on_stop);
	eq(write(feed[1], capture.p, 150), 150);
	dup2(feed[0], 0);
	eq(capture_open(&r, "-", &e), 0);
	eq(capture_create(&w, at("new"), r, -1, 0, &e), 0);
	eq(capture_next(r, &rec, &e), 1);
	eq(capture_copy(w, &rec, capture_bytes(r, &rec), &e), 0);
	eq(capture_next(r, &rec, &e), -EINTR);
	ok(contains(&e,
		    "standard input: interrupted, at byte 150, in packet "));
	eq(capture_next(r, &rec, &e), -EINTR);
	capture_close(r);
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	eq(capture_finish(w, &e), 0);
	eq(input_open(&in, at("in"), &e), -EINTR);
}

static void stop_opening(void)
{
	struct port_error e;
	struct input *in;

	alarm_often(on_stop);
	eq(input_open(&in, at("fifo"), &e), -EINTR);
}

/* Nobody reads: the second signal ends a write that waits. */
static void stop_writing(void)
{
	struct port_error e;
	struct output *out;

	alarm_often(on_stop);
	dup2(feed[1], 1);
	eq(output_open(&out, "-", &e), 0);
	if (output_write(out, lots, sizeof(lots), &e) != -EINTR)
		_exit(1);
	if (!strstr(e.text, "standard output: interrupted"))
		_exit(1);
	output_abandon(out);
	_exit(0);
}

static void signals(void)
{
	make_capture();
	save("in", capture.p, capture.n);
	test("signals do not disturb");
	in_child(read_on);
	in_child(read_on_nonblocking);
	test("port_stop() ends reading, and what was read can be saved");
	in_child(stop_reading);
	written_is("new", capture.p, 100);
	in_child(stop_opening);
	test("port_stop() ends a write that nobody reads");
	in_child(stop_writing);
}

/* A non-blocking standard output is waited for. */
static void drain(void)
{
	struct pollfd p = { .fd = feed[0], .events = POLLIN };
	uint64_t got = 0;
	ssize_t n;

	close(feed[1]);
	while (poll(&p, 1, -1) > 0 && (n = read(feed[0], lots, 5000)) > 0)
		got += (uint64_t)n;
	_exit(got != sizeof(lots));
}

static void nonblocking_out(void)
{
	struct port_error e;
	struct output *out;
	int status, saved = dup(1);
	pid_t pid;

	test("a non-blocking output is waited for");
	eq(pipe(feed), 0);
	fflush(stdout);
	pid = fork();
	if (!pid)
		drain();
	close(feed[0]);
	fcntl(feed[1], F_SETFL, O_NONBLOCK);
	dup2(feed[1], 1);
	close(feed[1]);
	standard_result = output_open(&out, "-", &e) ||
			  output_write(out, lots, sizeof(lots), &e) ||
			  output_finish(out, &e);
	dup2(saved, 1);
	close(saved);
	eq(standard_result, 0);
	eq(waitpid(pid, &status, 0), pid);
	eq(status, 0);
}

int main(void)
{
	static const char *const names[] = { "in",    "out",  "new",	 "link",
					     "link2", "fifo", "link.gz", NULL };

	make_begin();
	named_at_the_end();
	permissions();
	read_only_is_kept();
	links();
	no_directory();
	no_name();
	full_device();
	full_at_the_end();
	no_gaps();
	capture_to_full();
	standard_output();
	standard_input();
	pipe_in();
	pipe_out();
	same_file();
	signals();
	nonblocking_out();
	return make_end(names);
}
