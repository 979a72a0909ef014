/* gen: the same synthetic portfolio and bank files on every machine, for bench/run.py.
 *
 *   gen clients C                         the client list (client import)
 *   gen claims N C K [D] [kid]            client K's share of N claims (claim import); D of the N fall due for a step on
 *                                         the bench night, the others later; kid: each with the creditor's own KID
 *   gen ocr N C M [kid]                   an OCR giro file: M payments on cases of that portfolio, by our KID or the
 *                                         creditor's
 *
 * Claims are numbered 0 … N-1, client by client, so that a fresh book gives claim i the case number i + 1. Every person
 * number is synthetic (month + 80), every organisation number begins with 3: none can belong to anybody. No clock, no
 * floating point, no library beyond C: same arguments, same bytes. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	IMPORT_DAY = 20458, /* 2026-01-05, days since 1970 */
	NIGHT_DAY = 20468,  /* 2026-01-15: bench/run.py's night */
	BIRTH_FIRST = -14600, /* 1930-01-11 */
	BIRTH_DAYS = 25500, /* to 1999-11: all of age, individual numbers 000-499 */
	CLIENT_FIRST = 1001,
	COMPANY_PERCENT = 15,
};

struct random {
	uint64_t state;
};

static uint64_t random_next(struct random *random) /* splitmix64 */
{
	uint64_t z = (random->state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* A stream of its own for each thing, so that claim i is the same whoever asks for it. */
static struct random random_of(uint64_t what, uint64_t index)
{
	struct random random = { what << 56 ^ index * UINT64_C(0xD1B54A32D192ED03) };
	random_next(&random);
	return random;
}

static uint32_t random_below(struct random *random, uint32_t end)
{
	return (uint32_t)((random_next(random) >> 32) * end >> 32);
}

/* ---- days and check digits ---- */

struct day_text {
	char iso[11];
	char short_form[7]; /* ddmmyy */
};

static struct day_text day_text(int day)
{
	int z = day + 719468, era = z / 146097, of_era = z - era * 146097; /* days since 0000-03-01, all after it */
	int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted = (5 * of_year + 2) / 153;
	int month = shifted < 10 ? shifted + 3 : shifted - 9;
	int year = year_of_era + era * 400 + (month <= 2);
	int of_month = of_year - (153 * shifted + 2) / 5 + 1;
	struct day_text text;
	char line[64];
	snprintf(line, sizeof line, "%04d-%02d-%02d", year, month, of_month);
	memcpy(text.iso, line, sizeof text.iso);
	snprintf(line, sizeof line, "%02d%02d%02d", of_month, month, year % 100);
	memcpy(text.short_form, line, sizeof text.short_form);
	return text;
}

static int mod11(const char *digits, const int *weights, int count)
{
	int sum = 0;
	for (int i = 0; i < count; i++)
		sum += (digits[i] - '0') * weights[i];
	return sum % 11 ? 11 - sum % 11 : 0;
}

static char mod10(const char *digits, int count)
{
	int sum = 0;
	for (int i = 0; i < count; i++) {
		int value = (digits[count - 1 - i] - '0') * (i % 2 ? 1 : 2);
		sum += value > 9 ? value - 9 : value;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

/* False: no such number exists (a check digit would be ten). */
static bool person_number(uint32_t serial, char *ret_digits)
{
	static const int first[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2 }, second[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	struct day_text born = day_text(BIRTH_FIRST + (int)(serial % BIRTH_DAYS));
	char line[32];
	snprintf(line, sizeof line, "%.2s%c%c%.2s%03u", born.short_form, born.short_form[2] + 8, born.short_form[3],
		born.short_form + 4, serial / BIRTH_DAYS % 500);
	memcpy(ret_digits, line, 10);
	int check = mod11(ret_digits, first, 9);
	if (check == 10)
		return false;
	ret_digits[9] = (char)('0' + check);
	check = mod11(ret_digits, second, 10);
	if (check == 10)
		return false;
	ret_digits[10] = (char)('0' + check);
	ret_digits[11] = '\0';
	return true;
}

static bool organisation_number(uint32_t serial, char *ret_digits)
{
	static const int weights[] = { 3, 2, 7, 6, 5, 4, 3, 2 };
	snprintf(ret_digits, 12, "3%07u", serial % 10000000);
	int check = mod11(ret_digits, weights, 8);
	if (check == 10)
		return false;
	ret_digits[8] = (char)('0' + check);
	ret_digits[9] = '\0';
	return true;
}

static void bank_account(uint32_t serial, char *ret_digits)
{
	static const int weights[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	for (;; serial++) {
		snprintf(ret_digits, 12, "1503%06u", serial % 1000000);
		int check = mod11(ret_digits, weights, 10);
		if (check == 10)
			continue;
		ret_digits[10] = (char)('0' + check);
		ret_digits[11] = '\0';
		return;
	}
}

/* ---- the portfolio ---- */

#define PICK(random, list) (list)[random_below((random), (uint32_t)(sizeof(list) / sizeof *(list)))]

static const char *const given_names[] = { "Anne", "Kari", "Ingrid", "Solveig", "Åshild", "Bjørg", "Nora", "Emma", "Sara",
	"Per", "Ole", "Lars", "Håkon", "Øystein", "Jonas", "Magnus", "Emil", "Noah", "Amina", "Yusuf", "Wojciech", "Linh" };
static const char *const family_names[] = { "Hansen", "Olsen", "Larsen", "Nilsen", "Berg", "Haugen", "Dahl", "Lund", "Moen",
	"Sæther", "Ødegård", "Strand", "Bakken", "Nygård", "Myhre", "Kowalska", "Nguyen", "Ali", "Tangen", "Fjeld" };
static const char *const trades[] = { "Rør AS", "Elektro AS", "Bygg AS", "Regnskap AS", "Bilverksted AS", "Blomster AS",
	"Transport AS", "Kafé AS" };
static const char *const streets[] = { "Storgata", "Kirkeveien", "Skolegata", "Fjellveien", "Strandgata", "Åsveien",
	"Bjørkeveien", "Industriveien", "Elvegata" };
static const char *const places[] = { "0155,Oslo", "5003,Bergen", "7011,Trondheim", "4006,Stavanger", "9008,Tromsø",
	"3015,Drammen", "4611,Kristiansand", "6003,Ålesund", "8006,Bodø", "2317,Hamar" };
static const char *const services[] = { "Strøm", "Mobilabonnement", "Tannbehandling", "Treningsavgift", "Kommunale avgifter",
	"Husleie", "Varer" };

struct portfolio {
	uint32_t claim_count, client_count, due_count;
	bool kids;
};

struct claim {
	uint32_t client; /* 0-based */
	uint32_t debtor;
	int issued, due;
	int64_t amount; /* øre */
	char kid[16];
};

static uint32_t client_begin(const struct portfolio *portfolio, uint32_t client)
{
	return (uint32_t)((uint64_t)portfolio->claim_count * client / portfolio->client_count);
}

static uint32_t client_of(const struct portfolio *portfolio, uint32_t index)
{
	uint32_t client = (uint32_t)((uint64_t)index * portfolio->client_count / portfolio->claim_count);
	while (client + 1 < portfolio->client_count && client_begin(portfolio, client + 1) <= index)
		client++;
	return client;
}

/* due_count of the claims, evenly spread, get their reminder on the bench night; the others fall due after it. */
static int claim_due(const struct portfolio *portfolio, uint32_t index, struct random *random)
{
	uint64_t share = portfolio->due_count, all = portfolio->claim_count;
	bool is_due = (index + 1) * share / all != index * share / all;
	return is_due ? NIGHT_DAY - 14 : NIGHT_DAY + 1 + (int)random_below(random, 90);
}

static struct claim claim_make(const struct portfolio *portfolio, uint32_t index)
{
	struct random random = random_of(1, index);
	struct claim claim = { .client = client_of(portfolio, index) };
	claim.debtor = random_below(&random, portfolio->claim_count * 6 / 10 + 1);
	claim.due = claim_due(portfolio, index, &random);
	claim.issued = IMPORT_DAY - 10 - (int)random_below(&random, 10);
	uint32_t size = random_below(&random, 100);
	uint32_t most = size < 50 ? 150000 : size < 90 ? 800000 : size < 99 ? 4000000 : 30000000;
	claim.amount = 5000 + (int64_t)random_below(&random, most);
	char digits[32];
	snprintf(digits, sizeof digits, "%04u%010u", claim.client + CLIENT_FIRST, index);
	memcpy(claim.kid, digits, 14);
	claim.kid[14] = mod10(claim.kid, 14);
	claim.kid[15] = '\0';
	return claim;
}

static bool debtor_is_company(uint32_t debtor)
{
	struct random random = random_of(2, debtor);
	return random_below(&random, 100) < COMPANY_PERCENT;
}

/* Each debtor has two serials of its own for a person, in an order that mixes the years (7919 has no factor in common with
 * the space). The few for whom neither exists come without a number, as some do. */
static void debtor_ident(uint32_t debtor, char *ret_digits)
{
	uint64_t space = (uint64_t)BIRTH_DAYS * 500;
	bool company = debtor_is_company(debtor);
	for (uint32_t round = 0; round < 2; round++) {
		uint32_t serial = (uint32_t)(((uint64_t)debtor * 2 + round) * 7919 % space);
		if (company ? organisation_number(debtor + round, ret_digits) : person_number(serial, ret_digits))
			return;
	}
	ret_digits[0] = '\0';
}

static void claim_print(const struct portfolio *portfolio, uint32_t index)
{
	struct claim claim = claim_make(portfolio, index);
	struct random random = random_of(3, claim.debtor);
	bool company = debtor_is_company(claim.debtor);
	char ident[12];
	debtor_ident(claim.debtor, ident);
	const char *name = PICK(&random, family_names), *second = company ? PICK(&random, trades) : PICK(&random, given_names);
	const char *street = PICK(&random, streets), *place = PICK(&random, places);
	printf("F%07u,%s,%s,%" PRId64 ".%02d,NOK,%s,%s,%s %s,%s %u,%s,NO,,,%s %u", index, day_text(claim.issued).iso,
		day_text(claim.due).iso, claim.amount / 100, (int)(claim.amount % 100), company ? "company" : "person", ident,
		company ? name : second, company ? second : name, street, 1 + random_below(&random, 90), place,
		PICK(&random, services), index % 1000);
	if (portfolio->kids)
		printf(",%s", claim.kid);
	putchar('\n');
}

static void claims_print(const struct portfolio *portfolio, uint32_t client)
{
	printf("invoice_no,issued_on,due_on,amount,currency,debtor_kind,debtor_id,debtor_name,address,postcode,city,country,"
	       "phone,email,description%s\n",
		portfolio->kids ? ",kid" : "");
	uint32_t end = client_begin(portfolio, client + 1);
	for (uint32_t i = client_begin(portfolio, client); i < end; i++)
		claim_print(portfolio, i);
}

static void clients_print(uint32_t count)
{
	puts("client_no,name,orgnr,account,vat_deductible,member,process,email");
	uint32_t serial = 9000000;
	for (uint32_t i = 0; i < count; i++) {
		char orgnr[12], account[12];
		while (!organisation_number(serial++, orgnr))
			;
		bank_account(100000 + i * 11, account);
		printf("%u,%s Kraftlag %u,%s,%s,%s,%s,no/minimum,\n", CLIENT_FIRST + i, family_names[i % 20], i + 1, orgnr,
			account, i % 2 ? "no" : "yes", i % 3 ? "yes" : "no");
	}
}

/* ---- the bank file: one assignment, payments of the day before the night ---- */

static void ocr_print(const struct portfolio *portfolio, uint32_t payment_count, const char *account)
{
	struct day_text given = day_text(NIGHT_DAY - 1), settled = day_text(NIGHT_DAY);
	int64_t total = 0;
	printf("NY000010%08u%07u%08u%049d\n", 8080u, 150126u, 12345678u, 0);
	printf("NY090020%09u%07u%s%045d\n", 1008566u, 1u, account, 0);
	for (uint32_t i = 0; i < payment_count; i++) {
		struct random random = random_of(4, i);
		uint32_t index = random_below(&random, portfolio->claim_count);
		struct claim claim = claim_make(portfolio, index);
		uint32_t kind = random_below(&random, 100);
		int64_t amount = kind < 70 ? claim.amount : kind < 85 ? claim.amount / 3 + 1 : claim.amount + 3500;
		char kid[32];
		snprintf(kid, sizeof kid, "80%09u", index + 1);
		kid[11] = mod10(kid, 11);
		kid[12] = '\0';
		total += amount;
		printf("NY091030%07u%s010%02u102010%017" PRId64 "%25s000000\n", i + 1, settled.short_form, i % 90 + 10, amount,
			portfolio->kids ? claim.kid : kid);
		printf("NY091031%07u%010u%09u0000000%s%011" PRIu64 "%022d\n", i + 1, i, i, given.short_form,
			UINT64_C(15039900000) + random_below(&random, 90000), 0);
	}
	printf("NY090088%08u%08u%017" PRId64 "%s%s%s%021d\n", payment_count, payment_count * 2 + 2, total, settled.short_form,
		settled.short_form, settled.short_form, 0);
	printf("NY000089%08u%08u%017" PRId64 "%s%033d\n", payment_count, payment_count * 2 + 4, total, settled.short_form, 0);
}

static uint32_t number(int count, char **arguments, int index)
{
	return index < count ? (uint32_t)strtoul(arguments[index], NULL, 10) : 0;
}

int main(int argument_count, char **arguments)
{
	static char buffer[1 << 20];
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	const char *what = argument_count > 1 ? arguments[1] : "";
	struct portfolio portfolio = {
		.claim_count = number(argument_count, arguments, 2),
		.client_count = number(argument_count, arguments, 3),
		.kids = argument_count > 5 && strcmp(arguments[argument_count - 1], "kid") == 0,
	};
	bool counts = portfolio.claim_count && portfolio.client_count && portfolio.claim_count >= portfolio.client_count;
	if (strcmp(what, "clients") == 0 && portfolio.claim_count) {
		clients_print(portfolio.claim_count);
	} else if (strcmp(what, "claims") == 0 && counts && argument_count > 4) {
		portfolio.due_count = number(argument_count, arguments, 5);
		claims_print(&portfolio, number(argument_count, arguments, 4));
	} else if (strcmp(what, "ocr") == 0 && counts && argument_count > 4) {
		ocr_print(&portfolio, number(argument_count, arguments, 4), "15030000002");
	} else {
		fputs("usage: gen clients C | claims N C K [D] [kid] | ocr N C M [kid]\n", stderr);
		return 2;
	}
	return fflush(stdout) || ferror(stdout);
}
