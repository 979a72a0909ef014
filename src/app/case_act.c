/* Acts of a person on a case. Each is checked against where the case stands, then booked as a fact. */
#include "app/case.h"

#include "app/book.h"
#include "base/catalog.h"
#include "sql.h"

struct acting {
	const struct op *op;
	const struct case_act *act;
	struct terms_book terms;
	struct book book;
	struct book_case *entry;
	struct life_case now; /* before the act, on the day it counts from or today */
	struct fact fact;
	money cost;
};

static bool is_closed(const struct acting *acting)
{
	return acting->now.stage == STAGE_CLOSED || acting->now.stage == STAGE_WITHDRAWN;
}

static err_t refuse(const struct acting *acting, const char *why)
{
	return fail(ERR_REFUSED, "case %lld is %s: %s", (long long)acting->act->case_no, stage_name(acting->now.stage),
		err_words(why));
}

static err_t need_open(const struct acting *acting)
{
	if (acting->now.carrier_no)
		return fail(ERR_REFUSED, "case %lld was joined to case %lld: act on that one", (long long)acting->act->case_no,
			(long long)acting->now.carrier_no);
	return is_closed(acting) ? refuse(acting, N_("nothing more can be done to it")) : OK;
}

/* The outcome decides the amount: all that is left of the invoice, a part of it, or nothing. */
static err_t resolve_check(struct acting *acting)
{
	const struct case_act *act = acting->act;
	if (!acting->now.disputed)
		return refuse(acting, N_("there is no objection to resolve"));
	money whole = money_sub(acting->now.claim->amount, acting->now.claim->paid);
	if (str_eq_z(act->code, "upheld")) {
		acting->fact.amount = whole;
		return OK;
	}
	if (str_eq_z(act->code, "rejected"))
		return act->amount.minor ? fail(ERR_INPUT, "a rejected objection credits nothing") : OK;
	if (!str_eq_z(act->code, "part"))
		return fail(ERR_INPUT, "the outcome '%.*s' is none of upheld, part, rejected", STR_ARG(act->code));
	if (act->amount.minor <= 0 || act->amount.minor >= whole.minor)
		return fail(ERR_INPUT, "an objection upheld in part needs the amount credited, below %s", money_plain(whole).z);
	return OK;
}

static err_t plan_check(struct acting *acting)
{
	const struct case_act *act = acting->act;
	const struct law *law = acting->op->law;
	if (act->number < 1 || act->number > 360)
		return fail(ERR_INPUT, "a plan has 1 to 360 instalments");
	if (date_before(act->until, acting->fact.counts_on))
		return fail(ERR_INPUT, "the first instalment is due before the plan is made");
	acting->fact.number = act->number;
	acting->fact.code = act->told ? S("told") : S("");
	if (act->told && act->number > law->parameters.plan_fee_over_parts) {
		struct law_salaer fee = {
			.per_mille = law->parameters.plan_fee_per_mille,
			.charged_on = acting->fact.counts_on,
			.vat_deductible = acting->now.claim->terms->vat_deductible,
		};
		acting->cost = law_salaer(law, fee);
	}
	return OK;
}

static date last_demand_on(const struct life_case *life)
{
	date on = DATE_NONE;
	for (size_t i = 0; i < life->event_count; i++)
		if (life->events[i].kind == EVENT_DEMAND)
			on = life->events[i].on;
	return on;
}

/* Within six months of the demand, after the enforcement notice's deadline (inkassoloven § 11, tvfbl § 4-18). */
static err_t legal_check(struct acting *acting)
{
	const struct law *law = acting->op->law;
	date on = acting->fact.counts_on, demand_on = last_demand_on(&acting->now);
	if (acting->now.stage != STAGE_ENFORCEMENT_NOTICE && acting->now.stage != STAGE_SURVEILLANCE &&
		acting->now.stage != STAGE_LEGAL)
		return refuse(acting, N_("a legal step comes after the enforcement notice"));
	if (acting->now.stage == STAGE_ENFORCEMENT_NOTICE && date_before(on, acting->now.next_on))
		return fail(ERR_REFUSED, "the enforcement notice's deadline runs: a legal step may be taken from %s",
			date_iso(acting->now.next_on).z);
	if (date_is_none(demand_on) || date_after(on, date_add_months(demand_on, law->parameters.legal_months)))
		return fail(ERR_REFUSED, "more than %d months since the demand: a new demand comes first (inkassoloven § 11)",
			law->parameters.legal_months);
	const char *proceeding = str_z(acting->op->arena, acting->act->code);
	money drafting = MONEY_ZERO;
	TRY(law_court_fee(law, proceeding, on, &acting->fact.amount));
	/* A drafting fee the law tables do not know for the day is not charged: in doubt for the debtor. */
	err_free(law_court_fee(law, "drafting_fee", on, &drafting));
	acting->fact.number = drafting.minor;
	acting->cost = money_add(acting->fact.amount, drafting);
	return OK;
}

static err_t block_check(struct acting *acting)
{
	static const char *const kinds[] = { "deceased", "bankruptcy", "debt_settlement", "minor", "time_barred" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq_z(acting->act->code, kinds[i]))
			return acting->now.stage == STAGE_BLOCKED ? refuse(acting, N_("it has a block already")) : OK;
	return fail(ERR_INPUT, "'%.*s' is no kind of block: deceased, bankruptcy, debt_settlement, minor, time_barred",
		STR_ARG(acting->act->code));
}

static err_t need_amount(const struct case_act *act)
{
	return act->amount.minor > 0 ? OK : fail(ERR_INPUT, "an amount above zero is needed");
}

static err_t act_check(struct acting *acting)
{
	const struct case_act *act = acting->act;
	date on = acting->fact.counts_on;
	if (date_after(on, acting->op->today))
		return fail(ERR_REFUSED, "%s is after today (%s)", date_iso(on).z, date_iso(acting->op->today).z);
	/* Money, a credit note and the outcome of an objection may come after a case was paid. */
	if (act->kind != CASE_PAY_DIRECT && act->kind != CASE_CREDIT && act->kind != CASE_RESOLVE)
		TRY(need_open(acting));
	switch (act->kind) {
	case CASE_OBJECT:
		return acting->now.stage == STAGE_DISPUTED ? refuse(acting, N_("it is disputed already")) : OK;
	case CASE_RESOLVE:
		return resolve_check(acting);
	case CASE_DEFER:
		return date_before(act->until, on) ? fail(ERR_INPUT, "the deferral ends before it begins") : OK;
	case CASE_PLAN:
		return plan_check(acting);
	case CASE_PLAN_END:
		return acting->now.stage == STAGE_PLAN ? OK : refuse(acting, N_("there is no plan to end"));
	case CASE_BLOCK:
		return block_check(acting);
	case CASE_UNBLOCK:
		return acting->now.stage == STAGE_BLOCKED ? OK : refuse(acting, N_("there is no block to lift"));
	case CASE_CLOSE:
		return act->note.size ? OK : fail(ERR_INPUT, "closing a case needs a reason");
	case CASE_PAY_DIRECT:
	case CASE_CREDIT:
		return need_amount(act);
	case CASE_LEGAL:
		return legal_check(acting);
	case CASE_DEMAND:
		return date_is_none(last_demand_on(&acting->now)) ? refuse(acting, N_("a new demand follows an earlier one")) : OK;
	case CASE_SURVEIL:
		if (date_is_none(act->until))
			acting->fact.until = date_add_months(on, 12);
		if (date_after(acting->fact.until, date_add_months(on, 12)))
			return fail(ERR_INPUT, "a case in surveillance is reviewed within a year");
		return OK;
	case CASE_WITHDRAW:
		return OK;
	}
	panic("an act of unknown kind");
}

static enum fact_kind act_fact_kind(enum case_act_kind kind)
{
	static const enum fact_kind kinds[] = {
		[CASE_OBJECT] = FACT_OBJECTION,
		[CASE_RESOLVE] = FACT_RESOLUTION,
		[CASE_DEFER] = FACT_DEFERRAL,
		[CASE_PLAN] = FACT_PLAN,
		[CASE_PLAN_END] = FACT_PLAN_END,
		[CASE_BLOCK] = FACT_BLOCK,
		[CASE_UNBLOCK] = FACT_UNBLOCK,
		[CASE_CLOSE] = FACT_CLOSE,
		[CASE_PAY_DIRECT] = FACT_DIRECT_PAYMENT,
		[CASE_WITHDRAW] = FACT_WITHDRAW,
		[CASE_CREDIT] = FACT_CREDIT,
		[CASE_LEGAL] = FACT_LEGAL,
		[CASE_DEMAND] = FACT_DEMAND,
		[CASE_SURVEIL] = FACT_SURVEILLANCE,
	};
	return kinds[kind];
}

/* How the case stands at the end of the day the act counts from, with the facts known before it: an act told late is
 * judged by the day it was done. */
static err_t acting_now(struct acting *acting)
{
	struct group_facts *group = &acting->book.groups[acting->entry->group_index];
	date stepped = book_stepped_until(&acting->book, acting->entry->group_index);
	date on = date_min(acting->fact.counts_on, acting->op->today);
	if (date_eq(on, acting->op->today))
		on = date_max(on, stepped);
	struct life_span span = { .until = on, .steps_until = date_min(stepped, on), .explain = true };
	struct life life;
	TRY(law_reaches(acting->op->law, on));
	life_replay(group, acting->op->law, span, acting->op->arena, &life);
	acting->now = life.cases[acting->entry->claim_index];
	return OK;
}

/* An objection, a block or money stops letters that are ordered but not handed over, with their charges. */
static bool act_stops_letters(enum case_act_kind kind)
{
	return kind == CASE_OBJECT || kind == CASE_BLOCK || kind == CASE_WITHDRAW || kind == CASE_CLOSE || kind == CASE_DEFER;
}

static err_t letters_withdraw(struct acting *acting, int64_t *ret_count)
{
	struct letter_waiting_row *rows;
	size_t count;
	TRY(q_letter_waiting(acting->op->db, acting->op->arena, acting->act->case_no, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		struct fact withdrawn = {
			.kind = FACT_LETTER_WITHDRAWN,
			.counts_on = acting->fact.counts_on,
			.ledger_on = DATE_NONE,
			.until = rows[i].ordered_on,
			.code = rows[i].kind,
		};
		book_fact(&acting->book, acting->act->case_no, withdrawn, 0);
	}
	*ret_count = i64_from_size(count);
	return OK;
}

static err_t act_book(struct acting *acting, struct case_act_result *ret_result)
{
	const struct op *op = acting->op;
	struct book_change_counts counts;
	int64_t withdrawn = 0;
	TRY(terms_book_load(op, &acting->terms));
	TRY(book_open(op, &acting->terms, op->arena, &acting->act->case_no, 1, &acting->book));
	acting->entry = book_case_of(&acting->book, acting->act->case_no);
	if (!acting->entry)
		return fail(ERR_INPUT, "there is no case %lld", (long long)acting->act->case_no);
	TRY(acting_now(acting));
	TRY(act_check(acting));
	if (act_stops_letters(acting->act->kind))
		TRY(letters_withdraw(acting, &withdrawn));
	book_fact(&acting->book, acting->act->case_no, acting->fact, 0);
	/* Claims joined to this one are disputed, and fall, with it. */
	bool falls = acting->act->kind == CASE_RESOLVE && str_eq_z(acting->act->code, "upheld");
	for (size_t i = 0; falls && i < acting->now.joined_count; i++) {
		const struct book_case *joined = book_case_of(&acting->book, acting->now.joined_nos[i]);
		require(joined);
		struct fact credit = acting->fact;
		credit.kind = FACT_CREDIT;
		const struct group_facts *group = &acting->book.groups[joined->group_index];
		credit.amount = money_sub(group->claims[joined->claim_index].amount, group->claims[joined->claim_index].paid);
		book_fact(&acting->book, joined->case_no, credit, 0);
	}
	book_replay(&acting->book, (struct book_replay){ BOOK_FACTS, op->today });
	TRY(book_save(&acting->book, &counts));
	const struct life_case *life = acting->entry->life;
	*ret_result = (struct case_act_result){
		.stage = life->stage,
		.balance = life->balance,
		.cost = acting->cost,
		.next_step = str_from_z(life->next_step),
		.next_on = life->next_on,
		.letters_withdrawn = withdrawn,
	};
	return OK;
}

err_t case_act(const struct op *op, const struct case_act *act, struct case_act_result *ret_result)
{
	struct acting acting = { .op = op, .act = act };
	acting.fact = (struct fact){
		.kind = act_fact_kind(act->kind),
		.counts_on = date_is_none(act->on) ? op->today : act->on,
		.ledger_on = DATE_NONE,
		.until = act->until,
		.amount = act->amount,
		.code = act->code,
		.note = act->note,
	};
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, act_book(&acting, ret_result));
}
