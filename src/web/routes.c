#include "web/routes.h"

const struct route *const route_tables[] = {
	routes_site,
	routes_login,
	routes_public,
	routes_status,
	routes_real,
	routes_what,
	routes_debtor_login,
	routes_my,
	routes_oidc,
	routes_my_act,
	routes_my_letter,
	routes_my_data,
	routes_api,
	routes_client,
	routes_client_case,
	routes_client_act,
	routes_desk,
	routes_desk_act,
	routes_desk_case,
	routes_client_claim,
};
const size_t route_table_count = sizeof route_tables / sizeof *route_tables;
