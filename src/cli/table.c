/* Every command, in the order of the manual. A new one is a row here and a definition in the file of its noun. */
#include "cli/commands.h"

const struct command *const commands[] = {
	&command_init,
	&command_status,
	&command_client_import,
	&command_client_list,
	&command_claim_import,
	&command_night,
	&command_payment_import,
	&command_payment_list,
	&command_payment_assign,
	&command_payment_refund,
	&command_case_list,
	&command_case_show,
	&command_case_preview,
	&command_case_owed,
	&command_case_object,
	&command_case_resolve,
	&command_case_defer,
	&command_case_plan,
	&command_case_end_plan,
	&command_case_block,
	&command_case_unblock,
	&command_case_pay_direct,
	&command_case_credit,
	&command_case_legal,
	&command_case_demand,
	&command_case_surveil,
	&command_case_close,
	&command_case_withdraw,
	/* &command_letter_render, */
	/* &command_outbox_list, */
	/* &command_settle, */
	/* &command_verify, */
	/* &command_ledger_balance, */
	/* &command_ledger_import, */
	/* &command_export_hledger, */
	/* &command_export_saft, */
	/* &command_export_claims, */
	&command_export_all,
	&command_import_all,
	&command_law_show,
	&command_law_check,
	&command_backup,
	&command_restore,
	&command_manual,
};
const size_t command_count = sizeof commands / sizeof *commands;
