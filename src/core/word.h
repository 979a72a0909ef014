/* Words for searching: what people type and what the book holds, made alike.
 *
 * Lower case; æ, ø, å stand, other accents go (é is e, ü is u; ä is æ and ö is ø, as neighbours write them). A word is a run of
 * letters and digits; what holds an @ is one word, whole. Groups of digits that make a telephone number, an organisation
 * number or an account number together are joined (900 00 000, +47 900 00 000, 974 760 673). One character is no word. */
#ifndef KRAVBOK_CORE_WORD_H
#define KRAVBOK_CORE_WORD_H

#include "base/arena.h"
#include "base/str.h"

enum { WORD_SIZE_MAX = 40 }; /* bytes; the rest of a longer one is cut off, on both sides */

struct words {
	str *at;
	size_t count, count_max;
};

/* Room for count_max words; more are left out. */
struct words words_in(struct arena *arena, size_t count_max);
/* The words of a text, each behind those there are; the same may come twice. Text that is no UTF-8 gives what can be read. */
void words_add(struct words *words, struct arena *arena, str text);
/* Digits only, a Norwegian country code taken off: one word, or none. */
void words_add_phone(struct words *words, struct arena *arena, str text);
/* All letters and digits of a text as one word: an invoice number with its signs. */
void words_add_joined(struct words *words, struct arena *arena, str text);

#endif
