/* Stories for the replay, told in C: claims and facts of one group, lived under the law of the project. */
#ifndef KRAVBOK_TESTS_LIFE_STORY_H
#define KRAVBOK_TESTS_LIFE_STORY_H

#include "core/life.h"
#include "law_no.h"

#include <stdio.h>

enum { STORY_CLAIM_MAX = 8, STORY_FACT_MAX = 40, STORY_GAP_MAX = 4 };

struct story {
	struct terms terms;
	struct claim_facts claims[STORY_CLAIM_MAX];
	size_t claim_count;
	struct fact facts[STORY_FACT_MAX];
	size_t fact_count;
	struct night_gap gaps[STORY_GAP_MAX];
	size_t gap_count;
};

static inline date day_of(const char *iso)
{
	date d = DATE_NONE;
	err_t err = date_parse_iso(str_from_z(iso), &d);
	require(!err);
	return d;
}

static inline money kroner(const char *text)
{
	money amount = MONEY_ZERO;
	err_t err = money_parse(str_from_z(text), &amount);
	require(!err);
	return amount;
}

static inline void story_begin(struct story *story, const char *process)
{
	*story = (struct story){ .terms = { .client_no = 2, .process = str_from_z(process), .vat_deductible = true } };
}

/* A consumer's claim, received on its due day. Its case number is its place in the story, from 1. */
static inline struct claim_facts *story_claim(struct story *story, money amount, date due_on)
{
	require(story->claim_count < STORY_CLAIM_MAX);
	struct claim_facts *claim = &story->claims[story->claim_count++];
	*claim = (struct claim_facts){
		.case_no = i64_from_size(story->claim_count),
		.terms = &story->terms,
		.invoice_no = S("INV"),
		.issued_on = date_add(due_on, -14),
		.due_on = due_on,
		.received_on = due_on,
		.amount = amount,
		.reminder_on = DATE_NONE,
		.notice_on = DATE_NONE,
		.notice_deadline = DATE_NONE,
	};
	return claim;
}

static inline struct fact *story_fact(struct story *story, int64_t case_no, enum fact_kind kind, date on)
{
	require(story->fact_count < STORY_FACT_MAX);
	int64_t fact_no = 1;
	for (size_t i = 0; i < story->fact_count; i++)
		fact_no += story->facts[i].case_no == case_no;
	struct fact *fact = &story->facts[story->fact_count++];
	*fact = (struct fact){
		.case_no = case_no,
		.fact_no = fact_no,
		.kind = kind,
		.counts_on = on,
		.booked_on = on,
		.ledger_on = DATE_NONE,
		.until = DATE_NONE,
		.code = S(""),
		.note = S(""),
	};
	return fact;
}

static inline struct group_facts story_group(const struct story *story)
{
	return (struct group_facts){
		.claims = story->claims,
		.claim_count = story->claim_count,
		.facts = story->facts,
		.fact_count = story->fact_count,
		.gaps = story->gaps,
		.gap_count = story->gap_count,
	};
}

/* The book after a night of day until. */
static inline struct life story_live(const struct story *story, struct arena *arena, date until)
{
	struct group_facts group = story_group(story);
	struct life_span span = { .until = until, .steps_until = until };
	struct life life;
	life_replay(&group, &law_no, span, arena, &life);
	return life;
}

/* What is shown as of a day, explained; nights have been run up to it. */
static inline struct life story_look_by(const struct story *story, struct arena *arena, date on, const struct law *law)
{
	struct group_facts group = story_group(story);
	struct life_span span = { .until = on, .steps_until = on, .explain = true };
	struct life life;
	life_replay(&group, law, span, arena, &life);
	return life;
}

static inline struct life story_look(const struct story *story, struct arena *arena, date on)
{
	return story_look_by(story, arena, on, &law_no);
}

static inline money entry_column(const struct life_event *event, enum journal_column column)
{
	return event->entry.column[column];
}

/* The whole story on standard error: with it a failure can be told again. */
static inline void story_print(const struct story *story)
{
	const struct terms *terms = &story->terms;
	fprintf(stderr, "%.*s grace %d, %s, %lld bp, %s\n", STR_ARG(terms->process), terms->grace_days,
		terms->vat_deductible ? "deducts VAT" : "no VAT deduction", (long long)terms->commission_bp,
		terms->allocation == ALLOCATION_PRINCIPAL_FIRST ? "principal first" : "costs first");
	for (size_t i = 0; i < story->claim_count; i++) {
		const struct claim_facts *claim = &story->claims[i];
		fprintf(stderr, "claim %lld: %s due %s received %s%s%s, paid %s", (long long)claim->case_no,
			money_plain(claim->amount).z, date_iso(claim->due_on).z, date_iso(claim->received_on).z,
			claim->business ? ", business" : "", claim->alone ? ", alone" : "", money_plain(claim->paid).z);
		fprintf(stderr, ", reminder %s notice %s deadline %s fees %s\n", date_iso(claim->reminder_on).z,
			date_iso(claim->notice_on).z, date_iso(claim->notice_deadline).z, money_plain(claim->fees).z);
	}
	for (size_t i = 0; i < story->fact_count; i++) {
		const struct fact *fact = &story->facts[i];
		fprintf(stderr, "fact %lld of %lld: %s on %s booked %s", (long long)fact->fact_no, (long long)fact->case_no,
			fact_kind_name(fact->kind), date_iso(fact->counts_on).z, date_iso(fact->booked_on).z);
		fprintf(stderr, " until %s, %s, number %lld, %.*s\n", date_iso(fact->until).z, money_plain(fact->amount).z,
			(long long)fact->number, STR_ARG(fact->code));
	}
	for (size_t i = 0; i < story->gap_count; i++)
		fprintf(stderr, "no night %s to %s\n", date_iso(story->gaps[i].first).z, date_iso(story->gaps[i].last).z);
}

#endif
