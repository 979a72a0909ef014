#include "base/catalog.h"

#include <string.h>

/* The .mo format: magic, revision, count, offset of the table of sentences, offset of the table of translations; a table
 * has length and offset of each text. Little-endian, as the machines we build on. */
enum { MO_HEADER_SIZE = 28, MO_COUNT_MAX = 20000 };

struct entry {
	const char *sentence, *translation;
	uint32_t hash;
};
struct catalog {
	struct entry *slots; /* open addressing; sentence NULL: free */
	uint32_t slot_mask;
};

uint32_t catalog_hash(const char *sentence)
{
	uint32_t hash = 2166136261u;
	for (; *sentence; sentence++)
		hash = (hash ^ (unsigned char)*sentence) * 16777619u;
	return hash;
}

static uint32_t mo_number(str mo, size_t at)
{
	uint32_t number;
	memcpy(&number, mo.at + at, sizeof number);
	return number;
}

/* A text of the table, NUL-terminated inside the file; NULL when it is not. */
static const char *mo_text(str mo, uint32_t table, uint32_t index)
{
	size_t at = (size_t)table + 8 * (size_t)index;
	if (at + 8 > mo.size)
		return NULL;
	size_t size = mo_number(mo, at), offset = mo_number(mo, at + 4);
	if (offset >= mo.size || size >= mo.size - offset || mo.at[offset + size])
		return NULL;
	return mo.at + offset;
}

static void entry_put(struct catalog *catalog, const char *sentence, const char *translation)
{
	uint32_t hash = catalog_hash(sentence), slot = hash & catalog->slot_mask;
	while (catalog->slots[slot].sentence)
		slot = (slot + 1) & catalog->slot_mask;
	catalog->slots[slot] = (struct entry){ sentence, translation, hash };
}

err_t catalog_open(struct arena *arena, str mo, const struct catalog **ret_catalog)
{
	if (mo.size < MO_HEADER_SIZE || mo_number(mo, 0) != 0x950412deu)
		return fail(ERR_INTERNAL, "the translations are not a compiled catalogue");
	uint32_t count = mo_number(mo, 8), sentences = mo_number(mo, 12), translations = mo_number(mo, 16);
	if (count > MO_COUNT_MAX)
		return fail(ERR_INTERNAL, "the translations are too many");
	struct catalog *catalog = arena_new(arena, struct catalog);
	uint32_t slot_count = 64;
	while (slot_count < 2 * count)
		slot_count *= 2;
	catalog->slot_mask = slot_count - 1;
	catalog->slots = arena_many(arena, slot_count, struct entry);
	for (uint32_t i = 0; i < count; i++) {
		const char *sentence = mo_text(mo, sentences, i), *translation = mo_text(mo, translations, i);
		if (!sentence || !translation)
			return fail(ERR_INTERNAL, "the translations are damaged");
		if (*sentence && *translation)
			entry_put(catalog, sentence, translation);
	}
	*ret_catalog = catalog;
	return OK;
}

const char *catalog_find(const struct catalog *catalog, uint32_t hash, const char *sentence)
{
	if (!catalog)
		return sentence;
	for (uint32_t slot = hash & catalog->slot_mask; catalog->slots[slot].sentence;
		slot = (slot + 1) & catalog->slot_mask)
		if (catalog->slots[slot].hash == hash && strcmp(catalog->slots[slot].sentence, sentence) == 0)
			return catalog->slots[slot].translation;
	return sentence;
}

static const char *speak(const char *sentence, const void *context)
{
	return catalog_find(context, catalog_hash(sentence), sentence);
}

void catalog_speak(const struct catalog *catalog)
{
	err_language((struct err_language){ catalog ? speak : NULL, catalog });
}
