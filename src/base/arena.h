/* Memory with one lifetime. What is taken from an arena lives until the arena is reset to a mark or destroyed;
 * nothing is freed on its own. Every command has one; a batch takes a mark and resets to it. */
#ifndef KRAVBOK_BASE_ARENA_H
#define KRAVBOK_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* size_max: bytes this arena may ever hold; going over is our own mistake (panic), so bound the input first. */
struct arena *arena_create(size_t size_max);
void arena_destroy(struct arena *arena);
size_t arena_size(const struct arena *arena); /* bytes it holds, in use or spare */

/* size bytes, zeroed, aligned for any type. Never NULL. size 0 is allowed. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t item_size);
#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_many(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

/* A copy of items with room for capacity of them (capacity >= count): how a list in an arena grows. */
void *arena_grow(struct arena *arena, const void *items, size_t count, size_t capacity, size_t item_size);

/* Everything taken after the mark is given back by the reset. */
struct arena_mark {
	size_t block_count, used;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_reset(struct arena *arena, struct arena_mark mark);

#endif
