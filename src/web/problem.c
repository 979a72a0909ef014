#include "web/problem.h"

#include "html/problem.h"

static const struct {
	int status;
	const char *title, *sentence;
} known[] = {
	{ 400, N_("The request cannot be read"), N_("Something in the address or the form is not as it should be.") },
	{ 401, N_("Log in first"), N_("This needs a key or a log-in that is still good.") },
	{ 403, N_("You do not have access to this"), N_("Ask whoever administers your users if you need it.") },
	{ 404, N_("We cannot find the page"), N_("Check that the address is right. What you look for may have been moved, or is not yours to see.") },
	{ 405, N_("This cannot be done here"), N_("The address exists, but not for this.") },
	{ 408, N_("It took too long"), N_("The request did not arrive in time. Try again.") },
	{ 409, N_("This cannot be done now"), N_("Something else has happened in the meantime.") },
	{ 413, N_("This is too large"), N_("What you sent is larger than we take here.") },
	{ 415, N_("We cannot read this kind of file"), N_("Send it in one of the kinds the page names.") },
	{ 422, N_("There is a problem"), N_("Check what you have filled in.") },
	{ 429, N_("Too many tries"), N_("Wait a few minutes and try again, or call us.") },
	{ 431, N_("The request cannot be read"), N_("It says too much about itself.") },
	{ 500, N_("Sorry, something is wrong with us"), N_("It is our fault, not yours. Nothing you did is lost unless we said it was saved. Try again later, or call us.") },
	{ 501, N_("This cannot be done here"), N_("The address exists, but not for this.") },
	{ 503, N_("We are busy"), N_("Try again in a moment. Nothing was changed.") },
};
enum { KNOWN_COUNT = sizeof known / sizeof *known };

static size_t known_index(int status)
{
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		if (known[i].status == status)
			return i;
	return status < 500 ? 0 : KNOWN_COUNT - 3;
}

static err_t problem_json(struct web *web, const struct problem *problem, str title, str detail)
{
	struct text text = text_in(web->op.arena, 1 << 20);
	struct json json = json_in(web->op.arena, sink_text(&text));
	json_object(&json);
	json_key(&json, "type"), json_z(&json, "about:blank");
	json_key(&json, "title"), json_str(&json, title);
	json_key(&json, "status"), json_int(&json, problem->status);
	json_key(&json, "detail"), json_str(&json, detail);
	if (problem->form) {
		json_key(&json, "errors"), json_array(&json);
		for (size_t i = 0; i < problem->form->field_count; i++) {
			if (!problem->form->values[i].error.size)
				continue;
			json_object(&json);
			json_key(&json, "field"), json_z(&json, problem->form->fields[i].name);
			json_key(&json, "detail"), json_str(&json, problem->form->values[i].error);
			json_end(&json);
		}
		json_end(&json);
	}
	json_end(&json);
	TRY(json_finish(&json));
	web->answer->content_type = "application/problem+json";
	web->answer->body = text_str(&text);
	return OK;
}

err_t problem_answer(struct web *web, struct problem problem)
{
	size_t index = known_index(problem.status);
	str title = T(&web->html, known[index].title);
	str detail = problem.text.size ? problem.text : T(&web->html, problem.sentence ? problem.sentence : known[index].sentence);
	web->answer->status = problem.status;
	if (problem.status == 401)
		http_answer_header(web->answer, "WWW-Authenticate", S("Bearer"));
	if (problem.status == 429 || problem.status == 503)
		http_answer_header(web->answer, "Retry-After", S("60"));
	if (web->is_api)
		return problem_json(web, &problem, title, detail);
	web->html.size = 0;
	html_problem(&web->html, web, title, detail);
	return OK;
}

void problem_plain(struct web *web, int status)
{
	web->answer->status = status;
	web->answer->content_type = "text/plain; charset=utf-8";
	web->answer->body = S("Sorry, something is wrong with us. Try again later.\n");
	web->answer->is_static = true;
	web->answer->header_count = 0;
}
