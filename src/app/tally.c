#include "app/tally.h"

#include "sql.h"

static size_t tally_slot(const struct tally *tally, int account, date on)
{
	uint64_t hash = ((uint64_t)(uint32_t)account << 32 | (uint32_t)on.day) * UINT64_C(0x9E3779B97F4A7C15);
	size_t slot = (size_t)(hash >> 32) & (tally->row_capacity - 1);
	while (tally->rows[slot].used && (tally->rows[slot].account != account || !date_eq(tally->rows[slot].on, on)))
		slot = (slot + 1) & (tally->row_capacity - 1);
	return slot;
}

static void tally_room(struct tally *tally, struct arena *arena)
{
	if (tally->row_count * 2 < tally->row_capacity)
		return;
	struct tally old = *tally;
	tally->row_capacity = old.row_capacity ? old.row_capacity * 2 : 64;
	tally->rows = arena_many(arena, tally->row_capacity, struct tally_row);
	for (size_t i = 0; i < old.row_capacity; i++)
		if (old.rows[i].used)
			tally->rows[tally_slot(tally, old.rows[i].account, old.rows[i].on)] = old.rows[i];
}

void tally_add(struct tally *tally, struct arena *arena, int account, date on, money amount)
{
	if (!amount.minor)
		return;
	tally_room(tally, arena);
	struct tally_row *row = &tally->rows[tally_slot(tally, account, on)];
	if (!row->used) {
		*row = (struct tally_row){ .account = account, .on = on, .used = true };
		tally->row_count++;
	}
	row->amount = money_add(row->amount, amount);
}

void tally_entry(struct tally *tally, struct arena *arena, const struct entry *entry, date on, date ledger_on)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		tally_add(tally, arena, journal_account((enum journal_column)i), i < COLUMN_OWED_COUNT ? on : ledger_on,
			entry->column[i]);
	tally_add(tally, arena, ACCOUNT_OWED_CONTRA, on, money_neg(entry_owed(entry)));
}

err_t tally_save(const struct tally *tally, struct db *db, struct arena *arena)
{
	struct account_day_add_row *rows = arena_many(arena, tally->row_count, struct account_day_add_row);
	size_t count = 0;
	for (size_t i = 0; i < tally->row_capacity; i++) {
		const struct tally_row *row = &tally->rows[i];
		if (row->used && row->amount.minor)
			rows[count++] = (struct account_day_add_row){
				.account = row->account, .counts_on = row->on, .amount_minor = row->amount
			};
	}
	return q_account_day_add(db, rows, count);
}
