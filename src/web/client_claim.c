#include "web/client_claim.h"

#include "core/kid.h"
#include "html/client_claim.h"
#include "sql.h"
#include "web/api_shapes.h"

#include <string.h>

enum { YEARS_BACK = 3660, DEADLINE_AHEAD = 366 };

static const struct field_choice kind_choices[] = {
	{ "person", N_("A private person"), NULL },
	{ "company", N_("A business"), N_("A company, a sole proprietorship, an association or a public body.") },
	{ NULL, NULL, NULL },
};
static const struct field_choice language_choices[] = {
	{ "nb", N_("Norwegian"), NULL },
	{ "en", N_("English"), NULL },
	{ NULL, NULL, NULL },
};

/* The fields page by page; a step's form holds those of its page and of the pages before. */
#define DEBTOR_FIELDS \
	{ .name = "debtor_kind", .kind = FIELD_CHOICE, .label = N_("Who owes?"), .choices = kind_choices }, \
	{ .name = "debtor_name", .kind = FIELD_TEXT, .label = N_("Name") }, \
	{ .name = "debtor_id", .kind = FIELD_CODE, .label = N_("National identity number or organisation number"), \
		.hint = N_("Without it we cannot join claims against the same debtor."), .optional = true, .size_max = 20 }
#define ADDRESS_FIELDS \
	{ .name = "address", .kind = FIELD_TEXT, .label = N_("Street or box") }, \
	{ .name = "postcode", .kind = FIELD_TEXT, .label = N_("Postcode"), .size_max = 16 }, \
	{ .name = "city", .kind = FIELD_TEXT, .label = N_("Place") }, \
	{ .name = "country", .kind = FIELD_TEXT, .label = N_("Country, two letters"), .hint = N_("Nothing for Norway."), .optional = true, \
		.size_max = 2 }, \
	{ .name = "phone", .kind = FIELD_PHONE, .label = N_("Telephone"), .optional = true }, \
	{ .name = "email", .kind = FIELD_EMAIL, .label = N_("E-mail address"), .optional = true }, \
	{ .name = "language", .kind = FIELD_CHOICE, .label = N_("In which language shall we write?"), .optional = true, \
		.choices = language_choices }
#define INVOICE_FIELDS \
	{ .name = "invoice_no", .kind = FIELD_TEXT, .label = N_("Invoice number"), .size_max = 64 }, \
	{ .name = "issued_on", .kind = FIELD_DATE, .label = N_("Invoice date"), .hint = N_("dd.mm.yyyy"), .min = -YEARS_BACK, .max = 0 }, \
	{ .name = "due_on", .kind = FIELD_DATE, .label = N_("Due date"), .hint = N_("dd.mm.yyyy"), .min = -YEARS_BACK, .max = DEADLINE_AHEAD }, \
	{ .name = "amount", .kind = FIELD_MONEY, .label = N_("The invoice's own amount"), .hint = N_("Without reminder fees and interest.") }, \
	{ .name = "description", .kind = FIELD_TEXT, .label = N_("What is it for?"), .hint = N_("The debtor reads it in every letter."), \
		.size_max = 500 }
#define BEFORE_FIELDS \
	{ .name = "paid", .kind = FIELD_MONEY, .label = N_("What has been paid of it already?"), .optional = true }, \
	{ .name = "reminder_on", .kind = FIELD_DATE, .label = N_("Reminder sent on"), .hint = N_("dd.mm.yyyy. Nothing if you have sent none."), \
		.optional = true, .min = -YEARS_BACK, .max = 0 }, \
	{ .name = "notice_on", .kind = FIELD_DATE, .label = N_("Notice of collection sent on"), \
		.hint = N_("dd.mm.yyyy. Nothing if you have sent none: then we send it."), .optional = true, .min = -YEARS_BACK, .max = 0 }, \
	{ .name = "notice_deadline", .kind = FIELD_DATE, .label = N_("Deadline given in the notice"), .hint = N_("dd.mm.yyyy"), \
		.optional = true, .min = -YEARS_BACK, .max = DEADLINE_AHEAD }, \
	{ .name = "fees", .kind = FIELD_MONEY, .label = N_("Fees you have charged for these letters"), .optional = true }, \
	{ .name = "kid", .kind = FIELD_CODE, .label = N_("KID on your invoice"), .optional = true, .size_max = 25 }

static const struct field debtor_fields[] = { DEBTOR_FIELDS, { .name = NULL } };
static const struct field address_fields[] = { DEBTOR_FIELDS, ADDRESS_FIELDS, { .name = NULL } };
static const struct field invoice_fields[] = { DEBTOR_FIELDS, ADDRESS_FIELDS, INVOICE_FIELDS, { .name = NULL } };
static const struct field claim_fields[] = { DEBTOR_FIELDS, ADDRESS_FIELDS, INVOICE_FIELDS, BEFORE_FIELDS, { .name = NULL } };

const struct claim_page client_claim_pages[CLAIM_PAGE_COUNT] = {
	{ "debtor", N_("Who owes?"), N_("Step 1 of 4."), 0, 3 },
	{ "address", N_("Where does the debtor live?"), N_("Step 2 of 4. Letters go here; with an e-mail address or a telephone number the "
		"debtor can also pay from a message."), 3, 7 },
	{ "invoice", N_("Which invoice is it?"), N_("Step 3 of 4."), 10, 5 },
	{ "before", N_("What has happened before?"), N_("Step 4 of 4. If you have sent letters yourself, the debtor is not sent the same ones "
		"again. Everything here may be left out."), 15, 6 },
};

/* ---- pages ---- */

/* All that has been told so far, checked; no errors are shown on a page that is opened. */
static struct form all_read(struct web *web)
{
	return form_read(&web->html, claim_fields, web->request, web->op.today);
}

static void errors_keep(struct form *form, size_t first, size_t count)
{
	form->error_count = 0;
	for (size_t i = 0; i < form->field_count; i++) {
		if (i < first || i >= first + count)
			form->values[i].error = S("");
		form->error_count += form->values[i].error.size > 0;
	}
}

static err_t page_show(struct web *web, size_t page_index, bool with_errors)
{
	str error = web->form.error;
	struct form all = all_read(web);
	const struct claim_page *page = &client_claim_pages[page_index];
	errors_keep(&all, page->first, with_errors ? page->count : 0);
	all.error = with_errors ? error : S("");
	all.was_sent = with_errors;
	web->form = all;
	html_client_claim_page(&web->html, web, page);
	return OK;
}

static size_t page_of_field(const char *name)
{
	for (size_t p = 0; p < CLAIM_PAGE_COUNT; p++)
		for (size_t i = 0; i < client_claim_pages[p].count; i++)
			if (strcmp(claim_fields[client_claim_pages[p].first + i].name, name) == 0)
				return p;
	return CLAIM_PAGE_COUNT;
}

/* The page that has the first error; the last one when it is about the whole. */
static size_t page_with_error(const struct form *form)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (form->values[i].error.size)
			return page_of_field(form->fields[i].name);
	return CLAIM_PAGE_COUNT - 1;
}

static date day_or_none(const struct form *form, const char *name)
{
	const struct field_value *value = form_value(form, name);
	return value->text.size ? value->day : DATE_NONE;
}

static struct claim_new claim_of(const struct form *form)
{
	return (struct claim_new){
		.invoice_no = form_text(form, "invoice_no"),
		.description = form_text(form, "description"),
		.kid = form_text(form, "kid"),
		.issued_on = form_value(form, "issued_on")->day,
		.due_on = form_value(form, "due_on")->day,
		.amount = form_value(form, "amount")->amount,
		.paid = form_value(form, "paid")->amount,
		.is_company = str_eq_z(form_text(form, "debtor_kind"), "company"),
		.debtor_id = form_text(form, "debtor_id"),
		.debtor_name = form_text(form, "debtor_name"),
		.address = form_text(form, "address"),
		.postcode = form_text(form, "postcode"),
		.city = form_text(form, "city"),
		.country = form_text(form, "country"),
		.phone = form_text(form, "phone"),
		.email = form_text(form, "email"),
		.language = form_text(form, "language"),
		.reminder_on = day_or_none(form, "reminder_on"),
		.notice_on = day_or_none(form, "notice_on"),
		.notice_deadline = day_or_none(form, "notice_deadline"),
		.fees = form_value(form, "fees")->amount,
	};
}

/* What a file of claims would be told: put where it belongs, on the field of that name or on the whole. */
static void findings_show(struct form *form, const struct claim_taken *taken)
{
	for (size_t i = 0; i < taken->finding_count; i++) {
		const struct row_finding *finding = &taken->findings[i];
		if (page_of_field(finding->field) < CLAIM_PAGE_COUNT)
			form_wrong(form, finding->field, finding->reason);
		else
			form->error = finding->reason;
	}
}

/* Shown again with what the checks of a claim have found. */
static err_t findings_answer(struct web *web, const struct claim_taken *taken)
{
	findings_show(&web->form, taken);
	if (web->is_api)
		return web_again(web);
	const struct claim_page *page = &client_claim_pages[page_with_error(&web->form)];
	str error = web->form.error;
	errors_keep(&web->form, page->first, page->count);
	web->form.error = error;
	web->answer->status = 422;
	html_client_claim_page(&web->html, web, page);
	return OK;
}

static err_t check_show(struct web *web)
{
	struct client_claim_check check;
	struct claim_new claim = claim_of(&web->form);
	struct portal_terms_row terms;
	bool found;
	TRY(claim_preview(&web->op, web->visitor.client_no, &claim, &check.preview));
	if (check.preview.taken.finding_count)
		return findings_answer(web, &check.preview.taken);
	if (check.preview.taken.was_known)
		return web_redirect(web, "/client/claims/%lld/registered?known=yes", (long long)check.preview.taken.case_no);
	TRY(q_portal_terms(web->op.db, web->op.arena, web->visitor.client_no, &terms, &found));
	if (!found)
		return web_missing(web);
	check.commission_bp = terms.commission_bp;
	check.vat_deductible = terms.vat_deductible != 0;
	html_client_claim_check(&web->html, web, &check);
	return OK;
}

/* On to the next page; straight to the end for somebody who came back to change one thing. */
static err_t page_after(struct web *web, size_t page_index)
{
	if (page_index + 1 < CLAIM_PAGE_COUNT && !str_eq_z(http_form(web->request, "changing"), "yes"))
		return page_show(web, page_index + 1, false);
	web->form = all_read(web);
	if (!web->form.error_count)
		return check_show(web);
	return page_show(web, page_with_error(&web->form), false);
}

static err_t start_show(struct web *web)
{
	html_client_claim_page(&web->html, web, &client_claim_pages[0]);
	return OK;
}

static err_t debtor_take(struct web *web)
{
	return page_after(web, 0);
}

static err_t address_take(struct web *web)
{
	return page_after(web, 1);
}

static err_t invoice_take(struct web *web)
{
	return page_after(web, 2);
}

static err_t before_take(struct web *web)
{
	return page_after(web, 3);
}

/* A step is refused for what is wrong on its page; a hidden field of another page that is wrong leads to that page. */
static err_t again(struct web *web)
{
	str error = web->form.error;
	size_t page = page_with_error(&web->form);
	web->form.error = error;
	return page_show(web, page, true);
}

static err_t edit_show(struct web *web)
{
	str word = http_form(web->request, "page");
	for (size_t i = 0; i < CLAIM_PAGE_COUNT; i++)
		if (str_eq_z(word, client_claim_pages[i].word))
			return page_show(web, i, false);
	return page_show(web, 0, false);
}

/* ---- taking it in ---- */

static err_t claim_book(struct web *web, const struct claim_new *claim, struct claim_taken *taken)
{
	TRY(claim_take(&web->op, web->visitor.client_no, claim, taken));
	if (taken->finding_count || taken->was_known)
		return OK;
	return web_log(web, (struct web_act){ .act = "claim", .case_no = taken->case_no, .client_no = web->visitor.client_no,
		.detail = claim->invoice_no });
}

static err_t made_answer(struct web *web, const struct claim_taken *taken)
{
	struct case_view view;
	TRY(case_show(&web->op, (struct case_question){ taken->case_no, DATE_NONE, DATE_NONE }, &view));
	struct api_claim_made answer = { taken->case_no, view.kid, taken->was_known, str_from_z(stage_name(view.life.stage)),
		str_from_z(view.life.next_step), view.life.next_on };
	return web_answer(web, &shape_claim_made, &answer);
}

static err_t claim_do(struct web *web)
{
	struct claim_new claim = claim_of(&web->form);
	struct claim_taken taken;
	bool joined;
	TRY(op_begin(&web->op, &joined));
	TRY(op_end(&web->op, joined, claim_book(web, &claim, &taken)));
	if (taken.finding_count)
		return findings_answer(web, &taken);
	if (web->is_api)
		return made_answer(web, &taken);
	return web_redirect(web, "/client/claims/%lld/registered%s", (long long)taken.case_no, taken.was_known ? "?known=yes" : "");
}

static err_t done_show(struct web *web)
{
	struct client_claim_done done = { .was_known = str_eq_z(http_query(web->request, "known"), "yes") };
	int64_t case_no;
	err_t err;
	if (!web_case(web, &case_no, &err))
		return err;
	TRY(case_show(&web->op, (struct case_question){ case_no, DATE_NONE, DATE_NONE }, &done.now));
	html_client_claim_done(&web->html, web, &done);
	return OK;
}

static err_t preview_answer(struct web *web)
{
	struct claim_preview preview;
	struct claim_new claim = claim_of(&web->form);
	TRY(claim_preview(&web->op, web->visitor.client_no, &claim, &preview));
	if (preview.taken.finding_count)
		return findings_answer(web, &preview.taken);
	struct api_claim_preview answer = { preview.taken.was_known, preview.coming, preview.coming_count, preview.outcomes,
		preview.outcome_count };
	return web_answer(web, &shape_claim_preview, &answer);
}

#define STEP(word_, table, function, title_) \
	{ HTTP_POST, "/client/claims/new/" word_, .kind = ROUTE_WRITE, .who = WHO_CLIENT_WRITER, .fields = table, .run = function, \
		.again = again, .title = title_ }

const struct route routes_client_claim[] = {
	{ HTTP_GET, "/client/claims/new", .kind = ROUTE_READ, .who = WHO_CLIENT_WRITER, .fields = claim_fields, .run = start_show,
		.title = N_("New claim") },
	STEP("debtor", debtor_fields, debtor_take, N_("Who owes?")),
	STEP("address", address_fields, address_take, N_("Where does the debtor live?")),
	STEP("invoice", invoice_fields, invoice_take, N_("Which invoice is it?")),
	STEP("before", claim_fields, before_take, N_("What has happened before?")),
	{ HTTP_POST, "/client/claims/new/edit", .kind = ROUTE_WRITE, .who = WHO_CLIENT_WRITER, .run = edit_show, .title = N_("New claim") },
	{ HTTP_POST, "/client/claims", "/api/v1/claims", .kind = ROUTE_WRITE, .who = WHO_CLIENT_WRITER | WHO_KEY, .scope = "write",
		.fields = claim_fields, .run = claim_do, .again = again, .title = N_("Register a claim"),
		.about = "Takes one claim in and opens its case. The same invoice again gives the same case.", .answer = &shape_claim_made },
	{ HTTP_POST, NULL, "/api/v1/claims/preview", .kind = ROUTE_WRITE, .who = WHO_CLIENT_WRITER | WHO_KEY, .scope = "read", .flags = ROUTE_TRIES,
		.fields = claim_fields, .run = preview_answer, .title = N_("Try a claim"),
		.about = "What would follow if the claim were taken in and nothing paid, and what you would get if it were. Nothing is kept.",
		.answer = &shape_claim_preview },
	{ HTTP_GET, "/client/claims/{case}/registered", .kind = ROUTE_READ, .who = WHO_CLIENT_WRITER, .run = done_show,
		.title = N_("The claim is registered") },
	{ .method = HTTP_METHOD_COUNT },
};
