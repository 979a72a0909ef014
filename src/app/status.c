#include "app/status.h"

#include "app/book.h"
#include "app/setup.h"
#include "core/journal.h"
#include "sql.h"

static err_t bank_read(const struct op *op, struct status *status)
{
	struct file_last_bank_row file;
	struct statement_last_row statement;
	bool found;
	TRY(q_file_last_bank(op->db, op->arena, &file, &found));
	if (found) {
		status->bank_file = file.name;
		status->bank_file_on = file.imported_on;
	}
	TRY(q_statement_last(op->db, op->arena, &statement, &found));
	if (!found)
		return OK;
	struct account_balance_row ours;
	TRY(q_account_balance(op->db, op->arena, ACCOUNT_CLIENT_BANK, statement.closed_on, &ours, &found));
	status->reconciled_on = statement.closed_on;
	status->difference = money_sub(statement.closing_minor, ours.balance_minor);
	return OK;
}

err_t status_read(const struct op *op, struct status *ret_status)
{
	struct status status = {
		.bank_file_on = DATE_NONE, .reconciled_on = DATE_NONE, .backup_on = DATE_NONE, .bank_file = S("")
	};
	struct terms_book terms;
	struct payment_hold_sum_row hold;
	struct case_last_row last;
	str backup;
	bool found;
	TRY(terms_book_load(op, &terms));
	status.last_night = terms.last_night;
	TRY(bank_read(op, &status));
	TRY(setup_get(op, "last_backup", &backup));
	if (backup.size)
		TRY(date_parse_iso(backup, &status.backup_on));
	TRY(q_payment_hold_sum(op->db, op->arena, &hold, &found));
	status.on_hold = hold.sum_minor;
	TRY(q_case_last(op->db, op->arena, &last, &found));
	status.case_count = last.case_id;
	status.law_until = law_horizon(op->law);
	status.law_days_left = date_diff(op->today, status.law_until);
	*ret_status = status;
	return OK;
}
