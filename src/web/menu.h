/* The navigation of each kind of visitor, and the addresses of files built into the program. */
#ifndef KRAVBOK_WEB_MENU_H
#define KRAVBOK_WEB_MENU_H

#include "web/web.h"

struct menu_item {
	const char *path;  /* NULL at the end */
	const char *label; /* N_() */
	unsigned who;
};
struct menu {
	const char *title; /* N_() */
	const char *help;  /* path of the help page */
	bool is_dense;     /* for people who work in it all day */
	bool is_text;      /* one column of text */
	const struct menu_item *items;
};
/* By the page's path: /desk, /client, /my, or the public pages. */
const struct menu *menu_of(const struct web *web);
bool menu_is_here(const struct web *web, const struct menu *menu, const struct menu_item *item); /* the longest path that fits */

/* "/assets/<hash>/app.css"; panics on a name that is not there. Never with a language before it. */
str menu_asset(struct html *h, const char *name);

#endif
