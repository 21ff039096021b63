/* SPDX-License-Identifier: MIT */
/*
 * capture.c - writes a large capture for the benchmarks
 *
 *	capture FILE MEGABYTES super|wire
 *
 * super: TCP superpackets of 45 x 1448 bytes with partial checksums, an ACK
 * between them; wire: the same traffic as packets of wire size, complete.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MSS	1448u
#define HEADERS 66u

static uint8_t frame[HEADERS + 45 * MSS];
static uint32_t seq, now_us;
static uint16_t id;

static uint32_t sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (size_t i = 0; i < n; i++)
		s += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static void headers(size_t payload, int syn)
{
	memset(frame, 2, 12);
	memcpy(frame + 12, "\x08\0\x45\0", 4);
	put16(frame + 16, (uint32_t)(52 + payload));
	put16(frame + 18, id++);
	memcpy(frame + 20, "\x40\0\x40\6\0\0\x0a\0\0\1\x0a\0\0\2", 14);
	put16(frame + 24, ~sum(frame + 14, 20, 0) & 0xffff);
	memcpy(frame + 34, "\x30\x39\x14\x51", 4);
	put32(frame + 38, seq);
	put32(frame + 42, 77);
	memcpy(frame + 46, "\x80\x10\x01\0\0\0\0\0", 8);
	memcpy(frame + 54, "\1\1\x08\x0a\0\1\2\3\0\4\5\6", 12);
	if (syn) {
		frame[47] = 0x02;
		memcpy(frame + 54, "\2\4\5\xb4\1\1\1\1\1\1\1\1", 12);
	}
}

static void finish(size_t payload, int partial)
{
	uint32_t s = sum(frame + 26, 8, (uint32_t)(6 + 32 + payload));

	if (partial)
		put16(frame + 50, s);
	else
		put16(frame + 50, ~sum(frame + 34, 32 + payload, s) & 0xffff);
	seq += (uint32_t)payload;
}

static void record(FILE *f, size_t payload)
{
	uint32_t len = (uint32_t)(HEADERS + payload);
	uint32_t h[4] = { 1700000000 + now_us / 1000000, now_us % 1000000, len,
			  len };

	now_us += 10;
	if (fwrite(h, sizeof(h), 1, f) != 1 || fwrite(frame, len, 1, f) != 1) {
		perror("capture");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	const uint32_t file_header[6] = { 0xa1b2c3d4, 0x00040002, 0,
					  0,	      262144,	  1 };
	size_t bytes, payload, done = 0;
	FILE *f = argc == 4 ? fopen(argv[1], "wb") : NULL;
	int super;

	if (!f) {
		fprintf(stderr, "usage: capture FILE MEGABYTES super|wire\n");
		return 2;
	}
	bytes = strtoul(argv[2], NULL, 10) * 1000000;
	super = !strcmp(argv[3], "super");
	payload = super ? 45 * MSS : MSS;
	for (size_t i = HEADERS; i < sizeof(frame); i++)
		frame[i] = (uint8_t)rand();
	fwrite(file_header, sizeof(file_header), 1, f);
	headers(0, 1);
	finish(0, 0);
	for (record(f, 0); done < bytes; done += payload + HEADERS + 16) {
		headers(payload, 0);
		finish(payload, super);
		record(f, payload);
	}
	return fclose(f) != 0;
}
