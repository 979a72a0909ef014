/* Messages are made when their letter is handed over, and stand in the table from then on as they will be sent. */
#include "app/dispatch.h"

#include "app/dispatch_part.h"
#include "app/letter_make.h"
#include "app/secret.h"
#include "app/setting.h"
#include "base/catalog.h"
#include "core/decent.h"
#include "format/letter_text.h"
#include "format/mail.h"
#include "sql.h"

enum { ENQUEUE_PAGE = 500, ENQUEUE_ARENA_SIZE_MAX = 512 << 20 };

struct enqueuing {
	const struct op *op;
	const struct letter_listener *listener;
	struct letter_maker maker;
	struct letter_book *words;
	str own_domain;
	struct arena *arena; /* of a page */
	int64_t next_id, count;
};

/* ---- addresses and links ---- */

err_t dispatch_address(struct arena *arena, enum letter_channel channel, str given, str *ret_address)
{
	*ret_address = str_trim(given);
	if (channel == LETTER_BY_EMAIL)
		return mail_address_check(*ret_address);
	str digits = genuine_phone(arena, given);
	if (!digits.size)
		return fail(ERR_INPUT, "'%.*s' is no telephone number", STR_ARG(given));
	*ret_address = str_format(arena, "+%.*s", STR_ARG(digits));
	return OK;
}

/* A message leads to our own pages only: readers are told to trust no other. */
static err_t links_check(struct arena *arena, str body, str own_domain)
{
	struct arena_mark mark = arena_mark(arena);
	struct genuine_text *found = arena_new(arena, struct genuine_text);
	err_t err = OK;
	genuine_scan(arena, body, own_domain, found);
	for (size_t i = 0; i < found->link_count && !err; i++) {
		const struct genuine_link *link = &found->links[i];
		str host = link->host;
		if (str_starts(host, S("www.")))
			host = (str){ host.at + 4, host.size - 4 };
		if (!link->is_mail && (link->misleading || !str_eq(host, own_domain)))
			err = fail(ERR_INPUT, "the message links to %.*s; messages link to our own pages only", STR_ARG(link->host));
	}
	arena_reset(arena, mark);
	return err;
}

static err_t own_domain_get(const struct op *op, str *ret_domain)
{
	str address;
	TRY(setting_get(op, "web.address", &address));
	*ret_domain = genuine_domain(op->arena, address);
	return OK;
}

/* ---- letters ---- */

static enum letter_channel channel_of(str name)
{
	return str_eq_z(name, "sms") ? LETTER_BY_SMS : LETTER_BY_EMAIL;
}

struct message {
	str address, subject, body;
};

static err_t message_make(const struct enqueuing *enqueuing, const struct dispatch_letters_row *row,
	const struct letter *letter, struct message *message)
{
	enum letter_channel channel = channel_of(row->channel);
	struct arena *arena = enqueuing->arena;
	*message = (struct message){ .address = S(""), .subject = S(""), .body = S("") };
	TRY(dispatch_address(arena, channel, channel == LETTER_BY_SMS ? row->phone : row->email, &message->address));
	if (channel == LETTER_BY_SMS) {
		TRY(letter_text_sms(arena, enqueuing->words, letter, &message->body));
	} else {
		struct letter_email email;
		TRY(letter_text_email(arena, enqueuing->words, letter, &email));
		message->subject = email.subject;
		message->body = email.body;
	}
	return links_check(arena, message->body, enqueuing->own_domain);
}

static err_t message_insert(struct enqueuing *enqueuing, const struct dispatch_letters_row *row, const struct letter *letter)
{
	const struct op *op = enqueuing->op;
	struct message message;
	int64_t created_at = decent_instant(op->today, 0), id = enqueuing->next_id++;
	err_t err = message_make(enqueuing, row, letter, &message);
	if (!err) {
		enqueuing->count++;
		return q_dispatch_insert(op->db, id, row->case_id, row->letter_no, (str){ NULL, 0 }, row->channel, message.address,
			message.subject, message.body, letter->code, S("waiting"), 0, decent_next(op->law, created_at), S(""), created_at,
			INT64_MIN);
	}
	if (err_kind(err) == ERR_OUTSIDE)
		return err;
	str detail = str_format(enqueuing->arena, "%s", err_text(err));
	err_free(err);
	enqueuing->listener->finding(row->case_id, str_z(enqueuing->arena, detail), enqueuing->listener->context);
	TRY(q_dispatch_insert(op->db, id, row->case_id, row->letter_no, (str){ NULL, 0 }, row->channel, message.address, S(""), S(""),
		letter->code, S("failed"), 0, INT64_MIN, detail, created_at, created_at));
	return dispatch_returned(op, row->case_id, detail, created_at);
}

static err_t page_enqueue(struct enqueuing *enqueuing, const struct dispatch_letters_row *rows, size_t count)
{
	struct letter_made *made;
	size_t made_count, next = 0;
	struct letter_key *keys = arena_many(enqueuing->arena, count, struct letter_key);
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct letter_key){ rows[i].case_id, rows[i].letter_no };
	TRY(letters_make(&enqueuing->maker, enqueuing->arena, keys, count, &made, &made_count));
	for (size_t i = 0; i < made_count; i++) {
		while (next < count && (rows[next].case_id != made[i].row->case_id || rows[next].letter_no != made[i].row->letter_no))
			next++;
		if (next < count && !made[i].refusal)
			TRY(message_insert(enqueuing, &rows[next], &made[i].letter));
	}
	return OK;
}

static err_t pages_enqueue(struct enqueuing *enqueuing)
{
	const struct op *op = enqueuing->op;
	struct dispatch_last_row last;
	struct arena_mark start = arena_mark(enqueuing->arena);
	bool found;
	struct letter_key after = { 0, 0 };
	size_t count = ENQUEUE_PAGE;
	TRY(q_dispatch_last(op->db, op->arena, &last, &found));
	enqueuing->next_id = last.dispatch_id + 1;
	while (count == ENQUEUE_PAGE) {
		struct dispatch_letters_row *rows;
		arena_reset(enqueuing->arena, start);
		TRY(q_dispatch_letters(op->db, enqueuing->arena, after.case_no, after.letter_no, ENQUEUE_PAGE, &rows, &count));
		if (!count)
			break;
		after = (struct letter_key){ rows[count - 1].case_id, rows[count - 1].letter_no };
		TRY(page_enqueue(enqueuing, rows, count));
	}
	return OK;
}

err_t dispatch_enqueue(const struct op *op, const struct letter_listener *listener, int64_t *ret_count)
{
	struct enqueuing enqueuing = { .op = op, .listener = listener };
	TRY(letter_maker_open(op, &enqueuing.maker));
	TRY(letter_words_load(op, &enqueuing.words));
	TRY(own_domain_get(op, &enqueuing.own_domain));
	enqueuing.arena = arena_create(ENQUEUE_ARENA_SIZE_MAX);
	err_t err = db_begin(op->db);
	if (!err)
		err = db_end(op->db, pages_enqueue(&enqueuing));
	arena_destroy(enqueuing.arena);
	*ret_count = enqueuing.count;
	return err;
}

/* ---- urgent ones ---- */

static str ref_put(struct arena *arena, str body, const char *ref)
{
	static const str mark = { "{ref}", 5 };
	struct text text = text_in(arena, body.size * 2 + 100);
	for (size_t i = 0; i < body.size;) {
		str here = { body.at + i, body.size - i };
		bool is_mark = str_starts(here, mark);
		if (is_mark)
			text_add_z(&text, ref);
		else
			text_add_char(&text, body.at[i]);
		i += is_mark ? mark.size : 1;
	}
	return text_str(&text);
}

static err_t urgent_insert(const struct op *op, const struct dispatch_urgent *urgent, str secret, int64_t now, int64_t *ret_id)
{
	struct dispatch_last_row last;
	bool found;
	TRY(q_dispatch_last(op->db, op->arena, &last, &found));
	*ret_id = last.dispatch_id + 1;
	/* Below zero: no letter has that number. */
	struct letter_code code = letter_code(secret, urgent->case_no, -*ret_id);
	str address;
	TRY(dispatch_address(op->arena, urgent->channel, urgent->address, &address));
	return q_dispatch_insert(op->db, *ret_id, urgent->case_no, INT64_MIN,
		urgent->login_hash.size ? urgent->login_hash : (str){ NULL, 0 },
		str_from_z(letter_channel_name(urgent->channel)), address, urgent->subject, ref_put(op->arena, urgent->body, code.z),
		str_from_z(code.z), S("waiting"), 1, 0, S(""), now, INT64_MIN);
}

err_t dispatch_urgent(const struct op *op, const struct dispatch_urgent *urgent, int64_t now, int64_t *ret_dispatch_id)
{
	str own_domain, secret;
	require(urgent->channel != LETTER_ON_PAPER);
	TRY(own_domain_get(op, &own_domain));
	TRY(letter_secret(op, &secret));
	TRY(links_check(op->arena, urgent->body, own_domain));
	TRY(db_begin(op->db));
	return db_end(op->db, urgent_insert(op, urgent, secret, now, ret_dispatch_id));
}

/* ---- the debtor's choice ---- */

static err_t choice_put(const struct op *op, const struct dispatch_choice *choice, int64_t now)
{
	struct case_detail_row detail;
	bool found;
	str address, channel = choice->channel == LETTER_ON_PAPER ? S("paper") : str_from_z(letter_channel_name(choice->channel));
	TRY(q_case_detail(op->db, op->arena, choice->case_no, &detail, &found));
	if (!found)
		return fail(ERR_INPUT, "there is no case %lld", (long long)choice->case_no);
	if (choice->channel != LETTER_ON_PAPER) {
		str given = choice->channel == LETTER_BY_SMS ? detail.phone : detail.email;
		err_t err = dispatch_address(op->arena, choice->channel, given, &address);
		if (err) {
			err_free(err);
			return fail(ERR_REFUSED, "the debtor of case %lld has no %s we can write to", (long long)choice->case_no,
				err_words(choice->channel == LETTER_BY_SMS ? N_("telephone number") : N_("e-mail address")));
		}
	}
	return q_dispatch_choice_put(op->db, detail.debtor_id, channel, choice->consent ? now : INT64_MIN, now);
}

err_t dispatch_choose(const struct op *op, const struct dispatch_choice *choice, int64_t now)
{
	TRY(db_begin(op->db));
	return db_end(op->db, choice_put(op, choice, now));
}
