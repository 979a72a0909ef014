/* Blocks are kept when an arena is reset, so that a batch run a thousand times allocates once. */
#include "base/arena.h"

#include "base/err.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 256 * 1024, ALIGN = alignof(max_align_t) };

struct block {
	char *at;
	size_t size;
	size_t dirty_size; /* what was ever handed out: behind it all is zero still */
};

struct arena {
	struct block *blocks;
	size_t block_count, block_capacity; /* blocks up to block_count are in use; later ones are spare */
	size_t spare_count;
	size_t used; /* in the last block in use */
	size_t total_size, size_max;
};

struct arena *arena_create(size_t size_max)
{
	struct arena *arena = calloc(1, sizeof *arena);
	if (!arena)
		panic("out of memory");
	arena->size_max = size_max;
	return arena;
}

void arena_destroy(struct arena *arena)
{
	if (!arena)
		return;
	for (size_t i = 0; i < arena->block_count + arena->spare_count; i++)
		free(arena->blocks[i].at);
	free(arena->blocks);
	free(arena);
}

size_t arena_size(const struct arena *arena)
{
	return arena->total_size;
}

static void block_swap(struct block *a, struct block *b)
{
	struct block other = *a;
	*a = *b;
	*b = other;
}

/* Makes the next block in use one that holds size bytes: a spare one if it is big enough, else a new one. */
static void block_next(struct arena *arena, size_t size)
{
	size_t all_count = arena->block_count + arena->spare_count;
	for (size_t i = arena->block_count; i < all_count; i++) {
		if (arena->blocks[i].size < size)
			continue;
		block_swap(&arena->blocks[i], &arena->blocks[arena->block_count]);
		arena->block_count++;
		arena->spare_count--;
		arena->used = 0;
		return;
	}
	if (all_count == arena->block_capacity) {
		size_t capacity = all_count ? all_count * 2 : 16;
		struct block *blocks = realloc(arena->blocks, capacity * sizeof *blocks);
		if (!blocks)
			panic("out of memory");
		arena->blocks = blocks;
		arena->block_capacity = capacity;
	}
	size_t block_size = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	require(block_size <= arena->size_max - arena->total_size);
	struct block fresh = { calloc(1, block_size), block_size, 0 };
	if (!fresh.at)
		panic("out of memory");
	arena->total_size += block_size;
	arena->blocks[all_count] = fresh;
	block_swap(&arena->blocks[all_count], &arena->blocks[arena->block_count]);
	arena->block_count++;
	arena->used = 0;
}

/* All zero but the first skip bytes, which the caller writes itself. */
static void *arena_take(struct arena *arena, size_t size, size_t skip)
{
	require(size <= SIZE_MAX - ALIGN);
	size_t whole = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (!arena->block_count || arena->blocks[arena->block_count - 1].size - arena->used < whole)
		block_next(arena, whole);
	struct block *block = &arena->blocks[arena->block_count - 1];
	char *at = block->at + arena->used;
	if (block->dirty_size > arena->used + skip) {
		size_t dirty = block->dirty_size - arena->used;
		memset(at + skip, 0, (dirty < whole ? dirty : whole) - skip);
	}
	arena->used += whole;
	if (block->dirty_size < arena->used)
		block->dirty_size = arena->used;
	return at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return arena_take(arena, size, 0);
}

void *arena_array(struct arena *arena, size_t count, size_t item_size)
{
	require(!item_size || count <= SIZE_MAX / item_size);
	return arena_alloc(arena, count * item_size);
}

void *arena_grow(struct arena *arena, const void *items, size_t count, size_t capacity, size_t item_size)
{
	require(count <= capacity);
	require(!item_size || capacity <= SIZE_MAX / item_size);
	void *copy = arena_take(arena, capacity * item_size, count * item_size);
	if (count)
		memcpy(copy, items, count * item_size);
	return copy;
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ arena->block_count, arena->used };
}

void arena_reset(struct arena *arena, struct arena_mark mark)
{
	require(mark.block_count <= arena->block_count);
	arena->spare_count += arena->block_count - mark.block_count;
	arena->block_count = mark.block_count;
	arena->used = mark.used;
}
