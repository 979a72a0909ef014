/* KID, the payment reference of the Norwegian giro: 2-25 digits, the last one a check character by mod 10 or mod 11.
 * Always text, never a number: leading zeros count and 25 digits fit no integer. */
#ifndef KRAVBOK_CORE_KID_H
#define KRAVBOK_CORE_KID_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { KID_SIZE_MIN = 2, KID_SIZE_MAX = 25, KID_OWN_SIZE = 12 };

#define KID_CASE_NO_MAX INT64_C(999999999)

struct kid_text {
	char z[KID_SIZE_MAX + 1];
};

/* Right by mod 10 or by mod 11. '-' stands for mod 11's ten and is good only as the last character. */
bool kid_is_valid(str kid);

/* The check character of payload (digits only, 1-24 of them; require()d). */
char kid_mod10_digit(str payload);
char kid_mod11_char(str payload); /* '0'-'9' or '-' */

/* Our own KID: "80", the case number in nine digits, the mod 10 digit. Twelve characters, and the case number can be
 * read back from it, so no table is needed to find a case. case_no 1-KID_CASE_NO_MAX (require()d). */
struct kid_text kid_of_case(int64_t case_no);

/* True, with the case number, only for a KID of exactly our shape with the right check digit. */
bool kid_case(str kid, int64_t *ret_case_no);

#endif
