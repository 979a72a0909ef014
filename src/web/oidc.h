/* What the log-in provider has said of itself, kept between log-ins. */
#ifndef KRAVBOK_WEB_OIDC_H
#define KRAVBOK_WEB_OIDC_H

#include "base/arena.h"

struct oidc_cache;
struct oidc_cache *oidc_cache_create(struct arena *arena);
void oidc_cache_destroy(struct oidc_cache *cache); /* NULL: nothing */

#endif
