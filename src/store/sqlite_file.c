/* A layer over SQLite's own files (a "VFS"): the book and its log. Other files (temporary ones, a rollback journal) are
 * opened by SQLite's own layer alone.
 *
 * A gathered stretch belongs to no one but this process, so it is written out before
 *
 *	anything else is done with the same file, other than writing on at its end or within it
 *	a sync: SQLite's order of what is on disk first is kept
 *	a lock is given up, or readers are shown a new header of the log (xShmBarrier): nobody else can read what is not there
 *
 * An error of a late write is told by the call that made it happen. A commit with synchronous = FULL always ends with a sync,
 * so a commit is never reported that could not be written; the calls that cannot fail keep the error for the next one that
 * can. */
#include "store/sqlite_file.h"

#include "base/err.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAGE_SIZE = 4096,
	STRETCH_SIZE = (128 << 10) - PAGE_SIZE, /* SQLite's own layer takes less than 128 KiB at a time */
};

struct gathered { /* one open file; SQLite's own follows it in memory */
	sqlite3_file base;
	sqlite3_file *real;
	struct gathered *log;  /* of a book, while it is open */
	struct gathered *book; /* of a log */
	char *stretch;         /* STRETCH_SIZE; NULL: nothing was written yet */
	size_t size;
	sqlite3_int64 offset; /* where the stretch belongs */
	int late_code;        /* of a write in a call that cannot fail */
};

static struct gathered *gathered_of(sqlite3_file *file)
{
	return (struct gathered *)file;
}

/* Writes out the first size bytes of the stretch; the others stay. After an error nothing is kept: SQLite takes the whole
 * transaction back. */
static int stretch_write(struct gathered *file, size_t size)
{
	int code = file->late_code;
	file->late_code = SQLITE_OK;
	if (code == SQLITE_OK && size)
		code = file->real->pMethods->xWrite(file->real, file->stretch, (int)size, file->offset); /* at most STRETCH_SIZE */
	if (code != SQLITE_OK) {
		file->size = 0;
		return code;
	}
	if (size < file->size)
		memmove(file->stretch, file->stretch + size, file->size - size);
	file->size -= size;
	file->offset += (sqlite3_int64)size;
	return SQLITE_OK;
}

static int stretch_flush(struct gathered *file)
{
	return stretch_write(file, file->size);
}

/* For calls that cannot fail. */
static void stretch_flush_late(struct gathered *file)
{
	int code = stretch_flush(file);
	if (code != SQLITE_OK)
		file->late_code = code;
}

/* Before others may look: what was written to the log first. */
static void stretches_show(struct gathered *file)
{
	if (file->log)
		stretch_flush_late(file->log);
	stretch_flush_late(file);
}

/* Full: written up to the end of a page of the file, so that the system need not fill up pages it does not have. */
static int stretch_make_room(struct gathered *file)
{
	size_t over = (size_t)((file->offset + (sqlite3_int64)file->size) % PAGE_SIZE);
	return stretch_write(file, over < file->size ? file->size - over : file->size);
}

/* ---- what SQLite calls ---- */

static int file_close(sqlite3_file *base)
{
	struct gathered *file = gathered_of(base);
	int code = stretch_flush(file), closed = file->real->pMethods->xClose(file->real);
	if (file->book)
		file->book->log = NULL;
	if (file->log)
		file->log->book = NULL;
	free(file->stretch);
	return code == SQLITE_OK ? closed : code;
}

static int file_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 offset)
{
	struct gathered *file = gathered_of(base);
	bool apart = offset + size <= file->offset || offset >= file->offset + (sqlite3_int64)file->size;
	if (!apart) {
		int code = stretch_flush(file);
		if (code != SQLITE_OK)
			return code;
	}
	return file->real->pMethods->xRead(file->real, bytes, size, offset);
}

static int file_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 offset)
{
	struct gathered *file = gathered_of(base);
	int code = SQLITE_OK;
	if (!file->stretch)
		file->stretch = malloc(STRETCH_SIZE);
	if (!file->stretch || size < 0 || size > STRETCH_SIZE / 2) {
		code = stretch_flush(file);
		return code == SQLITE_OK ? file->real->pMethods->xWrite(file->real, bytes, size, offset) : code;
	}
	sqlite3_int64 end = file->offset + (sqlite3_int64)file->size;
	if (file->size && offset >= file->offset && offset + size <= end) {
		memcpy(file->stretch + (offset - file->offset), bytes, (size_t)size);
		return file->late_code;
	}
	if (offset != end)
		code = stretch_flush(file);
	else if (file->size + (size_t)size > STRETCH_SIZE)
		code = stretch_make_room(file);
	else
		code = file->late_code;
	if (code != SQLITE_OK)
		return code;
	if (!file->size)
		file->offset = offset;
	require(offset == file->offset + (sqlite3_int64)file->size);
	require(file->size + (size_t)size <= STRETCH_SIZE);
	memcpy(file->stretch + file->size, bytes, (size_t)size);
	file->size += (size_t)size;
	return SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct gathered *file = gathered_of(base);
	int code = stretch_flush(file);
	return code == SQLITE_OK ? file->real->pMethods->xTruncate(file->real, size) : code;
}

static int file_sync(sqlite3_file *base, int flags)
{
	struct gathered *file = gathered_of(base);
	int code = stretch_flush(file);
	return code == SQLITE_OK ? file->real->pMethods->xSync(file->real, flags) : code;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
	struct gathered *file = gathered_of(base);
	int code = stretch_flush(file);
	return code == SQLITE_OK ? file->real->pMethods->xFileSize(file->real, ret_size) : code;
}

static int file_lock(sqlite3_file *base, int level)
{
	return gathered_of(base)->real->pMethods->xLock(gathered_of(base)->real, level);
}

static int file_unlock(sqlite3_file *base, int level)
{
	stretches_show(gathered_of(base));
	return gathered_of(base)->real->pMethods->xUnlock(gathered_of(base)->real, level);
}

static int file_reserved(sqlite3_file *base, int *ret_is_reserved)
{
	return gathered_of(base)->real->pMethods->xCheckReservedLock(gathered_of(base)->real, ret_is_reserved);
}

static int file_control(sqlite3_file *base, int what, void *argument)
{
	struct gathered *file = gathered_of(base);
	int code = stretch_flush(file);
	return code == SQLITE_OK ? file->real->pMethods->xFileControl(file->real, what, argument) : code;
}

static int file_sector(sqlite3_file *base)
{
	return gathered_of(base)->real->pMethods->xSectorSize(gathered_of(base)->real);
}

static int file_device(sqlite3_file *base)
{
	return gathered_of(base)->real->pMethods->xDeviceCharacteristics(gathered_of(base)->real);
}

static int shared_map(sqlite3_file *base, int index, int size, int may_extend, void volatile **ret_at)
{
	return gathered_of(base)->real->pMethods->xShmMap(gathered_of(base)->real, index, size, may_extend, ret_at);
}

static int shared_lock(sqlite3_file *base, int first, int count, int flags)
{
	if (flags & SQLITE_SHM_UNLOCK)
		stretches_show(gathered_of(base));
	return gathered_of(base)->real->pMethods->xShmLock(gathered_of(base)->real, first, count, flags);
}

static void shared_barrier(sqlite3_file *base)
{
	stretches_show(gathered_of(base));
	gathered_of(base)->real->pMethods->xShmBarrier(gathered_of(base)->real);
}

static int shared_unmap(sqlite3_file *base, int is_last)
{
	return gathered_of(base)->real->pMethods->xShmUnmap(gathered_of(base)->real, is_last);
}

/* iVersion 2: SQLite then never maps the book into memory, which would pass by the stretch. */
static const sqlite3_io_methods file_methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
	.xShmMap = shared_map,
	.xShmLock = shared_lock,
	.xShmBarrier = shared_barrier,
	.xShmUnmap = shared_unmap,
};

/* ---- the layer ---- */

static sqlite3_vfs *vfs_below(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
	sqlite3_vfs *below = vfs_below(vfs);
	if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
		return below->xOpen(below, name, base, flags, ret_flags);
	struct gathered *file = gathered_of(base);
	*file = (struct gathered){ .real = (sqlite3_file *)(file + 1) };
	int code = below->xOpen(below, name, file->real, flags, ret_flags);
	if (code != SQLITE_OK)
		return code; /* base.pMethods is NULL: SQLite closes nothing */
	file->base.pMethods = &file_methods;
	if (flags & SQLITE_OPEN_WAL) {
		file->book = gathered_of(sqlite3_database_file_object(name));
		require(file->book->base.pMethods == &file_methods);
		file->book->log = file;
	}
	return SQLITE_OK;
}

/* SQLite wants it to be there as long as the process, and to link it to others: the one thing here that is not const. */
static sqlite3_vfs layer = { .zName = "kravbok" };
static bool is_known;

static void layer_register(void)
{
	sqlite3_vfs *below = sqlite3_vfs_find(NULL);
	if (!below)
		return;
	const char *name = layer.zName;
	layer = *below; /* all else is done by SQLite's own */
	layer.zName = name;
	layer.pNext = NULL;
	layer.pAppData = below;
	layer.szOsFile = (int)sizeof(struct gathered) + below->szOsFile; /* some hundred bytes */
	layer.xOpen = vfs_open;
	is_known = sqlite3_vfs_register(&layer, 0) == SQLITE_OK;
}

const char *sqlite_file_vfs(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	return pthread_once(&once, layer_register) == 0 && is_known ? layer.zName : NULL;
}
