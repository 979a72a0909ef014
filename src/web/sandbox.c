#include "web/sandbox.h"

#include "app/file.h"
#include "app/setup.h"
#include "sql.h"

#include <string.h>

/* The folder of sandboxes: beside an SQLite book, else in the working folder. */
static str folder_of(const struct op *main)
{
	const char *url = db_url(main->db);
	const char *file = db_is_sqlite(main->db) ? strchr(url, ':') : NULL;
	return file ? str_format(main->arena, "%s-sandbox", file + 1) : S("kravbok-sandbox");
}

static err_t client_copy(const struct op *main, const struct op *op, int64_t client_no)
{
	struct client_find_row client;
	struct terms_list_row *terms;
	size_t term_count;
	bool found;
	TRY(q_client_find(main->db, main->arena, client_no, &client, &found));
	if (!found)
		return fail(ERR_INTERNAL, "there is no client %lld", (long long)client_no);
	TRY(q_terms_list(main->db, main->arena, &terms, &term_count));
	TRY(q_client_put(op->db, client.client_no, client.name, client.orgnr, client.account, client.email, client.member,
		client.terms_no, client.created_on));
	for (size_t i = 0; i < term_count; i++)
		if (terms[i].client_no == client_no)
			TRY(q_terms_insert(op->db, client_no, terms[i].terms_no, terms[i].process, terms[i].grace_days,
				terms[i].vat_deductible, terms[i].commission_bp, terms[i].allocation, terms[i].booked_on));
	return OK;
}

static err_t sandbox_fill(const struct op *main, const struct op *op, int64_t client_no)
{
	struct agency agency;
	struct client_find_row there;
	bool found;
	TRY(q_client_find(op->db, op->arena, client_no, &there, &found));
	if (found)
		return OK;
	TRY(agency_load(main, &agency));
	TRY(agency_store(op, &agency));
	if (client_no != 1) /* the agency itself is there already */
		TRY(client_copy(main, op, client_no));
	return setup_put(op, "clock", str_from_z(date_iso(main->today).z));
}

static err_t sandbox_make(const struct op *main, int64_t client_no, struct db **ret_db)
{
	str folder = folder_of(main);
	struct op op = { .law = main->law, .arena = main->arena, .today = main->today, .user = S("sandbox") };
	TRY(file_folder_make(str_z(main->arena, folder)));
	str url = str_format(main->arena, "sqlite:%.*s/%lld.db", STR_ARG(folder), (long long)client_no);
	TRY(db_open(str_z(main->arena, url), DB_OPEN_CREATE, &op.db));
	err_t err = db_begin(op.db);
	if (!err)
		err = db_end(op.db, sandbox_fill(main, &op, client_no));
	if (err)
		db_close(op.db);
	else
		*ret_db = op.db;
	return err;
}

err_t sandbox_open(struct sandboxes *sandboxes, const struct op *main, int64_t client_no, struct db **ret_db, date *ret_today)
{
	size_t oldest = 0, slot = SANDBOXES_OPEN_MAX;
	for (size_t i = 0; i < SANDBOXES_OPEN_MAX; i++) {
		if (sandboxes->open[i].db && sandboxes->open[i].client_no == client_no)
			slot = i;
		if (sandboxes->open[i].used < sandboxes->open[oldest].used)
			oldest = i;
	}
	if (slot == SANDBOXES_OPEN_MAX) {
		struct db *db;
		TRY(sandbox_make(main, client_no, &db));
		slot = oldest;
		db_close(sandboxes->open[slot].db);
		sandboxes->open[slot].db = db;
		sandboxes->open[slot].client_no = client_no;
	}
	sandboxes->open[slot].used = ++sandboxes->use_count;
	*ret_db = sandboxes->open[slot].db;
	TRY(setup_clock(*ret_db, main->arena, ret_today));
	return date_is_none(*ret_today) ? fail(ERR_INTERNAL, "the sandbox has no clock") : OK;
}

void sandbox_close(struct sandboxes *sandboxes)
{
	for (size_t i = 0; i < SANDBOXES_OPEN_MAX; i++)
		db_close(sandboxes->open[i].db);
}
