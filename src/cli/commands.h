/* The commands, each defined in the file of its noun. */
#ifndef KRAVBOK_CLI_COMMANDS_H
#define KRAVBOK_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_init, command_status, command_client_import, command_client_list; /* setup.c */
extern const struct command command_claim_import;                                                     /* claim.c */
extern const struct command command_night;                                                            /* night.c */
extern const struct command command_payment_import, command_payment_list, command_payment_assign, /* payment.c */
	command_payment_refund;
extern const struct command command_case_list, command_case_show, command_case_preview, command_case_owed; /* case.c */
extern const struct command command_case_object, command_case_resolve, command_case_defer, command_case_plan, /* case_act.c */
	command_case_end_plan, command_case_block, command_case_unblock, command_case_pay_direct, command_case_credit,
	command_case_legal, command_case_demand, command_case_surveil, command_case_close, command_case_withdraw;
extern const struct command command_letter_render, command_outbox_list; /* letter.c */
extern const struct command command_case_contact, command_dispatch_send, command_dispatch_list, command_dispatch_bounces, /* dispatch.c */
	command_dispatch_report, command_dispatch_check;
extern const struct command command_user_add, command_user_list; /* person.c */
extern const struct command command_setting_set, command_setting_list; /* setting.c */
extern const struct command command_settle;                             /* settle.c */
extern const struct command command_verify;                             /* verify.c */
extern const struct command command_ledger_balance, command_ledger_import; /* ledger.c */
extern const struct command command_export_hledger, command_export_saft, command_export_claims; /* export.c */
extern const struct command command_export_all, command_import_all;                             /* transfer.c */
extern const struct command command_law_show, command_law_check; /* law.c */
extern const struct command command_backup, command_restore;     /* backup.c */
extern const struct command command_serve, command_routes;        /* serve.c */
extern const struct command command_manual;                      /* manual: sources of the man page and completion */

#endif
