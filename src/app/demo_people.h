/* The demo's people: one for each role, who can log in at once. Only demo_fill() makes them; their passwords stand here for
 * all to read, so no book but a demo's ever has them. */
#ifndef KRAVBOK_APP_DEMO_PEOPLE_H
#define KRAVBOK_APP_DEMO_PEOPLE_H

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
/* A table with a head, separated by tabs: role, e-mail, password, secret of the one-time codes. */
str demo_people_list(struct arena *arena);

#endif
