#include "app/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_writer {
	const char *path, *part;
	int fd;
};

err_t file_view_open(const char *path, struct file_view *ret_view)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(ERR_OUTSIDE, "could not open %s: %s", path, strerror(errno));
	struct stat info;
	err_t err = OK;
	void *map = NULL;
	size_t size = 0;
	if (fstat(fd, &info) != 0)
		err = fail(ERR_OUTSIDE, "could not read %s: %s", path, strerror(errno));
	else if (!S_ISREG(info.st_mode))
		err = fail(ERR_INPUT, "%s is not a file", path);
	else
		size = size_from_i64(info.st_size);
	if (!err && size) {
		map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map == MAP_FAILED)
			err = fail(ERR_OUTSIDE, "could not read %s: %s", path, strerror(errno));
	}
	close(fd);
	if (err)
		return err;
	if (map)
		(void)madvise(map, size, MADV_SEQUENTIAL);
	*ret_view = (struct file_view){ .bytes = { map ? map : "", size }, .map = map };
	return OK;
}

void file_view_close(struct file_view *view)
{
	if (view->map)
		munmap(view->map, view->bytes.size);
	*view = (struct file_view){ .bytes = S("") };
}

struct file_sha256 file_sha256(str bytes)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct file_sha256 text;
	crypto_hash_sha256(hash, (const unsigned char *)bytes.at, bytes.size);
	sodium_bin2hex(text.z, sizeof text.z, hash, sizeof hash);
	return text;
}

struct file_hash {
	crypto_hash_sha256_state state;
};

struct file_hash *file_hash_begin(struct arena *arena)
{
	struct file_hash *hash = arena_new(arena, struct file_hash);
	crypto_hash_sha256_init(&hash->state);
	return hash;
}

void file_hash_add(struct file_hash *hash, str bytes)
{
	crypto_hash_sha256_update(&hash->state, (const unsigned char *)bytes.at, bytes.size);
}

struct file_sha256 file_hash_end(struct file_hash *hash)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	struct file_sha256 text;
	crypto_hash_sha256_final(&hash->state, sum);
	sodium_bin2hex(text.z, sizeof text.z, sum, sizeof sum);
	return text;
}

struct file_print file_print(str bytes)
{
	unsigned char hash[16];
	struct file_print text;
	_Static_assert(sizeof hash == crypto_generichash_BYTES_MIN, "the shortest hash the library makes");
	crypto_generichash(hash, sizeof hash, (const unsigned char *)bytes.at, bytes.size, NULL, 0);
	sodium_bin2base64(text.z, sizeof text.z, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return text;
}

struct file_secret file_secret(void)
{
	unsigned char bytes[16];
	struct file_secret text;
	require(sodium_init() >= 0);
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(text.z, sizeof text.z, bytes, sizeof bytes);
	return text;
}

err_t file_begin(struct arena *arena, const char *path, struct file_writer **ret_writer)
{
	struct file_writer *writer = arena_new(arena, struct file_writer);
	writer->path = str_z(arena, str_from_z(path));
	writer->part = str_format(arena, "%s.part", path).at;
	writer->fd = open(writer->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (writer->fd < 0)
		return fail(ERR_OUTSIDE, "could not write %s: %s", path, strerror(errno));
	*ret_writer = writer;
	return OK;
}

static err_t writer_write(str part, void *context)
{
	struct file_writer *writer = context;
	while (part.size) {
		ssize_t written = write(writer->fd, part.at, part.size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return fail(ERR_OUTSIDE, "could not write %s: %s", writer->path, strerror(errno));
		part = (str){ part.at + written, part.size - (size_t)written }; /* 0 <= written <= size */
	}
	return OK;
}

struct sink file_sink(struct file_writer *writer)
{
	return (struct sink){ writer_write, writer };
}

err_t file_end(struct file_writer *writer)
{
	bool synced = fsync(writer->fd) == 0;
	int why = errno;
	bool closed = close(writer->fd) == 0;
	if (synced && !closed)
		why = errno;
	writer->fd = -1;
	if (synced && closed && rename(writer->part, writer->path) == 0)
		return OK;
	if (synced && closed)
		why = errno;
	(void)unlink(writer->part);
	return fail(ERR_OUTSIDE, "could not write %s: %s", writer->path, strerror(why));
}

void file_drop(struct file_writer *writer)
{
	if (!writer || writer->fd < 0)
		return;
	close(writer->fd);
	writer->fd = -1;
	(void)unlink(writer->part);
}

err_t file_folder_make(const char *path)
{
	char prefix[PATH_MAX];
	size_t size = strlen(path);
	if (size >= sizeof prefix)
		return fail(ERR_INPUT, "the path %.60s… is too long", path);
	for (size_t i = 1; i <= size; i++) {
		if (i < size && path[i] != '/')
			continue;
		memcpy(prefix, path, i);
		prefix[i] = '\0';
		if (mkdir(prefix, 0777) != 0 && errno != EEXIST)
			return fail(ERR_OUTSIDE, "could not make the folder %s: %s", prefix, strerror(errno));
	}
	return OK;
}
