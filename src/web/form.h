/* Forms. A form is a table of fields; reading what was sent, its checks and their sentences, showing it (html/form.html), the
 * API's body and its description, and the tests that give each field a bad value all come from that table.
 *
 * Amounts and dates are taken in any usual form. In JSON a field has its own name; an amount is name_minor in minor units. */
#ifndef KRAVBOK_WEB_FORM_H
#define KRAVBOK_WEB_FORM_H

#include "web/html.h"
#include "web/http.h"

enum field_kind {
	FIELD_TEXT,     /* one line */
	FIELD_LINES,    /* several */
	FIELD_MONEY,    /* above zero */
	FIELD_DATE,
	FIELD_NUMBER,   /* min … max */
	FIELD_CHOICE,   /* radio buttons: one of choices */
	FIELD_SELECT,   /* a list: one of choices */
	FIELD_CHECK,    /* ticked or not */
	FIELD_EMAIL,
	FIELD_PHONE,    /* becomes +4790000000 */
	FIELD_CODE,     /* a code or number in groups: blanks and hyphens are taken out, letters made large */
	FIELD_PASSWORD,
	FIELD_FILE,
	FIELD_HIDDEN,
};
const char *field_kind_name(enum field_kind kind);

struct field_choice {
	const char *value;
	const char *label; /* N_() */
	const char *hint;  /* N_(); NULL */
};
struct field {
	const char *name;
	enum field_kind kind;
	const char *label; /* N_() */
	const char *hint;  /* N_(); NULL */
	bool optional;
	size_t size_max;   /* characters of text; 0: 200, of lines 4000 */
	int64_t min, max;  /* NUMBER; days from today for a DATE when not both 0 */
	const struct field_choice *choices; /* value NULL at the end */
	const char *autocomplete; /* HTML's word; NULL: off */
	const char *missing;      /* N_(): the sentence when it is not filled in; NULL: "Fill in: <label>" */
};

struct field_value {
	str text; /* as typed, kept for showing again; of a phone, code or e-mail: cleaned */
	money amount;
	date day;
	int64_t number;
	bool is_ticked;
	const struct http_field *file; /* NULL: none */
	str error; /* in the visitor's language; empty: fine */
};

struct form {
	const struct field *fields; /* name NULL at the end */
	size_t field_count;
	struct field_value *values;
	str error; /* of the whole */
	size_t error_count;
	bool was_sent;
};

/* An empty form to be shown. fields NULL: none. */
struct form form_empty(struct arena *arena, const struct field *fields);
/* Reads and checks what was sent: h for the words of what is wrong, today for dates. Unknown fields are passed over. */
struct form form_read(struct html *h, const struct field *fields, const struct http_request *request, date today);
/* The same from JSON names and values already read (form fields with the JSON's texts): see api.h. */
struct form form_read_fields(struct html *h, const struct field *fields, const struct http_field *sent, size_t sent_count,
	date today, bool is_json);

/* The value of a field; the name must be one of the form's. */
struct field_value *form_value(const struct form *form, const char *name);
str form_text(const struct form *form, const char *name);
/* The ids of a field's hint and error, for who hears the field; empty when it has neither. */
str form_describedby(struct html *h, const struct field *field, const struct field_value *value);
/* Marks a field as wrong. sentence is in the visitor's language already (T()). */
void form_wrong(struct form *form, const char *name, str sentence);
/* The first sentence of what is wrong; empty: nothing is. */
str form_first_error(const struct form *form);
/* Fills a field for showing: what is known already. */
void form_fill(struct form *form, const char *name, str text);

#endif
