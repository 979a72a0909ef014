/* Letters of the book: handed over, drawn as PDF, drawn again, listed.
 *
 * A letter in the outbox is
 *	waiting     ordered by a plain night or a person; a payment or an objection may still withdraw it
 *	handed over handed_on is its day: what it prints and its deadline are settled
 *	rendered    it is in a file, batch_no of its day and language; the file can be made again, byte for byte
 *	withdrawn   never sent
 * A letter handed over later than ordered asks for what is owed that day, and its deadline counts from it; that is
 * booked as a fact, so that the next step waits as long. */
#ifndef KRAVBOK_APP_LETTER_H
#define KRAVBOK_APP_LETTER_H

#include "app/op.h"
#include "core/letter.h"
#include "format/letters_module.h"

/* ---- for whoever draws letters or statements ---- */

/* The templates built into the program, parsed and checked; in op's arena. */
err_t letter_words_load(const struct op *op, struct letter_book **ret_words) MUST_CHECK;

/* The writer of PDFs with those templates; the module is loaded now. */
struct letter_writer {
	const struct letters_module *module;
	struct letters *letters;
	const struct letter_book *words;
};
err_t letter_writer_open(const struct op *op, struct letter_writer *ret_writer) MUST_CHECK;
void letter_writer_close(struct letter_writer *writer); /* an open file is dropped */

/* The agency as it signs letters. What the book lacks is replaced by something that can be read, and named in
 * ret_lacks ("address, e-mail"; empty: nothing). ERR_REFUSED without a name or a client-funds account. */
err_t letter_sender(const struct op *op, enum letter_language language, struct letter_agency *ret_agency,
	str *ret_lacks) MUST_CHECK;

/* ---- the code in a letter ---- */

/* What opens a case on our pages: eight characters of Crockford's base32, from the book's own secret, the case and the
 * letter's number, so nothing need be stored. letter_no 0: a receipt. */
enum { LETTER_CODE_SIZE = 9 };
struct letter_code {
	char z[LETTER_CODE_SIZE + 1]; /* "K7PM-29XR" */
};
struct letter_code letter_code(str secret, int64_t case_no, int64_t letter_no);
/* The book's secret; made the first time it is asked for (writes, outside any transaction). */
err_t letter_secret(const struct op *op, str *ret_secret) MUST_CHECK;

/* ---- handing over ---- */

enum letter_handing {
	LETTER_HANDED_TODAY,        /* what a person does; letters of the process on banking days only */
	LETTER_HANDED_WHEN_ORDERED, /* `night --until`: each letter on its day */
};
struct letter_handed {
	int64_t handed, late, waiting; /* waiting: today is no banking day */
};
/* Hands over all that waits, in transactions of some hundred letters. ret_handed may be NULL. */
err_t letter_hand_over(const struct op *op, enum letter_handing handing, struct letter_handed *ret_handed) MUST_CHECK;

/* ---- rendering ---- */

struct letter_file {
	str path;
	date sent_on;
	size_t letter_count, page_count;
	size_t unknown_count; /* characters the font does not have */
};
/* Told as it happens; what is passed is good during the call. case_no 0: the agency or the whole. */
struct letter_listener {
	err_t (*file)(const struct letter_file *file, void *context);
	void (*finding)(int64_t case_no, const char *text, void *context);
	void *context;
};

struct letter_order {
	const char *folder; /* made when missing */
	bool separate;      /* a file for each letter: case-17-demand-2026-03-02.pdf; else letters-2026-03-02.pdf, -2 … and
			     * letters-2026-03-02-en.pdf, at most LETTER_BATCH_MAX in each */
	int64_t case_no;    /* again: what was sent in this case, each letter a file; 0: not so */
	date day;           /* again: what was sent that day; DATE_NONE: not so */
};
enum { LETTER_BATCH_MAX = 1000 };
struct letter_result {
	struct letter_handed handed;
	int64_t files, letters, pages, refused; /* refused: letters told as findings; they stay unrendered */
	int64_t messages; /* SMS and e-mails made for those who want to be told so (app/dispatch.h) */
};
/* With neither case nor day: hands over what waits and renders all that has no file yet. The file is whole before its
 * letters are marked: a run cut short makes the same file again. ERR_BUSY while another renders. */
err_t letter_render(const struct op *op, const struct letter_order *order, const struct letter_listener *listener,
	struct letter_result *ret_result) MUST_CHECK;

/* The receipt of the case's last payment, as case-17-receipt-2026-03-02.pdf (today). ERR_REFUSED without a payment, or
 * for a case joined to another. */
err_t letter_receipt(const struct op *op, const char *folder, int64_t case_no, const struct letter_listener *listener)
	MUST_CHECK;

/* The same receipt as the bytes of a PDF, drawn in a folder of its own that is gone afterwards. ERR_REFUSED as letter_receipt(). */
err_t letter_receipt_bytes(const struct op *op, int64_t case_no, str *ret_pdf) MUST_CHECK;

/* ---- the outbox ---- */

enum letter_channel { LETTER_ON_PAPER, LETTER_BY_SMS, LETTER_BY_EMAIL };
const char *letter_channel_name(enum letter_channel channel); /* letter, sms, email */

struct outbox_row {
	int64_t case_no, letter_no;
	enum letter_channel channel;
	str kind, language, debtor, to; /* to: address, number or e-mail; may be empty on paper */
	date ordered_on, send_by, handed_on, withdrawn_on, rendered_on, deadline_on;
	money balance;
	str subject, text; /* of a message */
};
/* Every letter, in order of case, and after each that is not withdrawn the messages that tell of it. Rows are good
 * during the call. A message that cannot be made is told as a finding. */
err_t outbox_list(const struct op *op, bool waiting_only, err_t (*each)(const struct outbox_row *row, void *context),
	const struct letter_listener *listener, void *context) MUST_CHECK;

#endif
