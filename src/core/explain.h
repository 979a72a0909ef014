/* The explanation of a balance: each event that changed it and each stretch of interest, with its paragraph. */
#ifndef KRAVBOK_CORE_EXPLAIN_H
#define KRAVBOK_CORE_EXPLAIN_H

#include "core/track.h"

/* Fills lines and line_count of ret_case from the track: in order of day; lines other than refunds add up to the balance. */
void explain_lines(const struct track *track, struct arena *arena, struct life_case *ret_case);

#endif
