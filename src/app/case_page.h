/* The list of cases as portals show it: filtered, sorted, in pages by key. A page of the list by number costs what it shows;
 * sorted otherwise, the cases of one client (or of a search) are gone through once for each page, so it needs one or the
 * other (CASE_SORT_MAX cases at most). Filters that few cases meet may make a page end early: it then says where to go on. */
#ifndef KRAVBOK_APP_CASE_PAGE_H
#define KRAVBOK_APP_CASE_PAGE_H

#include "app/case.h"
#include "app/op.h"

struct date_range { /* both days included; DATE_NONE: open at that end */
	date from, until;
};
#define DATE_RANGE_ALL ((struct date_range){ DATE_NONE, DATE_NONE })

enum case_sort { CASE_BY_NUMBER, CASE_BY_DUE, CASE_BY_NEXT, CASE_BY_AMOUNT, CASE_SORT_COUNT };
const char *case_sort_name(enum case_sort sort); /* number, due, next, amount */
bool case_sort_named(str name, enum case_sort *ret_sort);

enum case_outcome { CASE_ANY_OUTCOME, CASE_OPEN, CASE_SOLVED, CASE_ENDED_UNSOLVED };

/* Start from CASE_FILTER_ALL: a zeroed range of days is not open. */
struct case_filter {
	int64_t client_no; /* 0: all */
	str stage;         /* empty: all */
	str text;          /* debtor's name, invoice number … (search.h); empty: all */
	bool owing;        /* balance above zero */
	enum case_outcome outcome; /* CASE_OPEN: neither closed nor joined to another; the others: see case_scan.h */
	struct date_range received, due, closed; /* closed: of the case that carries the claim */
	struct date_range paid; /* money came in on one of these days */
	/* days from intake to closing, both included; max 0: any */
	int days_min, days_max;
};
#define CASE_FILTER_ALL \
	((struct case_filter){ .received = DATE_RANGE_ALL, .due = DATE_RANGE_ALL, .closed = DATE_RANGE_ALL, \
		.paid = DATE_RANGE_ALL })

enum { CASE_PAGE_MAX = 200, CASE_SORT_MAX = 100000, CASE_LOOK_MAX = 50000 };

struct case_page_order {
	struct case_filter filter;
	enum case_sort sort;
	bool descending;
	str cursor;   /* next or previous of another page of the same list; empty: the first */
	size_t count; /* 1 … CASE_PAGE_MAX */
};
struct case_line {
	int64_t case_no, client_no, debtor_id;
	str kid, client, debtor, invoice_no, stage, next_step;
	date due_on, received_on, next_on, closed_on;
	int64_t carrier_no; /* 0: not joined to another */
	money principal, balance;
};
struct case_page {
	struct case_line *lines;
	size_t count;
	str next, previous; /* cursors; empty: there is no such page */
	bool is_partial;    /* CASE_LOOK_MAX cases were looked at: there may be more behind next, though the page is not full */
	str too_common;     /* a word of the text that so many cases have that not all were looked at: ask for another one */
};
/* ERR_INPUT for a cursor of another list or an unknown stage; ERR_REFUSED when a sort has too many cases to go through. */
err_t case_page(const struct op *op, const struct case_page_order *order, struct case_page *ret_page) MUST_CHECK;

enum { CASE_OF_DEBTOR_MAX = 1000 };
/* All cases of a debtor, of all clients, in order of client and number. */
err_t case_of_debtor(const struct op *op, int64_t debtor_id, struct case_line **ret_lines, size_t *ret_count) MUST_CHECK;
/* Cases by a telephone number or an e-mail address, newest first, through the index of search.h: at most CASE_OF_DEBTOR_MAX. */
err_t case_find_contact(const struct op *op, str contact, int64_t **ret_case_nos, size_t *ret_count) MUST_CHECK;
/* The lines of given cases, in that order; unknown ones are left out. */
err_t case_lines(const struct op *op, const int64_t *case_nos, size_t count, struct case_line **ret_lines, size_t *ret_count)
	MUST_CHECK;

#endif
