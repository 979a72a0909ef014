/* The demo's people: one for each role, who can log in at once. Only demo_fill() makes them; their passwords stand here for
 * all to read, so no book but a demo's ever has them. */
#ifndef KRAVBOK_APP_DEMO_PEOPLE_H
#define KRAVBOK_APP_DEMO_PEOPLE_H

#include "app/letter.h"
#include "app/op.h"

#define DEMO_PASSWORD "tre fjorder og en fjelltopp"
#define DEMO_TOTP_SECRET "FJORDKREDITTDEMOFJORDKREDITTDEMO" /* base32: for an authenticator app, or oathtool --totp -b */

struct demo_person {
	const char *role, *email, *name;
	int64_t client_no; /* 0: the house's own */
};
enum { DEMO_PEOPLE_COUNT = 7 };
extern const struct demo_person demo_people[DEMO_PEOPLE_COUNT];

/* Inside a transaction. */
err_t demo_people_add(const struct op *op, int64_t now) MUST_CHECK;
/* A debtor to try My page as: a case and the code of its last letter. case_no 0: there is none. */
struct demo_debtor {
	int64_t case_no;
	struct letter_code code;
};
err_t demo_debtor_find(const struct op *op, struct demo_debtor *ret_debtor) MUST_CHECK;
/* A table with a head, separated by tabs: role, e-mail, password, secret of the one-time codes. */
str demo_people_list(struct arena *arena);

#endif
