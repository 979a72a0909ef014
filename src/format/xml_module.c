#include "format/xml_module.h"

#include "format/camt.h"

const struct xml_module xml_module = {
	.camt_read = camt_read,
	.ubl_read = ubl_read,
	.pain002_read = pain002_read,
};
