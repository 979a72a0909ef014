/* The module "xml" (base/module.h): the readers of XML files, in kravbok-xml.so with xml.c, so that only a command that
 * reads one loads libxml2. It is made of xml.c, camt.c, ubl.c, pain002.c and xml_module.c; telling the files apart
 * (bank_file.c, ubl_detect.c) is in the program itself. */
#ifndef KRAVBOK_FORMAT_XML_MODULE_H
#define KRAVBOK_FORMAT_XML_MODULE_H

#include "base/module.h"
#include "format/bank_file.h"
#include "format/pain002.h"
#include "format/ubl.h"

/* Each is described in camt.h, ubl.h and pain002.h. */
struct xml_module {
	err_t (*camt_read)(str bytes, struct arena *arena, bank_payment_fn each, bank_statement_fn each_statement,
		void *context, struct bank_summary *ret_summary);
	err_t (*ubl_read)(str bytes, struct arena *arena, enum ubl_gate gate, struct ubl_document *ret_document);
	err_t (*pain002_read)(str bytes, struct arena *arena, pain002_fn each, void *context);
};

extern const struct xml_module xml_module; /* inside the module; others take xml_module_load() */

/* The table, loading the module the first time. Errors: those of module_symbol(). */
static inline err_t xml_module_load(const struct xml_module **ret_module)
{
	void *address = NULL;
	TRY(module_symbol("xml", "xml_module", &address));
	*ret_module = address;
	return OK;
}

#endif
