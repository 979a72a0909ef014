#include "app/demo_people.h"

#include "app/person.h"
#include "sql.h"

enum { LIST_SIZE_MAX = 4000 };

const struct demo_person demo_people[DEMO_PEOPLE_COUNT] = {
	{ "handler", "handler@fjordkreditt.example", "Hanne Sakbehandler", 0 },
	{ "manager", "manager@fjordkreditt.example", "Marit Leder", 0 },
	{ "admin", "admin@fjordkreditt.example", "Anders Administrator", 0 },
	{ "auditor", "auditor@fjordkreditt.example", "Rolf Revisor", 0 },
	{ "client_admin", "client-admin@fjordkreditt.example", "Karin Kundeleder", 2 },
	{ "client_clerk", "client-clerk@fjordkreditt.example", "Kjell Kundemedarbeider", 2 },
	{ "client_reader", "client-reader@fjordkreditt.example", "Lise Leser", 2 },
};

err_t demo_people_add(const struct op *op, int64_t now)
{
	str hash;
	TRY(password_hash(op->arena, S(DEMO_PASSWORD), &hash));
	for (size_t i = 0; i < DEMO_PEOPLE_COUNT; i++) {
		const struct demo_person *person = &demo_people[i];
		int64_t person_id;
		TRY(person_add(op, &(struct person_new){ .email = str_from_z(person->email), .name = str_from_z(person->name),
			.role = str_from_z(person->role), .client_no = person->client_no, .language = S("nb") }, now, &person_id));
		TRY(q_person_set_password(op->db, person_id, hash, S(DEMO_TOTP_SECRET)));
	}
	return OK;
}

err_t demo_debtor_find(const struct op *op, struct demo_debtor *ret_debtor)
{
	struct demo_debtor_row row;
	bool found;
	str secret;
	*ret_debtor = (struct demo_debtor){ .case_no = 0 };
	TRY(q_demo_debtor(op->db, op->arena, &row, &found));
	if (!found)
		return OK;
	TRY(letter_secret(op, &secret));
	*ret_debtor = (struct demo_debtor){ row.case_id, letter_code(secret, row.case_id, row.letter_no) };
	return OK;
}

str demo_people_list(struct arena *arena)
{
	struct text list = text_in(arena, LIST_SIZE_MAX);
	text_add_z(&list, "role\te-mail\tpassword\tsecret of the one-time codes\n");
	for (size_t i = 0; i < DEMO_PEOPLE_COUNT; i++)
		text_addf(&list, "%s\t%s\t%s\t%s\n", demo_people[i].role, demo_people[i].email, DEMO_PASSWORD, DEMO_TOTP_SECRET);
	return text_str(&list);
}
