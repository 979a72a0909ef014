/* Files for tests of readers: read whole, changed in one place, and the lists of damaged files that must be refused
 * (tests/golden/bad/KIND/expected.tsv: file name, tab, part of the error). Tests run from the project's root. */
#ifndef KRAVBOK_TEST_FILE_TEXT_H
#define KRAVBOK_TEST_FILE_TEXT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_TEXT_SIZE_MAX = 4 * 1024 * 1024 };

/* The file's bytes in a block of exactly their size, so that a sanitizer sees a read beyond; NULL at when there is none. */
static inline str file_text(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return (str){ NULL, 0 };
	char *bytes = malloc(FILE_TEXT_SIZE_MAX);
	size_t size = bytes ? fread(bytes, 1, FILE_TEXT_SIZE_MAX, file) : 0;
	fclose(file);
	char *exact = malloc(size ? size : 1);
	if (!bytes || !exact)
		abort();
	memcpy(exact, bytes, size);
	free(bytes);
	return (str){ exact, size };
}

static inline void file_text_free(str text)
{
	free((void *)(size_t)text.at); /* it was malloc'ed above */
}

/* text with the first `from` made `to`; aborts when it is not there. In arena. */
static inline str file_text_with(struct arena *arena, str text, const char *from, const char *to)
{
	const char *found = memmem(text.at, text.size, from, strlen(from));
	if (!found) {
		fprintf(stderr, "'%s' is not in the text\n", from);
		abort();
	}
	size_t before = (size_t)(found - text.at);
	size_t after = before + strlen(from);
	return str_format(arena, "%.*s%s%.*s", (int)before, text.at, to, (int)(text.size - after), text.at + after);
}

/* Reads every file of tests/golden/bad/KIND/expected.tsv; returns how many were not refused as expected, saying which. */
static inline int bad_files_check(const char *kind, err_t (*read)(str bytes))
{
	char path[200], *rest = NULL;
	snprintf(path, sizeof path, "tests/golden/bad/%s/expected.tsv", kind);
	str list = file_text(path);
	int wrong = 0, count = 0;
	if (!list.at)
		return 1;
	char *lines = strndup(list.at, list.size);
	for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), count++) {
		char *tab = strchr(line, '\t');
		snprintf(path, sizeof path, "tests/golden/bad/%s/%.*s", kind, (int)(tab - line), line);
		str bytes = file_text(path);
		err_t err = bytes.at ? read(bytes) : NULL;
		const char *text = err ? err_text(err) : "it was read";
		if (!strstr(text, tab + 1)) {
			fprintf(stderr, "%s: expected '%s', got '%s'\n", path, tab + 1, text);
			wrong++;
		}
		err_free(err);
		file_text_free(bytes);
	}
	free(lines);
	file_text_free(list);
	return count ? wrong : 1;
}

/* A file of the shared samples, or NULL at with a loud line when they are not there. */
static inline str shared_file(const char *name)
{
	const char *folder = getenv("KRAVBOK_SHARED");
	char path[400];
	snprintf(path, sizeof path, "%s/samples/%s", folder ? folder : "../shared", name);
	str text = file_text(path);
	if (!text.at)
		printf("SKIP: no shared sample %s (set KRAVBOK_SHARED)\n", path);
	return text;
}

#endif
