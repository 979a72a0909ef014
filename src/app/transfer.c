#include "app/transfer.h"

#include "app/file.h"
#include "app/setup.h"
#include "store/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READ_SIZE = 1 << 20,
	END_LINE_SIZE_MAX = 128, /* "end", a row count, 64 digits */
	LOADER_SIZE_MAX = 96 << 20,
};
_Static_assert((int)READ_SIZE < (int)DUMP_LINE_SIZE_MAX, "a line may span several reads");

/* ---- export ---- */

struct hashing {
	struct sink to;
	struct file_hash *hash;
};

static err_t hashing_write(str part, void *context)
{
	struct hashing *hashing = context;
	file_hash_add(hashing->hash, part);
	return hashing->to.write(part, hashing->to.context);
}

static void export_tick(int64_t row_count, void *context)
{
	op_progress(context, "rows", row_count, 0);
}

err_t transfer_export(const struct op *op, struct sink to, int64_t *ret_row_count)
{
	struct hashing hashing = { to, file_hash_begin(op->arena) };
	struct sink_buffer buffer = sink_buffer_in(op->arena, (struct sink){ hashing_write, &hashing });
	struct op watched = *op;
	int64_t row_count = 0;
	TRY(db_begin_reading(op->db));
	err_t err = dump_write(op->db, &buffer, (struct dump_watch){ export_tick, &watched }, &row_count);
	db_rollback(op->db);
	err_t err_sink = sink_flush(&buffer);
	if (err) {
		err_free(err_sink);
		return err;
	}
	if (err_sink)
		return err_sink;
	str end = str_format(op->arena, "end\t%lld\t%s\n", (long long)row_count, file_hash_end(hashing.hash).z);
	TRY(to.write(end, to.context));
	*ret_row_count = row_count;
	return OK;
}

/* ---- reading an export ---- */

/* A file read front to back in pieces: an export may be larger than memory. */
struct export_file {
	int fd;
	int64_t size;
	int64_t body_size; /* without the last line */
	int64_t row_count; /* as the last line says */
	str sha256;
	char *buffer; /* DUMP_LINE_SIZE_MAX */
};

static err_t export_open(struct arena *arena, const char *path, struct export_file *ret_file)
{
	struct stat info;
	struct export_file file = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
	if (file.fd < 0)
		return fail(ERR_OUTSIDE, "could not open %s: %s", path, strerror(errno));
	err_t err = OK;
	if (fstat(file.fd, &info) != 0)
		err = fail(ERR_OUTSIDE, "could not read %s: %s", path, strerror(errno));
	else if (!S_ISREG(info.st_mode))
		err = fail(ERR_INPUT, "%s is not a file", path);
	if (err) {
		close(file.fd);
		return err;
	}
	file.size = info.st_size;
	file.buffer = arena_alloc(arena, DUMP_LINE_SIZE_MAX);
	*ret_file = file;
	return OK;
}

/* Up to size bytes from offset on into at; *ret_size 0: the end. */
static err_t export_read(const struct export_file *file, int64_t offset, char *at, size_t size, size_t *ret_size)
{
	ssize_t got;
	do
		got = pread(file->fd, at, size, offset);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail(ERR_OUTSIDE, "could not read it: %s", strerror(errno));
	*ret_size = (size_t)got; /* >= 0 */
	return OK;
}

static err_t export_check_head(const struct export_file *file)
{
	char head[END_LINE_SIZE_MAX];
	size_t size;
	str rest;
	TRY(export_read(file, 0, head, sizeof head, &size));
	return within(dump_head_check(str_cut((str){ head, size }, '\n', &rest)), "line 1");
}

/* Finds the last line and takes it apart. */
static err_t export_find_end(struct arena *arena, struct export_file *file)
{
	char tail[END_LINE_SIZE_MAX];
	size_t size;
	int64_t from = file->size > END_LINE_SIZE_MAX ? file->size - END_LINE_SIZE_MAX : 0;
	TRY(export_read(file, from, tail, sizeof tail, &size));
	bool whole = size > 0 && tail[size - 1] == '\n';
	size_t start = whole ? size - 1 : size;
	while (start > 0 && tail[start - 1] != '\n')
		start--;
	str line = { tail + start, whole ? size - 1 - start : 0 }, rest;
	str word = str_cut(line, '\t', &rest);
	str count = str_cut(rest, '\t', &rest);
	if (!whole || !str_eq_z(word, "end") || rest.size != 64)
		return fail(ERR_INPUT, "the file is cut short: its last line is missing");
	TRY(within(parse_i64(count, 0, INT64_MAX, &file->row_count), "last line"));
	file->sha256 = str_copy(arena, rest);
	file->body_size = from + i64_from_size(start);
	return OK;
}

static size_t piece_size(const struct export_file *file, int64_t offset)
{
	int64_t left = file->body_size - offset;
	return left < READ_SIZE ? size_from_i64(left) : READ_SIZE;
}

static err_t export_check_hash(struct arena *arena, const struct export_file *file)
{
	struct file_hash *hash = file_hash_begin(arena);
	for (int64_t offset = 0; offset < file->body_size;) {
		size_t size;
		TRY(export_read(file, offset, file->buffer, piece_size(file, offset), &size));
		if (!size)
			return fail(ERR_OUTSIDE, "the file became shorter while it was read");
		file_hash_add(hash, (str){ file->buffer, size });
		offset += i64_from_size(size);
	}
	if (str_eq_z(file->sha256, file_hash_end(hash).z))
		return OK;
	return fail(ERR_INPUT, "the file was altered or damaged: it is not what its last line vouches for");
}

err_t transfer_check(struct arena *arena, const char *path, int64_t *ret_row_count)
{
	struct export_file file;
	TRY(export_open(arena, path, &file));
	err_t err = export_check_head(&file);
	if (!err)
		err = export_find_end(arena, &file);
	if (!err)
		err = export_check_hash(arena, &file);
	close(file.fd);
	if (err)
		return within(err, "%s", path);
	*ret_row_count = file.row_count;
	return OK;
}

/* ---- import ---- */

struct importing {
	const struct op *op;
	struct export_file *file;
	struct dump_loader *loader;
	int64_t line_no; /* 1-based, of the last line taken */
};

/* Every whole line of the bytes; *ret_taken: how many bytes those are. */
static err_t lines_take(struct importing *importing, str bytes, size_t *ret_taken)
{
	size_t taken = 0;
	while (taken < bytes.size) {
		const char *at = bytes.at + taken;
		const char *end = memchr(at, '\n', bytes.size - taken);
		if (!end)
			break;
		str line = { at, (size_t)(end - at) }; /* end lies after at */
		if (++importing->line_no > 1)
			TRY(within(dump_load_line(importing->loader, line), "line %lld", (long long)importing->line_no));
		taken += line.size + 1;
	}
	*ret_taken = taken;
	return OK;
}

static err_t body_take(struct importing *importing)
{
	const struct export_file *file = importing->file;
	size_t held = 0; /* bytes at the start of the buffer that are no whole line yet */
	for (int64_t offset = 0; offset < file->body_size;) {
		size_t size, taken;
		if (held + READ_SIZE > DUMP_LINE_SIZE_MAX)
			return fail(ERR_INPUT, "line %lld is too long", (long long)importing->line_no + 1);
		TRY(export_read(file, offset, file->buffer + held, piece_size(file, offset), &size));
		if (!size)
			return fail(ERR_OUTSIDE, "the file became shorter while it was read");
		offset += i64_from_size(size);
		held += size;
		TRY(lines_take(importing, (str){ file->buffer, held }, &taken));
		memmove(file->buffer, file->buffer + taken, held - taken);
		held -= taken;
		op_progress(importing->op, "rows", dump_load_count(importing->loader), file->row_count);
	}
	return held ? fail(ERR_INPUT, "a line has no end") : OK;
}

/* The whole of it, in the caller's transaction. */
static err_t book_fill(struct importing *importing, struct arena *arena, int64_t *ret_row_count)
{
	bool is_empty;
	TRY(dump_book_is_empty(importing->op->db, &is_empty));
	if (!is_empty)
		return fail(ERR_REFUSED, "the book is not empty: an import of all goes into a new one");
	TRY(dump_load_begin(importing->op->db, arena, &importing->loader));
	TRY(export_find_end(importing->op->arena, importing->file));
	TRY(body_take(importing));
	TRY(dump_load_end(importing->loader, ret_row_count));
	if (*ret_row_count != importing->file->row_count)
		return fail(ERR_INPUT, "%lld rows, but the last line says %lld", (long long)*ret_row_count,
			(long long)importing->file->row_count);
	return OK;
}

err_t transfer_import(const struct op *op, const char *path, int64_t *ret_row_count)
{
	struct export_file file;
	TRY(export_open(op->arena, path, &file));
	struct arena *arena = arena_create(LOADER_SIZE_MAX);
	struct importing importing = { .op = op, .file = &file };
	err_t err = db_begin(op->db);
	if (!err) {
		err = within(book_fill(&importing, arena, ret_row_count), "%s", path);
		if (!err)
			err = db_commit(op->db);
		else
			db_rollback(op->db);
	}
	arena_destroy(arena);
	close(file.fd);
	return err;
}

/* ---- backup and restore ---- */

/* The address without its password, to be printed: "postgresql://user:secret@host/…" and "?password=secret". */
static str url_without_password(struct arena *arena, const char *url)
{
	struct text text = text_in(arena, strlen(url) + 1);
	str rest, all = str_from_z(url);
	const char *host = strstr(url, "://");
	size_t start = host ? (size_t)(host + 3 - url) : 0; /* inside url */
	size_t end = start + strcspn(url + start, "/?");
	const char *at = memchr(url + start, '@', end - start);
	const char *colon = at ? memchr(url + start, ':', (size_t)(at - url) - start) : NULL;
	text_add(&text, (str){ url, colon ? (size_t)(colon - url) : start });
	rest = colon ? str_from_z(at) : (str){ all.at + start, all.size - start };
	str before = str_cut(rest, '?', &rest);
	text_add(&text, before);
	char mark = '?';
	while (rest.size) {
		str option = str_cut(rest, '&', &rest);
		if (str_starts(option, S("password=")))
			continue;
		text_add_char(&text, mark);
		text_add(&text, option);
		mark = '&';
	}
	return text_str(&text);
}

err_t transfer_backup(const struct op *op, const char *path)
{
	if (!db_is_sqlite(op->db))
		return fail(ERR_REFUSED, "the book is in PostgreSQL, back it up with: pg_dump --format=custom --file='%s' '%.*s'",
			path, STR_ARG(url_without_password(op->arena, db_url(op->db))));
	TRY(db_backup(op->db, path));
	TRY(db_begin(op->db));
	err_t err = setup_put(op, "last_backup", str_from_z(date_iso(op->today).z));
	if (!err)
		return db_commit(op->db);
	db_rollback(op->db);
	return err;
}

/* What stands at the place of the book: nothing, an empty file or an empty book may be replaced. */
static err_t place_check(const char *url, const char *path, bool *ret_may_replace)
{
	struct stat info;
	*ret_may_replace = false;
	if (stat(path, &info) != 0)
		return errno == ENOENT ? OK : fail(ERR_OUTSIDE, "could not look at %s: %s", path, strerror(errno));
	bool is_empty = info.st_size == 0 && S_ISREG(info.st_mode);
	if (!is_empty) {
		struct db *db;
		TRY(db_open(url, DB_OPEN_EXISTING, &db));
		err_t err = dump_book_is_empty(db, &is_empty);
		db_close(db);
		if (err)
			return err;
	}
	if (!is_empty)
		return fail(ERR_REFUSED, "there is a book at %s already: a restore does not write over it", path);
	*ret_may_replace = true;
	return OK;
}

err_t transfer_restore(struct arena *arena, const char *path, const char *url)
{
	str place = str_from_z(url);
	if (!str_starts(place, S("sqlite:")))
		return fail(ERR_REFUSED, "the book is in PostgreSQL, restore it with: pg_restore --clean --if-exists --dbname='%.*s' "
			"'%s'", STR_ARG(url_without_password(arena, url)), path);
	struct db_restore restore = { .from = path, .url = url };
	TRY(place_check(url, url + strlen("sqlite:"), &restore.may_replace));
	return db_restore(restore);
}
