/* single DB N COUNT DATE: COUNT changes of single cases, each its own durable commit, as a person at a screen makes them
 * (a payment the client reports); beside the stage single of floor_sqlite. */
#include "floor.h"

#include "app/case.h"
#include "law_no.h"

#include <stdlib.h>

static int double_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static err_t change(struct op *op, int64_t case_no)
{
	struct case_act act = {
		.kind = CASE_PAY_DIRECT,
		.case_no = case_no,
		.on = DATE_NONE,
		.until = DATE_NONE,
		.amount = money_of(1000),
		.code = S(""),
		.note = S("bench"),
	};
	struct case_act_result result;
	return case_act(op, &act, &result);
}

static err_t changes(struct op *op, int64_t case_count, int64_t count, double *times)
{
	struct arena_mark start = arena_mark(op->arena);
	for (int64_t i = 0; i < count; i++) {
		double from = floor_now();
		TRY(change(op, 1 + (int64_t)((uint64_t)i * 2654435761u % (uint64_t)case_count)));
		times[i] = floor_now() - from;
		arena_reset(op->arena, start);
	}
	return OK;
}

int main(int argument_count, char **arguments)
{
	struct op op = { .user = S("bench"), .law = &law_no };
	if (argument_count < 5 || date_parse_iso(str_from_z(arguments[4]), &op.today))
		return 2;
	int64_t count = atoll(arguments[3]);
	double *times = malloc((size_t)count * sizeof *times + 1);
	err_t err = db_open(arguments[1], DB_OPEN_EXISTING, &op.db);
	if (err || !times) {
		fprintf(stderr, "single: %s\n", err ? err_text(err) : "no memory");
		return 1;
	}
	op.arena = arena_create(64 << 20);
	struct floor_time begun = floor_begin();
	err = changes(&op, atoll(arguments[2]), count, times);
	if (err) {
		fprintf(stderr, "single: %s\n", err_text(err));
		return 1;
	}
	floor_say("single", floor_since(begun), count);
	qsort(times, (size_t)count, sizeof *times, double_compare);
	floor_say("single_p99", (struct floor_time){ times[count * 99 / 100], 0 }, 1);
	free(times);
	arena_destroy(op.arena);
	db_close(op.db);
	return 0;
}
