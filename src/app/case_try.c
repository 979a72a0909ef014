#include "app/case_try.h"

#include "app/letter_make.h"
#include "sql.h"

/* The same event before and after: what is new is what has no twin. Events are few. */
static bool event_same(const struct life_event *a, const struct life_event *b)
{
	return a->kind == b->kind && date_eq(a->on, b->on) && entry_owed(&a->entry).minor == entry_owed(&b->entry).minor;
}

static void events_compare(struct arena *arena, struct case_trial *trial)
{
	const struct life_case *before = &trial->before.life, *after = &trial->after.life;
	bool *is_taken = arena_many(arena, before->event_count, bool);
	trial->added = arena_many(arena, after->event_count, const struct life_event *);
	for (size_t i = 0; i < after->event_count; i++) {
		bool is_old = false;
		for (size_t j = 0; j < before->event_count && !is_old; j++)
			if (!is_taken[j] && event_same(&before->events[j], &after->events[i]))
				is_taken[j] = is_old = true;
		if (!is_old)
			trial->added[trial->added_count++] = &after->events[i];
	}
}

static err_t letter_try(const struct op *op, int64_t case_no, int64_t after_no, struct case_trial *trial)
{
	struct letter_waiting_row *rows;
	size_t count, made_count;
	TRY(q_letter_waiting(op->db, op->arena, case_no, &rows, &count));
	struct letter_key key = { 0, 0 };
	for (size_t i = count; i > 0; i--)
		if (rows[i - 1].letter_no > after_no)
			key = (struct letter_key){ case_no, rows[i - 1].letter_no };
	if (!key.case_no)
		return OK;
	struct letter_maker maker;
	struct letter_made *made;
	TRY(letter_maker_open(op, &maker));
	TRY(letters_make(&maker, op->arena, &key, 1, &made, &made_count));
	trial->has_letter = made_count && !made[0].refusal;
	if (trial->has_letter)
		trial->letter = made[0].letter;
	else
		trial->letter_refusal = made_count ? made[0].refusal : NULL;
	return OK;
}

static err_t last_letter(const struct op *op, int64_t case_no, int64_t *ret_letter_no)
{
	struct desk_letters_row *rows;
	size_t count;
	TRY(q_desk_letters(op->db, op->arena, case_no, &rows, &count));
	*ret_letter_no = count ? rows[0].letter_no : 0;
	return OK;
}

static err_t try_inside(const struct op *op, const struct case_act *act, struct case_trial *trial)
{
	struct case_question now = { act->case_no, DATE_NONE, DATE_NONE };
	int64_t last;
	TRY(case_show(op, now, &trial->before));
	TRY(last_letter(op, act->case_no, &last));
	TRY(case_act(op, act, &trial->result));
	TRY(case_show(op, now, &trial->after));
	events_compare(op->arena, trial);
	TRY(letter_try(op, act->case_no, last, trial));
	/* What comes next is a courtesy: at the law's horizon there is no such answer. */
	err_t err = case_preview(op, (struct case_preview){ .case_no = act->case_no, .until = DATE_NONE, .pay_on = DATE_NONE },
		&trial->ahead);
	trial->has_ahead = !err;
	if (err && err_kind(err) != ERR_REFUSED && err_kind(err) != ERR_INPUT)
		return err;
	err_free(err);
	return OK;
}

err_t case_try(const struct op *op, const struct case_act *act, struct case_trial *ret_trial)
{
	struct case_trial trial = { .has_letter = false };
	TRY(db_begin(op->db));
	err_t err = try_inside(op, act, &trial);
	db_rollback(op->db);
	if (err)
		return err;
	*ret_trial = trial;
	return OK;
}
