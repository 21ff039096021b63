/* SPDX-License-Identifier: MIT */
/*
 * onefile.c - run a fuzz target on files, without a fuzzing engine
 *
 *	fuzz_pcap FILE-OR-DIRECTORY...
 *
 * A target aborts when it finds something, so coming to the end is success.
 */
#define _XOPEN_SOURCE 700

#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long files;

static int run_file(const char *path, size_t size)
{
	/* Exactly as large as the input: reading past it is seen. */
	uint8_t *data = malloc(size ? size : 1);
	FILE *f = fopen(path, "rb");
	int err = 1;

	if (f && data && fread(data, 1, size, f) == size) {
		LLVMFuzzerTestOneInput(data, size);
		files++;
		err = 0;
	} else {
		perror(path);
	}
	if (f)
		fclose(f);
	free(data);
	return err;
}

static int visit(const char *path, const struct stat *st, int type,
		 struct FTW *unused)
{
	(void)unused;
	if (type == FTW_F)
		return run_file(path, (size_t)st->st_size);
	if (type == FTW_D)
		return 0;
	fprintf(stderr, "%s: cannot be read\n", path);
	return 1;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (nftw(argv[i], visit, 16, FTW_PHYS))
			return 1;
	printf("%lu files\n", files);
	return !files;
}
