/* The tables of routes, each in the file of its noun. */
#ifndef KRAVBOK_WEB_ROUTES_H
#define KRAVBOK_WEB_ROUTES_H

#include "web/web.h"

extern const struct route routes_site[];  /* site.c: assets, brand, health */
extern const struct route routes_login[]; /* login.c */
extern const struct route routes_public[]; /* public.c: front page, contact, help */
extern const struct route routes_status[]; /* status.c */
extern const struct route routes_real[];   /* real.c: is this message real? */
extern const struct route routes_what[];   /* what.c: what is debt collection? */
extern const struct route routes_debtor_login[]; /* debtor_login.c */
extern const struct route routes_my[];           /* my.c: what I owe */
extern const struct route routes_my_act[];       /* my_act.c: more time, instalments, objections, proof */
extern const struct route routes_my_letter[];    /* my_letter.c: letters and messages */
extern const struct route routes_my_data[];      /* my_data.c: my data, who helps me */
extern const struct route routes_oidc[];         /* oidc.c: log-in with BankID */
extern const struct route routes_api[];   /* api.c: what only programs use */
extern const struct route routes_client[];      /* client.c: a client's start page, help */
extern const struct route routes_client_case[]; /* client_case.c */
extern const struct route routes_client_claim[]; /* client_claim.c: registering one claim */
extern const struct route routes_client_upload[]; /* client_upload.c: files of claims */
extern const struct route routes_client_settlement[]; /* client_settlement.c */
extern const struct route routes_client_report[]; /* client_report.c */
extern const struct route routes_client_user[];
extern const struct route routes_client_key[];  /* client_key.c: API keys and webhooks */
extern const struct route routes_client_act[];  /* client_act.c: what a client does to a case */
extern const struct route routes_desk[];  /* desk.c: work list and tasks */
extern const struct route routes_desk_act[];  /* desk_act.c: what is done to a case */
extern const struct route routes_desk_case[]; /* desk_case.c: list of cases, the case page and its parts */
extern const struct route routes_desk_approval[]; /* desk_approval.c: four eyes */
extern const struct route routes_desk_payment[]; /* desk_payment.c: bank files, the hold account */
extern const struct route routes_desk_settlement[]; /* desk_settlement.c: what is paid out */
extern const struct route routes_desk_night[]; /* desk_night.c: nights, outbox */
extern const struct route routes_desk_house[]; /* desk_house.c: law, users, log, settings */
extern const struct route routes_desk_today[]; /* desk_today.c: figures for the manager */
extern const struct route routes_hook[]; /* hook.c: what other programs report */

#endif
