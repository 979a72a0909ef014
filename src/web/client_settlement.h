/* Settlements as their client reads them: each sum opens its lines, each line its case. */
#ifndef KRAVBOK_WEB_CLIENT_SETTLEMENT_H
#define KRAVBOK_WEB_CLIENT_SETTLEMENT_H

#include "app/settle.h"
#include "web/web.h"

struct portal_settlements_row;
struct portal_settlement_row;

struct client_settlements {
	struct portal_settlements_row *rows;
	size_t count;
	int64_t next; /* the page after begins before it; 0: this is the last */
	money waiting;
};

/* The columns of the summary; each sum can be asked for by its name. */
enum settlement_column { COLUMN_NET, COLUMN_GROSS, COLUMN_OWN_PRINCIPAL, COLUMN_OWN_INTEREST, COLUMN_OWN_FEES, COLUMN_COMMISSIONS, COLUMN_VATS,
	SETTLEMENT_COLUMN_COUNT };
extern const char *const client_settlement_columns[SETTLEMENT_COLUMN_COUNT]; /* names */
extern const char *const client_settlement_titles[SETTLEMENT_COLUMN_COUNT];  /* N_() */
money client_settlement_value(const struct settle_line *line, enum settlement_column column);
const char *client_settlement_what(enum settle_what what); /* N_() */

struct client_settlement_kind {
	enum settle_what what;
	size_t count;
	money sums[SETTLEMENT_COLUMN_COUNT];
};
struct client_settlement {
	struct portal_settlement_row *row;
	struct client_settlement_kind kinds[SETTLE_WHAT_COUNT + 1]; /* those that have lines, then the total */
	size_t kind_count;                                          /* the total not among them */
	struct settle_line *lines; /* those asked for, at most CLIENT_LINES_MAX */
	size_t line_count, line_total;
	bool of_kind, of_column; /* only some were asked for */
	enum settle_what what;
	enum settlement_column column;
	money line_sum; /* of that column */
	int64_t vat_per_mille;
};
enum { CLIENT_LINES_MAX = 500 };

#endif
