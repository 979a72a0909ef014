/* KID: check digits against published vectors, our own shape. */
#include "core/kid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check_digits_agree_with_published_vectors(void **state)
{
	(void)state;
	static const struct {
		const char *payload;
		char mod10, mod11; /* 0: not among the vectors */
	} vectors[] = {
		{ "234567", '6', 0 },    { "0", '0', 0 },          { "60224", '3', '8' },
		{ "12345678", '2', '5' }, { "953556472", '9', 0 },  { "000001", '8', 0 },
		{ "2026000123", '3', '0' }, { "1234567890", 0, '3' }, { "31", 0, '0' },
		{ "40", 0, '-' },         { "6", 0, '-' },
	};
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		str payload = str_from_z(vectors[i].payload);
		if (vectors[i].mod10)
			assert_int_equal(kid_mod10_digit(payload), vectors[i].mod10);
		if (vectors[i].mod11)
			assert_int_equal(kid_mod11_char(payload), vectors[i].mod11);
	}
}

static void either_check_makes_a_kid_valid(void **state)
{
	(void)state;
	assert_true(kid_is_valid(S("2345676")));
	assert_true(kid_is_valid(S("310")));
	assert_true(kid_is_valid(S("40-")));
	assert_true(kid_is_valid(S("00")));
	assert_false(kid_is_valid(S("2345677")));
	assert_false(kid_is_valid(S("abc")));
	assert_false(kid_is_valid(S("")));
	assert_false(kid_is_valid(S("0")));
	assert_false(kid_is_valid(S("4-0")));
	assert_false(kid_is_valid(S("--")));
	assert_false(kid_is_valid(S(" 2345676")));
	assert_true(kid_is_valid(S("0000000000000000000000000")));   /* 25 */
	assert_false(kid_is_valid(S("00000000000000000000000000"))); /* 26 */
}

static void our_kid_gives_the_case_number_back(void **state)
{
	(void)state;
	static const int64_t numbers[] = { 1, 9, 10, 12345, 99999999, 100000000, KID_CASE_NO_MAX };
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct kid_text kid = kid_of_case(numbers[i]);
		int64_t case_no = 0;
		assert_int_equal(str_from_z(kid.z).size, KID_OWN_SIZE);
		assert_true(kid_is_valid(str_from_z(kid.z)));
		assert_true(kid_case(str_from_z(kid.z), &case_no));
		assert_int_equal(case_no, numbers[i]);
	}
}

static void a_kid_of_another_shape_is_no_case_of_ours(void **state)
{
	(void)state;
	int64_t case_no = 77;
	struct kid_text kid = kid_of_case(4711);
	kid.z[11] = kid.z[11] == '9' ? '0' : (char)(kid.z[11] + 1);
	assert_false(kid_case(str_from_z(kid.z), &case_no));
	assert_false(kid_case(S("800000000003"), &case_no)); /* case 0, though its check digit is right */
	assert_false(kid_case(S("810000000010"), &case_no));
	assert_false(kid_case(S("8000000000"), &case_no));
	assert_false(kid_case(S("2345676"), &case_no));
	assert_false(kid_case(S("80000000001-"), &case_no));
	assert_int_equal(case_no, 77);
}

static void every_single_wrong_digit_is_noticed(void **state)
{
	(void)state;
	for (int64_t number = 1; number < KID_CASE_NO_MAX; number = number * 7 + 3) {
		struct kid_text kid = kid_of_case(number);
		for (size_t i = 0; i < KID_OWN_SIZE; i++) {
			struct kid_text wrong = kid;
			int64_t case_no;
			wrong.z[i] = wrong.z[i] == '9' ? '0' : (char)(wrong.z[i] + 1);
			assert_false(kid_case(str_from_z(wrong.z), &case_no));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_digits_agree_with_published_vectors),
		cmocka_unit_test(either_check_makes_a_kid_valid),
		cmocka_unit_test(our_kid_gives_the_case_number_back),
		cmocka_unit_test(a_kid_of_another_shape_is_no_case_of_ours),
		cmocka_unit_test(every_single_wrong_digit_is_noticed),
	};
	return cmocka_run_group_tests_name("kid", tests, NULL, NULL);
}
