/* What comes back: reports of the SMS gateway and of mail servers. They come late, in any order, twice, or never. */
#include "app/dispatch.h"

#include "app/dispatch_part.h"
#include "app/file.h"
#include "app/secret.h"
#include "format/bounce.h"
#include "sql.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MAIL_ARENA_SIZE_MAX = 16 << 20, MAILS_MAX = 10000, NAME_SIZE_MAX = 255 };

enum { KANNEL_DELIVERED = 1, KANNEL_FAILED = 2, KANNEL_REJECTED = 16 };

enum dispatch_report_kind dispatch_report_of_kannel(int64_t type)
{
	if (type & KANNEL_DELIVERED)
		return DISPATCH_DELIVERED;
	return type & (KANNEL_FAILED | KANNEL_REJECTED) ? DISPATCH_BOUNCED : DISPATCH_UNDER_WAY;
}

/* ---- a report ---- */

static err_t no_message(void)
{
	return fail(ERR_INPUT, "there is no such message");
}

static err_t report_find(const struct op *op, const struct dispatch_report *report, struct dispatch_get_row *ret_row)
{
	struct dispatch_by_ref_row ref;
	int64_t id = report->dispatch_id;
	bool found = true;
	if (id) {
		str secret;
		TRY(letter_secret(op, &secret));
		struct secret_mac mac = secret_mac(secret, DISPATCH_PURPOSE, id);
		if (!secret_mac_is(&mac, report->mac))
			return no_message();
	} else {
		TRY(q_dispatch_by_ref(op->db, op->arena, report->provider_ref, &ref, &found));
		if (!found)
			return no_message();
		id = ref.dispatch_id;
	}
	TRY(q_dispatch_get(op->db, op->arena, id, ret_row, &found));
	return found ? OK : no_message();
}

/* Delivered is final. A bounce counts for what may have gone, not for what a person has been told of already. */
static bool report_counts(const struct dispatch_get_row *row, enum dispatch_report_kind kind)
{
	if (str_eq_z(row->state, "delivered"))
		return false;
	if (kind == DISPATCH_DELIVERED)
		return true;
	return str_eq_z(row->state, "sent") || str_eq_z(row->state, "sending") || str_eq_z(row->state, "uncertain");
}

static err_t report_write(const struct op *op, const struct dispatch_get_row *row, const struct dispatch_report *report,
	int64_t now)
{
	bool delivered = report->kind == DISPATCH_DELIVERED;
	TRY(q_dispatch_report(op->db, delivered ? S("delivered") : S("bounced"), report->detail, now, row->dispatch_id));
	if (delivered)
		return OK;
	struct dispatch_dead dead = {
		.case_no = row->case_id,
		.of_letter = row->has_letter_no,
		.channel = row->channel,
		.address = row->address,
		.detail = report->detail.size ? report->detail : S("not delivered"),
	};
	return dispatch_dead(op, &dead, now);
}

/* Read and written in one transaction: two reports may come at once. */
static err_t report_work(const struct op *op, const struct dispatch_report *report, int64_t now)
{
	struct dispatch_get_row row;
	TRY(report_find(op, report, &row));
	if (report->kind == DISPATCH_UNDER_WAY || !report_counts(&row, report->kind))
		return OK;
	return report_write(op, &row, report, now);
}

err_t dispatch_report(const struct op *op, const struct dispatch_report *report, int64_t now)
{
	str secret; /* made now if it was never needed: not inside the transaction */
	TRY(letter_secret(op, &secret));
	TRY(db_begin(op->db));
	return db_end(op->db, report_work(op, report, now));
}

/* ---- a maildir ---- */

struct maildir {
	const struct op *op;
	const char *folder;
	int64_t now;
	struct arena *arena; /* of a mail */
	struct dispatch_bounces result;
};

static err_t bounce_work(struct maildir *maildir, const struct bounce *bounce)
{
	struct dispatch_report report = { .dispatch_id = bounce->dispatch_id, .mac = bounce->mac, .provider_ref = S("") };
	if (bounce->kind == BOUNCE_DELAYED)
		maildir->result.delayed++;
	if (bounce->kind != BOUNCE_FAILED && bounce->kind != BOUNCE_DELIVERED) {
		maildir->result.other += bounce->kind != BOUNCE_DELAYED;
		return OK;
	}
	report.kind = bounce->kind == BOUNCE_FAILED ? DISPATCH_BOUNCED : DISPATCH_DELIVERED;
	report.detail = str_format(maildir->arena, "%.*s %.*s", STR_ARG(bounce->status), STR_ARG(bounce->reason));
	err_t err = bounce->dispatch_id ? dispatch_report(maildir->op, &report, maildir->now) : no_message();
	if (!err) {
		++*(bounce->kind == BOUNCE_FAILED ? &maildir->result.bounced : &maildir->result.delivered);
		return OK;
	}
	if (err_kind(err) != ERR_INPUT)
		return err;
	err_free(err); /* of another book, or made up */
	maildir->result.other++;
	return OK;
}

static err_t mail_work(struct maildir *maildir, const char *name)
{
	char path[PATH_MAX], seen[PATH_MAX];
	struct file_view view;
	const char *flags = strchr(name, ':') ? "" : ":2,S";
	int size = snprintf(path, sizeof path, "%s/new/%s", maildir->folder, name);
	int seen_size = snprintf(seen, sizeof seen, "%s/cur/%s%s", maildir->folder, name, flags);
	if (size < 0 || seen_size < 0 || size_from_i64(size) >= sizeof path || size_from_i64(seen_size) >= sizeof seen)
		return fail(ERR_INPUT, "the name of a mail in %s is too long", maildir->folder);
	TRY(file_view_open(path, &view));
	struct bounce bounce = bounce_read(maildir->arena, view.bytes);
	file_view_close(&view);
	TRY(bounce_work(maildir, &bounce));
	if (rename(path, seen) != 0)
		return fail(ERR_OUTSIDE, "could not move %s to %s/cur: %s", path, maildir->folder, strerror(errno));
	return OK;
}

/* Names first: the folder changes while it is worked through. In the order of their names, which begin with their time. */
static err_t names_read(struct maildir *maildir, const char ***ret_names, size_t *ret_count)
{
	const struct op *op = maildir->op;
	const char **names = arena_many(op->arena, MAILS_MAX, const char *);
	size_t count = 0;
	DIR *dir = opendir(str_format(op->arena, "%s/new", maildir->folder).at);
	if (!dir)
		return fail(ERR_OUTSIDE, "could not read the maildir %s: %s", maildir->folder, strerror(errno));
	for (struct dirent *entry = readdir(dir); entry && count < MAILS_MAX; entry = readdir(dir)) {
		if (entry->d_name[0] == '.')
			continue;
		size_t at = count++;
		const char *name = str_z(op->arena, str_from_z(entry->d_name));
		for (; at > 0 && strcmp(names[at - 1], name) > 0; at--)
			names[at] = names[at - 1];
		names[at] = name;
	}
	closedir(dir);
	*ret_names = names;
	*ret_count = count;
	return OK;
}

err_t dispatch_bounces(const struct op *op, const char *folder, int64_t now, struct dispatch_bounces *ret_bounces)
{
	struct maildir maildir = { .op = op, .folder = folder, .now = now };
	const char **names = NULL;
	size_t count = 0;
	TRY(names_read(&maildir, &names, &count));
	maildir.arena = arena_create(MAIL_ARENA_SIZE_MAX);
	struct arena_mark start = arena_mark(maildir.arena);
	err_t err = OK;
	for (size_t i = 0; i < count && !err; i++) {
		arena_reset(maildir.arena, start);
		err = mail_work(&maildir, names[i]);
	}
	arena_destroy(maildir.arena);
	*ret_bounces = maildir.result;
	return err;
}
