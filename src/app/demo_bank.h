/* The bank of the demo: makes the files a bank would send. */
#ifndef KRAVBOK_APP_DEMO_BANK_H
#define KRAVBOK_APP_DEMO_BANK_H

#include "base/arena.h"
#include "base/date.h"
#include "base/money.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct demo_payment {
	str kid;
	money amount;
	str payer_account; /* 11 digits */
};
/* An OCR giro file of payments given to the bank and settled on one day. */
str demo_ocr_file(struct arena *arena, str account, date on, int64_t number, const struct demo_payment *payments,
	size_t count);

struct demo_debit {
	str end_to_end, name, account;
	money amount;
};
/* A camt.053 statement of a day on which only our own payouts went out. */
str demo_statement_file(struct arena *arena, str account, date on, int64_t number, money opening,
	const struct demo_debit *debits, size_t count);

#endif
