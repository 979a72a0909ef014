#include "format/law_yaml.h"

#include "format/law_yaml_part.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

enum { FOLDER_COUNT_MAX = 1000 }; /* entries looked at in a folder */

static const struct law_kind *const KINDS[] = { &law_kind_law, &law_kind_late_interest, &law_kind_inkassosats,
	&law_kind_compensation, &law_kind_court_fee, &law_kind_schemes, &law_kind_processes, &law_kind_holidays,
	&law_kind_parameters };
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static const struct law_kind *kind_named(const char *name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(KINDS[i]->name, name) == 0)
			return KINDS[i];
	return NULL;
}

err_t law_read_file(struct arena *arena, struct law_file file, struct law *law)
{
	const struct law_kind *kind = kind_named(file.name);
	if (!kind)
		return fail(ERR_INPUT, "%s: '%s' is not the name of a law file", file.place, file.name);
	const struct yaml_file yaml = { arena, file.place, file.text };
	void *whole = arena_alloc(arena, kind->size);
	TRY(yaml_read(&yaml, kind->fields, whole, kind->size));
	return kind->take(&yaml, whole, law);
}

static bool ends_in(const char *name, const char *end)
{
	size_t name_size = strlen(name), end_size = strlen(end);
	return name_size >= end_size && strcmp(name + name_size - end_size, end) == 0;
}

/* Refuses a folder that is none, and a .yaml file whose name means nothing here. */
static err_t folder_names(const char *folder)
{
	DIR *entries = opendir(folder);
	if (!entries)
		return fail(ERR_OUTSIDE, "could not open the law folder '%s': %s", folder, strerror(errno));
	err_t err = OK;
	int left = FOLDER_COUNT_MAX;
	for (const struct dirent *entry = readdir(entries); entry && !err; entry = readdir(entries)) {
		bool is_yaml = ends_in(entry->d_name, ".yaml") || ends_in(entry->d_name, ".yml");
		if (--left == 0)
			err = fail(ERR_INPUT, "%s: more than %d files; not a law folder", folder, FOLDER_COUNT_MAX);
		else if (is_yaml && entry->d_name[0] != '.' && !kind_named(entry->d_name))
			err = fail(ERR_INPUT, "%s/%s: '%s' is not the name of a law file", folder, entry->d_name,
				entry->d_name);
	}
	closedir(entries);
	return err;
}

static err_t folder_files(struct arena *arena, const char *folder, bool complete, struct law *law)
{
	int found_count = 0;
	bool has_law = false;
	for (size_t i = 0; i < KIND_COUNT; i++) {
		struct law_file file = { .name = KINDS[i]->name };
		file.place = str_format(arena, "%s/%s", folder, file.name).at;
		TRY(yaml_text(arena, file.place, &file.text));
		if (!file.text.at && complete)
			return fail(ERR_INPUT, "%s: missing", file.place);
		if (!file.text.at)
			continue;
		TRY(law_read_file(arena, file, law));
		found_count++;
		has_law = has_law || i == 0;
	}
	if (!found_count)
		return fail(ERR_INPUT, "%s: holds no law file", folder);
	if (!has_law)
		law->version = str_format(arena, "%s with %s", law->version, folder).at;
	return OK;
}

err_t law_read_folder(struct arena *arena, const char *folder, const struct law *base, struct law **ret_law)
{
	struct law *law = arena_new(arena, struct law);
	if (base)
		*law = *base;
	TRY(folder_names(folder));
	TRY(folder_files(arena, folder, !base, law));
	*ret_law = law;
	return OK;
}

static err_t law_must_be_sound(struct arena *arena, const char *folder, const struct law *law)
{
	struct law_finding *findings;
	size_t count;
	law_check(law, arena, &findings, &count);
	if (!count)
		return OK;
	if (count == 1)
		return fail(ERR_REFUSED, "%s/%.*s", folder, STR_ARG(findings[0].text));
	return fail(ERR_REFUSED, "%s/%.*s (and %zu more)", folder, STR_ARG(findings[0].text), count - 1);
}

err_t law_load_folder(struct arena *arena, const char *folder, struct law **ret_law)
{
	return law_load_over(arena, folder, NULL, ret_law);
}

err_t law_load_over(struct arena *arena, const char *folder, const struct law *base, struct law **ret_law)
{
	struct law *law;
	TRY(law_read_folder(arena, folder, base, &law));
	TRY(law_must_be_sound(arena, folder, law));
	*ret_law = law;
	return OK;
}
