#include "format/bounce.h"

#include <string.h>

enum { HEADER_SIZE_MAX = 4000, GROUP_MAX = 100 };

static const str RETURN_MARK = { "bounce+", 7 };
static const str ID_MARK = { "kravbok-", 8 };

const char *bounce_kind_name(enum bounce_kind kind)
{
	static const char *const names[] = { "none", "failed", "delayed", "delivered", "unclear" };
	return names[kind];
}

str bounce_local(struct arena *arena, int64_t dispatch_id, str mac)
{
	return str_format(arena, "bounce+%lld-%.*s", (long long)dispatch_id, STR_ARG(mac));
}

str bounce_message_id(struct arena *arena, int64_t dispatch_id, str mac)
{
	return str_format(arena, "kravbok-%lld-%.*s", (long long)dispatch_id, STR_ARG(mac));
}

/* ---- text ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts_as(str s, str start) /* start: lower case */
{
	if (s.size < start.size)
		return false;
	for (size_t i = 0; i < start.size; i++)
		if (lower(s.at[i]) != start.at[i])
			return false;
	return true;
}

static bool has_as(str s, str part)
{
	for (size_t i = 0; i + part.size <= s.size; i++)
		if (starts_as((str){ s.at + i, s.size - i }, part))
			return true;
	return false;
}

/* A line without its end; *rest moves behind it. */
static str line_take(str *rest)
{
	str line = str_cut(*rest, '\n', rest);
	if (line.size && line.at[line.size - 1] == '\r')
		line.size--;
	return line;
}

/* A header with the lines that go on from it joined by a blank; empty at the end of the headers. */
static str header_take(struct arena *arena, str *rest)
{
	struct text header = text_in(arena, HEADER_SIZE_MAX + 1);
	do {
		str line = line_take(rest);
		if (!header.size && !line.size)
			break;
		size_t room = HEADER_SIZE_MAX - header.size;
		text_add(&header, (str){ line.at, line.size < room ? line.size : room });
	} while (rest->size && (rest->at[0] == ' ' || rest->at[0] == '\t'));
	return text_str(&header);
}

/* The value when the header has that name; at NULL: it has another. */
static str value_of(str header, str name)
{
	if (!starts_as(header, name) || header.size == name.size || header.at[name.size] != ':')
		return (str){ NULL, 0 };
	return str_trim((str){ header.at + name.size + 1, header.size - name.size - 1 });
}

/* ---- which mail ---- */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* "17-0123456789abcdef" at the start of s */
static bool token_read(struct arena *arena, str s, struct bounce *bounce)
{
	enum { ID_SIZE_MAX = 18 };
	size_t size = 0;
	char mac[BOUNCE_MAC_SIZE];
	while (size < s.size && size < ID_SIZE_MAX && s.at[size] >= '0' && s.at[size] <= '9')
		size++;
	if (!size || size + 1 + BOUNCE_MAC_SIZE > s.size || s.at[size] != '-')
		return false;
	for (size_t i = 0; i < BOUNCE_MAC_SIZE; i++) {
		mac[i] = lower(s.at[size + 1 + i]);
		if (!is_hex(mac[i]))
			return false;
	}
	int64_t id;
	err_t err = parse_i64((str){ s.at, size }, 1, INT64_MAX, &id);
	if (err) {
		err_free(err);
		return false;
	}
	bounce->dispatch_id = id;
	bounce->mac = str_copy(arena, (str){ mac, sizeof mac });
	return true;
}

/* The first token in the message: it is in the address the report was sent to, and again in what was returned. */
static void token_find(struct arena *arena, str message, struct bounce *bounce)
{
	for (size_t i = 0; i < message.size; i++) {
		str here = { message.at + i, message.size - i };
		char c = lower(here.at[0]);
		if (c != 'b' && c != 'k')
			continue;
		str mark = c == 'b' ? RETURN_MARK : ID_MARK;
		if (starts_as(here, mark) && token_read(arena, (str){ here.at + mark.size, here.size - mark.size }, bounce))
			return;
	}
}

/* ---- the report ---- */

static str printable(struct arena *arena, str s)
{
	struct text text = text_in(arena, BOUNCE_REASON_SIZE_MAX + 1);
	for (size_t i = 0; i < s.size && text.size < BOUNCE_REASON_SIZE_MAX; i++)
		text_add_char(&text, s.at[i] >= ' ' && s.at[i] <= '~' ? s.at[i] : ' ');
	return text_str(&text);
}

/* Digits with two dots: class, subject, detail. */
static str status_of(struct arena *arena, str s)
{
	size_t size = 0, dots = 0;
	while (size < s.size && size < 11 && ((s.at[size] >= '0' && s.at[size] <= '9') || s.at[size] == '.'))
		dots += s.at[size++] == '.';
	return dots == 2 ? str_copy(arena, (str){ s.at, size }) : S("");
}

static enum bounce_kind kind_of_action(str action)
{
	if (starts_as(action, S("failed")))
		return BOUNCE_FAILED;
	if (starts_as(action, S("delayed")))
		return BOUNCE_DELAYED;
	if (starts_as(action, S("delivered")) || starts_as(action, S("relayed")) || starts_as(action, S("expanded")))
		return BOUNCE_DELIVERED;
	return BOUNCE_NONE;
}

/* Groups of fields between empty lines; the first that has an action counts, since each mail has one receiver. */
static void fields_read(struct arena *arena, str rest, struct bounce *bounce)
{
	for (int i = 0; i < GROUP_MAX && rest.size && !starts_as(rest, S("--")); i++) {
		struct arena_mark mark = arena_mark(arena);
		enum bounce_kind kind = BOUNCE_NONE;
		str status = S(""), reason = S("");
		for (;;) {
			if (starts_as(rest, S("--")))
				break;
			str header = header_take(arena, &rest);
			if (!header.size)
				break;
			str action = value_of(header, S("action")), code = value_of(header, S("status"));
			str diagnostic = value_of(header, S("diagnostic-code"));
			if (action.at)
				kind = kind_of_action(action);
			if (code.at)
				status = status_of(arena, code);
			if (diagnostic.at)
				reason = printable(arena, diagnostic);
		}
		if (kind != BOUNCE_NONE) {
			bounce->kind = kind;
			bounce->status = status;
			bounce->reason = reason;
			return;
		}
		arena_reset(arena, mark);
	}
}

/* Whether the report's fields begin at this header of a part; *rest then stands at the first of them. */
static bool is_report_part(str header)
{
	str type = value_of(header, S("content-type"));
	return type.at && (starts_as(type, S("message/delivery-status")) || starts_as(type, S("message/global-delivery-status")));
}

static void report_find(struct arena *arena, str rest, struct bounce *bounce)
{
	while (rest.size) {
		str here = rest;
		str line = line_take(&rest);
		if (!starts_as(line, S("content-type")))
			continue;
		struct arena_mark mark = arena_mark(arena);
		if (is_report_part(header_take(arena, &here))) {
			while (header_take(arena, &here).size) /* the part's other headers */
				;
			fields_read(arena, here, bounce);
			return;
		}
		arena_reset(arena, mark);
	}
}

struct head { /* of the whole mail */
	bool automatic_answer, from_server;
};

static struct head head_read(struct arena *arena, str rest)
{
	struct head head = { false, false };
	struct arena_mark mark = arena_mark(arena);
	for (;;) {
		str header = header_take(arena, &rest);
		if (!header.size)
			break;
		str submitted = value_of(header, S("auto-submitted")), sender = value_of(header, S("return-path"));
		str from = value_of(header, S("from"));
		if (submitted.at && starts_as(submitted, S("auto-replied")))
			head.automatic_answer = true;
		if ((sender.at && str_eq_z(sender, "<>")) ||
			(from.at && (has_as(from, S("mailer-daemon")) || has_as(from, S("postmaster")))))
			head.from_server = true;
	}
	arena_reset(arena, mark);
	return head;
}

struct bounce bounce_read(struct arena *arena, str message)
{
	struct bounce bounce = { .kind = BOUNCE_NONE, .mac = S(""), .status = S(""), .reason = S("") };
	if (message.size > BOUNCE_SIZE_MAX)
		message.size = BOUNCE_SIZE_MAX;
	struct head head = head_read(arena, message);
	token_find(arena, message, &bounce);
	report_find(arena, message, &bounce);
	/* Some servers call their reports automatic answers; a report is one by what it holds. */
	if (bounce.kind == BOUNCE_NONE && head.from_server && !head.automatic_answer)
		bounce.kind = BOUNCE_UNCLEAR;
	/* "failed" with a temporary status is still a failure: the server has given up (RFC 3464 § 2.3.3). */
	return bounce;
}
