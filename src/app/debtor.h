/* A debtor's own affairs: what we know of the debtor, how it wants to be reached, and those it lets act for it. Cases and what is done to them are case.h, policy.h, message.h. */
#ifndef KRAVBOK_APP_DEBTOR_H
#define KRAVBOK_APP_DEBTOR_H

#include "app/letter.h"
#include "app/op.h"

struct debtor {
	int64_t debtor_id;
	str kind, ident, name, address, postcode, city, country, phone, email, language;
	enum letter_channel channel; /* how it is told of letters */
	int64_t consent_at;          /* to electronic letters; 0: none */
};
err_t debtor_get(const struct op *op, int64_t debtor_id, struct debtor *ret_debtor) MUST_CHECK;
/* By national identity or organisation number, as log-in providers give it; 0: nobody we know. */
err_t debtor_of_ident(const struct op *op, str ident, int64_t *ret_debtor_id) MUST_CHECK;

/* ---- a way to reach somebody ---- */

struct debtor_contact {
	enum letter_channel channel; /* LETTER_ON_PAPER: there is none */
	str address;
	str masked; /* "+47 ••• •• 123", "k•••@example.no" */
};
/* The telephone before the e-mail; of what a debtor or a helper has given. */
struct debtor_contact debtor_contact_of(struct arena *arena, str phone, str email);

/* ---- changes a debtor makes; each joins the caller's transaction ---- */

/* A telephone number or e-mail address that is emptied while messages go there: messages go on paper again. */
err_t debtor_set_contact(const struct op *op, int64_t debtor_id, str phone, str email, int64_t now) MUST_CHECK;
struct debtor_choice_new {
	enum letter_channel channel;
	bool consent;
	str language; /* "nb", "en" */
};
/* ERR_INPUT for a channel we have no address for. */
err_t debtor_choose(const struct op *op, int64_t debtor_id, const struct debtor_choice_new *choice, int64_t now) MUST_CHECK;

/* ---- somebody acts for a debtor ---- */

struct mandate_new {
	int64_t debtor_id;
	int64_t case_no; /* 0: all cases */
	str helper_name, helper_phone, helper_email; /* one of the two */
	bool may_act;    /* false: only see */
	date until;
	str code_hash;   /* of the code the debtor hands on */
	int64_t now;
};
enum { MANDATE_MONTHS_MAX = 12 };
/* ERR_INPUT without a way to reach the helper, or for an end that has passed or is more than MANDATE_MONTHS_MAX ahead. */
err_t mandate_give(const struct op *op, const struct mandate_new *mandate, int64_t *ret_mandate_id) MUST_CHECK;
/* ERR_INPUT, the same, when there is none and when it is another's. Its sessions are good no longer at once. */
err_t mandate_end(const struct op *op, int64_t debtor_id, int64_t mandate_id, int64_t now) MUST_CHECK;

#endif
