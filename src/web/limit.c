#include "web/limit.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

enum { MINUTE = 60 };

/* Tokens in sixtieths, so that a rule by the minute needs no fractions by the second. */
struct bucket {
	int64_t tokens;
	int64_t seen_at; /* 0: never used, full */
};
struct limit {
	pthread_mutex_t mutex;
	struct limit_rules rules;
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct bucket all;
	struct bucket addresses[LIMIT_SLOTS];
};

struct limit *limit_create(struct arena *arena, struct limit_rules rules, str secret)
{
	struct limit *limit = arena_new(arena, struct limit);
	memset(limit, 0, sizeof *limit);
	pthread_mutex_init(&limit->mutex, NULL);
	require(rules.address.burst >= 1);
	require(rules.all.burst >= 1);
	limit->rules = rules;
	crypto_generichash(limit->key, sizeof limit->key, (const unsigned char *)secret.at, secret.size, NULL, 0);
	return limit;
}

str limit_network(str address)
{
	int groups = 0;
	for (size_t i = 0; i < address.size; i++) {
		if (address.at[i] != ':')
			continue;
		if (i + 1 < address.size && address.at[i + 1] == ':')
			return (str){ address.at, i };
		if (++groups == 4)
			return (str){ address.at, i };
	}
	return address;
}

static void refill(struct bucket *bucket, const struct limit_rule *rule, int64_t now)
{
	int64_t full = rule->burst * MINUTE;
	int64_t passed = now - bucket->seen_at;
	if (!bucket->seen_at || passed > full / rule->per_minute)
		bucket->tokens = full;
	else if (passed > 0)
		bucket->tokens = bucket->tokens + passed * rule->per_minute > full ? full : bucket->tokens + passed * rule->per_minute;
	bucket->seen_at = now;
}

bool limit_take(struct limit *limit, str address, int64_t now)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t number;
	str network = limit_network(address);
	crypto_shorthash(hash, (const unsigned char *)network.at, network.size, limit->key);
	memcpy(&number, hash, sizeof number);
	struct bucket *own = &limit->addresses[number % LIMIT_SLOTS];
	pthread_mutex_lock(&limit->mutex);
	refill(own, &limit->rules.address, now);
	refill(&limit->all, &limit->rules.all, now);
	bool may = own->tokens >= MINUTE && limit->all.tokens >= MINUTE;
	if (may) {
		own->tokens -= MINUTE;
		limit->all.tokens -= MINUTE;
	}
	pthread_mutex_unlock(&limit->mutex);
	return may;
}
