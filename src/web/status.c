/* "See your case status", for who has a letter. What is told is one of three words; whether a case exists, whose it is and what
 * it is about is not. So that nothing else tells either: a hit and a miss are answered with pages of one size, after the same
 * look-ups and one write to the book each (the log of who looked; the count of wrong tries), and a reference that is locked
 * after wrong tries is answered as a miss. */
#include "app/case_key.h"
#include "html/status.h"
#include "web/routes.h"

#include <string.h>

enum { ANSWER_SIZE = 16 * 1024 };

static const struct field status_fields[] = {
	{ .name = "case", .kind = FIELD_TEXT, .label = N_("Case number"), .hint = N_("Only digits. You find it at the top of the letter."),
		.size_max = 40 },
	{ .name = "code", .kind = FIELD_CODE, .label = N_("Code"), .hint = N_("Eight characters, such as K7PM-29XR. Blanks do not matter."),
		.size_max = 20 },
	{ .name = NULL },
};

static err_t status_show(struct web *web)
{
	html_status_form(&web->html, web);
	return OK;
}

static err_t try_write(struct web *web, const struct case_key *key)
{
	if (!key->holds)
		return web_try_failed(web, key->reference);
	TRY(db_begin(web->op.db));
	return db_end(web->op.db, web_log(web, (struct web_act){ .act = "status", .case_no = key->case_no,
		.debtor_id = key->debtor_id }));
}

/* Blanks after the end, up to one size for all answers in all languages. */
static void answer_fill(struct html *html)
{
	static const char blanks[] = "                                                                ";
	require(html->size < ANSWER_SIZE);
	while (html->size < ANSWER_SIZE) {
		size_t left = ANSWER_SIZE - html->size;
		html_markup(html, blanks, left < sizeof blanks - 1 ? left : sizeof blanks - 1);
	}
}

static err_t status_try(struct web *web)
{
	struct case_key key;
	bool allowed;
	TRY(case_key_try(&web->op, form_text(&web->form, "case"), form_text(&web->form, "code"), &key));
	key.reference = web_try_from_here(web, key.reference);
	TRY(web_try_allowed(web, key.reference, &allowed));
	key.holds = key.holds && allowed;
	TRY(try_write(web, &key));
	html_status_answer(&web->html, web, &key);
	answer_fill(&web->html);
	return OK;
}

const struct route routes_status[] = {
	{ HTTP_GET, "/status", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX, .fields = status_fields,
		.run = status_show, .title = N_("See your case status") },
	{ HTTP_POST, "/status", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX | ROUTE_LIMITED,
		.fields = status_fields, .run = status_try, .again = status_show, .title = N_("See your case status") },
	{ .method = HTTP_METHOD_COUNT },
};
