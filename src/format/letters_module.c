/* Files: path.part is written and renamed when it is whole, so a reader never sees half a letter. */
#include "format/letters_module.h"

#include "format/letter_pdf.h"
#include "format/statement_pdf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LETTER_BYTES_MAX = 256 << 20, PATH_SIZE_MAX = 4096 };

struct letters {
	struct arena *own;     /* holds this struct */
	struct arena *scratch; /* of one letter */
	const struct letter_book *book;
	struct pdf *pdf;
	FILE *file; /* of path.part; NULL when none is open */
	char path[PATH_SIZE_MAX], part[PATH_SIZE_MAX];
	bool started; /* the PDF in it is: with the first letter */
	struct letters_made made;
};

static err_t file_write(str part, void *context)
{
	struct letters *letters = context;
	if (part.size && fwrite(part.at, part.size, 1, letters->file) != 1)
		return fail(ERR_OUTSIDE, "could not write '%s': %s", letters->part, strerror(errno));
	return OK;
}

static void file_drop(struct letters *letters)
{
	if (!letters->file)
		return;
	if (letters->started)
		pdf_abandon(letters->pdf);
	fclose(letters->file);
	remove(letters->part);
	letters->file = NULL;
	letters->started = false;
}

static err_t letters_open(struct letters *letters, const char *path)
{
	require(!letters->file);
	int size = snprintf(letters->part, sizeof letters->part, "%s.part", path);
	if (size < 0 || (size_t)size >= sizeof letters->part) /* size >= 0 here */
		return fail(ERR_INPUT, "the file name '%s' is too long", path);
	memcpy(letters->path, path, strlen(path) + 1);
	letters->file = fopen(letters->part, "wb");
	if (!letters->file)
		return fail(ERR_OUTSIDE, "could not make '%s': %s", letters->part, strerror(errno));
	letters->made = (struct letters_made){ 0 };
	return OK;
}

static err_t pdf_start(struct letters *letters, const struct pdf_about *about)
{
	if (letters->started)
		return OK;
	TRY(pdf_open(letters->pdf, (struct sink){ file_write, letters }, about));
	letters->started = true;
	return OK;
}

/* The title is the letter's own; a file of many is told by its name and first letter. */
static err_t letter_start(struct letters *letters, const struct letter *letter)
{
	if (letters->started)
		return OK;
	struct letter_content content;
	TRY(letter_fill(letters->scratch, letters->book, letter, &content));
	struct pdf_about about = { .title = content.blocks[0].text,
		.author = letter->agency.name,
		.language = str_from_z(letter_language_name(letter->language)),
		.on = letter->sent_on };
	return pdf_start(letters, &about);
}

static err_t letters_add(struct letters *letters, const struct letter *letter, size_t *ret_page_count)
{
	require(letters->file);
	struct arena_mark mark = arena_mark(letters->scratch);
	size_t page_count = 0;
	err_t err = letter_start(letters, letter);
	if (!err)
		err = letter_pdf_add(letters->pdf, letters->scratch, letters->book, letter, &page_count);
	arena_reset(letters->scratch, mark);
	if (err)
		return within(err, "case %lld", (long long)letter->case_no);
	letters->made.letter_count++;
	letters->made.page_count += page_count;
	*ret_page_count = page_count;
	return OK;
}

static err_t file_finish(struct letters *letters)
{
	err_t err = pdf_close(letters->pdf);
	letters->started = false;
	bool flushed = fclose(letters->file) == 0;
	letters->file = NULL;
	if (!err && !flushed)
		err = fail(ERR_OUTSIDE, "could not write '%s': %s", letters->part, strerror(errno));
	if (!err && rename(letters->part, letters->path))
		err = fail(ERR_OUTSIDE, "could not rename '%s' to '%s': %s", letters->part, letters->path,
			strerror(errno));
	if (err)
		remove(letters->part);
	return err;
}

static err_t letters_close(struct letters *letters, struct letters_made *ret_made)
{
	require(letters->file);
	if (!letters->started) {
		file_drop(letters);
		return fail(ERR_INPUT, "no letter for '%s'", letters->path);
	}
	TRY(file_finish(letters));
	letters->made.unknown_count = pdf_unknown_count(letters->pdf);
	*ret_made = letters->made;
	return OK;
}

static err_t statement_draw(struct letters *letters, const struct statement *statement, size_t *ret_page_count)
{
	str title = str_format(letters->scratch, "%.*s %lld",
		STR_ARG(letter_label(letters->book, statement->language, LABEL_STATEMENT)),
		(long long)statement->settlement_no);
	struct pdf_about about = { .title = title,
		.author = statement->agency.name,
		.landscape = true,
		.language = str_from_z(letter_language_name(statement->language)),
		.on = statement->settled_on };
	TRY(pdf_start(letters, &about));
	return statement_pdf_add(letters->pdf, letters->scratch, letters->book, statement, ret_page_count);
}

static err_t letters_statement(
	struct letters *letters, const char *path, const struct statement *statement, size_t *ret_page_count)
{
	TRY(statement_check(statement));
	TRY(letters_open(letters, path));
	struct arena_mark mark = arena_mark(letters->scratch);
	size_t page_count = 0;
	err_t err = statement_draw(letters, statement, &page_count);
	arena_reset(letters->scratch, mark);
	if (err) {
		file_drop(letters);
		return err;
	}
	TRY(file_finish(letters));
	*ret_page_count = page_count;
	return OK;
}

static void letters_stop(struct letters *letters)
{
	if (!letters)
		return;
	file_drop(letters);
	pdf_destroy(letters->pdf);
	arena_destroy(letters->scratch);
	arena_destroy(letters->own);
}

static err_t letters_start(const struct letter_book *book, struct letters **ret_letters)
{
	struct arena *own = arena_create((size_t)1 << 20);
	struct letters *letters = arena_new(own, struct letters);
	*letters = (struct letters){ .own = own, .book = book, .scratch = arena_create(LETTER_BYTES_MAX) };
	err_t err = pdf_create(&letters->pdf);
	if (err) {
		letters_stop(letters);
		return err;
	}
	*ret_letters = letters;
	return OK;
}

const struct letters_module letters_module = {
	.start = letters_start,
	.stop = letters_stop,
	.open = letters_open,
	.add = letters_add,
	.close = letters_close,
	.statement = letters_statement,
};
