/* Everybody in the demo has a fate, drawn when the claim is written, from numbers that are the same in every run: some pay
 * the first letter, some the demand, some in parts, some object, some never pay. What they pay is what the program says
 * they owe that day. Persons' numbers are synthetic (month + 80), companies' begin with 3: none belongs to anybody. */
#include "app/demo.h"

#include "app/case.h"
#include "app/demo_bank.h"
#include "app/demo_people.h"
#include "app/demo_desk.h"
#include "app/file.h"
#include "app/intake.h"
#include "app/ledger.h"
#include "app/night.h"
#include "app/payment.h"
#include "app/settle.h"
#include "app/setup.h"
#include "core/kid.h"
#include "sql.h"

enum {
	DAY_ARENA_SIZE_MAX = 512 << 20,
	CASES_MAX = 20000,
	CSV_SIZE_MAX = 4 << 20,
	OUTBOX_DAYS = 3, /* the bank's debit is read so many days after the settlement */
};

static const char *const demo_account = "15030000022", *const demo_own_account = "15030000030";

struct demo_client {
	int64_t no;
	const char *name, *orgnr_stem, *account_stem, *deductible, *member, *process, *what;
	int claims_a_week, kroner; /* typical amount */
	bool business;             /* sells to companies */
};
static const struct demo_client demo_clients[] = {
	{ 2, "Nordlys Kraft AS", "31240011", "1503001001", "yes", "yes", "no/standard", "Strøm", 5, 2100, false },
	{ 3, "Havgløtt Tannklinikk DA", "31240022", "1503001002", "no", "yes", "no/standard", "Tannbehandling", 2, 3400, false },
	{ 4, "Brygga Bilverksted AS", "31240033", "1503001003", "yes", "yes", "no/minimum", "Reparasjon", 2, 6200, false },
	{ 5, "Fjellheim Treningssenter AS", "31240044", "1503001004", "yes", "no", "no/standard", "Medlemskap", 4, 690, false },
	{ 6, "Vestkyst Engros AS", "31240055", "1503001005", "yes", "yes", "no/standard", "Varer", 2, 18500, true },
	{ 7, "Lille Lærdal Barnehage SA", "31240066", "1503001006", "no", "yes", "no/standard", "Barnehageplass", 1, 3000, false },
	{ 8, "Ulvik Bredbånd AS", "31240077", "1503001007", "yes", "no", "no/minimum", "Bredbånd", 3, 599, false },
};
enum { DEMO_CLIENT_COUNT = sizeof demo_clients / sizeof *demo_clients };

static const char *const first_names[] = { "Kari", "Ola", "Anne", "Per", "Ingrid", "Lars", "Marit", "Knut", "Åse", "Øyvind",
	"Solveig", "Håkon", "Nora", "Emil", "Fatima", "Piotr", "Sofie", "Jakob", "Liv", "Bjørn" };
static const char *const last_names[] = { "Nordmann", "Hansen", "Johansen", "Olsen", "Larsen", "Andersen", "Nilsen",
	"Kristiansen", "Berg", "Haugen", "Hagen", "Dahl", "Lund", "Sæther", "Ødegård", "Strand", "Solberg", "Moen" };
static const char *const streets[] = { "Storgata", "Kirkeveien", "Skolegata", "Nygata", "Strandgata", "Parkveien", "Åsveien",
	"Bjørkeveien" };
static const struct {
	const char *postcode, *city;
} places[] = { { "0155", "Oslo" }, { "5003", "Bergen" }, { "7011", "Trondheim" }, { "4006", "Stavanger" }, { "9008", "Tromsø" },
	{ "6003", "Ålesund" }, { "8006", "Bodø" }, { "4611", "Kristiansand" } };

enum fate {
	FATE_PAYS_EARLY, /* after the reminder */
	FATE_PAYS_LATE,  /* after the demand */
	FATE_PAYS_PART,  /* half, and the rest a month later */
	FATE_OBJECTS,
	FATE_PLAN,
	FATE_DEFERS,
	FATE_BLOCKED,
	FATE_WITHDRAWN,
	FATE_NEVER,
};

struct demo_case {
	int64_t case_no;
	enum fate fate;
	date acts_on;   /* when the debtor next does something; DATE_NONE: no more */
	int acts_taken;
};

struct demo {
	struct op op; /* with its own arena, reset every day, and the day as today */
	const struct op *outer;
	const char *folder;
	struct demo_case *cases;
	size_t case_count;
	uint64_t random;
	int64_t file_number, statement_number, debtor_number;
	struct demo_result result;
};

/* splitmix64: the same year in every run. */
static uint64_t random_next(struct demo *demo)
{
	uint64_t z = (demo->random += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static int random_below(struct demo *demo, int limit)
{
	return (int)(random_next(demo) % (uint64_t)limit); /* limit is a small count */
}

#define PICK(demo, list) ((list)[random_below((demo), (int)(sizeof(list) / sizeof *(list)))])

/* ---- numbers with check digits ---- */

static int mod11(const char *digits, const int *weights, int count)
{
	int sum = 0;
	for (int i = 0; i < count; i++)
		sum += (digits[i] - '0') * weights[i];
	return (11 - sum % 11) % 11;
}

static const int orgnr_weights[] = { 3, 2, 7, 6, 5, 4, 3, 2 };
static const int bban_weights[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };

/* The stem, counted up until its check digit exists. */
static str number_with_check(struct arena *arena, int64_t stem, int digits, const int *weights)
{
	for (;; stem++) {
		str text = str_format(arena, "%0*lld", digits, (long long)stem);
		int check = mod11(text.at, weights, digits);
		if (check < 10)
			return str_format(arena, "%.*s%d", STR_ARG(text), check);
	}
}

static int64_t stem_value(const char *stem)
{
	int64_t value = 0;
	for (; *stem; stem++)
		value = value * 10 + (*stem - '0');
	return value;
}

/* A synthetic number of a grown person, the serial-th of its kind. */
static str person_number(struct arena *arena, int64_t serial)
{
	static const int first[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2 }, second[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	for (int64_t k = serial * 7;; k++) {
		struct civil born = date_civil(date_add(date_make(1950, 1, 1), (int)(k * 37 % 18000)));
		str nine = str_format(arena, "%02d%02d%02d%03d", born.day, born.month + 80, born.year % 100, (int)(k % 499));
		int k1 = mod11(nine.at, first, 9);
		if (k1 > 9)
			continue;
		str ten = str_format(arena, "%.*s%d", STR_ARG(nine), k1);
		int k2 = mod11(ten.at, second, 10);
		if (k2 <= 9)
			return str_format(arena, "%.*s%d", STR_ARG(ten), k2);
	}
}

/* ---- files ---- */

static err_t demo_file(struct demo *demo, const char *name, str body, const char **ret_path)
{
	struct file_writer *writer;
	*ret_path = str_format(demo->op.arena, "%s/%s", demo->folder, name).at;
	TRY(file_begin(demo->op.arena, *ret_path, &writer));
	struct sink sink = file_sink(writer);
	err_t err = sink.write(body, sink.context);
	if (err) {
		file_drop(writer);
		return err;
	}
	return file_end(writer);
}

/* ---- beginning ---- */

static err_t demo_agency(struct demo *demo)
{
	struct agency agency = {
		.name = S("Fjordkreditt SA"),
		.orgnr = number_with_check(demo->op.arena, 31230000, 8, orgnr_weights),
		.address = S("Strandkaien 2"),
		.postcode = S("5013"),
		.city = S("Bergen"),
		.phone = S("55 00 00 00"),
		.email = S("post@fjordkreditt.example"),
		.web = S("https://fjordkreditt.example"),
		.licence = S("Demo: no licence"),
		.account = number_with_check(demo->op.arena, stem_value(demo_account) / 10, 10, bban_weights),
		.own_account = number_with_check(demo->op.arena, stem_value(demo_own_account) / 10, 10, bban_weights),
	};
	TRY(db_begin(demo->op.db));
	err_t err = agency_store(&demo->op, &agency);
	if (err) {
		db_rollback(demo->op.db);
		return err;
	}
	return db_commit(demo->op.db);
}

static err_t demo_clients_import(struct demo *demo)
{
	struct arena *arena = demo->op.arena;
	struct text csv = text_in(arena, CSV_SIZE_MAX);
	text_add_z(&csv, "client_no,name,orgnr,account,vat_deductible,member,process,email\n");
	for (size_t i = 0; i < DEMO_CLIENT_COUNT; i++) {
		const struct demo_client *client = &demo_clients[i];
		str orgnr = number_with_check(arena, stem_value(client->orgnr_stem), 8, orgnr_weights);
		str account = number_with_check(arena, stem_value(client->account_stem), 10, bban_weights);
		text_addf(&csv, "%lld,%s,%.*s,%.*s,%s,%s,%s,post@client%lld.example\n", (long long)client->no, client->name,
			STR_ARG(orgnr), STR_ARG(account), client->deductible, client->member, client->process,
			(long long)client->no);
	}
	const char *path;
	struct client_import_result result;
	TRY(demo_file(demo, "clients.csv", text_str(&csv), &path));
	TRY(client_import(&demo->op, path, &result));
	if (result.finding_count)
		return fail(ERR_INTERNAL, "the demo's clients are refused: %.*s", STR_ARG(result.findings[0].reason));
	demo->result.clients = result.created;
	return OK;
}

/* ---- claims ---- */

static enum fate fate_draw(struct demo *demo)
{
	int draw = random_below(demo, 100);
	static const struct {
		int below;
		enum fate fate;
	} fates[] = { { 34, FATE_PAYS_EARLY }, { 56, FATE_PAYS_LATE }, { 65, FATE_PAYS_PART }, { 70, FATE_OBJECTS },
		{ 76, FATE_PLAN }, { 80, FATE_DEFERS }, { 82, FATE_BLOCKED }, { 84, FATE_WITHDRAWN }, { 100, FATE_NEVER } };
	for (size_t i = 0;; i++)
		if (draw < fates[i].below)
			return fates[i].fate;
}

static date fate_day(struct demo *demo, enum fate fate, date due_on)
{
	switch (fate) {
	case FATE_PAYS_EARLY:
		return date_add(due_on, 12 + random_below(demo, 18));
	case FATE_PAYS_LATE:
		return date_add(due_on, 50 + random_below(demo, 30));
	case FATE_PAYS_PART:
		return date_add(due_on, 35 + random_below(demo, 25));
	case FATE_OBJECTS:
		return date_add(due_on, 24 + random_below(demo, 40));
	case FATE_PLAN:
		return date_add(due_on, 58 + random_below(demo, 12));
	case FATE_DEFERS:
		return date_add(due_on, 30 + random_below(demo, 10));
	case FATE_BLOCKED:
	case FATE_WITHDRAWN:
		return date_add(due_on, 40 + random_below(demo, 40));
	case FATE_NEVER:
		return date_add(due_on, 125 + random_below(demo, 20));
	}
	panic("a fate without a day");
}

static void claim_row_write(struct demo *demo, const struct demo_client *client, struct text *csv, int64_t invoice_no,
	date due_on)
{
	struct arena *arena = demo->op.arena;
	int kroner = client->kroner / 2 + random_below(demo, client->kroner);
	int64_t serial = random_below(demo, 4) == 0 && demo->debtor_number > 10 ? 1 + random_below(demo, (int)demo->debtor_number)
										 : ++demo->debtor_number;
	/* A debtor is told by its number: the same serial gives the same name. */
	const char *first = first_names[(size_t)serial % (sizeof first_names / sizeof *first_names)]; /* serial > 0 */
	const char *last = last_names[(size_t)(serial * 7) % (sizeof last_names / sizeof *last_names)];
	size_t place = (size_t)serial % (sizeof places / sizeof *places);
	str ident = client->business ? number_with_check(arena, 31300000 + serial * 3, 8, orgnr_weights)
				     : person_number(arena, serial);
	text_addf(csv, "%lld-%lld,%s,%s,%d.%02d,NOK,%s,%.*s,%s %s%s,%s %d,%s,%s,NO,%s,%s,%s %s\n", (long long)client->no,
		(long long)invoice_no, date_iso(date_add(due_on, -14)).z, date_iso(due_on).z, kroner, random_below(demo, 100),
		client->business ? "company" : "person", STR_ARG(ident), client->business ? last : first,
		client->business ? first : last, client->business ? " Handel AS" : "",
		streets[(size_t)serial % (sizeof streets / sizeof *streets)], 1 + (int)(serial % 90), places[place].postcode,
		places[place].city, serial % 3 ? "+47 900 00 000" : "", serial % 2 ? "skyldner@post.example" : "", client->what,
		date_iso(date_add(due_on, -20)).z);
}

static err_t claims_import(struct demo *demo, const struct demo_client *client)
{
	struct text csv = text_in(demo->op.arena, CSV_SIZE_MAX);
	date today = demo->op.today;
	int count = client->claims_a_week / 2 + random_below(demo, client->claims_a_week + 1);
	date dues[64];
	require(count < 64);
	if (!count)
		return OK;
	text_add_z(&csv, "invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,postcode,city,"
			 "country,phone,email,description\n");
	for (int i = 0; i < count; i++) {
		dues[i] = date_add(today, -1 - random_below(demo, 12));
		claim_row_write(demo, client, &csv, date_diff(date_make(2025, 1, 1), today) * 100 + i, dues[i]);
	}
	const char *path;
	struct intake_result result;
	struct case_last_row before;
	bool found;
	TRY(q_case_last(demo->op.db, demo->op.arena, &before, &found));
	str name = str_format(demo->op.arena, "claims-%lld-%s.csv", (long long)client->no, date_iso(today).z);
	TRY(demo_file(demo, name.at, text_str(&csv), &path));
	struct intake_order order = { .path = path, .client_no = client->no };
	TRY(intake_file(&demo->op, order, &result));
	if (result.rejected_count)
		return fail(ERR_INTERNAL, "the demo's claims are refused: %.*s", STR_ARG(result.findings[0].reason));
	for (int i = 0; i < count && demo->case_count < CASES_MAX; i++) {
		enum fate fate = fate_draw(demo);
		demo->cases[demo->case_count++] = (struct demo_case){
			.case_no = before.case_id + 1 + i,
			.fate = fate,
			.acts_on = fate_day(demo, fate, dues[i]),
		};
	}
	demo->result.claims += result.accepted;
	return OK;
}

/* ---- what debtors do ---- */

static err_t view_now(struct demo *demo, int64_t case_no, struct case_view *ret_view)
{
	struct case_question question = { .case_no = case_no, .as_of = DATE_NONE, .known_on = DATE_NONE };
	TRY(case_show(&demo->op, question, ret_view));
	/* A joined claim is looked at, and paid, with the case that carries it. */
	if (!ret_view->life.carrier_no)
		return OK;
	question.case_no = ret_view->life.carrier_no;
	return case_show(&demo->op, question, ret_view);
}

static err_t act(struct demo *demo, struct case_act case_act_given)
{
	struct case_act_result result;
	err_t err = case_act(&demo->op, &case_act_given, &result);
	if (err && err_kind(err) == ERR_REFUSED) { /* the case has moved on meanwhile: nobody acts */
		err_free(err);
		return OK;
	}
	return err;
}

static struct case_act act_on(const struct demo *demo, const struct case_view *view, enum case_act_kind kind)
{
	return (struct case_act){
		.kind = kind,
		.case_no = view->case_no,
		.on = demo->op.today,
		.until = DATE_NONE,
		.code = S(""),
		.note = S(""),
	};
}

struct till { /* payments of a day, for the bank's file */
	struct demo_payment *payments;
	size_t count;
};

static void pay(struct demo *demo, const struct case_view *view, money amount, struct till *till)
{
	if (amount.minor <= 0)
		return;
	till->payments[till->count++] = (struct demo_payment){
		.kid = view->kid,
		.amount = amount,
		.payer_account = number_with_check(demo->op.arena, 1700000000 + view->case_no, 10, bban_weights),
	};
}

static err_t objection_act(struct demo *demo, struct demo_case *one, const struct case_view *view)
{
	struct case_act doing = act_on(demo, view, one->acts_taken == 0 ? CASE_OBJECT : CASE_RESOLVE);
	if (one->acts_taken == 0) {
		doing.note = S("Varen ble returnert");
		one->acts_on = date_add(demo->op.today, 8 + random_below(demo, 10));
		demo->result.objections++;
		return act(demo, doing);
	}
	int draw = random_below(demo, 3);
	doing.code = draw == 0 ? S("upheld") : draw == 1 ? S("part") : S("rejected");
	money asked = money_sub(view->life.claim->amount, view->life.claim->paid);
	doing.amount = draw == 1 ? money_ratio(asked, 1, 4, ROUND_DOWN) : MONEY_ZERO;
	one->fate = FATE_PAYS_LATE;
	one->acts_on = date_add(demo->op.today, 20 + random_below(demo, 20));
	one->acts_taken = 0;
	return act(demo, doing);
}

/* Four plans in five are kept, instalment by instalment; the others break after the second. */
static err_t plan_act(struct demo *demo, struct demo_case *one, const struct case_view *view, struct till *till)
{
	if (one->acts_taken == 0) {
		struct case_act doing = act_on(demo, view, CASE_PLAN);
		doing.number = 3 + random_below(demo, 4);
		doing.until = date_add(demo->op.today, 14);
		doing.told = true;
		one->acts_on = doing.until;
		demo->result.plans++;
		return act(demo, doing);
	}
	size_t index = (size_t)one->acts_taken - 1; /* at least 1 here */
	if (index < view->life.instalment_count) {
		pay(demo, view, view->life.instalments[index].amount, till);
		one->acts_on = date_add_months(demo->op.today, 1);
	} else {
		pay(demo, view, view->life.balance, till);
		one->acts_on = DATE_NONE;
	}
	if (one->acts_taken == 2 && one->case_no % 5 == 0)
		one->acts_on = DATE_NONE;
	return OK;
}

static err_t legal_act(struct demo *demo, struct demo_case *one, const struct case_view *view)
{
	struct case_act doing = act_on(demo, view, one->case_no % 3 ? CASE_LEGAL : CASE_SURVEIL);
	doing.code = one->case_no % 3 ? S("attachment_petition") : S("");
	one->acts_on = DATE_NONE;
	return act(demo, doing);
}

static err_t case_acts(struct demo *demo, struct demo_case *one, struct till *till)
{
	struct case_view view;
	TRY(view_now(demo, one->case_no, &view));
	one->acts_on = DATE_NONE;
	if (view.life.stage == STAGE_CLOSED || view.life.stage == STAGE_WITHDRAWN)
		return OK;
	struct case_act doing;
	err_t err = OK;
	switch (one->fate) {
	case FATE_PAYS_EARLY:
	case FATE_PAYS_LATE:
		pay(demo, &view, view.life.balance, till);
		break;
	case FATE_PAYS_PART:
		pay(demo, &view, one->acts_taken ? view.life.balance : money_ratio(view.life.balance, 1, 2, ROUND_DOWN), till);
		one->acts_on = one->acts_taken ? DATE_NONE : date_add(demo->op.today, 30);
		break;
	case FATE_OBJECTS:
		err = objection_act(demo, one, &view);
		break;
	case FATE_PLAN:
		err = plan_act(demo, one, &view, till);
		break;
	case FATE_DEFERS:
		doing = act_on(demo, &view, CASE_DEFER);
		doing.until = date_add(demo->op.today, 21);
		one->fate = FATE_PAYS_EARLY;
		one->acts_on = doing.until;
		err = act(demo, doing);
		break;
	case FATE_BLOCKED:
		doing = act_on(demo, &view, CASE_BLOCK);
		doing.code = one->case_no % 2 ? S("deceased") : S("debt_settlement");
		err = act(demo, doing);
		break;
	case FATE_WITHDRAWN:
		err = act(demo, act_on(demo, &view, CASE_WITHDRAW));
		break;
	case FATE_NEVER:
		err = legal_act(demo, one, &view);
		break;
	}
	one->acts_taken++;
	return err;
}

static err_t debtors_act(struct demo *demo)
{
	struct arena *arena = demo->op.arena;
	struct till till = { .payments = arena_many(arena, demo->case_count + 1, struct demo_payment) };
	for (size_t i = 0; i < demo->case_count; i++)
		if (!date_is_none(demo->cases[i].acts_on) && !date_after(demo->cases[i].acts_on, demo->op.today))
			TRY(case_acts(demo, &demo->cases[i], &till));
	if (!till.count)
		return OK;
	/* Now and then somebody gets the KID wrong: the hold account has something to show. */
	if (random_below(demo, 25) == 0)
		till.payments[till.count - 1].kid = str_format(arena, "%s", kid_of_case(999000 + demo->file_number).z);
	struct payment_import_result result = PAYMENT_IMPORT_NOTHING;
	const char *path;
	str account = number_with_check(arena, stem_value(demo_account) / 10, 10, bban_weights);
	str file = demo_ocr_file(arena, account, demo->op.today, ++demo->file_number, till.payments, till.count);
	str name = str_format(arena, "ocr-%s.txt", date_iso(demo->op.today).z);
	TRY(demo_file(demo, name.at, file, &path));
	return payment_import(&demo->op, path, &result);
}

/* ---- the agency's own work ---- */

/* At the end of each month but the last: the clients are paid out. */
static err_t month_settle(struct demo *demo)
{
	struct settle_result result;
	const char *folder = str_format(demo->op.arena, "%s/settlement-%s", demo->folder, date_iso(demo->op.today).z).at;
	return settle_run(&demo->op, demo->op.today, folder, &result);
}

static err_t statement_import(struct demo *demo)
{
	struct arena *arena = demo->op.arena;
	struct report_payouts_in_transit_row *rows;
	struct account_balance_row balance;
	size_t count;
	bool found;
	TRY(q_report_payouts_in_transit(demo->op.db, arena, &rows, &count));
	if (!count)
		return OK;
	TRY(q_account_balance(demo->op.db, arena, ACCOUNT_CLIENT_BANK, demo->op.today, &balance, &found));
	struct demo_debit *debits = arena_many(arena, count, struct demo_debit);
	for (size_t i = 0; i < count; i++)
		debits[i] = (struct demo_debit){ rows[i].end_to_end, rows[i].name, rows[i].account, rows[i].amount_minor };
	str account = number_with_check(arena, stem_value(demo_account) / 10, 10, bban_weights);
	str file = demo_statement_file(arena, account, demo->op.today, ++demo->statement_number, balance.balance_minor, debits,
		count);
	const char *path;
	struct payment_import_result result = PAYMENT_IMPORT_NOTHING;
	TRY(demo_file(demo, str_format(arena, "camt053-%s.xml", date_iso(demo->op.today).z).at, file, &path));
	return payment_import(&demo->op, path, &result);
}

static err_t day_live(struct demo *demo, date last)
{
	date today = demo->op.today;
	bool banking = law_is_banking_day(demo->op.law, today);
	struct night_result night;
	if (date_weekday(today) == 1)
		for (size_t i = 0; i < DEMO_CLIENT_COUNT; i++)
			TRY(claims_import(demo, &demo_clients[i]));
	if (banking)
		TRY(debtors_act(demo));
	TRY(night_run(&demo->op, today, &night));
	demo->result.letters += night.letters;
	bool month_ends = date_civil(date_add(today, 1)).day == 1;
	if (month_ends && !date_eq(today, last))
		TRY(month_settle(demo));
	if (banking && date_civil(today).day > OUTBOX_DAYS && date_civil(today).day <= OUTBOX_DAYS + 4)
		TRY(statement_import(demo));
	return OK;
}

static err_t year_live(struct demo *demo)
{
	struct arena_mark start = arena_mark(demo->op.arena);
	date first = demo->result.first, last = demo->result.last;
	for (date day = first; !date_after(day, last); day = date_add(day, 1)) {
		demo->op.today = day;
		TRY(day_live(demo, last));
		arena_reset(demo->op.arena, start);
		op_progress(demo->outer, date_iso(day).z, date_diff(first, day) + 1, date_diff(first, last) + 1);
	}
	return OK;
}

static err_t demo_sums(struct demo *demo)
{
	const struct op *op = demo->outer;
	struct report_stages_row *stages;
	struct report_payments_row payments;
	struct report_paid_out_row paid_out;
	struct report_letters_row letters;
	struct account_balances_row *balances;
	size_t balance_count;
	bool found;
	struct demo_result *result = &demo->result;
	TRY(q_report_stages(op->db, op->arena, &stages, &result->stage_count));
	TRY(q_report_payments(op->db, op->arena, &payments, &found));
	TRY(q_report_paid_out(op->db, op->arena, &paid_out, &found));
	TRY(q_report_letters(op->db, op->arena, &letters, &found));
	TRY(q_account_balances(op->db, op->arena, result->last, &balances, &balance_count));
	struct demo_stage_count *counts = arena_many(op->arena, result->stage_count, struct demo_stage_count);
	for (size_t i = 0; i < result->stage_count; i++)
		counts[i] = (struct demo_stage_count){ stages[i].stage, stages[i].case_count };
	result->stages = counts;
	result->payments = payments.payment_count;
	result->collected = payments.sum_minor;
	result->paid_out = paid_out.sum_minor;
	result->letters = letters.letter_count;
	for (size_t i = 0; i < balance_count; i++) {
		if (balances[i].account == ACCOUNT_SALAER || balances[i].account == ACCOUNT_COMMISSION)
			result->earned = money_sub(result->earned, balances[i].balance_minor);
		if (balances[i].account == ACCOUNT_CLIENT)
			result->to_settle = money_neg(balances[i].balance_minor);
	}
	return OK;
}

static err_t demo_live(struct demo *demo)
{
	TRY(file_folder_make(demo->folder));
	TRY(demo_agency(demo));
	TRY(demo_clients_import(demo));
	TRY(year_live(demo));
	TRY(demo_desk_fill(&demo->op));
	TRY(db_begin(demo->op.db));
	err_t err = setup_put(&demo->op, "clock", str_from_z(date_iso(demo->result.last).z));
	if (!err)
		err = demo_people_add(&demo->op, demo->result.first.day * INT64_C(86400));
	TRY(db_end(demo->op.db, err));
	const char *path;
	TRY(demo_file(demo, "log-ins.txt", demo_people_list(demo->op.arena), &path));
	return demo_sums(demo);
}

err_t demo_fill(const struct op *op, const char *folder, struct demo_result *ret_result)
{
	struct case_last_row last;
	bool found;
	TRY(q_case_last(op->db, op->arena, &last, &found));
	if (last.case_id > 0)
		return fail(ERR_REFUSED, "the book is not empty: the demo wants one of its own");
	struct demo demo = {
		.op = *op,
		.outer = op,
		.folder = folder,
		.random = 20250701,
		.result = { .first = date_make(2025, 7, 1), .last = date_make(2026, 6, 30) },
	};
	demo.cases = arena_many(op->arena, CASES_MAX, struct demo_case);
	demo.op.arena = arena_create(DAY_ARENA_SIZE_MAX);
	demo.op.today = demo.result.first;
	demo.op.user = S("demo");
	demo.op.progress = NULL;
	err_t err = demo_live(&demo);
	arena_destroy(demo.op.arena);
	if (err)
		return within(err, "the demo's %s", date_iso(demo.op.today).z);
	*ret_result = demo.result;
	return OK;
}
