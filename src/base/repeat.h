/* How often each of many keys has come so far: the k-th of equal ones. Most keys come once, so a key costs eight bytes and
 * only those that come again are counted. Keys are known by 64 bits of a good hash: two of ten million are mistaken for
 * each other once in some 300,000 files. */
#ifndef KRAVBOK_BASE_REPEAT_H
#define KRAVBOK_BASE_REPEAT_H

#include <stddef.h>
#include <stdint.h>

struct repeats;

/* key_count_max: how many keys will come at most (require()d); the memory is taken at once: 11 to 22 bytes a key. */
struct repeats *repeats_create(size_t key_count_max);
void repeats_destroy(struct repeats *repeats); /* NULL is fine */

/* 1 the first time the hash comes, 2 the second … */
int64_t repeats_next(struct repeats *repeats, uint64_t hash);

#endif
