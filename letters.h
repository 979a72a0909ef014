/* Made by tools/embed.c. */
#ifndef EMBEDDED_letters_H
#define EMBEDDED_letters_H

#include "base/embedded.h"

extern const struct embedded embedded_letters[];
extern const size_t embedded_letters_count;

#endif
