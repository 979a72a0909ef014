#include "app/case_key.h"

#include "app/letter.h"
#include "core/kid.h"
#include "core/life.h"
#include "sql.h"

#include <sodium.h>

enum { CODES_TRIED = 64, CODE_SIZE = LETTER_CODE_SIZE - 1, UNKNOWN_CASES = 1000 };

/* The digits of what was typed: the number itself, or the case of our own KID. */
static int64_t case_typed(str typed)
{
	char digits[KID_SIZE_MAX + 1];
	size_t count = 0;
	int64_t case_no = 0;
	for (size_t i = 0; i < typed.size && count < KID_SIZE_MAX; i++)
		if (typed.at[i] >= '0' && typed.at[i] <= '9')
			digits[count++] = typed.at[i];
	str number = { digits, count };
	if (kid_case(number, &case_no))
		return case_no;
	err_t err = parse_i64(number, 0, KID_CASE_NO_MAX, &case_no);
	err_free(err);
	return err ? 0 : case_no;
}

/* Without its hyphen, in the alphabet's own characters; zeros where there are too few, so that it fits no code. */
static void code_typed(str typed, char ret_code[CODE_SIZE])
{
	size_t count = 0;
	for (size_t i = 0; i < CODE_SIZE; i++)
		ret_code[i] = '\0';
	for (size_t i = 0; i < typed.size; i++) {
		char c = typed.at[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			continue;
		if (count < CODE_SIZE)
			ret_code[count] = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
		count++;
	}
	if (count != CODE_SIZE)
		ret_code[0] = '\0';
}

/* The newest CODES_TRIED letters, the receipts' code among them: always as many, each compared in the same time. */
static bool code_holds(str secret, int64_t case_no, int64_t last_letter, const char code[CODE_SIZE])
{
	int found = 0;
	for (int64_t i = 0; i < CODES_TRIED; i++) {
		int64_t letter_no = last_letter - i > 0 ? last_letter - i : 0;
		struct letter_code right = letter_code(secret, case_no, letter_no);
		char plain[CODE_SIZE];
		for (size_t k = 0; k < CODE_SIZE; k++)
			plain[k] = right.z[k + (k >= 4)];
		found |= sodium_memcmp(plain, code, CODE_SIZE) == 0;
	}
	return found != 0;
}

static enum case_phase phase_of(const struct case_key_state_row *row)
{
	if (str_eq_z(row->stage, stage_name(STAGE_CLOSED)) || str_eq_z(row->stage, stage_name(STAGE_WITHDRAWN)))
		return CASE_PHASE_CLOSED;
	return str_eq_z(row->stage, stage_name(STAGE_DISPUTED)) ? CASE_PHASE_DISPUTED : CASE_PHASE_ACTIVE;
}

err_t case_key_try(const struct op *op, str typed_case, str typed_code, struct case_key *ret_key)
{
	struct case_key_state_row row = { 0 };
	bool found;
	str secret;
	char code[CODE_SIZE];
	int64_t case_no = case_typed(typed_case);
	code_typed(typed_code, code);
	TRY(letter_secret(op, &secret));
	TRY(q_case_key_state(op->db, op->arena, case_no, &row, &found));
	bool holds = code_holds(secret, case_no, found ? row.last_letter : 0, code) && found;
	*ret_key = (struct case_key){
		.holds = holds,
		.case_no = case_no,
		.debtor_id = holds ? row.debtor_id : 0,
		.phase = holds ? phase_of(&row) : CASE_PHASE_ACTIVE,
		.reference = found ? str_format(op->arena, "case %lld", (long long)case_no)
				   : str_format(op->arena, "no case %lld", (long long)(case_no % UNKNOWN_CASES)),
	};
	return OK;
}
