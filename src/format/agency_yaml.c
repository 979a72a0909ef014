#include "format/agency_yaml.h"

#include "format/yaml.h"

#include <string.h>

/* struct agency as the reader fills it. */
struct y_agency {
	const char *name, *orgnr, *address, *postcode, *city, *phone, *email, *web, *licence, *account, *own_account;
};

#define FIELD(member) YAML_FIELD_OPTIONAL(#member, struct y_agency, member)
static const struct yaml_field agency_fields[] = { FIELD(name), FIELD(orgnr), FIELD(address), FIELD(postcode),
	FIELD(city), FIELD(phone), FIELD(email), FIELD(web), FIELD(licence), FIELD(account), FIELD(own_account),
	YAML_FIELD_END };
enum { FIELD_COUNT = sizeof agency_fields / sizeof *agency_fields - 1 };

/* Every field stands in a line of a letter; so no line ends, tabs or other control characters. */
static err_t one_line(const struct yaml_file *file, const char *key, const char *value)
{
	for (const char *at = value; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7F)
			return yaml_fail(file, "", key, str_format(file->arena, "%.*s…", (int)(at - value), value).at,
				"one line of text");
	return OK;
}

static str field_text(const char *value)
{
	return str_trim(str_from_z(value));
}

static err_t agency_take(const struct yaml_file *file, struct agency *ret_agency)
{
	struct y_agency y;
	TRY(yaml_read(file, agency_fields, &y, sizeof y));
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const char *value;
		memcpy(&value, (const char *)&y + agency_fields[i].at, sizeof value);
		if (value)
			TRY(one_line(file, agency_fields[i].key, value));
	}
	*ret_agency = (struct agency){
		.name = field_text(y.name),
		.orgnr = field_text(y.orgnr),
		.address = field_text(y.address),
		.postcode = field_text(y.postcode),
		.city = field_text(y.city),
		.phone = field_text(y.phone),
		.email = field_text(y.email),
		.web = field_text(y.web),
		.licence = field_text(y.licence),
		.account = field_text(y.account),
		.own_account = field_text(y.own_account),
	};
	return OK;
}

err_t agency_yaml_parse(struct arena *arena, const char *place, str text, struct agency *ret_agency)
{
	return agency_take(&(struct yaml_file){ arena, place, text }, ret_agency);
}

err_t agency_yaml_read(struct arena *arena, const char *path, struct agency *ret_agency)
{
	str text;
	TRY(yaml_text(arena, path, &text));
	if (!text.at)
		return fail(ERR_OUTSIDE, "could not read '%s': there is no such file", path);
	return agency_yaml_parse(arena, path, text, ret_agency);
}
