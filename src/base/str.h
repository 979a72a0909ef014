/* Text. A str is a view: UTF-8 bytes and their count, not NUL-terminated unless a function says so.
 * A text is being written: it grows in an arena up to a size given at birth. */
#ifndef KRAVBOK_BASE_STR_H
#define KRAVBOK_BASE_STR_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	const char *at;
	size_t size;
} str;

#define S(literal) ((str){ "" literal, sizeof(literal) - 1 })
static inline int str_print_size(str s)
{
	return s.size > INT32_MAX ? INT32_MAX : (int)s.size; /* cut, not overflown */
}
static inline const char *str_print_at(str s)
{
	return s.at ? s.at : "";
}
#define STR_ARG(s) str_print_size(s), str_print_at(s) /* for "%.*s" */

str str_from_z(const char *z); /* NULL gives the empty str */
bool str_eq(str a, str b);
bool str_eq_z(str a, const char *z);
int str_compare(str a, str b); /* by bytes: < 0, 0, > 0 */
bool str_starts(str s, str start);
bool str_has(str s, str part);
str str_trim(str s); /* without blanks, tabs and line ends at both sides */
/* What stands before the first separator; *rest gets what follows it (empty when there is none). */
str str_cut(str s, char separator, str *ret_rest);
str str_copy(struct arena *arena, str s); /* also NUL-terminated, for C libraries */
const char *str_z(struct arena *arena, str s); /* a NUL-terminated copy */
str str_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
bool str_is_utf8(str s); /* strict: no overlong forms, no surrogates, no NUL */
/* The first character of *rest, which moves behind it; U+FFFD for a byte that begins none. *rest not empty. */
uint32_t str_take_char(str *rest);
bool str_is_digits(str s); /* at least one, ASCII 0-9 only */
str str_from_latin1(struct arena *arena, str bytes); /* Windows-1252, of which ISO-8859-1 is a part, to UTF-8 */

/* Text under construction. */
struct text {
	struct arena *arena;
	char *at;
	size_t size, capacity, size_max;
};

struct text text_in(struct arena *arena, size_t size_max);
void text_add(struct text *text, str s);
void text_add_z(struct text *text, const char *z);
void text_add_char(struct text *text, char c);
void text_addf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_clear(struct text *text);
str text_str(const struct text *text); /* a view, good until the next add */

/* Numbers from outside, with bounds. The whole of s must be the number; a leading zero is fine, a sign only for i64. */
err_t parse_i64(str s, int64_t min, int64_t max, int64_t *ret_value) MUST_CHECK;

size_t size_from_i64(int64_t value); /* require()s 0 <= value */
int64_t i64_from_size(size_t size);

#endif
