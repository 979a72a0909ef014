/* Numbers that name a person, a company or an account, and their check digits. A person's number is personal data:
 * error texts name its birth digits at most, never the whole of it. */
#ifndef KRAVBOK_CORE_IDENT_H
#define KRAVBOK_CORE_IDENT_H

#include "base/date.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

/* A number without the blanks and dots people write in it. */
struct ident_text {
	char z[12];
};

/* Organisation number: 9 digits, mod 11. */
bool orgnr_is_valid(str digits);
/* The same as people write it ("923 609 016"); ERR_INPUT quoting the value. */
err_t orgnr_parse(str s, struct ident_text *ret_orgnr) MUST_CHECK;

/* Norwegian account number: 11 digits, mod 11; a number whose check would be 10 is never issued. */
bool bban_is_valid(str digits);
/* The same as people write it ("8601.11.17947", "8601 11 17947"); ERR_INPUT quoting the value. */
err_t bban_parse(str s, struct ident_text *ret_bban) MUST_CHECK;

struct iban_text {
	char z[16];
};
/* NO, two check digits, the account number. bban: bban_is_valid() (require()d). */
struct iban_text iban_of_bban(str bban);
/* True, with the account number, for a Norwegian IBAN (blanks allowed) whose both checks hold. */
bool iban_bban(str iban, struct ident_text *ret_bban);

enum ident_kind {
	IDENT_BIRTH_NUMBER, /* fødselsnummer */
	IDENT_D_NUMBER,     /* day + 40: somebody without a fødselsnummer */
	IDENT_H_NUMBER,     /* month + 40: given by a hospital; D and H may combine, that is a D-number here */
};

struct ident_person {
	struct ident_text number; /* 11 digits */
	enum ident_kind kind;
	bool synthetic;       /* month + 80: a test person */
	date born_on;         /* DATE_NONE when the number does not tell */
};

/* The 2032 rule: numbers given from then on may have a first check digit that leaves 1, 2 or 3 instead of 0, and their
 * individual number (digits 7-9) tells no century any more. */
struct ident_days {
	date today;
	date rule_from; /* law: 2032-01-01; when today is that day or later, the new digits are accepted */
};

/* A person's number, a blank after the sixth digit allowed. ERR_INPUT says which part is wrong: the day,
 * the check digits, or a birth date after today.
 * Skatteetaten's rules of the check digits; navikt/fnrvalidator reads them the same way. */
err_t ident_person_parse(str s, struct ident_days days, struct ident_person *ret_person) MUST_CHECK;

/* Under age_of_majority on the day; false when the birth date is not known. */
bool ident_is_minor(const struct ident_person *person, date on, int age_of_majority);

#endif
