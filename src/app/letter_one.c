#include "app/letter_one.h"

#include "app/file_temp.h"
#include "app/letter_make.h"

err_t letter_one(const struct op *op, int64_t case_no, int64_t letter_no, struct letter *ret_letter)
{
	struct letter_maker maker;
	struct letter_made *made;
	struct letter_key key = { case_no, letter_no };
	size_t count;
	TRY(letter_maker_open(op, &maker));
	TRY(letters_make(&maker, op->arena, &key, 1, &made, &count));
	if (!count)
		return fail(ERR_INPUT, "case %lld has no letter %lld", (long long)case_no, (long long)letter_no);
	if (made[0].refusal)
		return fail(ERR_REFUSED, "%s", made[0].refusal);
	*ret_letter = made[0].letter;
	return OK;
}

err_t letter_words(const struct op *op, const struct letter *letter, struct letter_content *ret_content)
{
	struct letter_book *words;
	TRY(letter_words_load(op, &words));
	return letter_fill(op->arena, words, letter, ret_content);
}

static err_t pdf_write(const struct op *op, const struct letter *letter, const char *path)
{
	struct letter_writer writer;
	struct letters_made made;
	size_t page_count;
	TRY(letter_writer_open(op, &writer));
	err_t err = writer.module->open(writer.letters, path);
	if (!err)
		err = writer.module->add(writer.letters, letter, &page_count);
	if (!err)
		err = writer.module->close(writer.letters, &made);
	letter_writer_close(&writer);
	return err;
}

err_t letter_pdf_bytes(const struct op *op, const struct letter *letter, str *ret_pdf)
{
	const char *folder;
	TRY(file_temp_make(op->arena, &folder));
	const char *path = str_format(op->arena, "%s/letter.pdf", folder).at;
	err_t err = pdf_write(op, letter, path);
	if (!err)
		err = file_temp_read(op->arena, path, ret_pdf);
	file_temp_drop(folder);
	return err;
}
