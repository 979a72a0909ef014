/* law/<country>/ *.yaml to struct law. Nine files, each with one top key; what each holds stands in its own comments:
 *
 *   law.yaml  late-interest.yaml  inkassosats.yaml  standard-compensation.yaml  court-fee.yaml
 *   schemes.yaml  processes.yaml  holidays.yaml  parameters.yaml
 *
 * Figures are written as people read them (percent: 12.25, kroner: 38.00, times: 0.35) and read exactly; there is no
 * floating point. Every problem is one ERR_INPUT naming file, line and value: an unknown, missing or repeated key, a
 * wrong type, a figure or date that is none, an alias, a second document, bytes that are not UTF-8, a file over
 * 256 KiB, and a .yaml file of another name (else a misspelt file would be passed over in silence). */
#ifndef KRAVBOK_FORMAT_LAW_YAML_H
#define KRAVBOK_FORMAT_LAW_YAML_H

#include "core/law.h"

/* The law of a complete folder, checked: ERR_REFUSED with the first finding of law_check() when there is any,
 * ERR_INPUT as above or for a missing file, ERR_OUTSIDE when the folder or a file could not be read.
 * The law and all it points to live in arena. */
err_t law_load_folder(struct arena *arena, const char *folder, struct law **ret_law) MUST_CHECK;

/* The same for an operator's folder laid over base (the embedded law): a file the folder has replaces the whole of
 * base's file of that name, a file it lacks is base's. At least one file must be there. Without a law.yaml of its own
 * the version says which folder was laid over. base must live as long as the result. */
err_t law_load_over(struct arena *arena, const char *folder, const struct law *base, struct law **ret_law) MUST_CHECK;

/* Either of them (base NULL: complete) without law_check(), for a caller that wants every finding listed. */
err_t law_read_folder(struct arena *arena, const char *folder, const struct law *base, struct law **ret_law) MUST_CHECK;

/* One file from memory into its part of law. name: "late-interest.yaml" and so on; place: how errors call it. */
struct law_file {
	const char *name, *place;
	str text;
};
err_t law_read_file(struct arena *arena, struct law_file file, struct law *law) MUST_CHECK;

#endif
