/* Where other programs tell us how a message fared. The gateway calls the address it was given with the message (it knows GET only);
 * the mac in it proves that we made it, so there is nothing to log in to. */
#include "app/dispatch.h"
#include "web/routes.h"

static const struct field sms_fields[] = {
	{ .name = "id", .kind = FIELD_NUMBER, .label = N_("The message's number"), .min = 1, .max = INT64_MAX },
	{ .name = "mac", .kind = FIELD_TEXT, .label = N_("Its proof"), .size_max = 200 },
	{ .name = "type", .kind = FIELD_NUMBER, .label = N_("What the gateway says"), .min = 0, .max = 1000 },
	{ .name = NULL },
};

static err_t sms_report(struct web *web)
{
	if (!web->form.was_sent || web->form.error_count)
		return web_missing(web);
	struct dispatch_report report = {
		.dispatch_id = form_value(&web->form, "id")->number,
		.mac = form_text(&web->form, "mac"),
		.kind = dispatch_report_of_kannel(form_value(&web->form, "type")->number),
		.detail = S(""),
	};
	err_t err = dispatch_report(&web->op, &report, web->now);
	if (err && err_kind(err) == ERR_INPUT) { /* no such message, or a wrong proof: the same to whoever asks */
		err_free(err);
		return web_missing(web);
	}
	TRY(err);
	web->answer->status = 200;
	web->answer->content_type = "text/plain; charset=utf-8";
	web->answer->body = S("noted\n");
	web->answer->is_static = true;
	return OK;
}

const struct route routes_hook[] = {
	{ HTTP_GET, "/hooks/sms", .kind = ROUTE_WRITE, .who = WHO_ANYONE, .flags = ROUTE_NO_INDEX | ROUTE_NO_PAGE,
		.fields = sms_fields, .run = sms_report, .title = N_("A delivery report of an SMS") },
	{ .method = HTTP_METHOD_COUNT },
};
