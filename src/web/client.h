/* A client's start page: what it has to do, its money, what is new. */
#ifndef KRAVBOK_WEB_CLIENT_H
#define KRAVBOK_WEB_CLIENT_H

#include "app/case_page.h"
#include "app/task.h"
#include "web/web.h"

struct portal_messages_new_row;

struct client_start {
	str client_name;
	date month_from;
	money come_in;   /* booked to the client this month, settled or not */
	money paid_out;  /* this month */
	money waiting;   /* for the next settlement */
	struct task_page tasks;
	struct portal_messages_new_row *messages;
	size_t message_count;
	struct case_page newest;
};

#endif
