/* What a handler of a page or an API call has in its hand: struct web. And the route table, one row a page.
 *
 *	static err_t note_add(struct web *web)
 *	{
 *		int64_t case_no;
 *		if (!web_case(web, &case_no))	// through the right to see it: 404 is answered, no difference is told
 *			return OK;
 *		TRY(note_write(&web->op, …, form_text(&web->form, "body")));
 *		return web_redirect(web, "/desk/cases/%lld", (long long)case_no);
 *	}
 *
 * A handler of a GET writes web->html through a template (web_page_begin … web_page_end are in html/page.html) or JSON when
 * web->is_api. A POST is called only when its form has no error; it acts and redirects, or answers an API call by
 * web_answer(). An error it returns of kind INPUT or REFUSED shows the form again (route->again, status 422) with the
 * sentence on top; an API call gets a problem (RFC 9457). Others are told without their details, with a reference. */
#ifndef KRAVBOK_WEB_WEB_H
#define KRAVBOK_WEB_WEB_H

#include "app/op.h"
#include "base/clock.h"
#include "base/shape.h"
#include "core/agency.h"
#include "web/form.h"
#include "web/html.h"
#include "web/http.h"

/* Who a visitor is: one bit; a route names all that may use it. */
enum who {
	WHO_STRANGER = 1 << 0,
	WHO_DEBTOR = 1 << 1,
	WHO_CLIENT_READER = 1 << 2,
	WHO_CLIENT_CLERK = 1 << 3,
	WHO_CLIENT_ADMIN = 1 << 4,
	WHO_HANDLER = 1 << 5,
	WHO_MANAGER = 1 << 6,
	WHO_ADMIN = 1 << 7,
	WHO_AUDITOR = 1 << 8,
	WHO_KEY = 1 << 9, /* a program of a client's */
	WHO_CLIENT = WHO_CLIENT_READER | WHO_CLIENT_CLERK | WHO_CLIENT_ADMIN,
	WHO_CLIENT_WRITER = WHO_CLIENT_CLERK | WHO_CLIENT_ADMIN,
	WHO_DESK = WHO_HANDLER | WHO_MANAGER,              /* works with cases */
	WHO_STAFF = WHO_DESK | WHO_ADMIN | WHO_AUDITOR,    /* may look at them */
	WHO_PERSON = WHO_CLIENT | WHO_STAFF,               /* has a password */
	WHO_ANYONE = WHO_STRANGER | WHO_DEBTOR | WHO_PERSON,
};
enum { WHO_COUNT = 10 };
const char *who_name(enum who who); /* "handler" */

struct visitor {
	enum who who;
	int64_t person_id, client_no, debtor_id, key_id; /* 0: not so */
	int64_t mandate_id;  /* acts for the debtor; 0: the debtor itself */
	int64_t only_case;   /* of a debtor who came by one letter, or a mandate for one case; 0: all */
	bool may_act;        /* false: a mandate to see only */
	str name;            /* of the person, or the helper */
	str token;           /* hash of the session's cookie; empty: no session */
	str scopes;          /* of a key: "read write" */
};

struct route;
struct web_site;
struct web_worker;

enum { WEB_PARAMETERS_MAX = 4 };
struct web_parameter {
	str name, value;
};

struct web {
	struct op op;       /* its arena is the request's; user "person 3", "debtor 17"… */
	int64_t now;        /* seconds since 1970 */
	struct web_site *site;
	struct web_worker *worker;
	const struct http_request *request;
	const struct route *route;
	struct visitor visitor;
	enum web_language language;
	bool is_api;
	bool is_sandbox;    /* a test key: op.db and op.today are the sandbox's */
	str path;           /* without the language: "/desk/cases/17" */
	struct web_parameter parameters[WEB_PARAMETERS_MAX];
	size_t parameter_count;
	struct form form;
	struct html html;
	struct http_answer *answer;
	str new_visit;   /* cookie just given to a stranger (session.c) */
};

enum route_kind {
	ROUTE_READ,   /* GET: answered where it arrives; changes nothing but the log of who looked */
	ROUTE_WRITE,  /* POST … : in the pool */
	ROUTE_HEAVY,  /* GET that takes long (a PDF, an export): in the pool */
};
enum route_flag {
	ROUTE_NO_INDEX = 1,   /* not for search engines; all pages behind log-in are so by themselves */
	ROUTE_CACHED = 2,     /* the same for everyone: may be kept for some minutes */
	ROUTE_NO_CSRF = 4,    /* a POST that another site or program makes: it has its own proof */
	ROUTE_LIMITED = 8,    /* strangers' tries are counted, by address and in all */
	ROUTE_TRIES = 32,     /* a POST that only tells what would follow: undone again, so it needs no Idempotency-Key */
	ROUTE_NO_PAGE = 16,   /* a GET that shows no page: a file, a redirect */
};
struct route {
	enum http_method method;
	const char *path;  /* "/desk/cases/{case}"; NULL: API only */
	const char *api;   /* "/api/v1/cases/{case}"; NULL: page only */
	enum route_kind kind;
	unsigned who;      /* bits of enum who */
	const char *scope; /* a key's: "read", "write", "settle"; NULL with no api */
	unsigned flags;
	const struct field *fields; /* of the form, or of the query for a GET; NULL: none */
	size_t body_max;   /* 0: 64 KiB when there is a form */
	err_t (*run)(struct web *web);
	err_t (*again)(struct web *web); /* shows the page with web->form; NULL: an error page */
	const char *title; /* N_(): of the page and of the API operation */
	const char *about; /* a sentence for the API's description; NULL with no api */
	const struct shape *answer; /* of the API; NULL: none, 204 */
	bool answer_is_list;
};
/* One table a noun, in src/web/<noun>.c; method of the last row HTTP_METHOD_COUNT. All are listed in routes.c. */
extern const struct route *const route_tables[];
extern const size_t route_table_count;

/* ---- for handlers ---- */

/* The number in the path, as "/cases/{case}"; 0 when it is none (no such row has number 0). */
int64_t web_number(const struct web *web, const char *parameter);
str web_word(const struct web *web, const char *parameter);

/* The case of {case}, when the visitor may see it; the look is written in the log. Otherwise 404 is answered and false given
 * back (on an error of the database too: then ret_err is set). */
bool web_case(struct web *web, int64_t *ret_case_no, err_t *ret_err);
/* The same for a case number from elsewhere (a letter's, a task's). */
bool web_case_of(struct web *web, int64_t case_no, err_t *ret_err);

err_t web_missing(struct web *web);   /* 404 */
err_t web_forbidden(struct web *web); /* 403 */
/* 303 to a path of ours, in the page's language. */
err_t web_redirect(struct web *web, const char *format, ...) PRINTF_LIKE(2, 3);
/* 303 to another site (OpenID Connect): address is made by us, never by the visitor. */
err_t web_redirect_away(struct web *web, str address);
/* A file to download. name: only letters, digits, dot, hyphen. */
err_t web_file(struct web *web, const char *type, str body, const char *name);
/* The same, shown in the browser (a PDF). */
err_t web_file_shown(struct web *web, const char *type, str body, const char *name);

/* The answer of an API call: an object; a list with the cursor of the next page ("" : the last). Status 200, or 201 for a
 * POST. */
err_t web_answer(struct web *web, const struct shape *shape, const void *value);
err_t web_answer_list(struct web *web, const struct shape *shape, const void *values, size_t count, str next_cursor);

/* Shows web->form again with its errors (a handler that finds something itself): status 422. */
err_t web_again(struct web *web);

/* Writes who did what in the log: now for a POST's own act (call inside its transaction), soon for a look. */
struct web_act {
	const char *act; /* "see", "object" … */
	int64_t case_no, client_no, debtor_id; /* 0: none */
	str detail;
};
err_t web_log(struct web *web, struct web_act act);
void web_log_soon(struct web *web, struct web_act act);

/* ---- sessions (session.c) ---- */

/* Without a use; and in all, however much it is used. */
enum { SESSION_SECONDS_PERSON = 8 * 3600, SESSION_SECONDS_DEBTOR = 30 * 60, SESSION_SECONDS_MAX = 16 * 3600 };
/* Begins a session for who visitor says (person_id, or debtor_id with mandate_id and only_case) and sets its cookie. Writes. */
err_t session_begin(struct web *web, struct visitor visitor);
err_t session_end(struct web *web);

/* For every form: the token of its path (html/form.html writes it). Sets a cookie for a stranger who has none. */
str web_csrf(struct web *web, str path);

/* A request of a stranger's against a reference, counted: false when it must wait (nothing is said of it). failed: another wrong
 * try is added. In the book, so that all servers know; a day after the last one it is forgotten. */
err_t web_try_allowed(struct web *web, str reference, bool *ret_allowed);
err_t web_try_failed(struct web *web, str reference);
err_t web_try_forget(struct web *web, str reference);
/* The reference of a secret that anybody may guess at (a password, a letter's code), as tried from the visitor's network: who
 * guesses locks out nobody but himself. A hash, so that the book keeps neither who was tried nor from where. */
str web_try_from_here(struct web *web, str reference);

/* ---- the site ---- */

struct web_site {
	struct agency agency;
	str domain;       /* "fjordkreditt.no": in letters and messages */
	str secret;       /* of this book: keys for CSRF and the like */
	const struct law *law;
	const struct catalog *catalogs[WEB_LANGUAGE_COUNT];
	const char *db_url;
	struct clock clock;
	date fixed_today; /* of a demo; DATE_NONE: the clock's */
	struct audit_queue *audit;
	struct upload_queue *uploads; /* upload_queue.h */
	struct night_job *night; /* run from a page */
	struct chores *chores;
	struct limit *limit; /* of strangers' tries: routes with ROUTE_LIMITED */
	struct oidc_cache *oidc; /* what the log-in provider has said of itself */
	date book_day;    /* the book's own fixed day; DATE_NONE */
};

#endif
