/* What kravbok-letters.so offers (base/module.h): PDF letters and statements. The program that uses it does not link
 * cairo or pango; it asks module_symbol("letters", "letters_module", …) and calls through this table. */
#ifndef KRAVBOK_FORMAT_LETTERS_MODULE_H
#define KRAVBOK_FORMAT_LETTERS_MODULE_H

#include "core/letter.h"
#include "core/statement.h"

struct letters; /* the letter writer: fonts, templates, at most one open file */

struct letters_made {
	size_t letter_count, page_count;
	size_t unknown_count; /* characters the font does not have, drawn as a box */
};

struct letters_module {
	/* Starts the writer: loads the font once for all files. book must live as long. ERR_OUTSIDE without Inter. */
	err_t (*start)(const struct letter_book *book, struct letters **ret_letters) MUST_CHECK;
	/* NULL is fine; an open file is dropped, its .part removed. */
	void (*stop)(struct letters *letters);
	/* Starts path.part, with the title and day of its first letter. Overwrites what is there. */
	err_t (*open)(struct letters *letters, const char *path) MUST_CHECK;
	/* Errors of letter_check(): nothing of that letter is in the file, the next may be added. */
	err_t (*add)(struct letters *letters, const struct letter *letter, size_t *ret_page_count) MUST_CHECK;
	/* Writes the rest and renames path.part to path. ERR_INPUT when no letter was added. After an error the file
	 * is dropped. */
	err_t (*close)(struct letters *letters, struct letters_made *ret_made) MUST_CHECK;
	/* A statement as a file of its own; same .part and rename. */
	err_t (*statement)(struct letters *letters, const char *path, const struct statement *statement,
		size_t *ret_page_count) MUST_CHECK;
};

extern const struct letters_module letters_module;

#endif
