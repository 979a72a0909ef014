#include "core/statement.h"

static void sum_add(struct statement_sum *sum, const struct statement_row *row)
{
	sum->row_count++;
	sum->gross = money_add(sum->gross, row->gross);
	sum->principal = money_add(sum->principal, row->principal);
	sum->interest = money_add(sum->interest, row->interest);
	sum->fees = money_add(sum->fees, row->fees);
	sum->commission = money_add(sum->commission, row->commission);
	sum->vat = money_add(sum->vat, row->vat);
	sum->net = money_add(sum->net, row->net);
}

struct statement_sum statement_total(const struct statement *statement)
{
	struct statement_sum sum = { .what = S("") };
	for (size_t i = 0; i < statement->row_count; i++)
		sum_add(&sum, &statement->rows[i]);
	return sum;
}

size_t statement_kinds(const struct statement *statement, struct statement_sum sums[STATEMENT_KIND_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < statement->row_count; i++) {
		const struct statement_row *row = &statement->rows[i];
		size_t kind = 0;
		while (kind < count && kind + 1 < STATEMENT_KIND_MAX && !str_eq(sums[kind].what, row->what))
			kind++;
		if (kind == count) {
			bool last = kind + 1 == STATEMENT_KIND_MAX;
			sums[count++] = (struct statement_sum){ .what = last ? S("") : row->what };
		}
		sum_add(&sums[kind], row);
	}
	return count;
}

static err_t check_row(const struct statement_row *row)
{
	money part = money_add(money_add(row->principal, row->interest), row->fees);
	money net = money_sub(money_sub(part, row->commission), row->vat);
	if (net.minor != row->net.minor)
		return fail(ERR_INTERNAL, "case %lld of %s: the parts come to %s net and the row says %s",
			(long long)row->case_no, date_iso(row->on).z, money_plain(net).z, money_plain(row->net).z);
	if (date_is_none(row->on))
		return fail(ERR_INPUT, "case %lld: a row of a statement lacks its date", (long long)row->case_no);
	if (!str_is_utf8(row->invoice_no) || !str_is_utf8(row->debtor) || !str_is_utf8(row->what))
		return fail(ERR_INPUT, "case %lld: a text of a statement is not UTF-8", (long long)row->case_no);
	return OK;
}

static err_t check_sums(const struct statement *statement)
{
	money in = money_add(statement->carried_in, statement_total(statement).net);
	money out = money_add(statement->payout, statement->carried_out);
	if (in.minor != out.minor)
		return fail(ERR_INTERNAL,
			"settlement %lld: carried forward and movements are %s, payout and rest are %s",
			(long long)statement->settlement_no, money_plain(in).z, money_plain(out).z);
	if (statement->payout.minor < 0)
		return fail(ERR_INTERNAL, "settlement %lld pays out %s", (long long)statement->settlement_no,
			money_plain(statement->payout).z);
	return OK;
}

err_t statement_check(const struct statement *statement)
{
	if (statement->row_count > STATEMENT_ROW_MAX)
		return fail(ERR_INPUT, "a statement has at most %d rows, not %zu", STATEMENT_ROW_MAX,
			statement->row_count);
	if (!statement->client_name.size || !statement->agency.name.size)
		return fail(ERR_INPUT, "settlement %lld lacks the name of the client or the agency",
			(long long)statement->settlement_no);
	if (!str_is_utf8(statement->client_name) || !str_is_utf8(statement->client_address) ||
		!str_is_utf8(statement->client_city))
		return fail(ERR_INPUT, "settlement %lld: the client's name or address is not UTF-8",
			(long long)statement->settlement_no);
	if (date_is_none(statement->settled_on) || date_is_none(statement->to_on))
		return fail(ERR_INPUT, "settlement %lld lacks a date", (long long)statement->settlement_no);
	for (size_t i = 0; i < statement->row_count; i++)
		TRY(within(check_row(&statement->rows[i]), "settlement %lld", (long long)statement->settlement_no));
	return check_sums(statement);
}
