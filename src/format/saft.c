#include "format/saft.h"

#include "format/xml_out.h"

#include <stdio.h>

enum { CODE_SIZE = 9, SHORT_SIZE = 18, MIDDLE1_SIZE = 35, MIDDLE2_SIZE = 70, LONG_SIZE = 256 };

struct saft {
	const struct saft_master *master;
	struct xml_out xml;
	money *account_movements; /* one for each account, customer, supplier of the master data */
	money *customer_movements, *supplier_movements;
	bool in_journal;
	struct saft_totals totals; /* so far */
};

/* ---- finding ---- */

/* Index of the account, or count. */
static size_t account_index(const struct saft_master *master, int account)
{
	size_t low = 0, high = master->account_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (master->accounts[middle].account < account)
			low = middle + 1;
		else
			high = middle;
	}
	return low < master->account_count && master->accounts[low].account == account ? low : master->account_count;
}

static size_t party_index(const struct saft_party *parties, size_t count, str id)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(parties[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && str_eq(parties[low].id, id) ? low : count;
}

static const struct saft_tax_code *tax_code_named(const struct saft_master *master, str code)
{
	for (size_t i = 0; i < master->tax_code_count; i++)
		if (str_eq(master->tax_codes[i].code, code))
			return &master->tax_codes[i];
	return NULL;
}

/* ---- checks of the master data ---- */

static err_t accounts_check(const struct saft_master *master)
{
	money opening = MONEY_ZERO, closing = MONEY_ZERO;
	if (master->account_count == 0)
		return fail(ERR_INTERNAL, "SAF-T: there are no accounts");
	for (size_t i = 0; i < master->account_count; i++) {
		const struct saft_account *account = &master->accounts[i];
		if (i && account->account <= master->accounts[i - 1].account)
			return fail(ERR_INTERNAL, "SAF-T: account %d is out of order or doubled", account->account);
		if (account->grouping_category.size == 0 || account->grouping_code.size == 0)
			return fail(ERR_INTERNAL, "SAF-T: account %d has no grouping", account->account);
		opening = money_add(opening, account->opening);
		closing = money_add(closing, account->closing);
	}
	if (opening.minor != 0)
		return fail(ERR_INTERNAL, "SAF-T: the opening balances sum to %s, not to zero", money_plain(opening).z);
	if (closing.minor != 0)
		return fail(ERR_INTERNAL, "SAF-T: the closing balances sum to %s, not to zero", money_plain(closing).z);
	return OK;
}

static err_t parties_check(const struct saft_master *master, const struct saft_party *parties, size_t count,
	const char *what)
{
	for (size_t i = 0; i < count; i++) {
		if (parties[i].id.size == 0 || (i && str_compare(parties[i - 1].id, parties[i].id) >= 0))
			return fail(ERR_INTERNAL, "SAF-T: %s '%.*s' is out of order or doubled", what,
				STR_ARG(parties[i].id));
		if (account_index(master, parties[i].account) == master->account_count)
			return fail(ERR_INTERNAL, "SAF-T: account %d of %s '%.*s' does not exist", parties[i].account,
				what, STR_ARG(parties[i].id));
	}
	return OK;
}

static err_t master_check(const struct saft_master *master)
{
	require(!date_is_none(master->header->from));
	require(!date_after(master->header->from, master->header->to));
	TRY(accounts_check(master));
	TRY(parties_check(master, master->customers, master->customer_count, "customer"));
	TRY(parties_check(master, master->suppliers, master->supplier_count, "supplier"));
	for (size_t i = 1; i < master->tax_code_count; i++)
		if (str_compare(master->tax_codes[i - 1].code, master->tax_codes[i].code) >= 0)
			return fail(ERR_INTERNAL, "SAF-T: tax code '%.*s' is out of order or doubled",
				STR_ARG(master->tax_codes[i].code));
	return OK;
}

/* ---- header and master files ---- */

static void write_address(struct xml_out *xml, const struct saft_address *address)
{
	xml_out_open(xml, "Address");
	xml_out_text_if(xml, "StreetName", address->street, LONG_SIZE);
	xml_out_text_if(xml, "City", address->city, LONG_SIZE);
	xml_out_text_if(xml, "PostalCode", address->postcode, MIDDLE2_SIZE);
	xml_out_text(xml, "Country", address->country.size == 2 ? address->country : S("NO"), 2);
	xml_out_close(xml, "Address");
}

static void write_bank_account(struct xml_out *xml, str account)
{
	if (account.size == 0)
		return;
	xml_out_open(xml, "BankAccount");
	xml_out_text(xml, "BankAccountNumber", account, MIDDLE1_SIZE);
	xml_out_close(xml, "BankAccount");
}

static void write_company(struct xml_out *xml, const struct saft_header *header)
{
	xml_out_open(xml, "Company");
	xml_out_text(xml, "RegistrationNumber", header->orgnr, MIDDLE1_SIZE);
	xml_out_text(xml, "Name", header->name, LONG_SIZE);
	write_address(xml, &header->address);
	xml_out_open(xml, "Contact");
	xml_out_open(xml, "ContactPerson");
	xml_out_text(xml, "FirstName", header->contact_first_name, MIDDLE1_SIZE);
	xml_out_text(xml, "LastName", header->contact_last_name, MIDDLE2_SIZE);
	xml_out_close(xml, "ContactPerson");
	xml_out_text_if(xml, "Telephone", header->phone, SHORT_SIZE);
	xml_out_text_if(xml, "Email", header->email, MIDDLE2_SIZE);
	xml_out_close(xml, "Contact");
	if (header->vat_registered) {
		char number[32];
		snprintf(number, sizeof number, "%.*sMVA", STR_ARG(header->orgnr));
		xml_out_open(xml, "TaxRegistration");
		xml_out_z(xml, "TaxRegistrationNumber", number);
		xml_out_z(xml, "TaxAuthority", "Skatteetaten");
		xml_out_close(xml, "TaxRegistration");
	}
	write_bank_account(xml, header->bank_account);
	xml_out_close(xml, "Company");
}

static void write_header(struct xml_out *xml, const struct saft_header *header)
{
	struct civil from = date_civil(header->from), to = date_civil(header->to);
	xml_out_open(xml, "Header");
	xml_out_z(xml, "AuditFileVersion", "1.30");
	xml_out_z(xml, "AuditFileCountry", "NO");
	xml_out_date(xml, "AuditFileDateCreated", header->created_on);
	xml_out_z(xml, "SoftwareCompanyName", "Kravbok");
	xml_out_z(xml, "SoftwareID", "Kravbok");
	xml_out_text(xml, "SoftwareVersion", header->software_version, SHORT_SIZE);
	write_company(xml, header);
	xml_out_z(xml, "DefaultCurrencyCode", "NOK");
	xml_out_open(xml, "SelectionCriteria");
	xml_out_int(xml, "PeriodStart", from.month);
	xml_out_int(xml, "PeriodStartYear", from.year);
	xml_out_int(xml, "PeriodEnd", to.month);
	xml_out_int(xml, "PeriodEndYear", to.year);
	xml_out_close(xml, "SelectionCriteria");
	xml_out_z(xml, "TaxAccountingBasis", "A");
	xml_out_close(xml, "Header");
}

static void write_balance(struct xml_out *xml, const char *when, money balance)
{
	char name[32];
	snprintf(name, sizeof name, "%s%sBalance", when, balance.minor < 0 ? "Credit" : "Debit");
	xml_out_money(xml, name, balance.minor < 0 ? money_neg(balance) : balance);
}

static void write_accounts(struct xml_out *xml, const struct saft_master *master)
{
	xml_out_open(xml, "GeneralLedgerAccounts");
	for (size_t i = 0; i < master->account_count; i++) {
		const struct saft_account *account = &master->accounts[i];
		xml_out_open(xml, "Account");
		xml_out_int(xml, "AccountID", account->account);
		xml_out_text(xml, "AccountDescription", account->name, LONG_SIZE);
		xml_out_text(xml, "GroupingCategory", account->grouping_category, LONG_SIZE);
		xml_out_text(xml, "GroupingCode", account->grouping_code, MIDDLE1_SIZE);
		xml_out_z(xml, "AccountType", "GL");
		write_balance(xml, "Opening", account->opening);
		write_balance(xml, "Closing", account->closing);
		xml_out_close(xml, "Account");
	}
	xml_out_close(xml, "GeneralLedgerAccounts");
}

static void write_party(struct xml_out *xml, const struct saft_party *party, enum saft_party_kind kind)
{
	const char *name = kind == SAFT_CUSTOMER ? "Customer" : "Supplier";
	xml_out_open(xml, name);
	xml_out_text_if(xml, "RegistrationNumber", party->orgnr, MIDDLE1_SIZE);
	xml_out_text(xml, "Name", party->name, LONG_SIZE);
	write_address(xml, &party->address);
	write_bank_account(xml, party->bank_account);
	xml_out_text(xml, kind == SAFT_CUSTOMER ? "CustomerID" : "SupplierID", party->id, MIDDLE1_SIZE);
	xml_out_open(xml, "BalanceAccount");
	xml_out_int(xml, "AccountID", party->account);
	write_balance(xml, "Opening", party->opening);
	write_balance(xml, "Closing", party->closing);
	xml_out_close(xml, "BalanceAccount");
	xml_out_close(xml, name);
}

static void write_parties(
	struct xml_out *xml, const struct saft_party *parties, size_t count, enum saft_party_kind kind)
{
	const char *name = kind == SAFT_CUSTOMER ? "Customers" : "Suppliers";
	if (count == 0)
		return;
	xml_out_open(xml, name);
	for (size_t i = 0; i < count; i++)
		write_party(xml, &parties[i], kind);
	xml_out_close(xml, name);
}

/* Basis points as per cent: 2500 is 25.00. */
static void write_rate(struct xml_out *xml, const char *name, int rate_bp)
{
	xml_out_money(xml, name, money_of(rate_bp));
}

static void write_tax_table(struct xml_out *xml, const struct saft_master *master)
{
	if (master->tax_code_count == 0)
		return;
	xml_out_open(xml, "TaxTable");
	xml_out_open(xml, "TaxTableEntry");
	xml_out_z(xml, "TaxType", "MVA");
	xml_out_z(xml, "Description", "Merverdiavgift");
	for (size_t i = 0; i < master->tax_code_count; i++) {
		const struct saft_tax_code *code = &master->tax_codes[i];
		xml_out_open(xml, "TaxCodeDetails");
		xml_out_text(xml, "TaxCode", code->code, MIDDLE2_SIZE);
		xml_out_text_if(xml, "Description", code->description, LONG_SIZE);
		write_rate(xml, "TaxPercentage", code->rate_bp);
		xml_out_z(xml, "Country", "NO");
		xml_out_text(xml, "StandardTaxCode", code->standard_code, 2);
		xml_out_z(xml, "BaseRate", "100");
		xml_out_close(xml, "TaxCodeDetails");
	}
	xml_out_close(xml, "TaxTableEntry");
	xml_out_close(xml, "TaxTable");
}

err_t saft_begin(const struct saft_master *master, struct arena *arena, struct sink sink, struct saft **ret_saft)
{
	TRY(master_check(master));
	struct saft *saft = arena_new(arena, struct saft);
	saft->master = master;
	saft->xml = xml_out_in(arena, sink);
	saft->account_movements = arena_many(arena, master->account_count, money);
	saft->customer_movements = arena_many(arena, master->customer_count, money);
	saft->supplier_movements = arena_many(arena, master->supplier_count, money);
	struct xml_out *xml = &saft->xml;
	xml_out_open(xml, "AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\"");
	write_header(xml, master->header);
	xml_out_open(xml, "MasterFiles");
	write_accounts(xml, master);
	write_parties(xml, master->customers, master->customer_count, SAFT_CUSTOMER);
	write_parties(xml, master->suppliers, master->supplier_count, SAFT_SUPPLIER);
	write_tax_table(xml, master);
	xml_out_close(xml, "MasterFiles");
	xml_out_open(xml, "GeneralLedgerEntries");
	xml_out_int(xml, "NumberOfEntries", master->totals.transaction_count);
	xml_out_money(xml, "TotalDebit", master->totals.debit);
	xml_out_money(xml, "TotalCredit", master->totals.debit);
	*ret_saft = saft;
	return OK;
}

/* ---- transactions ---- */

static void journal_end(struct saft *saft)
{
	if (saft->in_journal)
		xml_out_close(&saft->xml, "Journal");
	saft->in_journal = false;
}

void saft_journal(struct saft *saft, str id, str description, str type)
{
	journal_end(saft);
	saft->in_journal = true;
	xml_out_open(&saft->xml, "Journal");
	xml_out_text(&saft->xml, "JournalID", id, SHORT_SIZE);
	xml_out_text(&saft->xml, "Description", description, LONG_SIZE);
	xml_out_text(&saft->xml, "Type", type, CODE_SIZE);
}

static err_t party_line_count(const struct saft_party *parties, size_t count, money *movements, str id,
	const struct saft_line *line)
{
	size_t index = party_index(parties, count, id);
	if (index == count)
		return fail(ERR_INTERNAL, "party '%.*s' is not in the master data", STR_ARG(id));
	if (parties[index].account != line->account)
		return fail(ERR_INTERNAL, "a line of party '%.*s' is on account %d, its account is %d", STR_ARG(id),
			line->account, parties[index].account);
	movements[index] = money_add(movements[index], line->amount);
	return OK;
}

/* Looks the line's references up and adds it to the movements. */
static err_t line_count_in(struct saft *saft, const struct saft_line *line)
{
	const struct saft_master *master = saft->master;
	size_t index = account_index(master, line->account);
	if (index == master->account_count)
		return fail(ERR_INTERNAL, "account %d is not in the master data", line->account);
	if (line->amount.minor == 0)
		return fail(ERR_INTERNAL, "a line on account %d is zero", line->account);
	if (line->customer_id.size && line->supplier_id.size)
		return fail(ERR_INTERNAL, "a line on account %d has both a customer and a supplier", line->account);
	if (line->customer_id.size)
		TRY(party_line_count(
			master->customers, master->customer_count, saft->customer_movements, line->customer_id, line));
	if (line->supplier_id.size)
		TRY(party_line_count(
			master->suppliers, master->supplier_count, saft->supplier_movements, line->supplier_id, line));
	if (line->tax_code.size && !tax_code_named(master, line->tax_code))
		return fail(ERR_INTERNAL, "tax code '%.*s' is not in the master data", STR_ARG(line->tax_code));
	saft->account_movements[index] = money_add(saft->account_movements[index], line->amount);
	return OK;
}

static err_t transaction_count_in(struct saft *saft, const struct saft_transaction *transaction)
{
	const struct saft_header *header = saft->master->header;
	money sum = MONEY_ZERO;
	if (date_before(transaction->on, header->from) || date_after(transaction->on, header->to))
		return fail(ERR_INTERNAL, "its day %s is outside the period", date_iso(transaction->on).z);
	if (transaction->line_count == 0)
		return fail(ERR_INTERNAL, "it has no lines");
	for (size_t i = 0; i < transaction->line_count; i++) {
		TRY(line_count_in(saft, &transaction->lines[i]));
		sum = money_add(sum, transaction->lines[i].amount);
		saft->totals.debit = money_add(saft->totals.debit, money_clamp(transaction->lines[i].amount));
	}
	if (sum.minor != 0)
		return fail(ERR_INTERNAL, "its lines sum to %s, not to zero", money_plain(sum).z);
	saft->totals.transaction_count++;
	return OK;
}

static void write_side(struct xml_out *xml, const char *suffix, money amount)
{
	char name[32];
	snprintf(name, sizeof name, "%s%s", amount.minor < 0 ? "Credit" : "Debit", suffix);
	xml_out_open(xml, name);
	xml_out_money(xml, "Amount", amount.minor < 0 ? money_neg(amount) : amount);
	xml_out_close(xml, name);
}

static void write_line(struct saft *saft, const struct saft_line *line, size_t record_no, str description)
{
	struct xml_out *xml = &saft->xml;
	xml_out_open(xml, "Line");
	xml_out_int(xml, "RecordID", i64_from_size(record_no));
	xml_out_int(xml, "AccountID", line->account);
	xml_out_text_if(xml, "CustomerID", line->customer_id, MIDDLE1_SIZE);
	xml_out_text_if(xml, "SupplierID", line->supplier_id, MIDDLE1_SIZE);
	xml_out_text(xml, "Description", line->description.size ? line->description : description, LONG_SIZE);
	write_side(xml, "Amount", line->amount);
	if (line->tax_code.size) {
		xml_out_open(xml, "TaxInformation");
		xml_out_z(xml, "TaxType", "MVA");
		xml_out_text(xml, "TaxCode", line->tax_code, MIDDLE2_SIZE);
		write_rate(xml, "TaxPercentage", tax_code_named(saft->master, line->tax_code)->rate_bp);
		xml_out_z(xml, "Country", "NO");
		xml_out_money(xml, "TaxBase", line->tax_base.minor < 0 ? money_neg(line->tax_base) : line->tax_base);
		write_side(xml, "TaxAmount", line->tax_amount);
		xml_out_close(xml, "TaxInformation");
	}
	xml_out_text_if(xml, "ReferenceNumber", line->reference, MIDDLE1_SIZE);
	xml_out_text_if(xml, "CID", line->kid, MIDDLE1_SIZE);
	xml_out_close(xml, "Line");
}

err_t saft_transaction(struct saft *saft, const struct saft_transaction *transaction)
{
	require(saft->in_journal);
	TRY(within(transaction_count_in(saft, transaction), "SAF-T: transaction '%.*s'", STR_ARG(transaction->id)));
	struct xml_out *xml = &saft->xml;
	struct civil civil = date_civil(transaction->on);
	xml_out_open(xml, "Transaction");
	xml_out_text(xml, "TransactionID", transaction->id, MIDDLE2_SIZE);
	xml_out_int(xml, "Period", civil.month);
	xml_out_int(xml, "PeriodYear", civil.year);
	xml_out_date(xml, "TransactionDate", transaction->on);
	xml_out_text_if(xml, "VoucherType", transaction->type, MIDDLE2_SIZE);
	xml_out_text(xml, "Description", transaction->description, LONG_SIZE);
	xml_out_date(xml, "SystemEntryDate", transaction->entered_on);
	xml_out_date(xml, "GLPostingDate", transaction->on);
	for (size_t i = 0; i < transaction->line_count; i++)
		write_line(saft, &transaction->lines[i], i + 1, transaction->description);
	xml_out_close(xml, "Transaction");
	return OK;
}

/* ---- the end ---- */

static err_t closing_check(money opening, money movement, money closing, const char *what, str id)
{
	money reached = money_add(opening, movement);
	if (reached.minor == closing.minor)
		return OK;
	return fail(ERR_INTERNAL, "SAF-T: %s '%.*s' opens with %s and moves by %s, but closes with %s", what,
		STR_ARG(id), money_plain(opening).z, money_plain(movement).z, money_plain(closing).z);
}

static err_t party_closings_check(
	const struct saft_party *parties, const money *movements, size_t count, const char *what)
{
	for (size_t i = 0; i < count; i++)
		TRY(closing_check(parties[i].opening, movements[i], parties[i].closing, what, parties[i].id));
	return OK;
}

static err_t closings_check(const struct saft *saft)
{
	const struct saft_master *master = saft->master;
	for (size_t i = 0; i < master->account_count; i++) {
		const struct saft_account *account = &master->accounts[i];
		char number[16];
		snprintf(number, sizeof number, "%d", account->account);
		TRY(closing_check(account->opening, saft->account_movements[i], account->closing, "account",
			str_from_z(number)));
	}
	TRY(party_closings_check(master->customers, saft->customer_movements, master->customer_count, "customer"));
	return party_closings_check(master->suppliers, saft->supplier_movements, master->supplier_count, "supplier");
}

err_t saft_finish(struct saft *saft)
{
	const struct saft_totals *announced = &saft->master->totals;
	journal_end(saft);
	xml_out_close(&saft->xml, "GeneralLedgerEntries");
	xml_out_close(&saft->xml, "AuditFile");
	TRY(xml_out_finish(&saft->xml));
	if (saft->totals.transaction_count != announced->transaction_count)
		return fail(ERR_INTERNAL, "SAF-T: %lld transactions were announced, %lld came",
			(long long)announced->transaction_count, (long long)saft->totals.transaction_count);
	if (saft->totals.debit.minor != announced->debit.minor)
		return fail(ERR_INTERNAL, "SAF-T: %s in debit was announced, %s came", money_plain(announced->debit).z,
			money_plain(saft->totals.debit).z);
	return closings_check(saft);
}
