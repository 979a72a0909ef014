/* A folder of one's own for files that somebody else's code writes by path: made, used, gone. */
#ifndef KRAVBOK_APP_FILE_TEMP_H
#define KRAVBOK_APP_FILE_TEMP_H

#include "app/op.h"

/* Readable by us alone. In arena. */
err_t file_temp_make(struct arena *arena, const char **ret_folder) MUST_CHECK;
/* The folder and the files in it; what cannot be removed is left. */
void file_temp_drop(const char *folder);
/* bytes as folder/name, and back. */
err_t file_temp_write(struct arena *arena, const char *path, str bytes) MUST_CHECK;
err_t file_temp_read(struct arena *arena, const char *path, str *ret_bytes) MUST_CHECK;

#endif
