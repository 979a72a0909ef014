/* The agency's identity from a YAML file (kravbok init --agency FILE.yaml): name, orgnr, address, postcode, city,
 * phone, email, web, licence, account (client funds), own_account. Keys may be left out; an unknown one is refused. */
#ifndef KRAVBOK_FORMAT_AGENCY_YAML_H
#define KRAVBOK_FORMAT_AGENCY_YAML_H

#include "base/arena.h"
#include "base/err.h"
#include "core/agency.h"

/* Fields not in the file are empty, the others trimmed; numbers and accounts are as written, agency_store() checks
 * them. ERR_INPUT with file and line; ERR_OUTSIDE when the file is not there. The texts live in arena. */
err_t agency_yaml_read(struct arena *arena, const char *path, struct agency *ret_agency) MUST_CHECK;

/* The same from memory; place: how errors call the text. */
err_t agency_yaml_parse(struct arena *arena, const char *place, str text, struct agency *ret_agency) MUST_CHECK;

#endif
