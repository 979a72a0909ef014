/* The agency that keeps the book. */
#ifndef KRAVBOK_CORE_AGENCY_H
#define KRAVBOK_CORE_AGENCY_H

#include "base/str.h"

struct agency {
	str name, orgnr, address, postcode, city, phone, email, web, licence;
	str account;     /* client funds, BBAN */
	str own_account; /* the agency's own */
};

#endif
