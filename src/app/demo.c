#include "app/demo.h"
err_t demo_fill(const struct op *op, const char *folder, struct demo_result *ret_result)
{
	(void)op;
	(void)folder;
	(void)ret_result;
	return fail(ERR_REFUSED, "not yet");
}
