/* Whatever the bytes, a law file ends with OK or an error that names it, and law_check() takes whatever was read. The
 * first byte chooses which of the nine files the rest is. */
#include "format/law_yaml.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A law with nothing in it but one file: law_check() must bear that too. */
static void file_holds(struct arena *arena, struct law_file file)
{
	struct law law = { .country = "no", .version = "1" };
	err_t err = law_read_file(arena, file, &law);
	if (err) {
		require(err_kind(err) == ERR_INPUT);
		require(strstr(err_text(err), file.place) == err_text(err));
		err_free(err);
		return;
	}
	struct law_finding *findings;
	size_t count;
	law_check(&law, arena, &findings, &count);
	require(count <= LAW_FINDING_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "law.yaml", "late-interest.yaml", "inkassosats.yaml",
		"standard-compensation.yaml", "court-fee.yaml", "schemes.yaml", "processes.yaml", "holidays.yaml",
		"parameters.yaml" };
	static struct arena *scratch;
	if (!size)
		return 0;
	if (!scratch)
		scratch = arena_create(16 * 1024 * 1024);
	struct arena_mark mark = arena_mark(scratch);
	const char *name = names[data[0] % (sizeof names / sizeof *names)];
	file_holds(scratch, (struct law_file){ name, "fuzz", { (const char *)data + 1, size - 1 } });
	arena_reset(scratch, mark);
	return 0;
}
