/* A client's cases: shared by the pages that lead to them. */
#ifndef KRAVBOK_WEB_CLIENT_CASE_H
#define KRAVBOK_WEB_CLIENT_CASE_H

#include "app/case_history.h"
#include "app/case_page.h"
#include "app/message.h"
#include "web/query.h"
#include "web/web.h"

extern const struct field_choice client_case_outcomes[];

/* The address of the list with a filter: "/client/cases?stage=notice". */
str client_case_path(struct arena *arena, const struct case_filter *filter);
void client_case_query(struct query *query, const struct case_filter *filter);

struct client_case_list {
	struct case_page_order order;
	struct case_page page;
	str more;  /* the filter in words, beyond what the form shows; empty: nothing */
	bool is_filtered;
};
str client_case_sort_path(struct arena *arena, const struct client_case_list *list, enum case_sort sort);
str client_case_page_path(struct arena *arena, const struct client_case_list *list, str cursor);
str client_case_file_path(struct arena *arena, const struct client_case_list *list);

struct portal_letters_row;

struct client_case_view {
	struct case_view now, preview;
	struct case_moment *past, *coming; /* past: oldest first */
	size_t past_count, coming_count;
	struct portal_letters_row *letters;
	size_t letter_count;
	struct message *messages;
	size_t message_count;
	bool may_write;
};
err_t client_case_view_read(struct web *web, int64_t case_no, struct client_case_view *ret_view) MUST_CHECK;

#endif
