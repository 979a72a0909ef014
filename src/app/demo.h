/* The demo agency: an empty book filled with a year of business. */
#ifndef KRAVBOK_APP_DEMO_H
#define KRAVBOK_APP_DEMO_H

#include "app/op.h"

err_t demo_fill(const struct op *op) MUST_CHECK;

#endif
