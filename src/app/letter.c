/* Rendering and the list. A day's letters of a language are cut into files of at most LETTER_BATCH_MAX: a print room
 * takes them one at a time, a file's letters are marked in one short transaction, and memory stays flat. */
#include "app/letter.h"

#include "app/dispatch.h"
#include "app/file.h"
#include "app/letter_make.h"
#include "base/module.h"
#include "format/letter_text.h"
#include "sql.h"

enum { BATCH_ARENA_SIZE_MAX = 512 << 20, LIST_PAGE = 500 };

err_t letter_writer_open(const struct op *op, struct letter_writer *ret_writer)
{
	struct letter_writer writer = { 0 };
	struct letter_book *words;
	void *module;
	TRY(letter_words_load(op, &words));
	TRY(module_symbol("letters", "letters_module", &module));
	writer.words = words;
	writer.module = module;
	TRY(writer.module->start(words, &writer.letters));
	*ret_writer = writer;
	return OK;
}

void letter_writer_close(struct letter_writer *writer)
{
	if (writer->module)
		writer->module->stop(writer->letters);
	*writer = (struct letter_writer){ 0 };
}

/* ---- files ---- */

struct rendering {
	const struct op *op;
	const struct letter_order *order;
	const struct letter_listener *listener;
	struct letter_writer writer;
	struct letter_maker maker;
	struct arena *arena; /* of a file */
	struct letter_result result;
};

struct letter_batch { /* what goes into one file, or into one each */
	date day;
	bool english, separate;
	int64_t batch_no;
	struct letter_made *made;
	size_t made_count;
	struct letter_rendered_row *drawn; /* the letters that are in a file now */
	size_t drawn_count;
};

static void find_out(const struct rendering *rendering, int64_t case_no, const char *text)
{
	rendering->listener->finding(case_no, text, rendering->listener->context);
}

static const char *batch_path(const struct rendering *rendering, const struct letter_batch *batch)
{
	const char *language = batch->english ? "-en" : "";
	str number = S("");
	if (batch->batch_no > 1)
		number = str_format(rendering->arena, "-%lld", (long long)batch->batch_no);
	return str_format(rendering->arena, "%s/letters-%s%s%.*s.pdf", rendering->order->folder, date_iso(batch->day).z,
		language, STR_ARG(number)).at;
}

/* The number tells apart two letters of a kind that a case was sent in one day. */
static const char *letter_path(const struct rendering *rendering, const struct letter_batch *batch, size_t index)
{
	const struct letter *letter = &batch->made[index].letter;
	int64_t letter_no = batch->made[index].row->letter_no;
	bool first = true;
	for (size_t i = 0; i < batch->made_count && first; i++) {
		const struct letter *other = &batch->made[i].letter;
		first = !(other->case_no == letter->case_no && other->kind == letter->kind &&
			  date_eq(other->sent_on, letter->sent_on) && batch->made[i].row->letter_no < letter_no);
	}
	str number = first ? S("") : str_format(rendering->arena, "-%lld", (long long)letter_no);
	return str_format(rendering->arena, "%s/case-%lld-%s-%s%.*s.pdf", rendering->order->folder,
		(long long)letter->case_no, letter_kind_name(letter->kind), date_iso(letter->sent_on).z, STR_ARG(number)).at;
}

/* A letter the law or its own facts forbid is told and left; what is wrong outside ends the run. */
static err_t letter_draw(struct rendering *rendering, const struct letter_made *made, bool *ret_drawn)
{
	size_t page_count;
	*ret_drawn = false;
	err_t err = made->refusal ? fail(ERR_REFUSED, "case %lld: %s", (long long)made->letter.case_no, made->refusal)
				  : rendering->writer.module->add(rendering->writer.letters, &made->letter, &page_count);
	if (!err) {
		*ret_drawn = true;
		if (!made->letter.debtor.address.size)
			find_out(rendering, made->letter.case_no, "the debtor has no address; the letter is made without one");
		return OK;
	}
	if (err_kind(err) == ERR_OUTSIDE)
		return err;
	const char *text = err_text(err);
	str place = str_format(rendering->arena, "case %lld: ", (long long)made->letter.case_no);
	if (str_starts(str_from_z(text), place))
		text += place.size;
	find_out(rendering, made->letter.case_no, text);
	err_free(err);
	rendering->result.refused++;
	return OK;
}

static err_t file_close(struct rendering *rendering, const char *path, date sent_on)
{
	struct letters_made made;
	TRY(rendering->writer.module->close(rendering->writer.letters, &made));
	struct letter_file file = { str_from_z(path), sent_on, made.letter_count, made.page_count, made.unknown_count };
	rendering->result.files++;
	rendering->result.letters += i64_from_size(made.letter_count);
	rendering->result.pages += i64_from_size(made.page_count);
	return rendering->listener->file(&file, rendering->listener->context);
}

/* A file that no letter came into is dropped: the writer has no word for it but its error. */
static void file_forget(struct rendering *rendering)
{
	struct letters_made made;
	err_free(rendering->writer.module->close(rendering->writer.letters, &made));
}

/* One file of the letters from first on: all of them, or that one. */
static err_t file_draw(struct rendering *rendering, struct letter_batch *batch, size_t first, size_t count)
{
	const char *path = batch->separate ? letter_path(rendering, batch, first) : batch_path(rendering, batch);
	size_t before = batch->drawn_count;
	TRY(rendering->writer.module->open(rendering->writer.letters, path));
	for (size_t i = first; i < first + count; i++) {
		bool drawn;
		TRY(letter_draw(rendering, &batch->made[i], &drawn));
		if (drawn)
			batch->drawn[batch->drawn_count++] = (struct letter_rendered_row){
				.rendered_on = rendering->op->today,
				.batch_no = batch->batch_no,
				.case_id = batch->made[i].letter.case_no,
				.letter_no = batch->made[i].row->letter_no,
			};
	}
	if (batch->drawn_count > before)
		return file_close(rendering, path, batch->made[first].letter.sent_on);
	file_forget(rendering);
	return OK;
}

static err_t batch_draw(struct rendering *rendering, struct letter_batch *batch, const struct letter_key *keys,
	size_t count)
{
	TRY(letters_make(&rendering->maker, rendering->arena, keys, count, &batch->made, &batch->made_count));
	batch->drawn = arena_many(rendering->arena, batch->made_count, struct letter_rendered_row);
	if (!batch->separate && batch->made_count)
		return file_draw(rendering, batch, 0, batch->made_count);
	for (size_t i = 0; i < batch->made_count; i++)
		TRY(file_draw(rendering, batch, i, 1));
	return OK;
}

/* ---- what has no file yet ---- */

static err_t batch_insert(const struct rendering *rendering, const struct letter_batch *batch)
{
	int64_t first = INT64_MAX, last = 0;
	for (size_t i = 0; i < batch->drawn_count; i++) {
		int64_t case_no = batch->drawn[i].case_id;
		first = case_no < first ? case_no : first;
		last = case_no > last ? case_no : last;
	}
	TRY(q_letter_rendered(rendering->op->db, batch->drawn, batch->drawn_count));
	return q_letter_batch_insert(rendering->op->db, batch->day, batch->english, batch->batch_no,
		i64_from_size(batch->drawn_count), first, last);
}

static err_t batch_mark(const struct rendering *rendering, const struct letter_batch *batch)
{
	if (!batch->drawn_count)
		return OK;
	TRY(db_begin(rendering->op->db));
	err_t err = batch_insert(rendering, batch);
	if (err) {
		db_rollback(rendering->op->db);
		return err;
	}
	return db_commit(rendering->op->db);
}

struct batch_after { /* key of the last letter looked at: a refused one stays unrendered and is not tried again */
	date on;
	int64_t case_no, letter_no;
};

static err_t batch_new(struct rendering *rendering, struct letter_batch *batch, struct batch_after *after,
	size_t *ret_count)
{
	struct letter_unrendered_row *rows;
	struct letter_batch_last_row last;
	bool found;
	TRY(q_letter_unrendered(rendering->op->db, rendering->arena, batch->day, batch->english, after->on, after->case_no,
		after->letter_no, LETTER_BATCH_MAX, &rows, ret_count));
	size_t count = *ret_count;
	if (!count)
		return OK;
	TRY(q_letter_batch_last(rendering->op->db, rendering->arena, batch->day, batch->english, &last, &found));
	batch->batch_no = found ? last.batch_no + 1 : 1;
	struct letter_key *keys = arena_many(rendering->arena, count, struct letter_key);
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct letter_key){ rows[i].case_id, rows[i].letter_no };
	*after = (struct batch_after){ rows[count - 1].ordered_on, rows[count - 1].case_id, rows[count - 1].letter_no };
	TRY(batch_draw(rendering, batch, keys, count));
	TRY(batch_mark(rendering, batch));
	op_progress(rendering->op, "letters rendered", rendering->result.letters, 0);
	return OK;
}

static err_t day_render(struct rendering *rendering, date day, bool english)
{
	struct batch_after after = { .on = DATE_FIRST };
	struct arena_mark start = arena_mark(rendering->arena);
	size_t count = LETTER_BATCH_MAX;
	while (count == LETTER_BATCH_MAX) {
		struct letter_batch batch = { .day = day, .english = english, .separate = rendering->order->separate };
		arena_reset(rendering->arena, start);
		TRY(batch_new(rendering, &batch, &after, &count));
	}
	return OK;
}

static err_t new_render(struct rendering *rendering)
{
	date day = DATE_FIRST;
	struct arena_mark start = arena_mark(rendering->arena);
	TRY(letter_hand_over(rendering->op, LETTER_HANDED_TODAY, &rendering->result.handed));
	TRY(dispatch_enqueue(rendering->op, rendering->listener, &rendering->result.messages));
	for (;;) {
		struct letter_day_next_row row;
		bool found;
		arena_reset(rendering->arena, start);
		TRY(q_letter_day_next(rendering->op->db, rendering->arena, day, &row, &found));
		if (!found)
			return OK;
		day = row.handed_on;
		TRY(day_render(rendering, day, false));
		TRY(day_render(rendering, day, true));
	}
}

/* ---- again ---- */

static err_t case_render(struct rendering *rendering)
{
	struct letter_of_case_row *rows;
	size_t count;
	TRY(q_letter_of_case(rendering->op->db, rendering->arena, rendering->order->case_no, &rows, &count));
	if (!count)
		return fail(ERR_REFUSED, "nothing has been sent in case %lld", (long long)rendering->order->case_no);
	struct letter_key *keys = arena_many(rendering->arena, count, struct letter_key);
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct letter_key){ rows[i].case_id, rows[i].letter_no };
	struct letter_batch batch = { .separate = true };
	return batch_draw(rendering, &batch, keys, count);
}

static err_t batch_again(struct rendering *rendering, const struct letter_batches_row *row)
{
	struct letter_of_batch_row *rows;
	size_t count;
	TRY(q_letter_of_batch(rendering->op->db, rendering->arena, rendering->order->day, row->english, row->batch_no,
		row->first_case_id, row->last_case_id, LETTER_BATCH_MAX, &rows, &count));
	struct letter_key *keys = arena_many(rendering->arena, count, struct letter_key);
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct letter_key){ rows[i].case_id, rows[i].letter_no };
	struct letter_batch batch = {
		.day = rendering->order->day,
		.english = row->english != 0,
		.separate = rendering->order->separate,
		.batch_no = row->batch_no,
	};
	return batch_draw(rendering, &batch, keys, count);
}

static err_t day_again(struct rendering *rendering)
{
	struct letter_batches_row *rows;
	size_t count;
	TRY(q_letter_batches(rendering->op->db, rendering->op->arena, rendering->order->day, &rows, &count));
	if (!count)
		return fail(ERR_REFUSED, "no letter of %s has been rendered", date_iso(rendering->order->day).z);
	struct arena_mark start = arena_mark(rendering->arena);
	for (size_t i = 0; i < count; i++) {
		arena_reset(rendering->arena, start);
		TRY(batch_again(rendering, &rows[i]));
	}
	return OK;
}

/* ---- the order ---- */

static err_t order_render(struct rendering *rendering)
{
	const struct op *op = rendering->op;
	if (rendering->order->case_no)
		return case_render(rendering);
	if (!date_is_none(rendering->order->day))
		return day_again(rendering);
	TRY(db_lock(op->db, "letters"));
	err_t err = new_render(rendering);
	db_unlock(op->db, "letters");
	return err;
}

static err_t rendering_open(struct rendering *rendering)
{
	TRY(letter_maker_open(rendering->op, &rendering->maker));
	if (rendering->maker.lacks.size)
		find_out(rendering, 0, str_format(rendering->op->arena, "the agency has told no %.*s: letters need them (kravbok "
			"init --agency FILE)", STR_ARG(rendering->maker.lacks)).at);
	TRY(file_folder_make(rendering->order->folder));
	return letter_writer_open(rendering->op, &rendering->writer);
}

err_t letter_render(const struct op *op, const struct letter_order *order, const struct letter_listener *listener,
	struct letter_result *ret_result)
{
	struct rendering rendering = { .op = op, .order = order, .listener = listener };
	TRY(rendering_open(&rendering));
	rendering.arena = arena_create(BATCH_ARENA_SIZE_MAX);
	err_t err = order_render(&rendering);
	letter_writer_close(&rendering.writer);
	arena_destroy(rendering.arena);
	if (err)
		return err;
	*ret_result = rendering.result;
	return OK;
}

/* ---- the outbox ---- */

const char *letter_channel_name(enum letter_channel channel)
{
	static const char *const names[] = { "letter", "sms", "email" };
	return names[channel];
}

struct listing {
	const struct op *op;
	const struct letter_listener *listener;
	struct letter_maker maker;
	struct letter_book *words;
	struct arena *arena;
	bool waiting_only;
	err_t (*each)(const struct outbox_row *row, void *context);
	void *context;
};

static struct outbox_row paper_row(struct arena *arena, const struct letter_made *made)
{
	const struct letter_rows_row *row = made->row;
	str to = S("");
	if (row->address.size)
		to = str_format(arena, "%.*s, %.*s %.*s", STR_ARG(row->address), STR_ARG(row->postcode), STR_ARG(row->city));
	return (struct outbox_row){
		.case_no = row->case_id,
		.letter_no = row->letter_no,
		.channel = LETTER_ON_PAPER,
		.kind = str_from_z(letter_kind_name(made->letter.kind)),
		.language = str_from_z(letter_language_name(made->letter.language)),
		.debtor = row->debtor_name,
		.to = to,
		.ordered_on = row->ordered_on,
		.send_by = row->send_by,
		.handed_on = row->handed_on,
		.withdrawn_on = row->withdrawn_on,
		.rendered_on = row->rendered_on,
		.deadline_on = made->letter.deadline_on,
		.balance = row->balance_minor,
		.subject = S(""),
		.text = S(""),
	};
}

static err_t message_make(struct listing *listing, const struct letter *letter, struct outbox_row *message)
{
	if (message->channel == LETTER_BY_SMS)
		return letter_text_sms(listing->arena, listing->words, letter, &message->text);
	struct letter_email email;
	TRY(letter_text_email(listing->arena, listing->words, letter, &email));
	message->subject = email.subject;
	message->text = email.body;
	return OK;
}

static err_t message_list(struct listing *listing, const struct letter_made *made, enum letter_channel channel, str to)
{
	if (!to.size || made->refusal)
		return OK;
	struct outbox_row message = paper_row(listing->arena, made);
	message.channel = channel;
	message.to = to;
	message.rendered_on = DATE_NONE;
	err_t err = message_make(listing, &made->letter, &message);
	if (!err)
		return listing->each(&message, listing->context);
	if (err_kind(err) == ERR_OUTSIDE)
		return err;
	listing->listener->finding(made->letter.case_no, err_text(err), listing->listener->context);
	err_free(err);
	return OK;
}

static err_t page_list(struct listing *listing, const struct letter_key *keys, size_t count)
{
	struct letter_made *made;
	size_t made_count;
	TRY(letters_make(&listing->maker, listing->arena, keys, count, &made, &made_count));
	for (size_t i = 0; i < made_count; i++) {
		struct outbox_row row = paper_row(listing->arena, &made[i]);
		TRY(listing->each(&row, listing->context));
		if (!date_is_none(row.withdrawn_on))
			continue;
		TRY(message_list(listing, &made[i], LETTER_BY_SMS, made[i].row->phone));
		TRY(message_list(listing, &made[i], LETTER_BY_EMAIL, made[i].row->email));
	}
	return OK;
}

static err_t pages_list(struct listing *listing)
{
	struct letter_key after = { 0, 0 };
	struct arena_mark start = arena_mark(listing->arena);
	size_t count = LIST_PAGE;
	while (count == LIST_PAGE) {
		struct letter_key_page_row *rows;
		struct letter_key keys[LIST_PAGE];
		arena_reset(listing->arena, start);
		TRY(q_letter_key_page(listing->op->db, listing->arena, after.case_no, after.letter_no, listing->waiting_only,
			LIST_PAGE, &rows, &count));
		for (size_t i = 0; i < count; i++)
			keys[i] = (struct letter_key){ rows[i].case_id, rows[i].letter_no };
		TRY(page_list(listing, keys, count));
		if (count)
			after = keys[count - 1];
	}
	return OK;
}

err_t outbox_list(const struct op *op, bool waiting_only, err_t (*each)(const struct outbox_row *row, void *context),
	const struct letter_listener *listener, void *context)
{
	struct listing listing = {
		.op = op, .listener = listener, .waiting_only = waiting_only, .each = each, .context = context
	};
	TRY(letter_maker_open(op, &listing.maker));
	TRY(letter_words_load(op, &listing.words));
	listing.arena = arena_create(BATCH_ARENA_SIZE_MAX);
	err_t err = pages_list(&listing);
	arena_destroy(listing.arena);
	return err;
}
