/* A client's figures as charts; every figure in their tables opens the list of cases behind it. */
#ifndef KRAVBOK_WEB_CLIENT_REPORT_H
#define KRAVBOK_WEB_CLIENT_REPORT_H

#include "app/report.h"
#include "web/chart.h"
#include "web/web.h"

struct client_report {
	struct report report;
	struct chart solved, ages, delays, weeks, stages;
	int64_t claim_count, solved_count; /* taken in during the period, and of them solved */
	str open_path, solved_path;        /* lists behind the key figures */
};

#endif
