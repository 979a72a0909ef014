#include "base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef KRAVBOK_LIBDIR
#define KRAVBOK_LIBDIR "/usr/local/lib/kravbok"
#endif

/* Loads DIR/kravbok-MODULE.so; NULL when it is not there. */
static void *module_open_in(const char *dir, const char *module)
{
	char path[PATH_MAX];
	int size = snprintf(path, sizeof path, "%s/kravbok-%s.so", dir, module);
	if (size < 0 || (size_t)size >= sizeof path) /* size >= 0 here */
		return NULL;
	return access(path, R_OK) == 0 ? dlopen(path, RTLD_NOW | RTLD_GLOBAL) : NULL;
}

static void *module_open(const char *module)
{
	const char *dir = getenv("KRAVBOK_MODULES");
	if (dir)
		return module_open_in(dir, module);
	char self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
	void *handle = NULL;
	if (size > 0) {
		self[size] = '\0';
		char *slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
		handle = module_open_in(self, module);
		if (!handle && (size_t)size + sizeof "/../lib/kravbok" < sizeof self) { /* size > 0 here */
			memcpy(self + strlen(self), "/../lib/kravbok", sizeof "/../lib/kravbok");
			handle = module_open_in(self, module);
		}
	}
	return handle ? handle : module_open_in(KRAVBOK_LIBDIR, module);
}

err_t module_symbol(const char *module, const char *symbol, void **ret_address)
{
	void *address = dlsym(RTLD_DEFAULT, symbol);
	if (!address) {
		(void)dlerror();
		if (!module_open(module)) {
			const char *why = dlerror();
			return fail(ERR_OUTSIDE, "could not load kravbok-%s.so: %s", module, why ? why : "not found");
		}
		address = dlsym(RTLD_DEFAULT, symbol);
	}
	if (!address)
		return fail(ERR_OUTSIDE, "kravbok-%s.so has no %s: it is of another version", module, symbol);
	*ret_address = address;
	return OK;
}
