/* A bank file being imported: what payment.c (the file, its records) and payment_batch.c (a batch of payments into the
 * book) share. Nobody else includes it. */
#ifndef KRAVBOK_APP_PAYMENT_IMPORT_H
#define KRAVBOK_APP_PAYMENT_IMPORT_H

#include "app/file.h"
#include "app/payment.h"
#include "app/setup.h"
#include "base/repeat.h"
#include "format/bank_file.h"

enum {
	LUMPS_MAX = 7000, /* and a day's rest for each of at most two years */
	LUMP_PLACES = 1 << 14,
};

struct payment_print { /* day, case of our own KID, hash: neighbours in the book are booked together */
	char z[12 + sizeof(struct file_print)];
};

struct lump { /* what the bank's statement may show as one sum */
	date settled_on;
	str batch;
	money sum;
};

struct taken { /* a payment of the window */
	struct bank_payment bank;
	struct payment_print print;
	int64_t payment_id;
	int64_t case_no; /* 0: on hold */
	str hold;        /* why; "" when it has a case */
	int64_t reverses; /* money taken back: the fact it is of */
	date counts_on;
	bool already;
	bool resumed; /* booked by this very file, in a run that was cut short */
	bool waits; /* its case has a letter that is not handed over: booked by itself */
};

struct importer {
	const struct op *op;
	const char *path;
	str bytes;
	enum bank_file_kind kind;
	struct file_sha256 sha;
	struct agency agency;
	struct bank_summary summary;
	struct terms_book terms;
	int64_t file_id; /* 0: not begun */
	struct arena *reader;
	struct arena *window_arena;
	struct taken *window;
	size_t window_count, window_capacity, window_text_size;
	struct arena *arena; /* of the batch */
	struct taken **batch; /* a stretch of the window in its order */
	size_t batch_count;
	struct repeats *repeats;
	struct arena *lump_arena;
	struct lump *lumps; /* NULL for a statement, which shows lumps and makes none */
	size_t lump_count;
	uint16_t *lump_places; /* LUMP_PLACES, by hash: 1 + the index of a lump, 0: free */
	const int64_t *waiting; /* cases with a letter ordered and not handed over, sorted */
	size_t waiting_count;
	int64_t own_count; /* entries of the agency's own account since its last statement */
	int64_t done, resolved;
	struct payment_import_result *result;
	size_t finding_capacity;
};

/* The payment's fingerprint; each call counts it as one more of its kind in the file. */
struct payment_print import_print(struct importer *importer, const struct bank_payment *payment);

/* The case of one of our own KIDs; 0 for the others, which are looked up when they are booked. */
int64_t import_kid_case(str kid);

/* Books importer->batch, or puts it on hold. Inside a transaction; the file has its row. */
err_t import_batch_book(struct importer *importer) MUST_CHECK;

void import_lumps_begin(struct importer *importer);
/* Adds the batch just booked to the lumps of the file. */
void import_lumps_add(struct importer *importer);
/* Inside the file's last transaction. */
err_t import_lumps_insert(struct importer *importer) MUST_CHECK;

#endif
