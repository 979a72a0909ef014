/* Translations: the program's sentences are written in English, and a catalogue has them in another language.
 *
 * A catalogue is made once from a compiled gettext file (.mo, built into the program from locale/<language>/ *.po) and
 * read by all threads. A sentence is found by its hash, which templates know when they are built. */
#ifndef KRAVBOK_BASE_CATALOG_H
#define KRAVBOK_BASE_CATALOG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct catalog;

/* Marks a sentence for the translators (tools/sentences.sh) where it stands; it is translated where it is shown: T(h, label) on
 * a page, err_words(label) in an error. */
#define N_(sentence) sentence

/* mo: must outlive the catalogue. ERR_INTERNAL when it is not a catalogue. */
err_t catalog_open(struct arena *arena, str mo, const struct catalog **ret_catalog) MUST_CHECK;

/* FNV-1a, 32 bits: what tools/htmlgen.c computes too. */
uint32_t catalog_hash(const char *sentence);

/* The sentence in the catalogue's language, or itself: when there is none, and for catalog NULL (English). Never NULL. hash:
 * catalog_hash(sentence). */
const char *catalog_find(const struct catalog *catalog, uint32_t hash, const char *sentence);

/* From now on this thread's errors (fail(), base/err.h) are written in the catalogue's language; NULL: English. */
void catalog_speak(const struct catalog *catalog);

#endif
