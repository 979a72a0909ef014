#include "app/file_temp.h"

#include "app/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE_MAX = 1000 };

err_t file_temp_make(struct arena *arena, const char **ret_folder)
{
	const char *root = getenv("TMPDIR");
	char *folder = arena_alloc(arena, PATH_SIZE_MAX);
	int size = snprintf(folder, PATH_SIZE_MAX, "%s/kravbok-XXXXXX", root && root[0] ? root : "/tmp");
	if (size < 0 || size >= PATH_SIZE_MAX || !mkdtemp(folder))
		return fail(ERR_OUTSIDE, "could not make a folder for files under way: %s", strerror(errno));
	*ret_folder = folder;
	return OK;
}

void file_temp_drop(const char *folder)
{
	char path[PATH_SIZE_MAX + 300];
	DIR *listing = opendir(folder);
	for (struct dirent *entry = listing ? readdir(listing) : NULL; entry; entry = readdir(listing)) {
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlink(path);
	}
	if (listing)
		closedir(listing);
	rmdir(folder);
}

err_t file_temp_write(struct arena *arena, const char *path, str bytes)
{
	struct file_writer *writer;
	TRY(file_begin(arena, path, &writer));
	struct sink sink = file_sink(writer);
	err_t err = sink.write(bytes, sink.context);
	if (!err)
		return file_end(writer);
	file_drop(writer);
	return err;
}

err_t file_temp_read(struct arena *arena, const char *path, str *ret_bytes)
{
	struct file_view view;
	TRY(file_view_open(path, &view));
	*ret_bytes = str_copy(arena, view.bytes);
	file_view_close(&view);
	return OK;
}
