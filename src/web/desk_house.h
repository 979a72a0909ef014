/* What the pages of the law in force, users, the log and settings show. */
#ifndef KRAVBOK_WEB_DESK_HOUSE_H
#define KRAVBOK_WEB_DESK_HOUSE_H

#include "core/agency.h"
#include "sql.h"
#include "web/brand.h"
#include "web/web.h"

struct desk_law {
	date on;
	bool is_known;
	const struct law *law;
};
/* Its fees and salær are known on the day. */
bool desk_law_scheme_known(const struct law *law, const struct law_scheme *scheme, date on);

struct desk_users {
	struct person_list_row *people;
	size_t count;
};
struct desk_user {
	struct person_by_id_row person;
	bool was_saved;
};
struct desk_audit {
	struct desk_log_case_row *rows;
	size_t count, page_rows;
	str query; /* the filter, for the next page's link */
};
struct desk_settings {
	struct agency agency;
	struct brand brand;
	bool has_brand, has_letter, was_saved;
};

#endif
