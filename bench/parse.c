/* parse FILE ROUNDS DATE: the product's reader of OCR giro files, alone; beside floor_ocr. */
#include "floor.h"

#include "app/file.h"
#include "format/ocr.h"

#include <stdlib.h>

int main(int argument_count, char **arguments)
{
	struct file_view view;
	struct bank_summary summary;
	date today;
	if (argument_count < 4 || date_parse_iso(str_from_z(arguments[3]), &today) || file_view_open(arguments[1], &view))
		return 2;
	struct arena *arena = arena_create(1 << 20);
	struct floor_time best = { 1e9, 1e9 };
	for (int i = 0; i < atoi(arguments[2]); i++) {
		struct floor_time begun = floor_begin();
		err_t err = ocr_read(view.bytes, arena, today, NULL, NULL, &summary);
		if (err) {
			fprintf(stderr, "parse: %s\n", err_text(err));
			return 1;
		}
		struct floor_time time = floor_since(begun);
		best = time.seconds < best.seconds ? time : best;
	}
	floor_say("parse", best, summary.payment_count);
	arena_destroy(arena);
	file_view_close(&view);
	return 0;
}
