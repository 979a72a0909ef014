/* Parts of the program that only some commands need (PostgreSQL, letters, XML) are shared objects loaded on demand:
 * libpq, pango and libxml2 bring some fifty libraries, which would cost every start more than a command takes.
 * One program to install and call; the modules lie beside it or under its library folder. */
#ifndef KRAVBOK_BASE_MODULE_H
#define KRAVBOK_BASE_MODULE_H

#include "base/err.h"

/* The address of symbol. Found at once when it is linked in (tests, sanitizer builds); else kravbok-<module>.so is
 * loaded from KRAVBOK_MODULES, the folder of the running program, ../lib/kravbok beside it, or the installed folder.
 * ERR_OUTSIDE otherwise. */
err_t module_symbol(const char *module, const char *symbol, void **ret_address) MUST_CHECK;

#endif
