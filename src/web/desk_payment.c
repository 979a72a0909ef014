/* Bank files and the hold account: upload a file, see what it did, give a payment without a case to one, or send it back. */
#include "web/desk_payment.h"

#include "app/approval.h"
#include "app/case.h"
#include "app/file_temp.h"
#include "html/desk_payment.h"
#include "web/routes.h"

enum { HELD_ROWS = 50, FILE_ROWS = 20, BANK_FILE_MAX = 64 << 20 };

static const struct field place_fields[] = {
	{ .name = "after", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 0, .max = INT64_MAX },
	{ .name = NULL },
};
static const struct field upload_fields[] = {
	{ .name = "file", .kind = FIELD_FILE, .label = N_("File from the bank"),
		.hint = N_("OCR giro, camt.053, camt.054 or pain.002, at most 64 MB. A payment that is booked before is not booked again.") },
	{ .name = NULL },
};

static err_t payments_show(struct web *web)
{
	struct desk_payments page = { .may_act = (web->visitor.who & WHO_DESK) != 0 };
	int64_t after = web->form.fields == place_fields ? form_value(&web->form, "after")->number : 0;
	TRY(status_read(&web->op, &page.status));
	TRY(q_desk_held_page(web->op.db, web->op.arena, after, HELD_ROWS, &page.held, &page.held_count));
	page.has_more = page.held_count == HELD_ROWS;
	TRY(q_desk_files(web->op.db, web->op.arena, INT64_MAX, FILE_ROWS, &page.files, &page.file_count));
	if (page.held_count)
		web_log_soon(web, (struct web_act){ .act = "see", .detail = str_from_z(web->route->title) });
	struct form form = web->form.fields == upload_fields ? web->form : form_empty(web->op.arena, upload_fields);
	html_desk_payments(&web->html, web, &page, &form);
	return OK;
}

/* The file's own name, as far as it can be a name of a file here. */
static str upload_name(struct web *web, str given)
{
	struct text name = text_in(web->op.arena, 100);
	for (size_t i = 0; i < given.size && name.size < 80; i++) {
		char c = given.at[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
			(c == '.' && name.size);
		text_add_char(&name, fits ? c : '_');
	}
	return name.size ? text_str(&name) : S("bank-file");
}

static err_t file_import(struct web *web, const struct http_field *file, struct payment_import_result *result)
{
	const char *folder;
	TRY(file_temp_make(web->op.arena, &folder));
	str name = upload_name(web, file->file_name);
	const char *path = str_format(web->op.arena, "%s/%.*s", folder, STR_ARG(name)).at;
	err_t err = file_temp_write(web->op.arena, path, file->value);
	if (!err)
		err = payment_import(&web->op, path, result);
	file_temp_drop(folder);
	return err;
}

/* The result is the answer itself: it is told once, and sending the same file again does nothing. */
static err_t upload(struct web *web)
{
	struct payment_import_result result = PAYMENT_IMPORT_NOTHING;
	const struct http_field *file = form_value(&web->form, "file")->file;
	TRY(file_import(web, file, &result));
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, web_log(web, (struct web_act){ .act = "bank_file", .detail = file->file_name })));
	html_desk_payment_result(&web->html, web, &result, file->file_name);
	return OK;
}

/* ---- one payment on hold ---- */

static bool held_find(struct web *web, struct payment_held *ret_held, err_t *ret_err)
{
	struct desk_held_row row;
	bool found;
	int64_t payment_id = web_number(web, "payment");
	*ret_err = q_desk_held(web->op.db, web->op.arena, payment_id, &row, &found);
	if (*ret_err)
		return false;
	if (!found) {
		*ret_err = web_missing(web);
		return false;
	}
	*ret_held = (struct payment_held){
		.payment_id = payment_id,
		.reason = row.reason,
		.kid = row.kid,
		.payer_name = row.payer_name,
		.payer_account = row.payer_account,
		.message = row.message,
		.reference = row.reference,
		.is_reversal = str_eq_z(row.kind, "reversal"),
		.settled_on = row.settled_on,
		.counts_on = row.counts_on,
		.amount = row.amount_minor,
	};
	return true;
}

static const struct field assign_fields[] = {
	{ .name = "case", .kind = FIELD_TEXT, .label = N_("Case"), .hint = N_("Case number, KID or the creditor's KID"), .size_max = 40 },
	{ .name = "deduction", .kind = FIELD_CHECK, .label = N_("Deducted from the debtor's earnings"),
		.hint = N_("Covers the principal first (innkrevingsloven § 29)"), .optional = true },
	{ .name = NULL },
};
static const struct field refund_fields[] = {
	{ .name = "reason", .kind = FIELD_TEXT, .label = N_("Why it goes back to the payer"), .size_max = 500 },
	{ .name = NULL },
};

static err_t held_show(struct web *web)
{
	struct desk_payment page = { .may_act = (web->visitor.who & WHO_DESK) != 0 };
	err_t err;
	if (!held_find(web, &page.held, &err))
		return err;
	TRY(payment_suggest(&web->op, &page.held, &page.suggestions, &page.suggestion_count));
	web_log_soon(web, (struct web_act){ .act = "see", .detail = str_format(web->op.arena, "payment %lld", (long long)page.held.payment_id) });
	struct form assign = web->form.fields == assign_fields ? web->form : form_empty(web->op.arena, assign_fields);
	struct form refund = web->form.fields == refund_fields ? web->form : form_empty(web->op.arena, refund_fields);
	html_desk_payment(&web->html, web, &page, &assign, &refund);
	return OK;
}

static err_t assign(struct web *web)
{
	struct payment_held held;
	struct payment_assigned assigned;
	int64_t case_no;
	err_t err;
	if (!held_find(web, &held, &err))
		return err;
	TRY(case_find(&web->op, form_text(&web->form, "case"), &case_no));
	if (!web_case_of(web, case_no, &err))
		return err;
	TRY(payment_assign(&web->op, (struct payment_assignment){ .payment_id = held.payment_id, .case_no = case_no,
		.deduction = form_value(&web->form, "deduction")->is_ticked }, &assigned));
	TRY(db_begin(web->op.db));
	TRY(db_end(web->op.db, web_log(web, (struct web_act){ .act = "assign", .case_no = case_no,
		.detail = str_format(web->op.arena, "payment %lld", (long long)held.payment_id) })));
	return web_redirect(web, "/desk/cases/%lld", (long long)case_no);
}

static err_t refund_ask(struct web *web)
{
	struct payment_held held;
	int64_t approval_id;
	err_t err;
	if (!held_find(web, &held, &err))
		return err;
	TRY(db_begin(web->op.db));
	err = approval_ask(&web->op, &(struct approval_new){ .kind = APPROVAL_REFUND, .payment_id = held.payment_id, .on = DATE_NONE,
		.reason = form_text(&web->form, "reason"), .asked_by = web->visitor.person_id, .now = web->now }, &approval_id);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "ask_refund",
			.detail = str_format(web->op.arena, "payment %lld", (long long)held.payment_id) });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/approvals/%lld?asked=1", (long long)approval_id);
}

const struct route routes_desk_payment[] = {
	{ HTTP_GET, "/desk/payments", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = place_fields, .run = payments_show,
		.title = N_("Payments") },
	{ HTTP_POST, "/desk/payments", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = upload_fields, .body_max = BANK_FILE_MAX,
		.run = upload, .again = payments_show, .title = N_("Payments") },
	{ HTTP_GET, "/desk/payments/{payment}", .kind = ROUTE_READ, .who = WHO_STAFF, .run = held_show,
		.title = N_("Payment on hold") },
	{ HTTP_POST, "/desk/payments/{payment}/assign", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = assign_fields, .run = assign,
		.again = held_show, .title = N_("Give the payment to a case") },
	{ HTTP_POST, "/desk/payments/{payment}/refund", .kind = ROUTE_WRITE, .who = WHO_DESK, .fields = refund_fields,
		.run = refund_ask, .again = held_show, .title = N_("Send the payment back") },
	{ .method = HTTP_METHOD_COUNT },
};
