#include "base/repeat.h"

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

enum { AGAIN_CAPACITY_MIN = 1024 };

struct again { /* a key that has come twice or more; count 0: an empty place */
	uint64_t hash;
	int64_t count;
};

/* Both tables are open-addressed; their capacities are powers of two and they are never more than three quarters full. */
struct repeats {
	struct arena *arena, *again_arena;
	uint64_t *seen; /* 0: an empty place */
	size_t seen_count, seen_capacity, key_count_max;
	struct again *again;
	size_t again_count, again_capacity;
};

static size_t capacity_for(size_t count, size_t least)
{
	size_t capacity = least;
	while (capacity / 4 * 3 < count)
		capacity *= 2;
	return capacity;
}

struct repeats *repeats_create(size_t key_count_max)
{
	require(key_count_max < SIZE_MAX / 64);
	size_t capacity = capacity_for(key_count_max, 64);
	struct arena *arena = arena_create(capacity * sizeof(uint64_t) + (1 << 20));
	struct repeats *repeats = arena_new(arena, struct repeats);
	repeats->arena = arena;
	repeats->seen = arena_many(arena, capacity, uint64_t);
	repeats->seen_capacity = capacity;
	repeats->key_count_max = key_count_max;
	return repeats;
}

void repeats_destroy(struct repeats *repeats)
{
	if (!repeats)
		return;
	arena_destroy(repeats->again_arena);
	arena_destroy(repeats->arena); /* and itself in it */
}

static struct again *again_place(struct again *again, size_t capacity, uint64_t hash)
{
	size_t at = (size_t)hash & (capacity - 1);
	while (again[at].count && again[at].hash != hash)
		at = (at + 1) & (capacity - 1);
	return &again[at];
}

static void again_grow(struct repeats *repeats)
{
	size_t capacity = repeats->again_capacity ? repeats->again_capacity * 2 : AGAIN_CAPACITY_MIN;
	struct arena *arena = arena_create(capacity * sizeof(struct again) + (1 << 20));
	struct again *again = arena_many(arena, capacity, struct again);
	for (size_t i = 0; i < repeats->again_capacity; i++)
		if (repeats->again[i].count)
			*again_place(again, capacity, repeats->again[i].hash) = repeats->again[i];
	arena_destroy(repeats->again_arena);
	repeats->again_arena = arena;
	repeats->again = again;
	repeats->again_capacity = capacity;
}

static int64_t again_next(struct repeats *repeats, uint64_t hash)
{
	if (repeats->again_count >= repeats->again_capacity / 4 * 3)
		again_grow(repeats);
	struct again *again = again_place(repeats->again, repeats->again_capacity, hash);
	if (!again->count) {
		*again = (struct again){ hash, 1 }; /* the first time it was only seen */
		repeats->again_count++;
	}
	return ++again->count;
}

int64_t repeats_next(struct repeats *repeats, uint64_t hash)
{
	if (hash == 0)
		hash = 1;
	size_t at = (size_t)hash & (repeats->seen_capacity - 1);
	while (repeats->seen[at] && repeats->seen[at] != hash)
		at = (at + 1) & (repeats->seen_capacity - 1);
	if (repeats->seen[at])
		return again_next(repeats, hash);
	require(repeats->seen_count < repeats->key_count_max);
	repeats->seen[at] = hash;
	repeats->seen_count++;
	return 1;
}
