/* floor_ocr FILE ROUNDS: reads an OCR giro file as fast as C can: each record's length, kind, number, sum and count checked,
 * amount and KID taken out and the KID's check digit verified. The best round is told. */
#include "floor.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORD = 80, KID_AT = 49, KID_SIZE = 25 };

struct reading {
	int64_t payments, records, sum, valid_kids;
	uint64_t seen; /* a hash, so that nothing is left out as unused */
	int last;
	bool bad;
};

static int64_t number(const char *at, int size, bool *bad)
{
	int64_t value = 0;
	for (int i = 0; i < size; i++) {
		unsigned digit = (unsigned char)at[i] - '0';
		*bad |= digit > 9;
		value = value * 10 + (int64_t)digit;
	}
	return value;
}

static bool kid_holds(const char *at, int size)
{
	int sum = 0;
	for (int i = 0; i < size; i++) {
		int value = (at[size - 1 - i] - '0') << (i & 1);
		sum += value > 9 ? value - 9 : value;
	}
	return sum % 10 == 0;
}

static void amount_item(struct reading *reading, const char *at)
{
	reading->bad |= reading->last != 20 && reading->last != 31 && reading->last != 32;
	reading->bad |= number(at + 8, 7, &reading->bad) != ++reading->payments;
	reading->seen += (uint64_t)number(at + 15, 6, &reading->bad);
	reading->sum += number(at + 32, 17, &reading->bad);
	const char *kid = at + KID_AT;
	int size = KID_SIZE;
	for (; size && *kid == ' '; kid++)
		size--;
	for (int i = 0; i < size; i++) {
		reading->bad |= kid[i] < '0' || kid[i] > '9';
		reading->seen = reading->seen * 31 + (uint64_t)kid[i];
	}
	reading->valid_kids += kid_holds(kid, size);
}

static void totals(struct reading *reading, const char *at, int64_t records)
{
	reading->bad |= number(at + 8, 8, &reading->bad) != reading->payments ||
			number(at + 16, 8, &reading->bad) != records || number(at + 24, 17, &reading->bad) != reading->sum;
}

static void record(struct reading *reading, const char *at)
{
	reading->bad |= at[0] != 'N' || at[1] != 'Y';
	int kind = (int)number(at + 6, 2, &reading->bad);
	reading->records++;
	switch (kind) {
	case 10:
		reading->bad |= reading->records != 1;
		break;
	case 20:
		reading->bad |= reading->last != 10 && reading->last != 88;
		break;
	case 30:
		amount_item(reading, at);
		break;
	case 31:
		reading->bad |= reading->last != 30 || number(at + 8, 7, &reading->bad) != reading->payments;
		break;
	case 32:
		reading->bad |= reading->last != 31;
		break;
	case 88:
		totals(reading, at, reading->records - 1);
		break;
	case 89:
		totals(reading, at, reading->records);
		break;
	default:
		reading->bad = true;
	}
	reading->last = kind;
}

static struct reading read_all(const char *at, const char *end)
{
	struct reading reading = { 0 };
	for (; at < end && !reading.bad; at += RECORD + 1) {
		if (end - at < RECORD || (end - at > RECORD && at[RECORD] != '\n'))
			reading.bad = true;
		else
			record(&reading, at);
	}
	reading.bad |= reading.last != 89;
	return reading;
}

int main(int argument_count, char **arguments)
{
	if (argument_count < 3)
		return 2;
	struct stat status;
	int fd = open(arguments[1], O_RDONLY);
	if (fd < 0 || fstat(fd, &status) != 0)
		return 1;
	size_t size = (size_t)status.st_size;
	char *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (at == MAP_FAILED)
		return 1;
	struct floor_time best = { 1e9, 1e9 };
	struct reading reading = { 0 };
	for (int i = 0; i < atoi(arguments[2]); i++) {
		struct floor_time begun = floor_begin();
		reading = read_all(at, at + size);
		struct floor_time time = floor_since(begun);
		best = time.seconds < best.seconds ? time : best;
	}
	if (reading.bad) {
		fputs("floor_ocr: the file does not hold\n", stderr);
		return 1;
	}
	floor_say("parse", best, reading.payments);
	fprintf(stderr, "sum %lld, %lld valid, %llx\n", (long long)reading.sum, (long long)reading.valid_kids,
		(unsigned long long)reading.seen);
	return 0;
}
