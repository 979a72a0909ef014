/* A receipt as bytes, for a page. Receipts are written as files, so each gets a folder for itself. */
#include "app/file_temp.h"
#include "app/letter.h"

struct drawing {
	const struct op *op;
	str path;            /* of the one file made; empty: none */
	const char *finding; /* why none was */
};

static err_t file_made(const struct letter_file *file, void *context)
{
	struct drawing *drawing = context;
	drawing->path = str_copy(drawing->op->arena, file->path);
	return OK;
}

static void finding_made(int64_t case_no, const char *text, void *context)
{
	struct drawing *drawing = context;
	if (case_no)
		drawing->finding = str_copy(drawing->op->arena, str_from_z(text)).at;
}

static err_t draw(struct drawing *drawing, const char *folder, int64_t case_no, str *ret_pdf)
{
	struct letter_listener listener = { file_made, finding_made, drawing };
	TRY(letter_receipt(drawing->op, folder, case_no, &listener));
	if (!drawing->path.size)
		return fail(ERR_REFUSED, "the receipt cannot be made: %s", drawing->finding ? drawing->finding : "unknown");
	return file_temp_read(drawing->op->arena, str_z(drawing->op->arena, drawing->path), ret_pdf);
}

err_t letter_receipt_bytes(const struct op *op, int64_t case_no, str *ret_pdf)
{
	struct drawing drawing = { .op = op, .path = S("") };
	const char *folder;
	TRY(file_temp_make(op->arena, &folder));
	err_t err = draw(&drawing, folder, case_no, ret_pdf);
	file_temp_drop(folder);
	return err;
}
