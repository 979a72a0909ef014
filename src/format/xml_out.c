#include "format/xml_out.h"

#include <string.h>

struct xml_out xml_out_in(struct arena *arena, struct sink to)
{
	struct xml_out xml = { .out = sink_buffer_in(arena, to) };
	sink_add_z(&xml.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	return xml;
}

static void indent(struct xml_out *xml)
{
	for (int i = 0; i < xml->depth; i++)
		sink_add_z(&xml->out, "  ");
}

static void write_end(struct xml_out *xml, const char *name)
{
	sink_addf(&xml->out, "</%.*s>\n", (int)strcspn(name, " "), name); /* a name is short */
}

void xml_out_open(struct xml_out *xml, const char *name)
{
	indent(xml);
	sink_addf(&xml->out, "<%s>\n", name);
	xml->depth++;
}

void xml_out_close(struct xml_out *xml, const char *name)
{
	require(xml->depth > 0);
	xml->depth--;
	indent(xml);
	write_end(xml, name);
}

static void write_escaped(struct sink_buffer *out, str value, size_t size_max)
{
	for (size_t count = 0; value.size && count < size_max; count++) {
		str before = value;
		uint32_t code = str_take_char(&value);
		if (code == '&')
			sink_add_z(out, "&amp;");
		else if (code == '<')
			sink_add_z(out, "&lt;");
		else if (code == '>')
			sink_add_z(out, "&gt;");
		else if (code < 0x20)
			sink_add_z(out, " ");
		else if (code >= 0xFFFD && code <= 0xFFFF)
			sink_add_z(out, "\xEF\xBF\xBD");
		else
			sink_add(out, (str){ before.at, before.size - value.size });
	}
}

void xml_out_text(struct xml_out *xml, const char *name, str value, size_t size_max)
{
	indent(xml);
	sink_addf(&xml->out, "<%s>", name);
	write_escaped(&xml->out, value, size_max);
	write_end(xml, name);
}

void xml_out_text_if(struct xml_out *xml, const char *name, str value, size_t size_max)
{
	if (value.size)
		xml_out_text(xml, name, value, size_max);
}

void xml_out_z(struct xml_out *xml, const char *name, const char *value)
{
	xml_out_text(xml, name, str_from_z(value), strlen(value));
}

void xml_out_date(struct xml_out *xml, const char *name, date value)
{
	xml_out_z(xml, name, date_iso(value).z);
}

void xml_out_money(struct xml_out *xml, const char *name, money value)
{
	xml_out_z(xml, name, money_plain(value).z);
}

void xml_out_int(struct xml_out *xml, const char *name, int64_t value)
{
	indent(xml);
	sink_addf(&xml->out, "<%s>%lld", name, (long long)value);
	write_end(xml, name);
}

err_t xml_out_finish(struct xml_out *xml)
{
	require(xml->depth == 0);
	return sink_flush(&xml->out);
}
