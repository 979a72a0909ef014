#include "web/routes.h"

const struct route *const route_tables[] = {
	routes_site,
	routes_login,
	routes_desk,
	routes_desk_act,
	routes_desk_case,
};
const size_t route_table_count = sizeof route_tables / sizeof *route_tables;
