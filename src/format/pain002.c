#include "format/pain002.h"

#include "format/xml.h"

#include <stddef.h>

#define ROOT "CstmrPmtStsRpt/"

struct pain002 {
	struct xml *xml;
	struct arena *arena;
	struct pain002_status group, batch, order;
	struct arena_mark batch_mark, order_mark;
	int64_t status_count;
	pain002_fn each;
	void *context;
};

#define AT(member) offsetof(struct pain002_status, member)

static const struct xml_field group_fields[] = {
	{ "OrgnlMsgId", AT(message_id) },
	{ "GrpSts", AT(status) },
	{ "StsRsnInf/Rsn/Cd", AT(reason_code) },
	{ "StsRsnInf/Rsn/Prtry", AT(reason_code) },
	{ "StsRsnInf/AddtlInf", AT(reason_text) },
};
static const struct xml_field batch_fields[] = {
	{ "OrgnlPmtInfId", AT(batch_id) },
	{ "PmtInfSts", AT(status) },
	{ "StsRsnInf/Rsn/Cd", AT(reason_code) },
	{ "StsRsnInf/Rsn/Prtry", AT(reason_code) },
	{ "StsRsnInf/AddtlInf", AT(reason_text) },
};
static const struct xml_field order_fields[] = {
	{ "OrgnlEndToEndId", AT(end_to_end) },
	{ "TxSts", AT(status) },
	{ "StsRsnInf/Rsn/Cd", AT(reason_code) },
	{ "StsRsnInf/Rsn/Prtry", AT(reason_code) },
	{ "StsRsnInf/AddtlInf", AT(reason_text) },
};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static err_t pain002_deliver(struct pain002 *pain, struct pain002_status *status)
{
	if (!status->status.size)
		return OK;
	if (!pain->group.message_id.size)
		return fail(ERR_INPUT, "line %ld: a status without the original message's id (OrgnlMsgId)",
			xml_line(pain->xml));
	pain->status_count++;
	status->message_id = pain->group.message_id;
	status->is_rejected = str_eq_z(status->status, "RJCT");
	return pain->each ? pain->each(status, pain->context) : OK;
}

static err_t pain002_opened(struct pain002 *pain)
{
	str path = xml_path(pain->xml);
	if (str_eq_z(path, ROOT "OrgnlPmtInfAndSts")) {
		pain->batch_mark = arena_mark(pain->arena);
		pain->batch = (struct pain002_status){ .status = S("") };
	} else if (str_eq_z(path, ROOT "OrgnlPmtInfAndSts/TxInfAndSts")) {
		/* The batch's own status stands before its orders: deliver it first. */
		TRY(pain002_deliver(pain, &pain->batch));
		pain->batch.status = S("");
		pain->order_mark = arena_mark(pain->arena);
		pain->order = (struct pain002_status){ .batch_id = pain->batch.batch_id };
	}
	return OK;
}

static err_t pain002_text(struct pain002 *pain)
{
	str path = xml_path(pain->xml);
	if (str_starts(path, S(ROOT "OrgnlGrpInfAndSts/")))
		return xml_take(pain->xml, xml_below(path, 2), group_fields, COUNT(group_fields), pain->arena, &pain->group);
	if (str_starts(path, S(ROOT "OrgnlPmtInfAndSts/TxInfAndSts/")))
		return xml_take(pain->xml, xml_below(path, 3), order_fields, COUNT(order_fields), pain->arena, &pain->order);
	if (str_starts(path, S(ROOT "OrgnlPmtInfAndSts/")))
		return xml_take(pain->xml, xml_below(path, 2), batch_fields, COUNT(batch_fields), pain->arena, &pain->batch);
	return OK;
}

static err_t pain002_closed(struct pain002 *pain)
{
	str path = xml_path(pain->xml);
	if (str_eq_z(path, ROOT "OrgnlGrpInfAndSts"))
		return pain002_deliver(pain, &pain->group);
	if (str_eq_z(path, ROOT "OrgnlPmtInfAndSts/TxInfAndSts")) {
		TRY(pain002_deliver(pain, &pain->order));
		arena_reset(pain->arena, pain->order_mark);
	} else if (str_eq_z(path, ROOT "OrgnlPmtInfAndSts")) {
		TRY(pain002_deliver(pain, &pain->batch));
		arena_reset(pain->arena, pain->batch_mark);
	}
	return OK;
}

static err_t pain002_root(const struct xml *xml)
{
	str space = xml_namespace(xml);
	if (str_eq_z(xml_name(xml), "Document") && str_starts(space, S("urn:iso:std:iso:20022:tech:xsd:pain.002.001.")))
		return OK;
	return fail(ERR_INPUT, "this is not a pain.002: '%.*s' of '%.*s'", STR_ARG(xml_name(xml)), STR_ARG(space));
}

static err_t pain002_events(struct pain002 *pain)
{
	struct xml *xml = pain->xml;
	for (;;) { /* xml_next ends with the file at the latest */
		enum xml_event event;
		TRY(xml_next(xml, &event));
		if (event == XML_END)
			break;
		if (event == XML_OPEN && xml_depth(xml) == 1)
			TRY(pain002_root(xml));
		if (event == XML_OPEN)
			TRY(pain002_opened(pain));
		else if (event == XML_TEXT)
			TRY(pain002_text(pain));
		else
			TRY(pain002_closed(pain));
	}
	if (!pain->status_count)
		return fail(ERR_INPUT, "the file holds no status of any payment order");
	return OK;
}

static err_t pain002_pass(str bytes, struct arena *arena, pain002_fn each, void *context)
{
	struct arena_mark mark = arena_mark(arena);
	struct pain002 pain = { .arena = arena, .each = each, .context = context };
	TRY(xml_open(bytes, arena, &pain.xml));
	err_t err = pain002_events(&pain);
	xml_close(pain.xml);
	arena_reset(arena, mark);
	return err;
}

err_t pain002_read(str bytes, struct arena *arena, pain002_fn each, void *context)
{
	TRY(pain002_pass(bytes, arena, NULL, NULL));
	return each ? pain002_pass(bytes, arena, each, context) : OK;
}
