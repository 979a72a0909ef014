#include "base/money.h"

#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide; /* a product of two int64_t; gcc and clang both have it */

money money_ratio(money amount, int64_t numerator, int64_t denominator, enum rounding rounding)
{
	require(denominator > 0);
	wide product = (wide)amount.minor * numerator;
	bool negative = product < 0;
	wide size = negative ? -product : product;
	if (rounding == ROUND_HALF_UP)
		size += denominator / 2; /* an odd denominator has no exact half */
	if (size <= INT64_MAX) { /* nearly always; 128 bits are divided ten times slower */
		int64_t part = (int64_t)size / denominator;
		return (money){ negative ? -part : part };
	}
	wide result = size / denominator;
	require(result <= INT64_MAX);
	return (money){ negative ? -(int64_t)result : (int64_t)result };
}

money money_split(money total, int64_t count, int64_t index)
{
	require(count > 0);
	require(index >= 0);
	require(index < count);
	int64_t whole = total.minor / count, rest = total.minor % count;
	int64_t one = rest < 0 ? -1 : 1;
	return (money){ whole + (index < rest * one ? one : 0) };
}

/* Bytes of a blank that may stand between groups of three digits, or 0. */
static size_t group_blank(str s)
{
	if (str_starts(s, S(" ")))
		return 1;
	if (str_starts(s, S("\xC2\xA0")))
		return 2;
	return str_starts(s, S("\xE2\x80\xAF")) ? 3 : 0;
}

static err_t not_money(str s)
{
	return fail(ERR_INPUT, "'%.*s' is not an amount (3480.00, 3480,00 or 3 480,00)", STR_ARG(s));
}

err_t money_parse(str s, money *ret_amount)
{
	str left = str_trim(s);
	bool negative = str_starts(left, S("-"));
	if (negative)
		left = (str){ left.at + 1, left.size - 1 };
	int64_t value = 0;
	size_t digit_count = 0, group_size = 0;
	bool grouped = false;
	while (left.size && left.at[0] != '.' && left.at[0] != ',') {
		size_t blank = group_blank(left);
		if (blank) {
			if (digit_count == 0 || (grouped && group_size != 3) || (!grouped && digit_count > 3))
				return not_money(s);
			grouped = true;
			group_size = 0;
			left = (str){ left.at + blank, left.size - blank };
			continue;
		}
		if (left.at[0] < '0' || left.at[0] > '9' || digit_count >= 15)
			return not_money(s);
		value = value * 10 + (left.at[0] - '0');
		digit_count++;
		group_size++;
		left = (str){ left.at + 1, left.size - 1 };
	}
	if (!digit_count || (grouped && group_size != 3))
		return not_money(s);
	int64_t decimals = 0;
	if (left.size) {
		str fraction = { left.at + 1, left.size - 1 };
		if (!str_is_digits(fraction) || fraction.size > 2)
			return not_money(s);
		decimals = (fraction.at[0] - '0') * 10 + (fraction.size == 2 ? fraction.at[1] - '0' : 0);
	}
	int64_t minor = value * 100 + decimals;
	if (minor > MONEY_MAX_MINOR)
		return fail(ERR_INPUT, "'%.*s' is larger than any claim", STR_ARG(s));
	*ret_amount = (money){ negative ? -minor : minor };
	return OK;
}

/* Digits in groups of three with the given mark between them, two decimals after the point. */
static struct money_text money_written(money amount, const char *group_mark, char point)
{
	struct money_text text = { "" };
	uint64_t size = amount.minor < 0 ? (uint64_t)0 - (uint64_t)amount.minor : (uint64_t)amount.minor;
	char digits[24];
	int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)(size / 100));
	size_t at = 0;
	if (amount.minor < 0)
		text.z[at++] = '-';
	for (int i = 0; i < count; i++) {
		if (i && (count - i) % 3 == 0)
			for (const char *mark = group_mark; *mark; mark++)
				text.z[at++] = *mark;
		text.z[at++] = digits[i];
	}
	text.z[at++] = point;
	text.z[at++] = (char)('0' + size / 10 % 10);
	text.z[at++] = (char)('0' + size % 10);
	text.z[at] = '\0';
	return text;
}

struct money_text money_plain(money amount)
{
	return money_written(amount, "", '.');
}

struct money_text money_norwegian(money amount)
{
	return money_written(amount, "\xC2\xA0", ',');
}

struct money_text money_english(money amount)
{
	return money_written(amount, ",", '.');
}
