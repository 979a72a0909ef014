/* The book itself: made, migrated, given the agency's identity; clients and their terms. */
#ifndef KRAVBOK_APP_SETUP_H
#define KRAVBOK_APP_SETUP_H

#include "app/op.h"
#include "core/agency.h"
#include "format/csv.h"

/* Kept in the table setting, as "agency.name" and so on. */
err_t agency_load(const struct op *op, struct agency *ret_agency) MUST_CHECK;
/* Stores the given fields (an empty one is left as it is); makes client number 1, the agency itself, process no/own.
 * ERR_INPUT for an organisation number whose check digit is wrong or an account that is not eleven digits; an account
 * with a wrong check digit is taken (agency_account_doubt() says so). */
err_t agency_store(const struct op *op, const struct agency *agency) MUST_CHECK;

bool agency_account_doubt(const struct agency *agency);

/* The book's own fixed day (a demo), or DATE_NONE. */
err_t setup_clock(struct db *db, struct arena *arena, date *ret_day) MUST_CHECK;
err_t setup_put(const struct op *op, const char *name, str value) MUST_CHECK;
err_t setup_get(const struct op *op, const char *name, str *ret_value) MUST_CHECK; /* "" when not set */

struct client_import_result {
	int64_t created, updated, unchanged;
	struct row_finding *findings;
	size_t finding_count;
};
/* Creates or updates clients; with findings nothing is booked. A change of terms makes new terms for later claims. */
err_t client_import(const struct op *op, const char *path, struct client_import_result *ret_result) MUST_CHECK;

#endif
