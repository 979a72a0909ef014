#include "app/debtor.h"

#include "app/search.h"
#include "base/catalog.h"
#include "sql.h"

/* No choice is stored: on paper. */
static enum letter_channel channel_named(str name)
{
	return str_eq_z(name, "sms") ? LETTER_BY_SMS : str_eq_z(name, "email") ? LETTER_BY_EMAIL : LETTER_ON_PAPER;
}

static const char *channel_stored(enum letter_channel channel)
{
	return channel == LETTER_ON_PAPER ? "paper" : letter_channel_name(channel);
}

err_t debtor_get(const struct op *op, int64_t debtor_id, struct debtor *ret_debtor)
{
	struct debtor_get_row row;
	bool found;
	TRY(q_debtor_get(op->db, op->arena, debtor_id, &row, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no debtor %lld", (long long)debtor_id);
	*ret_debtor = (struct debtor){
		.debtor_id = debtor_id,
		.kind = row.kind,
		.ident = row.ident,
		.name = row.name,
		.address = row.address,
		.postcode = row.postcode,
		.city = row.city,
		.country = row.country,
		.phone = row.phone,
		.email = row.email,
		.language = row.language,
		.channel = channel_named(row.channel),
		.consent_at = row.has_consent_at ? row.consent_at : 0,
	};
	return OK;
}

err_t debtor_of_ident(const struct op *op, str ident, int64_t *ret_debtor_id)
{
	struct debtor_of_ident_row row;
	bool found = false;
	if (ident.size)
		TRY(q_debtor_of_ident(op->db, op->arena, ident, &row, &found));
	*ret_debtor_id = found ? row.debtor_id : 0;
	return OK;
}

/* ---- a way to reach somebody ---- */

static str digits_only(struct arena *arena, str phone)
{
	struct text digits = text_in(arena, phone.size + 1);
	for (size_t i = 0; i < phone.size; i++)
		if (phone.at[i] >= '0' && phone.at[i] <= '9')
			text_add_char(&digits, phone.at[i]);
	return text_str(&digits);
}

/* At least as many signs stay hidden as are shown. */
static str phone_masked(struct arena *arena, str phone)
{
	str digits = digits_only(arena, phone);
	if (digits.size < 6)
		return S("•••");
	return str_format(arena, "••• •• %.*s", 3, digits.at + digits.size - 3);
}

static str email_masked(struct arena *arena, str email)
{
	str domain;
	str name = str_cut(email, '@', &domain);
	str first = name;
	if (name.size)
		str_take_char(&first);
	return str_format(arena, "%.*s•••@%.*s", (int)(name.size > 1 ? name.size - first.size : 0), name.at, STR_ARG(domain));
}

struct debtor_contact debtor_contact_of(struct arena *arena, str phone, str email)
{
	if (digits_only(arena, phone).size >= 8)
		return (struct debtor_contact){ LETTER_BY_SMS, phone, phone_masked(arena, phone) };
	if (str_has(email, S("@")))
		return (struct debtor_contact){ LETTER_BY_EMAIL, email, email_masked(arena, email) };
	return (struct debtor_contact){ LETTER_ON_PAPER, S(""), S("") };
}

/* ---- changes ---- */

static bool can_reach(const struct debtor *debtor, enum letter_channel channel)
{
	return channel == LETTER_ON_PAPER || (channel == LETTER_BY_SMS ? debtor->phone.size : debtor->email.size) > 0;
}

static err_t contact_write(const struct op *op, struct debtor *debtor, str phone, str email, int64_t now)
{
	debtor->phone = phone, debtor->email = email;
	TRY(search_debtor_out(op, debtor->debtor_id));
	TRY(q_debtor_set_contact(op->db, phone, email, debtor->debtor_id));
	TRY(search_debtor_in(op, debtor->debtor_id));
	if (can_reach(debtor, debtor->channel))
		return OK;
	return q_debtor_choose(op->db, debtor->debtor_id, S("paper"), debtor->consent_at ? debtor->consent_at : INT64_MIN, now);
}

err_t debtor_set_contact(const struct op *op, int64_t debtor_id, str phone, str email, int64_t now)
{
	struct debtor debtor;
	bool joined;
	TRY(debtor_get(op, debtor_id, &debtor));
	TRY(op_begin(op, &joined));
	return op_end(op, joined, contact_write(op, &debtor, phone, email, now));
}

static err_t choice_write(const struct op *op, const struct debtor *debtor, const struct debtor_choice_new *choice, int64_t now)
{
	int64_t consent_at = !choice->consent ? INT64_MIN : debtor->consent_at ? debtor->consent_at : now;
	TRY(q_debtor_choose(op->db, debtor->debtor_id, str_from_z(channel_stored(choice->channel)), consent_at, now));
	return q_debtor_set_language(op->db, choice->language, debtor->debtor_id);
}

err_t debtor_choose(const struct op *op, int64_t debtor_id, const struct debtor_choice_new *choice, int64_t now)
{
	struct debtor debtor;
	bool joined;
	TRY(debtor_get(op, debtor_id, &debtor));
	if (!can_reach(&debtor, choice->channel))
		return fail(ERR_INPUT, choice->channel == LETTER_BY_SMS ? N_("we have no telephone number for you: write one first")
									: N_("we have no e-mail address for you: write one first"));
	TRY(op_begin(op, &joined));
	return op_end(op, joined, choice_write(op, &debtor, choice, now));
}

/* ---- mandates ---- */

static err_t mandate_write(const struct op *op, const struct mandate_new *mandate, int64_t *ret_mandate_id)
{
	struct mandate_last_row last;
	bool found;
	TRY(q_mandate_last(op->db, op->arena, &last, &found));
	*ret_mandate_id = last.mandate_id + 1;
	return q_mandate_insert(op->db, *ret_mandate_id, mandate->debtor_id, mandate->case_no ? mandate->case_no : INT64_MIN,
		mandate->helper_name, mandate->helper_phone.size ? mandate->helper_phone : mandate->helper_email,
		mandate->may_act ? S("act") : S("see"), mandate->code_hash, op->today, mandate->until, mandate->now);
}

err_t mandate_give(const struct op *op, const struct mandate_new *mandate, int64_t *ret_mandate_id)
{
	bool joined;
	if (!mandate->helper_phone.size && !mandate->helper_email.size)
		return fail(ERR_INPUT, "write a telephone number or an e-mail address of whoever helps you");
	if (date_before(mandate->until, op->today))
		return fail(ERR_INPUT, "the last day has passed");
	if (date_after(mandate->until, date_add_months(op->today, MANDATE_MONTHS_MAX)))
		return fail(ERR_INPUT, "a power of attorney lasts at most %d months; you can give a new one", MANDATE_MONTHS_MAX);
	TRY(op_begin(op, &joined));
	return op_end(op, joined, mandate_write(op, mandate, ret_mandate_id));
}

err_t mandate_end(const struct op *op, int64_t debtor_id, int64_t mandate_id, int64_t now)
{
	struct mandate_get_row row;
	bool found, joined;
	TRY(q_mandate_get(op->db, op->arena, mandate_id, &row, &found));
	if (!found || row.debtor_id != debtor_id)
		return fail(ERR_INPUT, "there is no such power of attorney");
	TRY(op_begin(op, &joined));
	return op_end(op, joined, q_mandate_end(op->db, now, mandate_id, debtor_id));
}
