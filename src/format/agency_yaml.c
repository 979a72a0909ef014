#include "format/agency_yaml.h"
err_t agency_yaml_read(struct arena *arena, const char *path, struct agency *ret_agency)
{
	(void)arena;
	(void)ret_agency;
	return fail(ERR_REFUSED, "%s: not yet", path);
}
