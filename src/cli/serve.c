#include "base/module.h"
#include "cli/commands.h"
#include "web/serve.h"

#include <signal.h>
#include <time.h>

/* Set by the signals that ask a server to stop; a lock-free flag is all a handler may touch. */
static volatile sig_atomic_t stop_asked;

static void stop_ask(int signal_no)
{
	(void)signal_no;
	stop_asked = 1;
}

static bool should_stop(void)
{
	return stop_asked != 0;
}

static void ready_tell(const char *address, void *context)
{
	struct cli *cli = context;
	cli_print(cli, "Kravbok answers at %s\n", address);
	fflush(cli->out);
}

static err_t serve_module_find(const struct serve_module **ret_module)
{
	void *address;
	TRY(module_symbol("web", "serve_module", &address));
	*ret_module = address;
	return OK;
}

static err_t serve_command(struct cli *cli)
{
	const struct serve_module *module;
	int64_t port;
	TRY(cli_number(cli, "--port", 0, 65535, 8080, &port));
	TRY(serve_module_find(&module));
	struct sigaction action = { .sa_handler = stop_ask };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	return module->run(&(struct serve_options){
		.db_url = cli->db_url,
		.listen = cli_has(cli, "--listen") ? cli_value(cli, "--listen") : "127.0.0.1",
		.port = (uint16_t)port, /* bounded above */
		.next_free_port = cli_has(cli, "--next-port"),
		.trust_proxy = cli_has(cli, "--behind-proxy"),
		.law = cli->op.law,
		.fixed_today = cli->has_today ? cli->op.today : DATE_NONE,
		.clock = cli->clock.server,
		.should_stop = should_stop,
		.ready = ready_tell,
		.context = cli,
	});
}
const struct command command_serve = {
	.name = "serve",
	.summary = "Serve the portals and the API",
	.details = "Answers at one address until it is told to stop (SIGTERM, Ctrl-C); what is under way is answered first. TLS is the\n"
		   "work of a proxy in front of it (deploy/nginx.conf).",
	.example = "kravbok serve --port 8080",
	.options = { { "--listen", "ADDRESS", "127.0.0.1 unless told" },
		{ "--port", "PORT", "8080 unless told; 0: any free one" },
		{ "--next-port", NULL, "take another port if that one is taken" },
		{ "--behind-proxy", NULL, "visitors' addresses are in the header of a proxy on this machine" } },
	.needs = NEEDS_URL,
	.run = serve_command,
};

static err_t routes_command(struct cli *cli)
{
	const struct serve_module *module;
	TRY(serve_module_find(&module));
	struct json json = cli_json(cli);
	return module->routes(&json);
}
const struct command command_routes = {
	.name = "routes",
	.summary = "List the addresses the server answers, who may use each, and its form, as JSON",
	.example = "kravbok routes",
	.needs = NEEDS_NOTHING,
	.run = routes_command,
};
