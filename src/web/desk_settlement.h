/* What the pages of settlements show. */
#ifndef KRAVBOK_WEB_DESK_SETTLEMENT_H
#define KRAVBOK_WEB_DESK_SETTLEMENT_H

#include "app/settle.h"
#include "sql.h"
#include "web/web.h"

struct desk_settlements {
	struct desk_runs_row *runs;
	size_t count;
	bool has_more;
};
struct desk_settlement {
	struct desk_run_row run;
	struct desk_run_clients_row *clients;
	size_t client_count;
	struct payout_list_row *payouts;
	size_t payout_count;
};
struct desk_settlement_new {
	date on;
	struct settle_preview preview;
	bool may_ask;
};

#endif
