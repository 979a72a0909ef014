/* Looking: the words are counted, at most SEARCH_LOOK_MAX of each, and the client's cases if one is asked for; the rarest leads.
 * Its cases are gone through from the newest down, some at a time, and the others asked of those. A beginning stands for the words there are that begin so, at most
 * ENDINGS_MAX of them.
 *
 * Following: claims in order of number, then messages; what was indexed is remembered by the last number. */
#include "app/search.h"

#include "core/kid.h"
#include "core/word.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

enum {
	WORDS_MAX = 8,      /* of a query */
	CASE_WORDS_MAX = 40,
	MESSAGE_WORDS_MAX = 200,
	ENDINGS_MAX = 20,
	CHUNK_FIRST = 200,  /* cases; each chunk is four times the one before, up to */
	CHUNK_MAX = 4000,
	CHUNK_PICKS_MAX = 20000, /* asked of the index at once */
	BATCH_CLAIMS = 2000,
	BATCH_MESSAGES = 100,
	BATCH_ARENA_SIZE_MAX = 128 << 20,
	CASE_NO_DIGITS_MAX = 9,
};

static const char *const claims_follower = "search", *const messages_follower = "search_message";

/* ---- exact ---- */

struct hits {
	int64_t *case_nos;
	size_t count, limit;
	bool has_more;
};

static void hit_add(struct hits *hits, int64_t case_no)
{
	for (size_t i = 0; i < hits->count; i++)
		if (hits->case_nos[i] == case_no)
			return;
	if (hits->count == hits->limit) {
		hits->has_more = true;
		return;
	}
	hits->case_nos[hits->count++] = case_no;
}

static err_t exact_case(const struct op *op, int64_t case_no, struct hits *hits)
{
	struct search_case_row row;
	bool found;
	TRY(q_search_case(op->db, op->arena, case_no, &row, &found));
	if (found)
		hit_add(hits, case_no);
	return OK;
}

static err_t exact_kid(const struct op *op, str kid, struct hits *hits)
{
	struct search_kid_row *rows;
	int64_t case_no;
	size_t count;
	if (kid_case(kid, &case_no))
		TRY(exact_case(op, case_no, hits));
	TRY(q_search_kid(op->db, op->arena, kid, &rows, &count));
	for (size_t i = 0; i < count; i++)
		hit_add(hits, rows[i].case_id);
	return OK;
}

/* "payment 12", "betaling 12": the case its KID names. */
static err_t exact_payment(const struct op *op, str text, struct hits *hits)
{
	str rest;
	int64_t payment_id;
	struct search_payment_row row;
	bool found;
	str word = str_cut(text, ' ', &rest);
	if (!str_eq_z(word, "payment") && !str_eq_z(word, "betaling"))
		return OK;
	err_t err = parse_i64(str_trim(rest), 1, INT64_MAX, &payment_id);
	if (err) {
		err_free(err);
		return OK;
	}
	TRY(q_search_payment(op->db, op->arena, payment_id, &row, &found));
	return found && row.kid.size ? exact_kid(op, row.kid, hits) : OK;
}

static err_t exact_find(const struct op *op, str text, struct hits *hits)
{
	struct search_invoice_row *rows;
	size_t count;
	if (str_is_digits(text) && text.size <= CASE_NO_DIGITS_MAX) {
		int64_t case_no;
		TRY(parse_i64(text, 0, KID_CASE_NO_MAX, &case_no));
		TRY(exact_case(op, case_no, hits));
	}
	TRY(exact_kid(op, text, hits));
	TRY(q_search_invoice(op->db, op->arena, text, &rows, &count));
	for (size_t i = 0; i < count; i++)
		hit_add(hits, rows[i].case_id);
	return exact_payment(op, text, hits);
}

/* ---- by words ---- */

struct term { /* a word of the query: one, or those that begin so */
	str word;
	str forms[ENDINGS_MAX];
	size_t form_count;
	bool has_more_forms; /* too many begin so */
	int64_t count;       /* cases, as far as they were counted */
};

struct looking {
	const struct op *op;
	const struct search_query *query;
	struct arena *arena; /* of a chunk */
	struct term terms[WORDS_MAX];
	size_t term_count;
	size_t chunk; /* cases looked at together */
	struct hits hits;
};

static err_t term_forms(const struct op *op, struct term *term, bool is_beginning)
{
	str below = str_format(op->arena, "%.*s\xF4\x8F\xBF\xBF", STR_ARG(term->word)); /* behind all that begin so */
	term->forms[0] = term->word;
	term->form_count = 1;
	if (!is_beginning)
		return OK;
	struct search_word_from_row row;
	struct search_word_after_row next;
	bool found;
	TRY(q_search_word_from(op->db, op->arena, term->word, below, &row, &found));
	term->form_count = 0;
	for (str word = found ? row.word : S(""); found;) {
		if (term->form_count == ENDINGS_MAX) {
			term->has_more_forms = true;
			return OK;
		}
		term->forms[term->form_count++] = word;
		TRY(q_search_word_after(op->db, op->arena, word, below, &next, &found));
		if (found)
			word = next.word;
	}
	return OK;
}

static err_t term_count(const struct op *op, struct term *term)
{
	for (size_t i = 0; i < term->form_count && term->count <= SEARCH_LOOK_MAX; i++) {
		struct search_word_count_row row;
		bool found;
		TRY(q_search_word_count(op->db, op->arena, term->forms[i], SEARCH_LOOK_MAX + 1 - term->count, &row, &found));
		term->count += row.case_count;
	}
	return OK;
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

/* The newest cases below a number that have one of the term's forms, each once. */
static err_t term_cases(const struct looking *looking, const struct term *term, int64_t before, int64_t **ret_nos,
	size_t *ret_count)
{
	int64_t *nos = arena_many(looking->arena, looking->chunk * term->form_count, int64_t);
	size_t count = 0, distinct = 0;
	for (size_t i = 0; i < term->form_count; i++) {
		struct search_word_cases_row *rows;
		size_t row_count;
		TRY(q_search_word_cases(looking->op->db, looking->arena, term->forms[i], before,
			i64_from_size(looking->chunk), &rows, &row_count));
		for (size_t k = 0; k < row_count; k++)
			nos[count++] = rows[k].case_id;
	}
	qsort(nos, count, sizeof *nos, newest_first);
	for (size_t i = 0; i < count; i++)
		if (!distinct || nos[distinct - 1] != nos[i])
			nos[distinct++] = nos[i];
	/* Of each form there are as many as a chunk has room for, so the newest of them together are all there. */
	*ret_nos = nos;
	*ret_count = distinct < looking->chunk ? distinct : looking->chunk;
	return OK;
}

static err_t term_keep(const struct looking *looking, const struct term *term, int64_t *nos, size_t *count)
{
	struct db_pick *picks = arena_many(looking->arena, *count * term->form_count, struct db_pick);
	struct search_word_have_row *rows;
	size_t row_count, kept = 0, pick_count = 0;
	for (size_t i = 0; i < *count; i++)
		for (size_t k = 0; k < term->form_count; k++)
			picks[pick_count++] = (struct db_pick){ .id = nos[i], .key = term->forms[k] };
	TRY(db_pick(looking->op->db, picks, pick_count));
	TRY(q_search_word_have(looking->op->db, looking->arena, &rows, &row_count));
	for (size_t i = 0; i < row_count; i++) {
		int64_t case_no = picks[rows[i].no].id;
		if (!kept || nos[kept - 1] != case_no)
			nos[kept++] = case_no;
	}
	*count = kept;
	return OK;
}

static err_t client_keep(const struct looking *looking, int64_t *nos, size_t *count)
{
	struct db_pick *picks = arena_many(looking->arena, *count, struct db_pick);
	struct search_of_client_row *rows;
	size_t row_count;
	if (!looking->query->client_no)
		return OK;
	for (size_t i = 0; i < *count; i++)
		picks[i].id = nos[i];
	TRY(db_pick(looking->op->db, picks, *count));
	TRY(q_search_of_client(looking->op->db, looking->arena, looking->query->client_no, &rows, &row_count));
	for (size_t i = 0; i < row_count; i++)
		nos[i] = nos[rows[i].no];
	*count = row_count;
	return OK;
}

/* Those of the hits so far that are the client's. */
static err_t hits_of_client(struct looking *looking)
{
	return client_keep(looking, looking->hits.case_nos, &looking->hits.count);
}

static err_t terms_make(struct looking *looking, struct search_result *result)
{
	struct words words = words_in(looking->op->arena, WORDS_MAX);
	words_add(&words, looking->op->arena, looking->query->text);
	if (!words.count)
		return fail(ERR_INPUT, "'%.*s' has no word to search for: two letters or digits at least",
			STR_ARG(looking->query->text));
	/* A blank at the end says that the last word is whole. */
	str text = looking->query->text;
	bool is_beginning = !looking->query->whole_words && text.at[text.size - 1] != ' ';
	for (size_t i = 0; i < words.count; i++) {
		struct term *term = &looking->terms[looking->term_count++];
		*term = (struct term){ .word = words.at[i] };
		TRY(term_forms(looking->op, term, is_beginning && i + 1 == words.count));
		TRY(term_count(looking->op, term));
		if (term->has_more_forms)
			result->too_common = term->word;
	}
	return OK;
}

static err_t client_cases(const struct looking *looking, int64_t before, int64_t **ret_nos, size_t *ret_count)
{
	struct search_client_cases_row *rows;
	TRY(q_search_client_cases(looking->op->db, looking->arena, looking->query->client_no, before,
		i64_from_size(looking->chunk), &rows, ret_count));
	*ret_nos = arena_many(looking->arena, *ret_count, int64_t);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret_nos)[i] = rows[i].case_id;
	return OK;
}

/* leader NULL: the client's cases lead. */
static err_t chunk_look(struct looking *looking, const struct term *leader, int64_t *before, size_t *ret_looked)
{
	int64_t *nos;
	size_t count;
	TRY(leader ? term_cases(looking, leader, *before, &nos, &count) : client_cases(looking, *before, &nos, &count));
	*ret_looked = count;
	if (!count)
		return OK;
	*before = nos[count - 1];
	for (size_t i = 0; i < looking->term_count; i++)
		if (&looking->terms[i] != leader && count)
			TRY(term_keep(looking, &looking->terms[i], nos, &count));
	if (count && leader)
		TRY(client_keep(looking, nos, &count));
	for (size_t i = 0; i < count; i++)
		hit_add(&looking->hits, nos[i]);
	return OK;
}

/* A client with fewer cases than the rarest word has leads itself; so it does when both have more than are looked at. */
static err_t client_leads(const struct looking *looking, const struct term **leader)
{
	struct search_client_count_row row;
	bool found;
	if (!looking->query->client_no)
		return OK;
	TRY(q_search_client_count(looking->op->db, looking->op->arena, looking->query->client_no, SEARCH_LOOK_MAX + 1, &row,
		&found));
	if (row.case_count <= (*leader)->count)
		*leader = NULL;
	return OK;
}

static err_t words_look(struct looking *looking, struct search_result *result)
{
	TRY(terms_make(looking, result));
	const struct term *leader = &looking->terms[0];
	for (size_t i = 1; i < looking->term_count; i++)
		if (looking->terms[i].count < leader->count)
			leader = &looking->terms[i];
	if (!leader->count)
		return OK;
	str rarest = leader->word;
	TRY(client_leads(looking, &leader));
	struct arena_mark start = arena_mark(looking->arena);
	int64_t before = INT64_MAX;
	size_t looked = 0, chunk = 1, chunk_max = CHUNK_PICKS_MAX / looking->terms[looking->term_count - 1].form_count;
	chunk_max = chunk_max < CHUNK_MAX ? chunk_max : CHUNK_MAX;
	looking->chunk = CHUNK_FIRST;
	while (chunk && !looking->hits.has_more && looked < SEARCH_LOOK_MAX) {
		TRY(chunk_look(looking, leader, &before, &chunk));
		looked += chunk;
		looking->chunk = looking->chunk * 4 < chunk_max ? looking->chunk * 4 : chunk_max;
		arena_reset(looking->arena, start);
	}
	if (chunk && !looking->hits.has_more)
		result->too_common = rarest;
	return OK;
}

static err_t looking_run(struct looking *looking, struct search_result *result)
{
	if (!looking->query->whole_words) {
		TRY(exact_find(looking->op, str_trim(looking->query->text), &looking->hits));
		if (looking->hits.count)
			TRY(hits_of_client(looking));
	}
	result->is_exact = looking->hits.count > 0;
	return result->is_exact ? OK : words_look(looking, result);
}

err_t search_find(const struct op *op, struct search_query query, struct search_result *ret_result)
{
	require(query.limit > 0);
	require(query.limit <= SEARCH_LIMIT_MAX);
	struct search_result result = { 0 };
	str trimmed = str_trim(query.text);
	if (!trimmed.size)
		return fail(ERR_INPUT, "there is nothing to search for");
	if (trimmed.size > SEARCH_TEXT_MAX || !str_is_utf8(trimmed))
		return fail(ERR_INPUT, "a search is UTF-8 of at most %d bytes", SEARCH_TEXT_MAX);
	struct looking looking = { .op = op, .query = &query };
	looking.hits = (struct hits){ .case_nos = arena_many(op->arena, query.limit, int64_t), .limit = query.limit };
	looking.arena = arena_create(BATCH_ARENA_SIZE_MAX);
	err_t err = looking_run(&looking, &result);
	arena_destroy(looking.arena);
	if (err)
		return err;
	result.case_nos = looking.hits.case_nos;
	result.count = looking.hits.count;
	result.has_more = looking.hits.has_more;
	*ret_result = result;
	return OK;
}

/* ---- following ---- */

struct index_rows {
	struct search_word_put_row *rows;
	size_t count, capacity;
};

static void index_add(struct index_rows *index, struct arena *arena, const struct words *words, int64_t case_no)
{
	for (size_t i = 0; i < words->count; i++) {
		if (index->count == index->capacity) {
			index->capacity = index->capacity ? index->capacity * 2 : 1024;
			index->rows = arena_grow(arena, index->rows, index->count, index->capacity, sizeof *index->rows);
		}
		index->rows[index->count++] = (struct search_word_put_row){ words->at[i], case_no };
	}
}

static int index_compare(const void *a, const void *b)
{
	const struct search_word_put_row *x = a, *y = b;
	int by_word = str_compare(x->word, y->word);
	return by_word ? by_word : (x->case_id > y->case_id) - (x->case_id < y->case_id);
}

/* In the index's own order, each once. */
static void index_sort(struct index_rows *index)
{
	size_t count = 0;
	if (index->count)
		qsort(index->rows, index->count, sizeof *index->rows, index_compare);
	for (size_t i = 0; i < index->count; i++)
		if (!count || index_compare(&index->rows[count - 1], &index->rows[i]) != 0)
			index->rows[count++] = index->rows[i];
	index->count = count;
}

struct debtor_words { /* what of a debtor is searched for */
	str name, address, postcode, city, phone, email;
};

static void debtor_words_add(struct words *words, struct arena *arena, const struct debtor_words *debtor)
{
	words_add(words, arena, debtor->name);
	words_add(words, arena, debtor->address);
	words_add(words, arena, debtor->postcode);
	words_add(words, arena, debtor->city);
	words_add_phone(words, arena, debtor->phone);
	words_add(words, arena, debtor->email);
}

static err_t position_get(const struct op *op, struct arena *arena, const char *name, int64_t *ret_position)
{
	struct search_follower_row row;
	bool found;
	TRY(q_search_follower(op->db, arena, str_from_z(name), &row, &found));
	*ret_position = found ? row.position : 0;
	return OK;
}

static err_t claims_follow(const struct op *op, struct arena *arena, int64_t limit, int64_t *ret_count)
{
	struct index_rows index = { 0 };
	struct search_claims_row *rows;
	size_t count;
	int64_t position;
	TRY(position_get(op, arena, claims_follower, &position));
	TRY(q_search_claims(op->db, arena, position, limit < BATCH_CLAIMS ? limit : BATCH_CLAIMS, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		const struct search_claims_row *row = &rows[i];
		struct words words = words_in(arena, CASE_WORDS_MAX);
		struct debtor_words debtor = { row->name, row->address, row->postcode, row->city, row->phone, row->email };
		debtor_words_add(&words, arena, &debtor);
		words_add(&words, arena, row->invoice_no);
		words_add_joined(&words, arena, row->invoice_no);
		if (str_eq_z(row->kind, "company"))
			words_add(&words, arena, row->ident);
		index_add(&index, arena, &words, row->case_id);
	}
	*ret_count = i64_from_size(count);
	if (!count)
		return OK;
	index_sort(&index);
	TRY(q_search_word_put(op->db, index.rows, index.count));
	return q_search_follower_put(op->db, str_from_z(claims_follower), rows[count - 1].case_id);
}

static err_t messages_follow(const struct op *op, struct arena *arena, int64_t limit, int64_t *ret_count)
{
	struct index_rows index = { 0 };
	struct message_after_row *rows;
	size_t count;
	int64_t position;
	TRY(position_get(op, arena, messages_follower, &position));
	TRY(q_message_after(op->db, arena, position, limit < BATCH_MESSAGES ? limit : BATCH_MESSAGES, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		struct words words = words_in(arena, MESSAGE_WORDS_MAX);
		words_add(&words, arena, rows[i].body);
		index_add(&index, arena, &words, rows[i].case_id);
	}
	*ret_count = i64_from_size(count);
	if (!count)
		return OK;
	index_sort(&index);
	TRY(q_search_word_put(op->db, index.rows, index.count));
	return q_search_follower_put(op->db, str_from_z(messages_follower), rows[count - 1].message_id);
}

typedef err_t (*follow_fn)(const struct op *op, struct arena *arena, int64_t limit, int64_t *ret_count);

static err_t follow_all(const struct op *op, struct arena *arena, follow_fn follow, int64_t limit, int64_t *count)
{
	struct arena_mark start = arena_mark(arena);
	for (int64_t done = 0, step = 1; step > 0 && done < limit; done += step) {
		TRY(db_begin(op->db));
		TRY(db_end(op->db, follow(op, arena, limit - done, &step)));
		*count += step;
		arena_reset(arena, start);
		op_progress(op, "search", *count, 0);
	}
	return OK;
}

err_t search_index(const struct op *op, int64_t limit, int64_t *ret_count)
{
	struct arena *arena = arena_create(BATCH_ARENA_SIZE_MAX);
	int64_t count = 0;
	err_t err = follow_all(op, arena, claims_follow, limit, &count);
	if (!err)
		err = follow_all(op, arena, messages_follow, limit, &count);
	arena_destroy(arena);
	if (err)
		return err;
	*ret_count = count;
	return OK;
}

/* ---- a debtor changes ---- */

/* The debtor's words on each of its cases that the index has come to. */
static err_t debtor_rows(const struct op *op, int64_t debtor_id, struct index_rows *index)
{
	struct search_debtor_row *rows;
	size_t count;
	int64_t position;
	TRY(position_get(op, op->arena, claims_follower, &position));
	TRY(q_search_debtor(op->db, op->arena, debtor_id, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		const struct search_debtor_row *row = &rows[i];
		struct words words = words_in(op->arena, CASE_WORDS_MAX);
		struct debtor_words debtor = { row->name, row->address, row->postcode, row->city, row->phone, row->email };
		debtor_words_add(&words, op->arena, &debtor);
		if (row->case_id <= position)
			index_add(index, op->arena, &words, row->case_id);
	}
	index_sort(index);
	return OK;
}

err_t search_debtor_out(const struct op *op, int64_t debtor_id)
{
	struct index_rows index = { 0 };
	TRY(debtor_rows(op, debtor_id, &index));
	struct db_pick *picks = arena_many(op->arena, index.count, struct db_pick);
	for (size_t i = 0; i < index.count; i++)
		picks[i] = (struct db_pick){ .id = index.rows[i].case_id, .key = index.rows[i].word };
	TRY(db_pick(op->db, picks, index.count));
	return q_search_word_drop(op->db);
}

err_t search_debtor_in(const struct op *op, int64_t debtor_id)
{
	struct index_rows index = { 0 };
	TRY(debtor_rows(op, debtor_id, &index));
	return q_search_word_put(op->db, index.rows, index.count);
}
