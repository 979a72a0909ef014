/* What has happened in a case and what will if nothing is paid, told moment by moment with every amount: the events of its life
 * (core/life.h) as people read them. */
#ifndef KRAVBOK_APP_CASE_HISTORY_H
#define KRAVBOK_APP_CASE_HISTORY_H

#include "app/case.h"

struct case_moment {
	date on;
	enum event_kind kind;
	str what;        /* event_kind_name() */
	bool is_coming;  /* only if nothing is paid */
	money charged;   /* put on what the debtor owes, late interest aside; below zero: taken off */
	money received;  /* come in on our account */
	money principal, interest, costs; /* covered by a payment */
	money to_client; /* of it, after commission and VAT */
	money commission, vat, salaer; /* vat: all of it; salaer: without VAT */
	money refund;    /* owed back to the payer */
	str basis;       /* paragraph */
	date deadline_on;
	int64_t other_case_no; /* 0: none */
};
/* The moments of a case shown (case_show), oldest first. */
void case_moments(struct arena *arena, const struct case_view *view, struct case_moment **ret_moments, size_t *ret_count);
/* What a preview of the same case brings that is not there yet: the steps of today, when no night has taken them, and all later. */
void case_moments_coming(struct arena *arena, const struct case_view *now, const struct case_view *preview,
	struct case_moment **ret_moments, size_t *ret_count);

/* What a case has brought its client so far: the movements of the client's account. */
money case_to_client(const struct case_view *view);

#endif
