/* "Is this message real?": what is pasted is compared with what we have sent. Nothing of a case is told, and nothing pasted is
 * kept. Wrong codes are bounded by the limit of tries (limit.h): there is no one reference to lock. */
#include "app/dispatch.h"
#include "html/real.h"
#include "web/routes.h"

enum { CODE_SIZE_MAX = 9 }; /* with its hyphen */

static const struct field real_fields[] = {
	{ .name = "message", .kind = FIELD_LINES, .label = N_("The message"), .hint = N_("The link, the code or the sender's number alone is fine too."),
		.size_max = 4000, .missing = N_("Paste the message, its link or its code") },
	{ .name = NULL },
};

static err_t real_show(struct web *web)
{
	html_real_form(&web->html, web);
	return OK;
}

/* The link of a letter's QR code, "…/l/17/K7PM-29XR", names its case and code without words: they are put behind it. */
static str link_spelled(struct arena *arena, str message)
{
	for (size_t i = 0; i + 3 < message.size; i++) {
		str rest = { message.at + i, message.size - i };
		if (!str_starts(rest, S("/l/")))
			continue;
		str case_no = str_cut((str){ rest.at + 3, rest.size - 3 }, '/', &rest);
		size_t size = rest.size < CODE_SIZE_MAX ? rest.size : CODE_SIZE_MAX;
		if (str_is_digits(case_no) && size)
			return str_format(arena, "%.*s sak %.*s kode %.*s", STR_ARG(message), STR_ARG(case_no), (int)size, rest.at); /* <= CODE_SIZE_MAX */
	}
	return message;
}

static err_t real_check(struct web *web)
{
	struct genuine_answer answer;
	TRY(dispatch_find_text(&web->op, link_spelled(web->op.arena, form_text(&web->form, "message")), &answer));
	html_real_answer(&web->html, web, &answer);
	return OK;
}

const struct route routes_real[] = {
	{ HTTP_GET, "/real", .kind = ROUTE_READ, .who = WHO_ANYONE, .fields = real_fields, .run = real_show,
		.title = N_("Is the message real?") },
	{ HTTP_POST, "/real", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_LIMITED, .fields = real_fields,
		.run = real_check, .again = real_show, .title = N_("Is the message real?") },
	{ .method = HTTP_METHOD_COUNT },
};
