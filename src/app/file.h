/* Files read and written whole: a view of the bytes for parsers, a write that appears only when it is complete. */
#ifndef KRAVBOK_APP_FILE_H
#define KRAVBOK_APP_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sink.h"
#include "base/str.h"

struct file_view {
	str bytes;
	void *map; /* NULL for an empty file */
};
/* Maps a regular file to read. ERR_OUTSIDE with the system's reason, ERR_INPUT for a folder. */
err_t file_view_open(const char *path, struct file_view *ret_view) MUST_CHECK;
void file_view_close(struct file_view *view);

struct file_sha256 {
	char z[65];
};
struct file_sha256 file_sha256(str bytes);

/* The same of bytes that come in pieces. */
struct file_hash;
struct file_hash *file_hash_begin(struct arena *arena);
void file_hash_add(struct file_hash *hash, str bytes);
struct file_sha256 file_hash_end(struct file_hash *hash);

/* 128 bits of a hash as 22 characters: a fingerprint that can be a key. */
struct file_print {
	char z[23];
};
struct file_print file_print(str bytes);

/* 128 bits nobody can guess, in hexadecimal: for a secret the book keeps. */
struct file_secret {
	char z[33];
};
struct file_secret file_secret(void);

/* Writing PATH: bytes go to PATH.part; file_end() syncs and renames it, file_drop() removes it. */
struct file_writer;
err_t file_begin(struct arena *arena, const char *path, struct file_writer **ret_writer) MUST_CHECK;
struct sink file_sink(struct file_writer *writer);
err_t file_end(struct file_writer *writer) MUST_CHECK;
void file_drop(struct file_writer *writer);

/* Makes the folder, and the folders above it. */
err_t file_folder_make(const char *path) MUST_CHECK;

#endif
