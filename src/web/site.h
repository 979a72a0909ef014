/* What the site knows of itself, read once at the start. */
#ifndef KRAVBOK_WEB_SITE_H
#define KRAVBOK_WEB_SITE_H

#include "web/serve.h"

/* Opens the book for a moment; makes the site's secret the first time. Everything lives in arena. */
err_t site_open(struct arena *arena, const struct serve_options *options, struct web_site *ret_site) MUST_CHECK;
date site_today(const struct web_site *site);

#endif
