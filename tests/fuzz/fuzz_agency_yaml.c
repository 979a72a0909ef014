/* Whatever the bytes, an agency's file ends with OK or an error that names it, and what is taken can stand in a letter.
 */
#include "format/agency_yaml.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_holds(str text)
{
	require(text.size <= 300);
	require(!text.size || str_is_utf8(text));
	for (size_t i = 0; i < text.size; i++)
		require((unsigned char)text.at[i] >= 0x20);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *scratch;
	if (!scratch)
		scratch = arena_create(16 * 1024 * 1024);
	struct arena_mark mark = arena_mark(scratch);
	struct agency a;
	err_t err = agency_yaml_parse(scratch, "fuzz", (str){ (const char *)data, size }, &a);
	if (err) {
		require(err_kind(err) == ERR_INPUT);
		require(strstr(err_text(err), "fuzz:") == err_text(err));
		err_free(err);
	} else {
		const str texts[] = { a.name, a.orgnr, a.address, a.postcode, a.city, a.phone, a.email, a.web,
			a.licence, a.account, a.own_account };
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			text_holds(texts[i]);
	}
	arena_reset(scratch, mark);
	return 0;
}
