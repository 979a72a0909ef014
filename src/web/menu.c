#include "web/menu.h"

#include "base/asset.h"

#include <stdio.h>
#include <string.h>

static const struct menu_item nothing[] = { { NULL, NULL, 0 } };

static const struct menu_item debtor_items[] = {
	{ "/my", N_("What I owe"), WHO_DEBTOR },
	{ "/my/letters", N_("Letters"), WHO_DEBTOR },
	{ "/my/messages", N_("Messages"), WHO_DEBTOR },
	{ "/my/helpers", N_("Someone who helps me"), WHO_DEBTOR },
	{ "/my/data", N_("My data"), WHO_DEBTOR },
	{ NULL, NULL, 0 },
};
static const struct menu_item client_items[] = {
	{ "/client", N_("Start"), WHO_CLIENT },
	{ "/client/cases", N_("Cases"), WHO_CLIENT },
	{ "/client/claims/new", N_("New claim"), WHO_CLIENT_WRITER },
	{ "/client/uploads", N_("Upload a file"), WHO_CLIENT_WRITER },
	{ "/client/settlements", N_("Settlements"), WHO_CLIENT },
	{ "/client/reports", N_("Reports"), WHO_CLIENT },
	{ "/client/users", N_("Users"), WHO_CLIENT_ADMIN },
	{ "/client/keys", N_("API and webhooks"), WHO_CLIENT_ADMIN },
	{ NULL, NULL, 0 },
};
static const struct menu_item desk_items[] = {
	{ "/desk", N_("Work list"), WHO_STAFF },
	{ "/desk/today", N_("Today"), WHO_STAFF },
	{ "/desk/cases", N_("Cases"), WHO_STAFF },
	{ "/desk/approvals", N_("Four eyes"), WHO_STAFF },
	{ "/desk/payments", N_("Payments"), WHO_STAFF },
	{ "/desk/settlements", N_("Settlements"), WHO_STAFF },
	{ "/desk/outbox", N_("Outbox"), WHO_STAFF },
	{ "/desk/nights", N_("Nights"), WHO_STAFF },
	{ "/desk/law", N_("Law"), WHO_STAFF },
	{ "/desk/users", N_("Users"), WHO_ADMIN },
	{ "/desk/audit", N_("Log"), WHO_MANAGER | WHO_ADMIN | WHO_AUDITOR },
	{ "/desk/settings", N_("Settings"), WHO_ADMIN },
	{ NULL, NULL, 0 },
};

static const struct menu public_menu = { N_("Pages"), "/help", false, false, nothing };
static const struct menu debtor_menu = { N_("My page"), "/help/debtor", false, false, debtor_items };
static const struct menu client_menu = { N_("Client portal"), "/help/client", true, false, client_items };
static const struct menu desk_menu = { N_("Case work"), "/help/desk", true, false, desk_items };

static bool is_under(str path, const char *root)
{
	size_t size = strlen(root);
	return str_starts(path, str_from_z(root)) && (path.size == size || path.at[size] == '/');
}

const struct menu *menu_of(const struct web *web)
{
	if (is_under(web->path, "/my") && web->visitor.who == WHO_DEBTOR)
		return &debtor_menu;
	if (is_under(web->path, "/client") && web->visitor.who & WHO_CLIENT)
		return &client_menu;
	if (is_under(web->path, "/desk") && web->visitor.who & WHO_STAFF)
		return &desk_menu;
	return &public_menu;
}

bool menu_is_here(const struct web *web, const struct menu *menu, const struct menu_item *item)
{
	if (!is_under(web->path, item->path))
		return false;
	for (const struct menu_item *other = menu->items; other->path; other++)
		if (strlen(other->path) > strlen(item->path) && is_under(web->path, other->path))
			return false;
	return true;
}

str menu_asset(struct html *h, const char *name)
{
	const struct asset *asset = asset_find(name);
	require(asset);
	return html_joined(h, "/assets/%s/%s", asset->hash, asset->name);
}
