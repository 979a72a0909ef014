/* The house itself: the law in force, its users, the log of who did what, its identity and colours. */
#include "web/desk_house.h"

#include "app/person.h"
#include "app/setup.h"
#include "html/desk_house.h"
#include "web/query.h"
#include "web/routes.h"
#include "web/session.h"

enum { LOG_ROWS = 100, DAY_SECONDS = 86400 };

/* ---- the law ---- */

static const struct field law_fields[] = {
	{ .name = "on", .kind = FIELD_DATE, .label = N_("On the day"), .optional = true },
	{ .name = NULL },
};

bool desk_law_scheme_known(const struct law *law, const struct law_scheme *scheme, date on)
{
	return law_value_on(&law->inkassosats, on) && (!scheme->letter_fee.value_count || law_value_on(&scheme->letter_fee, on)) &&
	       (!scheme->own_demand_fee.value_count || law_value_on(&scheme->own_demand_fee, on));
}

static err_t law_show(struct web *web)
{
	struct desk_law page = { .on = web->op.today, .law = web->op.law };
	if (!web->form.error_count && form_text(&web->form, "on").size)
		page.on = form_value(&web->form, "on")->day;
	else
		form_fill(&web->form, "on", str_copy(web->op.arena, str_from_z(date_norwegian(page.on).z)));
	err_t err = law_reaches(page.law, page.on);
	page.is_known = !err;
	err_free(err);
	html_desk_law(&web->html, web, &page);
	return OK;
}

/* ---- users ---- */

static const struct field_choice roles[] = {
	{ "handler", N_("Case handler"), N_("Works with cases") },
	{ "manager", N_("Manager"), N_("Works with cases, agrees to what others ask for, runs settlements and nights") },
	{ "admin", N_("Administrator"), N_("Manages users and settings, may look at cases") },
	{ "auditor", N_("Auditor"), N_("Reads everything and changes nothing") },
	{ NULL, NULL, NULL },
};
static const struct field user_fields[] = {
	{ .name = "email", .kind = FIELD_EMAIL, .label = N_("E-mail address") },
	{ .name = "name", .kind = FIELD_TEXT, .label = N_("Name"), .size_max = 100 },
	{ .name = "role", .kind = FIELD_CHOICE, .label = N_("Role"), .choices = roles },
	{ .name = NULL },
};
static const struct field change_fields[] = {
	{ .name = "role", .kind = FIELD_CHOICE, .label = N_("Role"), .choices = roles },
	{ .name = "active", .kind = FIELD_CHECK, .label = N_("May log in"), .optional = true },
	{ .name = NULL },
};

static err_t users_show(struct web *web)
{
	struct desk_users page = { .count = 0 };
	TRY(q_person_list(web->op.db, web->op.arena, INT64_MIN, &page.people, &page.count));
	html_desk_users(&web->html, web, &page);
	return OK;
}

static err_t user_add(struct web *web)
{
	struct person_new person = { .email = form_text(&web->form, "email"), .name = form_text(&web->form, "name"),
		.role = form_text(&web->form, "role"), .language = S("nb") };
	int64_t person_id;
	str token;
	TRY(db_begin(web->op.db));
	err_t err = person_add(&web->op, &person, web->now, &person_id);
	if (!err)
		err = person_invite(&web->op, person_id, web->now, &token);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "invite", .detail = person.email });
	TRY(db_end(web->op.db, err));
	html_desk_user_invited(&web->html, web, person.name, token);
	return OK;
}

/* Of the house only: a client's users are its own administrator's. */
static bool user_find(struct web *web, struct person_by_id_row *ret_person, err_t *ret_err)
{
	bool found;
	*ret_err = q_person_by_id(web->op.db, web->op.arena, web_number(web, "person"), ret_person, &found);
	if (*ret_err)
		return false;
	if (!found || ret_person->has_client_no) {
		*ret_err = web_missing(web);
		return false;
	}
	return true;
}

static err_t user_show(struct web *web)
{
	struct desk_user page = { .was_saved = http_query(web->request, "saved").size > 0 };
	err_t err;
	if (!user_find(web, &page.person, &err))
		return err;
	struct form form = web->form.was_sent && web->form.fields == change_fields ? web->form :
		form_empty(web->op.arena, change_fields);
	if (!form.was_sent) {
		form_fill(&form, "role", page.person.role);
		form_value(&form, "active")->is_ticked = page.person.active != 0;
	}
	html_desk_user(&web->html, web, &page, &form);
	return OK;
}

static err_t user_change(struct web *web)
{
	struct person_by_id_row person;
	err_t err;
	if (!user_find(web, &person, &err))
		return err;
	struct person_change change = { .person_id = person.person_id, .role = form_text(&web->form, "role"),
		.is_active = form_value(&web->form, "active")->is_ticked };
	TRY(db_begin(web->op.db));
	err = person_change(&web->op, &change);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "change_user", .detail = str_format(web->op.arena, "%.*s: %.*s%s",
			STR_ARG(person.email), STR_ARG(change.role), change.is_active ? "" : ", ended") });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/users/%lld?saved=1", (long long)person.person_id);
}

static err_t user_invite(struct web *web)
{
	struct person_by_id_row person;
	err_t err;
	str token;
	if (!user_find(web, &person, &err))
		return err;
	TRY(db_begin(web->op.db));
	err = person_invite(&web->op, person.person_id, web->now, &token);
	if (!err)
		err = web_log(web, (struct web_act){ .act = "invite", .detail = person.email });
	TRY(db_end(web->op.db, err));
	html_desk_user_invited(&web->html, web, person.name, token);
	return OK;
}

/* ---- the log ---- */

static const struct field log_fields[] = {
	{ .name = "actor", .kind = FIELD_TEXT, .label = N_("Who"), .optional = true },
	{ .name = "case", .kind = FIELD_NUMBER, .label = N_("Case"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = "day", .kind = FIELD_DATE, .label = N_("Day"), .optional = true },
	{ .name = "before", .kind = FIELD_NUMBER, .label = N_("Place in the list"), .optional = true, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};

/* The number of the first entry at or after an instant. Numbers grow with time, so twenty-odd look-ups find it in any log. */
static err_t entry_at(struct web *web, int64_t instant, int64_t *ret_audit_id)
{
	struct audit_last_id_row last;
	struct desk_log_at_row row;
	bool found;
	TRY(q_audit_last_id(web->op.db, web->op.arena, &last, &found));
	int64_t low = 1, end = last.audit_id + 1;
	while (low < end) {
		int64_t middle = low + (end - low) / 2;
		TRY(q_desk_log_at(web->op.db, web->op.arena, middle, &row, &found));
		if (found && row.done_at < instant)
			low = middle + 1;
		else
			end = middle;
	}
	*ret_audit_id = low;
	return OK;
}

/* Midnight in Norway, in seconds. */
static int64_t midnight(date day)
{
	int64_t at = day.day * INT64_C(86400);
	struct norwegian_time time = norwegian_time(at);
	return at - (date_eq(time.day, day) ? time.minute : time.minute - 1440) * INT64_C(60);
}

static err_t range_of(struct web *web, int64_t *ret_first, int64_t *ret_before)
{
	int64_t before = form_value(&web->form, "before")->number;
	*ret_first = 0;
	*ret_before = before ? before : INT64_MAX;
	if (!form_text(&web->form, "day").size)
		return OK;
	date day = form_value(&web->form, "day")->day;
	int64_t end;
	TRY(entry_at(web, midnight(day), ret_first));
	TRY(entry_at(web, midnight(date_add(day, 1)), &end));
	*ret_before = end < *ret_before ? end : *ret_before;
	return OK;
}

static err_t log_by_actor(struct web *web, str actor, int64_t first, int64_t before, struct desk_audit *page)
{
	struct desk_log_actor_row *rows;
	if (str_is_digits(actor))
		actor = str_format(web->op.arena, "person %.*s", STR_ARG(actor));
	TRY(q_desk_log_actor(web->op.db, web->op.arena, actor, first, before, LOG_ROWS, &rows, &page->count));
	page->rows = arena_many(web->op.arena, page->count, struct desk_log_case_row);
	for (size_t i = 0; i < page->count; i++)
		page->rows[i] = (struct desk_log_case_row){ rows[i].audit_id, rows[i].done_at, rows[i].actor, rows[i].actor_name,
			rows[i].act, rows[i].has_case_id, rows[i].case_id, rows[i].has_client_no, rows[i].client_no, rows[i].detail };
	return OK;
}

static err_t log_all(struct web *web, int64_t first, int64_t before, struct desk_audit *page)
{
	struct desk_log_all_row *rows;
	TRY(q_desk_log_all(web->op.db, web->op.arena, first, before, LOG_ROWS, &rows, &page->count));
	page->rows = arena_many(web->op.arena, page->count, struct desk_log_case_row);
	for (size_t i = 0; i < page->count; i++)
		page->rows[i] = (struct desk_log_case_row){ rows[i].audit_id, rows[i].done_at, rows[i].actor, rows[i].actor_name,
			rows[i].act, rows[i].has_case_id, rows[i].case_id, rows[i].has_client_no, rows[i].client_no, rows[i].detail };
	return OK;
}

/* One person's entries in one case: the case's, with the others left out. A case has few. */
static void keep_actor(struct desk_audit *page, str actor)
{
	size_t kept = 0;
	for (size_t i = 0; actor.size && i < page->count; i++) {
		str rest, digits;
		str_cut(page->rows[i].actor, ' ', &rest);
		digits = str_is_digits(actor) ? rest : page->rows[i].actor;
		if (str_eq(digits, actor))
			page->rows[kept++] = page->rows[i];
	}
	page->count = actor.size ? kept : page->count;
}

static err_t log_show(struct web *web)
{
	struct desk_audit page = { .page_rows = LOG_ROWS };
	struct query query = query_in(web->op.arena);
	int64_t first = 0, before = INT64_MAX, case_no = form_value(&web->form, "case")->number;
	str actor = form_text(&web->form, "actor");
	if (!web->form.error_count)
		TRY(range_of(web, &first, &before));
	if (case_no)
		TRY(q_desk_log_case(web->op.db, web->op.arena, case_no, first, before, LOG_ROWS, &page.rows, &page.count));
	else if (actor.size)
		TRY(log_by_actor(web, actor, first, before, &page));
	else
		TRY(log_all(web, first, before, &page));
	int64_t last = page.count ? page.rows[page.count - 1].audit_id : 0;
	bool is_full = page.count == LOG_ROWS;
	if (case_no)
		keep_actor(&page, actor);
	query_add(&query, "actor", actor);
	query_add_number(&query, "case", case_no);
	query_add(&query, "day", form_text(&web->form, "day"));
	query_add_number(&query, "before", is_full ? last : 0);
	page.query = is_full ? query_text(&query) : S("");
	html_desk_audit(&web->html, web, &page);
	return OK;
}

/* ---- settings ---- */

static const struct field_choice marks[] = {
	{ "built-in", N_("The built-in mark"), NULL },
	{ "letter", N_("The first letter of our name, in our colours"), NULL },
	{ NULL, NULL, NULL },
};
static const struct field settings_fields[] = {
	{ .name = "header", .kind = FIELD_TEXT, .label = N_("The band at the top"), .hint = N_("A colour as #0f3b4b"), .size_max = 7 },
	{ .name = "accent", .kind = FIELD_TEXT, .label = N_("Buttons and links"),
		.hint = N_("A colour as #12495c. White text must be readable on it: a contrast of at least 4.5:1"), .size_max = 7 },
	{ .name = "mark", .kind = FIELD_CHOICE, .label = N_("Mark in the band"), .choices = marks },
	{ .name = NULL },
};

static err_t settings_show(struct web *web)
{
	struct desk_settings page = { .was_saved = http_query(web->request, "saved").size > 0 };
	str style, mark;
	TRY(agency_load(&web->op, &page.agency));
	TRY(setup_get(&web->op, "web.brand", &style));
	TRY(setup_get(&web->op, "web.mark", &mark));
	page.has_brand = brand_read(style, &page.brand);
	page.has_letter = str_eq_z(mark, "letter");
	if (!web->form.was_sent) {
		form_fill(&web->form, "header", page.has_brand ? str_copy(web->op.arena, str_from_z(color_text(page.brand.header).z)) :
			S("#0f3b4b"));
		form_fill(&web->form, "accent", page.has_brand ? str_copy(web->op.arena, str_from_z(color_text(page.brand.accent).z)) :
			S("#12495c"));
		form_fill(&web->form, "mark", page.has_letter ? S("letter") : S("built-in"));
	}
	html_desk_settings(&web->html, web, &page);
	return OK;
}

static bool color_take(struct web *web, const char *name, struct color *ret_color)
{
	if (color_parse(form_text(&web->form, name), ret_color))
		return true;
	form_wrong(&web->form, name, T(&web->html, "Write the colour as # and six digits or letters a–f, for example #12495c"));
	return false;
}

static err_t settings_save(struct web *web)
{
	struct brand brand;
	static const struct color white = { 255, 255, 255 };
	bool holds = color_take(web, "header", &brand.header);
	if (color_take(web, "accent", &brand.accent) && color_contrast(brand.accent, white) < BRAND_CONTRAST_MIN) {
		int contrast = color_contrast(brand.accent, white);
		form_wrong(&web->form, "accent", T(&web->html, "The contrast to white is {0}:1 and must be at least 4.5:1. Choose a darker colour",
			html_joined(&web->html, "%d.%d", contrast / 100, contrast / 10 % 10)));
	}
	if (!holds || web->form.error_count)
		return web_again(web);
	TRY(db_begin(web->op.db));
	err_t err = setup_put(&web->op, "web.brand", brand_style(web->op.arena, &brand));
	if (!err)
		err = setup_put(&web->op, "web.mark", form_text(&web->form, "mark"));
	if (!err)
		err = web_log(web, (struct web_act){ .act = "settings", .detail = S("colours") });
	TRY(db_end(web->op.db, err));
	return web_redirect(web, "/desk/settings?saved=1");
}

const struct route routes_desk_house[] = {
	{ HTTP_GET, "/desk/law", .kind = ROUTE_READ, .who = WHO_STAFF, .fields = law_fields, .run = law_show, .title = N_("Law") },
	{ HTTP_GET, "/desk/users", .kind = ROUTE_READ, .who = WHO_ADMIN, .fields = user_fields, .run = users_show,
		.title = N_("Users") },
	{ HTTP_POST, "/desk/users", .kind = ROUTE_WRITE, .who = WHO_ADMIN, .fields = user_fields, .run = user_add,
		.again = users_show, .title = N_("Users") },
	{ HTTP_GET, "/desk/users/{person}", .kind = ROUTE_READ, .who = WHO_ADMIN, .run = user_show, .title = N_("User") },
	{ HTTP_POST, "/desk/users/{person}", .kind = ROUTE_WRITE, .who = WHO_ADMIN, .fields = change_fields, .run = user_change,
		.again = user_show, .title = N_("User") },
	{ HTTP_POST, "/desk/users/{person}/invite", .kind = ROUTE_WRITE, .who = WHO_ADMIN, .run = user_invite, .again = user_show,
		.title = N_("A new invitation") },
	{ HTTP_GET, "/desk/audit", .kind = ROUTE_READ, .who = WHO_MANAGER | WHO_ADMIN | WHO_AUDITOR, .fields = log_fields,
		.run = log_show, .title = N_("Log") },
	{ HTTP_GET, "/desk/settings", .kind = ROUTE_READ, .who = WHO_ADMIN, .fields = settings_fields, .run = settings_show,
		.title = N_("Settings") },
	{ HTTP_POST, "/desk/settings", .kind = ROUTE_WRITE, .who = WHO_ADMIN, .fields = settings_fields, .run = settings_save,
		.again = settings_show, .title = N_("Settings") },
	{ .method = HTTP_METHOD_COUNT },
};
