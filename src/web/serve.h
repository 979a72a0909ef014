/* The server: what `kravbok serve` loads as the module kravbok-web.so. */
#ifndef KRAVBOK_WEB_SERVE_H
#define KRAVBOK_WEB_SERVE_H

#include "app/op.h"
#include "web/web.h"

struct serve_options {
	const char *db_url;
	const char *listen;      /* "127.0.0.1" */
	uint16_t port;
	bool next_free_port;
	bool trust_proxy;
	const struct law *law;
	date fixed_today;        /* DATE_NONE: the clock's */
	struct clock clock;
	bool (*should_stop)(void); /* asked four times a second */
	void (*ready)(const char *address, void *context); /* answering now at this address */
	void *context;
};
/* Serves until should_stop says so; requests under way are answered first. */
err_t serve_run(const struct serve_options *options) MUST_CHECK;

/* The routes as JSON, for tests and operators: method, path, who, form. */
err_t serve_routes(struct json *json) MUST_CHECK;

/* What cli/serve.c takes from the module (base/module.h), by this name. */
struct serve_module {
	err_t (*run)(const struct serve_options *options);
	err_t (*routes)(struct json *json);
};
extern const struct serve_module serve_module;

#endif
