/* What a letter says is the outbox's row, the claim and the people; only letters that may be about several claims, or
 * tell of a heavy salær to come, need the journal of their case, and only a plan's letter a replay. */
#include "app/letter_make.h"

#include "app/file.h"
#include "app/setting.h"
#include "app/setup.h"
#include "core/kid.h"
#include "letters.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the agency, the templates, the code ---- */

err_t letter_words_load(const struct op *op, struct letter_book **ret_words)
{
	struct letter_source *sources = arena_many(op->arena, embedded_letters_count, struct letter_source);
	for (size_t i = 0; i < embedded_letters_count; i++)
		sources[i] = (struct letter_source){ embedded_letters[i].name, embedded_letters[i].body };
	return letter_book_load(op->arena, sources, embedded_letters_count, ret_words);
}

/* A letter must say where to write and whom to ring: what is lacking is named by what there is. */
static void lack_fill(struct text *lacks, str *value, str instead, const char *what)
{
	if (value->size)
		return;
	*value = instead;
	text_addf(lacks, "%s%s", lacks->size ? ", " : "", what);
}

err_t letter_sender(const struct op *op, enum letter_language language, struct letter_agency *ret_agency,
	str *ret_lacks)
{
	struct agency agency;
	TRY(agency_load(op, &agency));
	if (!agency.name.size)
		return fail(ERR_REFUSED, "the agency has no name: kravbok init --name NAME");
	if (!agency.account.size)
		return fail(ERR_REFUSED, "the agency has no client-funds account: kravbok init --account BBAN");
	struct text lacks = text_in(op->arena, 100);
	lack_fill(&lacks, &agency.address, agency.name, "address");
	lack_fill(&lacks, &agency.phone, language == LETTER_EN ? S("our office") : S("kontoret"), "phone");
	lack_fill(&lacks, &agency.email, agency.name, "e-mail");
	str web; /* the pages the code opens, when they are elsewhere than the agency's own */
	TRY(setup_get(op, "web.address", &web));
	if (str_starts(web, S("https://")))
		web = (str){ web.at + 8, web.size - 8 };
	if (web.size)
		agency.web = web;
	lack_fill(&lacks, &agency.web, agency.name, "web address");
	*ret_agency = (struct letter_agency){
		.name = agency.name,
		.orgnr = agency.orgnr,
		.address = agency.address,
		.postcode = agency.postcode,
		.city = agency.city,
		.phone = agency.phone,
		.email = agency.email,
		.web = agency.web,
		.account = agency.account,
	};
	*ret_lacks = text_str(&lacks);
	return OK;
}

/* Five bits a character; the alphabet has no I, L, O or U, so that a code can be read out. */
struct letter_code letter_code(str secret, int64_t case_no, int64_t letter_no)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char what[160];
	int size = snprintf(what, sizeof what, "%.*s/%lld/%lld", STR_ARG(secret), (long long)case_no, (long long)letter_no);
	require(size > 0);
	require((size_t)size < sizeof what); /* above zero */
	struct file_sha256 hash = file_sha256(str_from_z(what));
	uint64_t bits = 0;
	for (int i = 0; i < 10; i++) {
		char c = hash.z[i];
		bits = bits << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10); /* a hexadecimal digit */
	}
	struct letter_code code = { "" };
	for (int i = 0; i < 8; i++)
		code.z[i + (i >= 4)] = alphabet[bits >> (35 - 5 * i) & 31];
	code.z[4] = '-';
	return code;
}

static err_t secret_make(const struct op *op, str *ret_secret)
{
	TRY(setup_get(op, "letter_secret", ret_secret));
	if (ret_secret->size)
		return OK;
	*ret_secret = str_format(op->arena, "%s", file_secret().z);
	return setup_put(op, "letter_secret", *ret_secret);
}

err_t letter_secret(const struct op *op, str *ret_secret)
{
	TRY(setup_get(op, "letter_secret", ret_secret));
	if (ret_secret->size)
		return OK;
	TRY(db_begin(op->db));
	err_t err = secret_make(op, ret_secret);
	if (err) {
		db_rollback(op->db);
		return err;
	}
	return db_commit(op->db);
}

err_t letter_maker_open(const struct op *op, struct letter_maker *ret_maker)
{
	struct letter_maker maker = { .op = op };
	for (int i = 0; i < LETTER_LANGUAGE_COUNT; i++)
		TRY(letter_sender(op, (enum letter_language)i, &maker.agency[i], &maker.lacks)); /* in range */
	TRY(terms_book_load(op, &maker.terms));
	TRY(letter_secret(op, &maker.secret));
	TRY(setting_get(op, "web.address", &maker.web_address));
	*ret_maker = maker;
	return OK;
}

int letter_interest_bp(const struct law *law, date on)
{
	const struct law_value *value = law_value_on(&law->late_interest, on);
	require(value);
	require(value->value >= 0);
	require(value->value <= 100000);
	return (int)value->value; /* within an int */
}

/* ---- the claims a case carried when the letter was ordered ---- */

struct making { /* one call of letters_make */
	const struct letter_maker *maker;
	struct arena *arena;
	const struct letter_events_row *events; /* by case and number */
	size_t event_count;
	const struct letter_claims_row *claims; /* joined ones, by case */
	size_t claim_count;
};

struct carried_claim {
	int64_t case_no;
	date due_on;
	money left;
};
struct trail { /* the journal of a case, walked to a letter */
	struct carried_claim *claims; /* its own first */
	size_t claim_count;
	bool demanded, heavy;
	money demand_principal; /* what picks the heavy salær's band */
};

static bool kind_may_be_joined(str kind)
{
	return !str_eq_z(kind, "reminder") && !str_eq_z(kind, "notice");
}

/* Events of the case up to the letter's own which stood then, in order of the day they count from. */
static const struct letter_events_row **events_standing(
	const struct making *making, const struct letter_rows_row *row, size_t *ret_count)
{
	size_t low = 0, end = making->event_count;
	while (low < end) {
		size_t middle = low + (end - low) / 2;
		if (making->events[middle].case_id < row->case_id)
			low = middle + 1;
		else
			end = middle;
	}
	size_t first = low, count = 0;
	while (end < making->event_count && making->events[end].case_id == row->case_id &&
		making->events[end].event_no <= row->event_no)
		end++;
	const struct letter_events_row **standing = arena_many(making->arena, end - first, const struct letter_events_row *);
	for (size_t i = first; i < end; i++) {
		const struct letter_events_row *event = &making->events[i];
		bool gone = event->has_reverses;
		for (size_t k = i + 1; k < end && !gone; k++)
			gone = making->events[k].has_reverses && making->events[k].reverses == event->event_no;
		size_t at = gone ? 0 : count++;
		for (; at > 0 && date_before(event->counts_on, standing[at - 1]->counts_on); at--)
			standing[at] = standing[at - 1];
		if (!gone)
			standing[at] = event;
	}
	*ret_count = count;
	return standing;
}

static const struct letter_claims_row *claim_row(const struct making *making, int64_t case_no)
{
	for (size_t i = 0; i < making->claim_count; i++)
		if (making->claims[i].case_id == case_no)
			return &making->claims[i];
	return NULL;
}

/* Payments cover the oldest claim first; what is given back goes to the first. */
static void trail_move(struct trail *trail, money move)
{
	if (move.minor >= 0) {
		trail->claims[0].left = money_add(trail->claims[0].left, move);
		return;
	}
	money off = money_neg(move);
	for (size_t round = 0; round < trail->claim_count && off.minor > 0; round++) {
		struct carried_claim *oldest = NULL;
		for (size_t i = 0; i < trail->claim_count; i++) {
			struct carried_claim *claim = &trail->claims[i];
			if (claim->left.minor > 0 && (!oldest || date_before(claim->due_on, oldest->due_on)))
				oldest = claim;
		}
		if (!oldest)
			return;
		money part = money_min(off, oldest->left);
		oldest->left = money_sub(oldest->left, part);
		off = money_sub(off, part);
	}
}

static money trail_principal(const struct trail *trail)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < trail->claim_count; i++)
		sum = money_add(sum, trail->claims[i].left);
	return sum;
}

static void trail_walk(const struct making *making, struct trail *trail, const struct letter_events_row *event)
{
	if (str_eq_z(event->what, "demand") && !trail->demanded) {
		trail->demanded = true;
		trail->demand_principal = trail_principal(trail);
	} else if (str_eq_z(event->what, "heavy")) {
		trail->heavy = true;
	}
	if (!str_eq_z(event->what, "join")) {
		trail_move(trail, event->principal_minor);
		return;
	}
	const struct letter_claims_row *claim = event->has_other_id ? claim_row(making, event->other_id) : NULL;
	if (!claim)
		return;
	trail->claims[trail->claim_count++] =
		(struct carried_claim){ event->other_id, claim->due_on, event->principal_minor };
	if (trail->demanded)
		trail->demand_principal = money_add(trail->demand_principal, event->principal_minor);
}

/* The row says what is left in all; the journal, of which claim. */
static struct trail trail_of(const struct making *making, const struct letter_rows_row *row)
{
	struct trail trail = { 0 };
	size_t count = 0;
	const struct letter_events_row **events = NULL;
	if (kind_may_be_joined(row->kind))
		events = events_standing(making, row, &count);
	trail.claims = arena_many(making->arena, count + 1, struct carried_claim);
	trail.claims[trail.claim_count++] = (struct carried_claim){ row->case_id, row->due_on, MONEY_ZERO };
	for (size_t i = 0; i < count; i++)
		trail_walk(making, &trail, events[i]);
	trail_move(&trail, money_sub(row->principal_minor, trail_principal(&trail)));
	if (!trail.demanded)
		trail.demand_principal = row->principal_minor;
	return trail;
}

static void letter_claims_fill(const struct making *making, const struct letter_rows_row *row,
	const struct trail *trail, struct letter *letter)
{
	struct letter_claim *claims = arena_many(making->arena, trail->claim_count, struct letter_claim);
	date first_due = row->due_on;
	for (size_t i = 0; i < trail->claim_count; i++) {
		const struct carried_claim *carried = &trail->claims[i];
		claims[i] = (struct letter_claim){ row->invoice_no, row->issued_on, row->due_on, row->description,
			row->amount_minor, carried->left };
		if (i) {
			const struct letter_claims_row *joined = claim_row(making, carried->case_no);
			claims[i] = (struct letter_claim){ joined->invoice_no, joined->issued_on, joined->due_on,
				joined->description, joined->amount_minor, carried->left };
		}
		first_due = date_min(first_due, claims[i].due_on);
	}
	letter->claims = claims;
	letter->claim_count = trail->claim_count;
	letter->interest_from = date_add(first_due, 1);
}

/* ---- the process: whose demand it is, and the heavy salær that may come ---- */

static const struct law_process_step *process_step(const struct law_process *process, enum law_step step)
{
	for (size_t i = 0; process && i < process->step_count; i++)
		if (process->steps[i].step == step)
			return &process->steps[i];
	return NULL;
}

/* The sats of a day to come is not known: today's is told. Compensation is offset, so only the rest is a new charge. */
static void heavy_tell(const struct making *making, const struct letter_rows_row *row, const struct trail *trail,
	const struct terms *terms, struct letter *letter)
{
	const struct law *law = making->maker->op->law;
	const struct law_process *process = law_process_named(law, terms->process);
	const struct law_process_step *step = process_step(process, LAW_STEP_HEAVY);
	const struct law_scheme *scheme = law_scheme_for(law, row->due_on);
	if (letter->kind != LETTER_DEMAND || trail->heavy || !step || !scheme || date_is_none(letter->deadline_on))
		return;
	struct law_salaer salaer = {
		.per_mille = law_band_for(scheme, trail->demand_principal)->heavy_per_mille,
		.charged_on = letter->sent_on,
		.business = row->business != 0,
		.vat_deductible = terms->vat_deductible,
	};
	money heavy = law_salaer(law, salaer);
	if (law->parameters.compensation_offsets)
		heavy = money_clamp(money_sub(heavy, row->compensation_minor));
	if (heavy.minor <= row->salaer_minor.minor)
		return;
	int grace = terms->grace_days > process->grace_days ? terms->grace_days : process->grace_days;
	letter->coming_salaer = heavy;
	letter->coming_salaer_on = date_add(letter->deadline_on, step->wait_days + grace);
}

static err_t kind_of(const struct making *making, const struct letter_rows_row *row, const struct terms *terms,
	enum letter_kind *ret_kind)
{
	TRY(letter_kind_parse(row->kind, ret_kind));
	const struct law_process *process = law_process_named(making->maker->op->law, terms->process);
	const struct law_process_step *demand = process_step(process, LAW_STEP_DEMAND);
	if (*ret_kind == LETTER_DEMAND && demand && demand->charge == LAW_CHARGE_OWN_DEMAND_FEE)
		*ret_kind = LETTER_OWN_DEMAND;
	return OK;
}

/* The parts as they were agreed; gone when the plan was taken back on its own day. */
static err_t plan_fill(const struct making *making, const struct letter_rows_row *row, struct letter_made *made)
{
	struct book book;
	struct life_case life;
	struct book_question question = {
		.as_of = row->ordered_on,
		.known_on = DATE_NONE,
		.steps_until = DATE_NONE,
	};
	TRY(book_ask(making->maker->op, &making->maker->terms, making->arena, row->case_id, question, NULL, &life, &book));
	if (!life.instalment_count) {
		made->refusal = "the plan it tells of does not stand any more";
		return OK;
	}
	struct letter_instalment *parts = arena_many(making->arena, life.instalment_count, struct letter_instalment);
	for (size_t i = 0; i < life.instalment_count; i++)
		parts[i] = (struct letter_instalment){ life.instalments[i].due_on, life.instalments[i].amount };
	made->letter.instalments = parts;
	made->letter.instalment_count = life.instalment_count;
	made->letter.deadline_on = DATE_NONE;
	return OK;
}

/* ---- a letter ---- */

static struct letter_amounts amounts_of(const struct letter_rows_row *row)
{
	return (struct letter_amounts){
		.principal = row->principal_minor,
		.interest = row->interest_minor,
		.fees = row->fee_minor,
		.compensation = row->compensation_minor,
		.salaer = row->salaer_minor,
		.plan_fee = row->plan_fee_minor,
		.legal = row->legal_minor,
		.total = row->balance_minor,
	};
}

/* One that waits is shown as if it were handed over today. */
static void days_fill(const struct making *making, const struct letter_rows_row *row, struct letter *letter)
{
	letter->sent_on = row->handed_on;
	letter->deadline_on = row->deadline_on;
	if (!date_is_none(row->handed_on))
		return;
	letter->sent_on = date_max(making->maker->op->today, row->ordered_on);
	if (!date_is_none(row->deadline_on))
		letter->deadline_on = date_add(row->deadline_on, date_diff(row->ordered_on, letter->sent_on));
}

static err_t letter_make(const struct making *making, const struct letter_rows_row *row, struct letter_made *ret_made)
{
	const struct letter_maker *maker = making->maker;
	const struct terms *terms = terms_book_find(&maker->terms, row->client_no, row->terms_no);
	if (!terms)
		return fail(ERR_INTERNAL, "case %lld has terms that do not exist", (long long)row->case_id);
	*ret_made = (struct letter_made){ .row = row };
	struct letter *letter = &ret_made->letter;
	*letter = (struct letter){
		.language = letter_language_from(row->language),
		.debtor = { row->debtor_name, row->address, row->postcode, row->city, row->country },
		.creditor = row->client_name,
		.creditor_orgnr = row->client_orgnr,
		.case_no = row->case_id,
		.kid = str_format(making->arena, "%s", kid_of_case(row->case_id).z),
		.code = str_format(making->arena, "%s", letter_code(maker->secret, row->case_id, row->letter_no).z),
		.link = S(""),
		.basis = S(""),
		.amounts = amounts_of(row),
		.coming_salaer_on = DATE_NONE,
		.paid_on = DATE_NONE,
	};
	letter->agency = maker->agency[letter->language];
	if (maker->web_address.size)
		letter->link = str_format(making->arena, "%.*s/l/%lld/%.*s", STR_ARG(maker->web_address), (long long)row->case_id,
			STR_ARG(letter->code));
	TRY(kind_of(making, row, terms, &letter->kind));
	days_fill(making, row, letter);
	TRY(law_reaches(maker->op->law, letter->sent_on));
	struct trail trail = trail_of(making, row);
	letter_claims_fill(making, row, &trail, letter);
	letter->interest_rate_bp = row->principal_minor.minor > 0 ? letter_interest_bp(maker->op->law, letter->sent_on) : 0;
	heavy_tell(making, row, &trail, terms, letter);
	return letter->kind == LETTER_PLAN ? plan_fill(making, row, ret_made) : OK;
}

/* ---- all at once ---- */

static int case_compare(const void *a, const void *b)
{
	int64_t x = ((const struct db_pick *)a)->id, y = ((const struct db_pick *)b)->id;
	return (x > y) - (x < y);
}

static err_t pick_unique(const struct op *op, struct db_pick *picks, size_t count)
{
	size_t unique = 0;
	qsort(picks, count, sizeof *picks, case_compare);
	for (size_t i = 0; i < count; i++)
		if (!unique || picks[unique - 1].id != picks[i].id)
			picks[unique++] = picks[i];
	return db_pick(op->db, picks, unique);
}

static err_t journal_load(struct making *making, const struct letter_rows_row *rows, size_t row_count)
{
	const struct op *op = making->maker->op;
	struct db_pick *picks = arena_many(making->arena, row_count, struct db_pick);
	size_t count = 0;
	for (size_t i = 0; i < row_count; i++)
		if (kind_may_be_joined(rows[i].kind))
			picks[count++].id = rows[i].case_id;
	if (!count)
		return OK;
	struct letter_events_row *events;
	struct letter_claims_row *claims;
	TRY(pick_unique(op, picks, count));
	TRY(q_letter_events(op->db, making->arena, &events, &making->event_count));
	making->events = events;
	picks = arena_many(making->arena, making->event_count, struct db_pick);
	count = 0;
	for (size_t i = 0; i < making->event_count; i++)
		if (str_eq_z(events[i].what, "join") && events[i].has_other_id)
			picks[count++].id = events[i].other_id;
	if (!count)
		return OK;
	TRY(pick_unique(op, picks, count));
	TRY(q_letter_claims(op->db, making->arena, &claims, &making->claim_count));
	making->claims = claims;
	return OK;
}

err_t letters_make(const struct letter_maker *maker, struct arena *arena, const struct letter_key *keys,
	size_t key_count, struct letter_made **ret_made, size_t *ret_count)
{
	struct making making = { .maker = maker, .arena = arena };
	struct db_pick *picks = arena_many(arena, key_count, struct db_pick);
	for (size_t i = 0; i < key_count; i++)
		picks[i] = (struct db_pick){ .id = keys[i].case_no, .id2 = keys[i].letter_no };
	struct letter_rows_row *rows;
	size_t count;
	TRY(db_pick(maker->op->db, picks, key_count));
	TRY(q_letter_rows(maker->op->db, arena, &rows, &count));
	TRY(journal_load(&making, rows, count));
	struct letter_made *made = arena_many(arena, count, struct letter_made);
	for (size_t i = 0; i < count; i++)
		TRY(letter_make(&making, &rows[i], &made[i]));
	*ret_made = made;
	*ret_count = count;
	return OK;
}
