#include "core/kid.h"

#include <string.h>

char kid_mod10_digit(str payload)
{
	require(str_is_digits(payload));
	require(payload.size < KID_SIZE_MAX);
	int sum = 0, weight = 2;
	for (size_t i = payload.size; i > 0; i--, weight = 3 - weight) {
		int product = (payload.at[i - 1] - '0') * weight;
		sum += product / 10 + product % 10;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

char kid_mod11_char(str payload)
{
	require(str_is_digits(payload));
	require(payload.size < KID_SIZE_MAX);
	int sum = 0, weight = 2;
	for (size_t i = payload.size; i > 0; i--) {
		sum += (payload.at[i - 1] - '0') * weight;
		weight = weight == 7 ? 2 : weight + 1;
	}
	int check = (11 - sum % 11) % 11;
	return check == 10 ? '-' : (char)('0' + check);
}

bool kid_is_valid(str kid)
{
	if (kid.size < KID_SIZE_MIN || kid.size > KID_SIZE_MAX)
		return false;
	str payload = { kid.at, kid.size - 1 };
	if (!str_is_digits(payload))
		return false;
	char check = kid.at[kid.size - 1];
	return check == kid_mod10_digit(payload) || check == kid_mod11_char(payload);
}

struct kid_text kid_of_case(int64_t case_no)
{
	require(case_no >= 1);
	require(case_no <= KID_CASE_NO_MAX);
	struct kid_text kid = { "80" };
	for (int i = KID_OWN_SIZE - 2; i >= 2; i--, case_no /= 10)
		kid.z[i] = (char)('0' + case_no % 10);
	kid.z[KID_OWN_SIZE - 1] = kid_mod10_digit((str){ kid.z, KID_OWN_SIZE - 1 });
	return kid;
}

bool kid_case(str kid, int64_t *ret_case_no)
{
	if (kid.size != KID_OWN_SIZE || !str_is_digits(kid) || !str_starts(kid, S("80")))
		return false;
	if (kid.at[KID_OWN_SIZE - 1] != kid_mod10_digit((str){ kid.at, KID_OWN_SIZE - 1 }))
		return false;
	int64_t case_no = 0;
	for (size_t i = 2; i < KID_OWN_SIZE - 1; i++)
		case_no = case_no * 10 + (kid.at[i] - '0');
	if (case_no == 0)
		return false;
	*ret_case_no = case_no;
	return true;
}
