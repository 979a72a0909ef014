/* How often strangers may try: a bucket of tokens for each address and one for all together, in memory. The lock on a
 * reference that is tried wrongly (web_try_…) is in the book; this is what keeps a machine from trying many references.
 *
 * Addresses share LIMIT_SLOTS buckets by a hash with a secret key, so memory is bounded and nobody can choose whom to share
 * one with. Of an IPv6 address the first 64 bits count, since a visitor has all the rest. */
#ifndef KRAVBOK_WEB_LIMIT_H
#define KRAVBOK_WEB_LIMIT_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct limit_rule {
	int64_t burst;      /* tries at once, >= 1 */
	int64_t per_minute; /* that come back, >= 1 */
};
struct limit_rules {
	struct limit_rule address, all;
};
enum { LIMIT_SLOTS = 8192 };

/* What tells visitors apart: "2001:db8:1:2:3::4" gives "2001:db8:1:2", an IPv4 address gives itself. */
str limit_network(str address);

struct limit;
struct limit *limit_create(struct arena *arena, struct limit_rules rules, str secret);
/* Takes a token from both buckets, or none and returns false. now: seconds, never going back by more than it went on. */
bool limit_take(struct limit *limit, str address, int64_t now);

#endif
