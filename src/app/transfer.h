/* A whole book moved between the engines, backed up and restored. */
#ifndef KRAVBOK_APP_TRANSFER_H
#define KRAVBOK_APP_TRANSFER_H

#include "app/op.h"
#include "base/sink.h"

/* Everything in the book as text (store/dump.h), as it was at one moment, in flat memory; both engines give the same
 * bytes. The last line, "end<TAB>ROWS<TAB>SHA-256", vouches for all before it. */
err_t transfer_export(const struct op *op, struct sink to, int64_t *ret_row_count) MUST_CHECK;

/* Looks at an export without a book: it is whole, unaltered and of this program's versions. ERR_INPUT or ERR_REFUSED with
 * the path in front otherwise. *ret_row_count: what its last line says. */
err_t transfer_check(struct arena *arena, const char *path, int64_t *ret_row_count) MUST_CHECK;

/* Takes a checked export into the empty book op->db (nothing in it but what kravbok init puts there; that is replaced), in
 * one transaction. ERR_REFUSED when the book is not empty. */
err_t transfer_import(const struct op *op, const char *path, int64_t *ret_row_count) MUST_CHECK;

/* A copy of an SQLite book, made while others work, and noted in the book. ERR_REFUSED when path is there already, and for
 * PostgreSQL, with the command to use. */
err_t transfer_backup(const struct op *op, const char *path) MUST_CHECK;

/* Puts the backup at path in the place of the book at url, which must be missing or empty. ERR_REFUSED as above. */
err_t transfer_restore(struct arena *arena, const char *path, const char *url) MUST_CHECK;

#endif
