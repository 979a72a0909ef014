/* Between the transport (http.h) and a handler: what web.c and serve.c share. */
#ifndef KRAVBOK_WEB_DISPATCH_H
#define KRAVBOK_WEB_DISPATCH_H

#include "web/web.h"

/* Carries out web->route for the request and fills web->answer. Never fails. */
void web_run(struct web *web);

/* Sets web->visitor from the cookie or the key. */
err_t dispatch_visitor(struct web *web) MUST_CHECK;
/* The key's scopes have the route's. */
bool dispatch_scope_fits(const struct web *web);
/* Reads the form of an API call from its JSON into web->form. ret_stop: answered already. */
err_t dispatch_api_form(struct web *web, bool *ret_stop) MUST_CHECK;

#endif
