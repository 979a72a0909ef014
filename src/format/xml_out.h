/* XML being written: escaped text and indented elements. Reading is xml.h's. */
#ifndef KRAVBOK_FORMAT_XML_OUT_H
#define KRAVBOK_FORMAT_XML_OUT_H

#include "base/date.h"
#include "base/money.h"
#include "base/sink.h"
#include "base/str.h"

#include <stddef.h>

struct xml_out {
	struct sink_buffer out;
	int depth;
};

struct xml_out xml_out_in(struct arena *arena, struct sink to); /* writes the XML declaration */

/* name may hold attributes after a blank: "InstdAmt Ccy=\"NOK\"". */
void xml_out_open(struct xml_out *xml, const char *name);
void xml_out_close(struct xml_out *xml, const char *name);
/* <name>value</name> on a line of its own, cut to size_max characters. What XML cannot hold becomes a blank (controls)
 * or U+FFFD (broken UTF-8). */
void xml_out_text(struct xml_out *xml, const char *name, str value, size_t size_max);
void xml_out_text_if(struct xml_out *xml, const char *name, str value, size_t size_max); /* nothing when it is empty */
void xml_out_z(struct xml_out *xml, const char *name, const char *value);
void xml_out_date(struct xml_out *xml, const char *name, date value);
void xml_out_money(struct xml_out *xml, const char *name, money value); /* 3480.00 */
void xml_out_int(struct xml_out *xml, const char *name, int64_t value);

err_t xml_out_finish(struct xml_out *xml) MUST_CHECK;

#endif
