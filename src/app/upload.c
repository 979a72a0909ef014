#include "app/upload.h"

#include "app/file.h"
#include "sql.h"

#include <string.h>

enum { PART_SIZE = 1 << 20 };

/* ---- bytes in parts ---- */

static err_t parts_write(const struct op *op, int64_t upload_id, str kind, str bytes)
{
	TRY(q_upload_part_delete(op->db, upload_id, kind));
	int64_t part_no = 0;
	while (bytes.size) {
		str part = { bytes.at, bytes.size < PART_SIZE ? bytes.size : PART_SIZE };
		TRY(q_upload_part_insert(op->db, upload_id, kind, part_no++, part));
		bytes = (str){ bytes.at + part.size, bytes.size - part.size };
	}
	return OK;
}

static err_t parts_read(const struct op *op, int64_t upload_id, str kind, str *ret_bytes)
{
	struct text bytes = text_in(op->arena, 3 * (size_t)UPLOAD_SIZE_MAX);
	bool found = true;
	for (int64_t part_no = 0; found; part_no++) {
		struct upload_part_find_row part;
		TRY(q_upload_part_find(op->db, op->arena, upload_id, kind, part_no, &part, &found));
		if (found)
			text_add(&bytes, part.body);
	}
	*ret_bytes = text_str(&bytes);
	return OK;
}

/* ---- a file comes ---- */

static err_t upload_insert(const struct op *op, const struct upload_new *upload, int64_t *ret_upload_id)
{
	struct file_sha256 hash = file_sha256(upload->body);
	struct upload_same_row same;
	struct upload_last_row last;
	bool found;
	TRY(q_upload_same(op->db, op->arena, upload->client_no, str_from_z(hash.z), &same, &found));
	if (found)
		return fail(ERR_INPUT, "this file was taken in before, as upload %lld", (long long)same.upload_id);
	TRY(q_upload_last(op->db, op->arena, &last, &found));
	*ret_upload_id = last.upload_id + 1;
	TRY(q_upload_insert(op->db, *ret_upload_id, upload->client_no, upload->name, upload->language,
		i64_from_size(upload->body.size), str_from_z(hash.z), op->user, upload->now));
	return parts_write(op, *ret_upload_id, S("file"), upload->body);
}

err_t upload_store(const struct op *op, const struct upload_new *upload, int64_t *ret_upload_id)
{
	bool joined;
	if (!upload->body.size)
		return fail(ERR_INPUT, "the file is empty");
	if (upload->body.size > UPLOAD_SIZE_MAX)
		return fail(ERR_INPUT, "the file is larger than %d MB", UPLOAD_SIZE_MAX >> 20);
	TRY(op_begin(op, &joined));
	return op_end(op, joined, upload_insert(op, upload, ret_upload_id));
}

/* ---- looking ---- */

#define UPLOAD_OF_ROW(row) \
	((struct upload){ (row).upload_id, (row).name, (row).state, (row).detail, (row).created_by, (row).size, (row).good_only != 0, \
		(row).accepted, (row).already, (row).credited, (row).rejected, (row).charged_minor, (row).created_at, \
		(row).has_ended_at ? (row).ended_at : 0 })

err_t upload_get(const struct op *op, int64_t client_no, int64_t upload_id, struct upload *ret_upload, bool *ret_found)
{
	struct upload_find_row row;
	TRY(q_upload_find(op->db, op->arena, client_no, upload_id, &row, ret_found));
	if (*ret_found)
		*ret_upload = UPLOAD_OF_ROW(row);
	return OK;
}

err_t upload_list(const struct op *op, struct upload_place place, struct upload **ret_uploads, size_t *ret_count)
{
	struct upload_list_row *rows;
	require(place.count <= UPLOAD_PAGE_MAX);
	TRY(q_upload_list(op->db, op->arena, place.client_no, place.before_id ? place.before_id : INT64_MAX, i64_from_size(place.count),
		&rows, ret_count));
	*ret_uploads = arena_many(op->arena, *ret_count, struct upload);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_uploads)[i] = UPLOAD_OF_ROW(rows[i]);
	return OK;
}

err_t upload_findings(const struct op *op, int64_t upload_id, int64_t after_no, size_t count, struct row_finding **ret_findings,
	size_t *ret_count)
{
	struct upload_findings_row *rows;
	TRY(q_upload_findings(op->db, op->arena, upload_id, after_no, i64_from_size(count), &rows, ret_count));
	*ret_findings = arena_many(op->arena, *ret_count, struct row_finding);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_findings)[i] = (struct row_finding){ rows[i].line_no, str_z(op->arena, rows[i].field), rows[i].reason };
	return OK;
}

err_t upload_bad_rows(const struct op *op, int64_t upload_id, str *ret_bytes)
{
	return parts_read(op, upload_id, S("bad"), ret_bytes);
}

/* ---- the client decides ---- */

static err_t checked_find(const struct op *op, int64_t client_no, int64_t upload_id, struct upload *ret_upload)
{
	bool found;
	TRY(upload_get(op, client_no, upload_id, ret_upload, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no upload %lld", (long long)upload_id);
	if (!str_eq_z(ret_upload->state, "checked"))
		return fail(ERR_REFUSED, "the file has been decided on already, or has not been read yet");
	return OK;
}

static err_t order_write(const struct op *op, int64_t client_no, int64_t upload_id, bool good_only)
{
	struct upload upload;
	TRY(checked_find(op, client_no, upload_id, &upload));
	if (upload.rejected && !good_only)
		return fail(ERR_REFUSED, "rows of the file must be mended first, or left out");
	if (!upload.accepted)
		return fail(ERR_REFUSED, "there is nothing new in the file to take in");
	return q_upload_order(op->db, upload_id, good_only);
}

err_t upload_order(const struct op *op, int64_t client_no, int64_t upload_id, bool good_only)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, order_write(op, client_no, upload_id, good_only));
}

static err_t drop_write(const struct op *op, int64_t client_no, int64_t upload_id, int64_t now)
{
	struct upload upload;
	TRY(checked_find(op, client_no, upload_id, &upload));
	return q_upload_fail(op->db, upload_id, S("dropped"), now);
}

err_t upload_drop(const struct op *op, int64_t client_no, int64_t upload_id, int64_t now)
{
	bool joined;
	TRY(op_begin(op, &joined));
	return op_end(op, joined, drop_write(op, client_no, upload_id, now));
}

/* ---- the work ---- */

static err_t findings_save(const struct op *op, int64_t upload_id, const struct intake_result *result)
{
	struct upload_finding_insert_row *rows = arena_many(op->arena, result->finding_count, struct upload_finding_insert_row);
	for (size_t i = 0; i < result->finding_count; i++)
		rows[i] = (struct upload_finding_insert_row){ upload_id, i64_from_size(i) + 1, result->findings[i].line_no,
			str_from_z(result->findings[i].field), result->findings[i].reason };
	TRY(q_upload_finding_delete(op->db, upload_id));
	TRY(q_upload_finding_insert(op->db, rows, result->finding_count));
	return parts_write(op, upload_id, S("bad"), result->bad_rows);
}

static money forecast_sum(const struct intake_result *result)
{
	money sum = MONEY_ZERO;
	for (size_t i = 0; i < result->forecast_count; i++)
		sum = money_add(sum, result->forecast[i].charged);
	return sum;
}

static err_t result_save(const struct op *op, int64_t upload_id, const char *state, const struct intake_result *result, int64_t now)
{
	TRY(findings_save(op, upload_id, result));
	bool is_over = strcmp(state, "done") == 0;
	return q_upload_result(op->db, upload_id, str_from_z(state), result->accepted, result->already, result->credited,
		result->rejected_count, forecast_sum(result), is_over ? now : INT64_MIN);
}

static err_t state_save(const struct op *op, int64_t upload_id, const char *state)
{
	TRY(db_begin(op->db));
	return db_end(op->db, q_upload_state(op->db, upload_id, str_from_z(state), S("")));
}

static err_t dry_run(const struct op *op, const struct upload_next_row *next, int64_t now)
{
	str bytes;
	struct intake_result result;
	struct intake_order order = { .client_no = next->client_no, .dry_run = true };
	TRY(parts_read(op, next->upload_id, S("file"), &bytes));
	TRY(intake_bytes(op, order, bytes, &result));
	TRY(db_begin(op->db));
	return db_end(op->db, result_save(op, next->upload_id, "checked", &result, now));
}

/* The claims and the word that they are taken in are one transaction. */
static err_t take_inside(const struct op *op, const struct upload_next_row *next, str bytes, int64_t now, bool *ret_refused)
{
	struct intake_result result;
	struct intake_order order = { .client_no = next->client_no, .accept_good = next->good_only != 0 };
	TRY(intake_bytes(op, order, bytes, &result));
	*ret_refused = result.rejected_count && !next->good_only;
	return *ret_refused ? OK : result_save(op, next->upload_id, "done", &result, now);
}

static err_t take(const struct op *op, const struct upload_next_row *next, int64_t now)
{
	str bytes;
	bool refused = false;
	TRY(parts_read(op, next->upload_id, S("file"), &bytes));
	TRY(db_begin(op->db));
	err_t err = take_inside(op, next, bytes, now, &refused);
	if (!refused)
		return db_end(op->db, err);
	db_rollback(op->db);
	return dry_run(op, next, now); /* something has come in between: it is told */
}

static err_t next_do(const struct op *op, const struct upload_next_row *next, int64_t now)
{
	bool is_dry = str_eq_z(next->state, "waiting") || str_eq_z(next->state, "checking");
	TRY(state_save(op, next->upload_id, is_dry ? "checking" : "taking"));
	err_t err = is_dry ? dry_run(op, next, now) : take(op, next, now);
	enum err_kind kind = err ? err_kind(err) : ERR_INPUT;
	if (!err || (kind != ERR_INPUT && kind != ERR_REFUSED))
		return err;
	db_rollback(op->db);
	str detail = str_copy(op->arena, str_from_z(err_text(err)));
	err_free(err);
	TRY(db_begin(op->db));
	return db_end(op->db, q_upload_fail(op->db, next->upload_id, detail, now));
}

static err_t work_locked(const struct op *op, const struct upload_worker *worker, int64_t *ret_upload_id)
{
	struct upload_next_row next;
	bool found;
	TRY(q_upload_next(op->db, op->arena, &next, &found));
	*ret_upload_id = found ? next.upload_id : 0;
	if (!found)
		return OK;
	struct op own = *op;
	own.user = next.created_by;
	if (worker->speak)
		worker->speak(next.language, worker->context);
	return next_do(&own, &next, worker->now);
}

err_t upload_work(const struct op *op, const struct upload_worker *worker, int64_t *ret_upload_id)
{
	TRY(db_lock(op->db, "upload"));
	err_t err = work_locked(op, worker, ret_upload_id);
	db_unlock(op->db, "upload");
	return err;
}
