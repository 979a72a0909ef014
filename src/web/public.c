/* Pages for everyone that say the same to all. */
#include "app/setup.h"
#include "html/public.h"
#include "web/routes.h"

static err_t front_show(struct web *web)
{
	html_public_front(&web->html, web);
	return OK;
}

static err_t contact_show(struct web *web)
{
	str hours;
	TRY(setup_get(&web->op, "web.opening_hours", &hours));
	html_public_contact(&web->html, web, hours);
	return OK;
}

static err_t businesses_show(struct web *web)
{
	html_public_businesses(&web->html, web);
	return OK;
}

static err_t members_show(struct web *web)
{
	html_public_members(&web->html, web);
	return OK;
}

static err_t privacy_show(struct web *web)
{
	html_public_privacy(&web->html, web);
	return OK;
}

static err_t accessibility_show(struct web *web)
{
	html_public_accessibility(&web->html, web);
	return OK;
}

static err_t help_show(struct web *web)
{
	html_public_help(&web->html, web);
	return OK;
}

static err_t help_debtor_show(struct web *web)
{
	html_public_help_debtor(&web->html, web);
	return OK;
}

#define PUBLIC_PAGE(path_, run_, title_) \
	{ HTTP_GET, path_, .kind = ROUTE_READ, .who = WHO_ANYONE, .run = run_, .title = title_ }

const struct route routes_public[] = {
	PUBLIC_PAGE("/", front_show, N_("Debt collection with decency")),
	PUBLIC_PAGE("/contact", contact_show, N_("Contact us")),
	PUBLIC_PAGE("/businesses", businesses_show, N_("For businesses")),
	PUBLIC_PAGE("/members", members_show, N_("For members")),
	PUBLIC_PAGE("/privacy", privacy_show, N_("Privacy")),
	PUBLIC_PAGE("/accessibility", accessibility_show, N_("Accessibility")),
	PUBLIC_PAGE("/help", help_show, N_("Help")),
	PUBLIC_PAGE("/help/debtor", help_debtor_show, N_("Help for you who have received a letter")),
	{ .method = HTTP_METHOD_COUNT },
};
