/* The API's description, OpenAPI 3.1, made of the route table, the fields of forms and the shapes of answers. */
#ifndef KRAVBOK_WEB_OPENAPI_H
#define KRAVBOK_WEB_OPENAPI_H

#include "web/web.h"

err_t openapi_write(struct web *web, struct json *json) MUST_CHECK;

#endif
