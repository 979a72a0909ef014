/* The site itself: its identity, its style, the files built into the program, and whether it is well. */
#include "web/site.h"

#include "app/letter.h"
#include "app/setup.h"
#include "base/asset.h"
#include "translations.h"
#include "web/brand.h"
#include "web/limit.h"
#include "web/oidc.h"
#include "web/routes.h"
#include "web/session.h"

#include <string.h>

/* ---- identity ---- */

static err_t catalog_embedded(struct arena *arena, const char *name, const struct catalog **ret_catalog)
{
	for (size_t i = 0; i < embedded_translations_count; i++)
		if (strcmp(embedded_translations[i].name, name) == 0)
			return catalog_open(arena, embedded_translations[i].body, ret_catalog);
	panic("a catalogue is not built in");
}

/* A person in trouble tries a few times; a machine many. An operator behind whose proxy many share an address sets more. */
static const struct limit_rules default_limits = { .address = { 30, 10 }, .all = { 600, 300 } };

static err_t limit_number(const struct op *op, const char *name, int64_t *number)
{
	str value;
	TRY(setup_get(op, name, &value));
	return value.size ? parse_i64(value, 1, 1000000, number) : OK;
}

static err_t limit_read(const struct op *op, struct web_site *site)
{
	struct limit_rules rules = default_limits;
	TRY(limit_number(op, "web.tries_of_address", &rules.address.burst));
	TRY(limit_number(op, "web.tries_of_address_per_minute", &rules.address.per_minute));
	TRY(limit_number(op, "web.tries_of_all", &rules.all.burst));
	TRY(limit_number(op, "web.tries_of_all_per_minute", &rules.all.per_minute));
	site->limit = limit_create(op->arena, rules, site->secret);
	return OK;
}

static err_t site_read(const struct op *op, struct web_site *site)
{
	str secret;
	TRY(agency_load(op, &site->agency));
	TRY(letter_secret(op, &secret));
	/* The book has one secret; each use of it has a key of its own. */
	site->secret = str_copy(op->arena, (str){ web_hash(op->arena, str_format(op->arena, "web %.*s", STR_ARG(secret))).at, 64 });
	site->domain = site->agency.web;
	TRY(limit_read(op, site));
	site->oidc = oidc_cache_create(op->arena);
	return setup_clock(op->db, op->arena, &site->book_day);
}

err_t site_open(struct arena *arena, const struct serve_options *options, struct web_site *ret_site)
{
	*ret_site = (struct web_site){ .law = options->law, .db_url = options->db_url, .clock = options->clock,
		.fixed_today = options->fixed_today };
	TRY(catalog_embedded(arena, "nb.mo", &ret_site->catalogs[WEB_NORWEGIAN]));
	struct op op = { .law = options->law, .arena = arena, .today = options->clock.today() };
	TRY(db_open(options->db_url, DB_OPEN_EXISTING, &op.db));
	err_t err = site_read(&op, ret_site);
	db_close(op.db);
	if (date_is_none(ret_site->fixed_today))
		ret_site->fixed_today = ret_site->book_day;
	return err;
}

date site_today(const struct web_site *site)
{
	return date_is_none(site->fixed_today) ? site->clock.today() : site->fixed_today;
}

/* ---- files ---- */

static bool takes_gzip(const struct web *web)
{
	return str_has(http_header(web->request, "Accept-Encoding"), S("gzip"));
}

static err_t asset_send(struct web *web)
{
	str hash = web_word(web, "hash"), name = web_word(web, "name");
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *asset = &assets[i];
		if (!str_eq_z(name, asset->name) || !str_eq_z(hash, asset->hash))
			continue;
		bool gzip = asset->gzip && takes_gzip(web);
		web->answer->status = 200;
		web->answer->content_type = asset->type;
		web->answer->body = (str){ (const char *)(gzip ? asset->gzip : asset->body), gzip ? asset->gzip_size : asset->size };
		web->answer->is_static = true;
		http_answer_header(web->answer, "Cache-Control", S("public, max-age=31536000, immutable"));
		if (asset->gzip)
			http_answer_header(web->answer, "Vary", S("Accept-Encoding"));
		if (gzip)
			http_answer_header(web->answer, "Content-Encoding", S("gzip"));
		return OK;
	}
	return web_missing(web);
}

/* ---- the agency's own colours (the contract is at the top of assets/app.css) ---- */

static err_t brand_send(struct web *web)
{
	str style;
	TRY(setup_get(&web->op, "web.brand", &style));
	web->answer->status = 200;
	web->answer->content_type = "text/css; charset=utf-8";
	web->answer->body = style.size ? style : S("/* the built-in colours */\n");
	http_answer_header(web->answer, "Cache-Control", S("public, max-age=300"));
	return OK;
}

/* The mark in the band: the built-in one, or the first letter of the name. */
static err_t mark_send(struct web *web)
{
	str mark, style;
	struct brand brand = { { 0x0f, 0x3b, 0x4b }, { 0x12, 0x49, 0x5c } };
	TRY(setup_get(&web->op, "web.mark", &mark));
	TRY(setup_get(&web->op, "web.brand", &style));
	brand_read(style, &brand);
	const struct asset *built_in = asset_find("logo.svg");
	require(built_in);
	web->answer->status = 200;
	web->answer->content_type = "image/svg+xml";
	web->answer->body = str_eq_z(mark, "letter") ? brand_mark(web->op.arena, web->site->agency.name, brand.header) :
		(str){ (const char *)built_in->body, built_in->size };
	http_answer_header(web->answer, "Cache-Control", S("public, max-age=300"));
	return OK;
}

static err_t health_send(struct web *web)
{
	web->answer->status = 200;
	web->answer->content_type = "text/plain; charset=utf-8";
	web->answer->body = S("well\n");
	web->answer->is_static = true;
	return OK;
}

static err_t robots_send(struct web *web)
{
	web->answer->status = 200;
	web->answer->content_type = "text/plain; charset=utf-8";
	web->answer->body = S("User-agent: *\nDisallow: /my\nDisallow: /client\nDisallow: /desk\nDisallow: /status\nDisallow: /l/\nDisallow: /api\n");
	web->answer->is_static = true;
	return OK;
}

const struct route routes_site[] = {
	{ HTTP_GET, "/assets/{hash}/{name}", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_CACHED | ROUTE_NO_PAGE,
		.run = asset_send, .title = N_("A file of the pages") },
	{ HTTP_GET, "/brand.css", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_CACHED | ROUTE_NO_PAGE,
		.run = brand_send, .title = N_("The agency's colours") },
	{ HTTP_GET, "/brand.svg", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_CACHED | ROUTE_NO_PAGE,
		.run = mark_send, .title = N_("The agency's mark") },
	{ HTTP_GET, "/health", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_NO_PAGE, .run = health_send,
		.title = N_("Is the server well?") },
	{ HTTP_GET, "/robots.txt", .kind = ROUTE_READ, .who = WHO_ANYONE, .flags = ROUTE_CACHED | ROUTE_NO_PAGE,
		.run = robots_send, .title = N_("What search engines may read") },
	{ .method = HTTP_METHOD_COUNT },
};
