/* What the pages are made of, as it stands in the program. */
#include "base/asset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

static void an_asset_is_found_by_its_name_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < asset_count; i++)
		assert_ptr_equal(asset_find(assets[i].name), &assets[i]);
	assert_non_null(asset_find("app.css"));
	assert_non_null(asset_find("app.js"));
	assert_non_null(asset_find("logo.svg"));
	assert_non_null(asset_find("favicon.svg"));
	assert_null(asset_find("app"));
	assert_null(asset_find(""));
	assert_null(asset_find("../app.css"));
}

static void the_hash_is_of_the_body(void **state)
{
	(void)state;
	for (size_t i = 0; i < asset_count; i++) {
		unsigned char digest[8];
		char hash[2 * sizeof digest + 1];
		assert_int_equal(crypto_generichash_blake2b(digest, sizeof digest, assets[i].body, assets[i].size, NULL, 0), 0);
		assert_string_equal(sodium_bin2hex(hash, sizeof hash, digest, sizeof digest), assets[i].hash);
		assert_int_equal(assets[i].body[assets[i].size], 0);
	}
}

/* RFC 1952: two magic bytes, method 8, and the size of what is packed in the last four bytes. */
static void what_is_packed_is_the_body(void **state)
{
	(void)state;
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *asset = &assets[i];
		if (!asset->gzip)
			continue;
		const unsigned char *end = asset->gzip + asset->gzip_size;
		assert_memory_equal(asset->gzip, "\x1f\x8b\x08", 3);
		assert_int_equal(end[-4] | end[-3] << 8 | end[-2] << 16, asset->size);
		assert_true(asset->gzip_size < asset->size);
	}
	assert_non_null(asset_find("app.css")->gzip);
	assert_null(asset_find("inter-latin.woff2")->gzip); /* packed already */
}

static void the_style_sheet_names_the_fonts_by_their_hash(void **state)
{
	(void)state;
	static const char *const fonts[] = { "inter-latin.woff2", "inter-latin-ext.woff2" };
	const char *style = (const char *)asset_find("app.css")->body;
	for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++) {
		const struct asset *font = asset_find(fonts[i]);
		assert_non_null(font);
		char address[96];
		int size = snprintf(address, sizeof address, "url(\"/assets/%s/%s\")", font->hash, font->name);
		assert_true(size > 0 && (size_t)size < sizeof address);
		assert_non_null(strstr(style, address));
	}
	assert_null(strstr(style, "\"asset:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_asset_is_found_by_its_name_only),
		cmocka_unit_test(the_hash_is_of_the_body),
		cmocka_unit_test(what_is_packed_is_the_body),
		cmocka_unit_test(the_style_sheet_names_the_fonts_by_their_hash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
