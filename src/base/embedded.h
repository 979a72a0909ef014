/* Files that are part of the program: put in at build time by tools/embed.c, read-only, there for as long as it runs.
 * build/gen/templates.h declares the files of letters/. */
#ifndef KRAVBOK_BASE_EMBEDDED_H
#define KRAVBOK_BASE_EMBEDDED_H

#include "base/str.h"

#include <stddef.h>

struct embedded {
	const char *name; /* of the file, without its folder */
	str body;         /* followed by a NUL */
};

#endif
