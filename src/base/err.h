/* Errors: one factual line for the person, and a kind for the caller.
 *
 * A function that can fail because of something outside the program returns err_t; NULL means done.
 * fail() is called once, where the cause is known; within() puts a place (file, line, case) in front of
 * it on the way out; the edge (main, a test) prints it once and frees it with err_free().
 * Our own mistakes are require() and panic(): they stay on in production and end the process. */
#ifndef KRAVBOK_BASE_ERR_H
#define KRAVBOK_BASE_ERR_H

#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_no, first_no) __attribute__((format(printf, format_no, first_no)))

/* What the caller can do about it, not what broke. */
enum err_kind {
	ERR_INPUT,    /* the file, row or argument is wrong: mend it and try again */
	ERR_REFUSED,  /* the request is understood and may not be done (law, state, newer database) */
	ERR_USAGE,    /* the command line is wrong */
	ERR_BUSY,     /* somebody else holds it: try later */
	ERR_OUTSIDE,  /* disk, network, database: may work next time */
	ERR_INTERNAL, /* stored data contradicts itself */
};

typedef struct err *err_t;
#define OK ((err_t)NULL)

/* A new error. The text is one line, no full stop, values quoted with '…'. Never NULL. */
err_t fail(enum err_kind kind, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* err with "place: " in front; NULL stays NULL. Takes err over. */
err_t within(err_t err, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

enum err_kind err_kind(const struct err *err);
const char *err_text(const struct err *err);

/* How this thread writes its errors from now on: format in, the same with the words of another language out (the same values
 * in it, "%2$s" where their order differs). find NULL: as they stand. */
struct err_language {
	const char *(*find)(const char *format, const void *context);
	const void *context;
};
void err_language(struct err_language language);
/* A format in the thread's language: for sentences that are kept beside errors (what is wrong with a row of a file). */
const char *err_words(const char *format) __attribute__((format_arg(1)));

/* Frees err; NULL is fine. For a caller that has handled or printed it. */
void err_free(err_t err);

#define TRY(call)                      \
	do {                           \
		err_t try_err_ = (call); \
		if (try_err_)          \
			return try_err_; \
	} while (0)

/* The program contradicts itself: says where on standard error and aborts. */
_Noreturn void panic_at(const char *file, int line, const char *what);
#define panic(what) panic_at(__FILE__, __LINE__, (what))
#define require(condition) ((condition) ? (void)0 : panic_at(__FILE__, __LINE__, #condition))

#endif
