/* A letter to start from, for the tests of letters. */
#ifndef KRAVBOK_TESTS_LETTER_SAMPLE_H
#define KRAVBOK_TESTS_LETTER_SAMPLE_H

#include "letters.h"
#include "core/letter.h"

static inline struct letter_source *sample_sources(struct arena *arena)
{
	struct letter_source *sources = arena_many(arena, embedded_letters_count, struct letter_source);
	for (size_t i = 0; i < embedded_letters_count; i++)
		sources[i] = (struct letter_source){ embedded_letters[i].name, embedded_letters[i].body };
	return sources;
}

static inline struct letter sample_letter(struct arena *arena, enum letter_kind kind, enum letter_language language)
{
	struct letter_claim *claims = arena_many(arena, 1, struct letter_claim);
	claims[0] = (struct letter_claim){ S("2025-73001"), date_make(2025, 10, 1), date_make(2025, 10, 15),
		S("Treningsavgift høst 2025"), { 148000 }, { 148000 } };
	struct letter_instalment *instalments = arena_many(arena, 12, struct letter_instalment);
	for (int i = 0; i < 12; i++)
		instalments[i] = (struct letter_instalment){ date_add_months(date_make(2026, 2, 15), i), { 15000 } };
	return (struct letter){
		.kind = kind, .language = language, .sent_on = date_make(2026, 1, 15), .deadline_on = date_make(2026, 1, 29),
		.agency = { S("Fjordkrav SA"), S("987654325"), S("Storgata 12"), S("0155"), S("Oslo"), S("22 00 00 00"),
			S("post@fjordkrav.example"), S("fjordkrav.example"), S("15030000006") },
		.debtor = { S("Bjørg Ødegård"), S("Fjellveien 14 B"), S("9008"), S("TROMSØ"), S("NO") },
		.creditor = S("Nordlys Fotballklubb SA"), .creditor_orgnr = S("912345678"), .case_no = 100234,
		.kid = S("1002340000017"), .code = S("K7PM-29XR"),
		.link = S("https://fjordkrav.example/l/100234/K7PM-29XR"), .claims = claims, .claim_count = 1,
		.interest_rate_bp = 1225, .interest_from = date_make(2025, 10, 16),
		.amounts = { .principal = { 148000 }, .interest = { 4471 }, .salaer = { 37500 }, .total = { 189971 } },
		.coming_salaer = { 75000 }, .coming_salaer_on = date_make(2026, 2, 27),
		.instalments = instalments, .instalment_count = 12, .paid_on = date_make(2026, 1, 14), .paid_amount = { 50000 },
	};
}

#endif
