#include "app/demo.h"
err_t demo_fill(const struct op *op)
{
	(void)op;
	return fail(ERR_REFUSED, "not yet");
}
