/* What a program's call has that a page has not: its key, its body. */
#include "web/dispatch.h"
#include "web/session.h"

err_t dispatch_visitor(struct web *web)
{
	return session_find(web, &web->visitor);
}

err_t dispatch_api_form(struct web *web, bool *ret_stop)
{
	*ret_stop = false;
	web->form = form_read(&web->html, web->route->fields, web->request, web->op.today);
	return OK;
}
