/* Apart from ubl.c, which stands in the module: telling an invoice from a list must not load an XML library. */
#include "format/ubl.h"

enum { HEAD_SIZE_MAX = 8192 };

#define UBL_SPACE "urn:oasis:names:specification:ubl:schema:xsd:"

bool ubl_detect(str head)
{
	if (head.size > HEAD_SIZE_MAX)
		head.size = HEAD_SIZE_MAX;
	return str_has(head, S(UBL_SPACE "Invoice-2")) || str_has(head, S(UBL_SPACE "CreditNote-2"));
}
