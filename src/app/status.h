/* What an administrator alone at night wants to know first. */
#ifndef KRAVBOK_APP_STATUS_H
#define KRAVBOK_APP_STATUS_H

#include "app/op.h"

enum { STATUS_LAW_WARNING_DAYS = 30 };

struct status {
	date last_night, bank_file_on, reconciled_on, backup_on, law_until; /* DATE_NONE: never */
	str bank_file;
	money difference; /* bank statement less our account, on reconciled_on */
	money on_hold;
	int law_days_left;
	int64_t case_count;
};
err_t status_read(const struct op *op, struct status *ret_status) MUST_CHECK;

#endif
