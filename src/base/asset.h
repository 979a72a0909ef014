/* What the pages are made of, as part of the program: style sheet, script, fonts, marks. Put in at build time by
 * tools/assetgen.sh (make/web.mk), which also defines what is declared here; linked where pages are served. Read-only, there
 * for as long as the program runs. An asset is served at /assets/<hash>/<name>: another content has another address, so it
 * may be kept by browsers for ever. */
#ifndef KRAVBOK_BASE_ASSET_H
#define KRAVBOK_BASE_ASSET_H

#include <stddef.h>

struct asset {
	const char *name; /* app.css, app.js, inter-latin.woff2, … */
	const char *type; /* Content-Type */
	const char *hash; /* 16 hexadecimal digits: BLAKE2b of the body, 64 bits */
	const unsigned char *body; /* followed by a NUL */
	size_t size;
	const unsigned char *gzip; /* NULL: not worth it */
	size_t gzip_size;
};

extern const struct asset assets[];
extern const size_t asset_count;

const struct asset *asset_find(const char *name); /* NULL: none */

#endif
