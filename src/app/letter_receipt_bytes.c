/* A receipt as bytes, for a page. Receipts are written as files, so each gets a folder for itself. */
#include "app/file.h"
#include "app/letter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE_MAX = 400 };

struct drawing {
	const struct op *op;
	char path[PATH_SIZE_MAX]; /* of the one file made; empty: none */
	const char *finding;      /* why none was */
};

static err_t file_made(const struct letter_file *file, void *context)
{
	struct drawing *drawing = context;
	require(file->path.size < PATH_SIZE_MAX);
	memcpy(drawing->path, file->path.at, file->path.size);
	drawing->path[file->path.size] = '\0';
	return OK;
}

static void finding_made(int64_t case_no, const char *text, void *context)
{
	struct drawing *drawing = context;
	if (case_no)
		drawing->finding = str_copy(drawing->op->arena, str_from_z(text)).at;
}

static err_t draw(struct drawing *drawing, const char *folder, int64_t case_no)
{
	struct letter_listener listener = { file_made, finding_made, drawing };
	TRY(letter_receipt(drawing->op, folder, case_no, &listener));
	if (!drawing->path[0])
		return fail(ERR_REFUSED, "the receipt cannot be made: %s", drawing->finding ? drawing->finding : "unknown");
	return OK;
}

static err_t bytes_read(struct drawing *drawing, str *ret_pdf)
{
	struct file_view view;
	TRY(file_view_open(drawing->path, &view));
	*ret_pdf = str_copy(drawing->op->arena, view.bytes);
	file_view_close(&view);
	return OK;
}

/* A folder only we may look into. */
static err_t folder_make(char path[PATH_SIZE_MAX])
{
	const char *parent = getenv("TMPDIR");
	int size = snprintf(path, PATH_SIZE_MAX, "%s/kravbok-receipt-XXXXXX", parent && *parent ? parent : "/tmp");
	if (size < 0 || size >= PATH_SIZE_MAX / 2 || !mkdtemp(path))
		return fail(ERR_OUTSIDE, "could not make a folder for a receipt in %s", parent ? parent : "/tmp");
	return OK;
}

err_t letter_receipt_bytes(const struct op *op, int64_t case_no, str *ret_pdf)
{
	struct drawing drawing = { .op = op };
	char folder[PATH_SIZE_MAX];
	TRY(folder_make(folder));
	err_t err = draw(&drawing, folder, case_no);
	if (!err)
		err = bytes_read(&drawing, ret_pdf);
	if (drawing.path[0])
		unlink(drawing.path);
	rmdir(folder);
	return err;
}
