-- The tables. One text for both engines: INTEGER is 64 bits, DATE is a civil day (TEXT in SQLite), BLOB is bytes;
-- "CLUSTERED" after a table asks for rows stored in key order (WITHOUT ROWID in SQLite, nothing in PostgreSQL).
-- Rows of claim, fact, event, voucher are inserted and never changed; case_state and account_day are caches that
-- `kravbok verify` rebuilds and compares. Case tables have case_id first in every key.

CREATE TABLE setting (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

-- The days no night was run (a plain night after missed days): no step is dated in them.
CREATE TABLE night_gap (
	first_on DATE NOT NULL PRIMARY KEY,
	last_on DATE NOT NULL
);

-- What each night did: the report of the morning after. failures: a line for each case left as it was, "case 17: why".
CREATE TABLE night_report (
	report_id INTEGER PRIMARY KEY,
	run_on DATE NOT NULL,
	first_on DATE,
	last_on DATE,
	case_count INTEGER NOT NULL,
	letter_count INTEGER NOT NULL,
	event_count INTEGER NOT NULL,
	missed_days INTEGER NOT NULL,
	warning_count INTEGER NOT NULL,
	waiting_count INTEGER NOT NULL,
	failure_count INTEGER NOT NULL,
	failures TEXT NOT NULL,
	stopped_before DATE,
	by_user TEXT NOT NULL
);

CREATE TABLE client (
	client_no INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	orgnr TEXT NOT NULL,
	account TEXT NOT NULL,
	email TEXT NOT NULL,
	member INTEGER NOT NULL,
	terms_no INTEGER NOT NULL,
	created_on DATE NOT NULL
);

-- What was agreed with a client, as it was when a claim came in: a change makes a new row, old claims keep theirs.
CREATE TABLE terms (
	client_no INTEGER NOT NULL,
	terms_no INTEGER NOT NULL,
	process TEXT NOT NULL,
	grace_days INTEGER NOT NULL,
	vat_deductible INTEGER NOT NULL,
	commission_bp INTEGER NOT NULL,
	allocation TEXT NOT NULL CHECK (allocation IN ('costs_first', 'principal_first')),
	booked_on DATE NOT NULL,
	PRIMARY KEY (client_no, terms_no)
);

CREATE TABLE debtor (
	debtor_id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('person', 'company')),
	ident TEXT NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	postcode TEXT NOT NULL,
	city TEXT NOT NULL,
	country TEXT NOT NULL,
	phone TEXT NOT NULL,
	email TEXT NOT NULL,
	language TEXT NOT NULL
);

-- Look-ups by something else than the case are small tables of their own, keyed by what is looked up.
CREATE TABLE debtor_ident (
	ident TEXT NOT NULL PRIMARY KEY,
	debtor_id INTEGER NOT NULL
) CLUSTERED;

CREATE TABLE claim_invoice (
	client_no INTEGER NOT NULL,
	invoice_no TEXT NOT NULL,
	case_id INTEGER NOT NULL,
	PRIMARY KEY (client_no, invoice_no)
) CLUSTERED;

CREATE TABLE claim_kid (
	kid TEXT NOT NULL,
	case_id INTEGER NOT NULL,
	PRIMARY KEY (kid, case_id)
) CLUSTERED;

-- The cases of a debtor, client by client. Those of one client against one identified debtor may be joined; a debtor without
-- an ident has one case, which never is (claim.alone).
CREATE TABLE claim_group (
	debtor_id INTEGER NOT NULL,
	client_no INTEGER NOT NULL,
	case_id INTEGER NOT NULL,
	PRIMARY KEY (debtor_id, client_no, case_id)
) CLUSTERED;

-- A case is born with one claim. amount is what the invoice asked; paid what the creditor had got before.
CREATE TABLE claim (
	case_id INTEGER PRIMARY KEY,
	client_no INTEGER NOT NULL,
	terms_no INTEGER NOT NULL,
	debtor_id INTEGER NOT NULL,
	business INTEGER NOT NULL,
	alone INTEGER NOT NULL, -- 1: debtor without ident, never joined
	invoice_no TEXT NOT NULL,
	issued_on DATE NOT NULL,
	due_on DATE NOT NULL,
	received_on DATE NOT NULL,
	amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
	paid_minor INTEGER NOT NULL CHECK (paid_minor >= 0),
	currency TEXT NOT NULL,
	description TEXT NOT NULL,
	own_kid TEXT NOT NULL,
	language TEXT NOT NULL,
	reminder_on DATE,
	notice_on DATE,
	notice_deadline DATE,
	fees_minor INTEGER NOT NULL CHECK (fees_minor >= 0)
);
CREATE INDEX claim_client ON claim (client_no, case_id); -- a client's own list and sums

-- What has happened to a case from outside: payments, objections, decisions. The replay of these is the case's life.
CREATE TABLE fact (
	case_id INTEGER NOT NULL,
	fact_no INTEGER NOT NULL,
	kind TEXT NOT NULL,
	counts_on DATE NOT NULL,
	booked_on DATE NOT NULL,
	ledger_on DATE,
	until_on DATE,
	amount_minor INTEGER NOT NULL,
	code TEXT NOT NULL,
	number INTEGER NOT NULL,
	payment_id INTEGER,
	note TEXT NOT NULL,
	by_user TEXT NOT NULL,
	PRIMARY KEY (case_id, fact_no)
) CLUSTERED;

-- The journal of a case, in columns: one row is one entry, and each *_minor column is an account (docs/ledger.md).
-- The first block is the memorandum of what the debtor owes; the others are the agency's books. Debit is positive.
-- A row that does not balance cannot be stored.
CREATE TABLE event (
	case_id INTEGER NOT NULL,
	event_no INTEGER NOT NULL,
	what TEXT NOT NULL,
	counts_on DATE NOT NULL,
	booked_on DATE NOT NULL,
	ledger_on DATE,
	fact_no INTEGER,
	reverses INTEGER,
	deadline_on DATE,
	other_id INTEGER,
	owed_minor INTEGER NOT NULL,
	principal_minor INTEGER NOT NULL,
	accrued_minor INTEGER NOT NULL,
	interest_minor INTEGER NOT NULL,
	fee_minor INTEGER NOT NULL,
	compensation_minor INTEGER NOT NULL,
	salaer_minor INTEGER NOT NULL,
	plan_fee_minor INTEGER NOT NULL,
	legal_minor INTEGER NOT NULL,
	hold_minor INTEGER NOT NULL,
	client_minor INTEGER NOT NULL,
	refund_minor INTEGER NOT NULL,
	drawable_minor INTEGER NOT NULL,
	own_minor INTEGER NOT NULL,
	salaer_income_minor INTEGER NOT NULL,
	commission_minor INTEGER NOT NULL,
	vat_minor INTEGER NOT NULL,
	outlay_minor INTEGER NOT NULL,
	PRIMARY KEY (case_id, event_no),
	CHECK (owed_minor = principal_minor + accrued_minor + interest_minor + fee_minor + compensation_minor + salaer_minor
		+ plan_fee_minor + legal_minor),
	CHECK (hold_minor + client_minor + refund_minor + drawable_minor = 0),
	CHECK (own_minor + salaer_income_minor + commission_minor + vat_minor + outlay_minor = 0)
) CLUSTERED;

-- Cache of the replay: where the case stands. wake_on is the day the night has something to do with it.
CREATE TABLE case_state (
	case_id INTEGER PRIMARY KEY,
	stage TEXT NOT NULL,
	next_step TEXT NOT NULL,
	next_on DATE,
	wake_on DATE,
	stepped_on DATE,
	closed_on DATE,
	carrier_id INTEGER,
	principal_minor INTEGER NOT NULL,
	costs_minor INTEGER NOT NULL,
	compensation_minor INTEGER NOT NULL,
	paid_minor INTEGER NOT NULL,
	refund_minor INTEGER NOT NULL,
	interest_sum INTEGER NOT NULL,
	interest_on DATE,
	interest_paid_minor INTEGER NOT NULL,
	event_count INTEGER NOT NULL,
	fact_count INTEGER NOT NULL,
	letter_count INTEGER NOT NULL,
	event_print INTEGER NOT NULL -- of the events that stand: while the replay begins with just these, they need not be read
);
CREATE INDEX case_state_wake ON case_state (wake_on, case_id) WHERE wake_on IS NOT NULL;

CREATE TABLE outbox (
	case_id INTEGER NOT NULL,
	letter_no INTEGER NOT NULL,
	kind TEXT NOT NULL,
	event_no INTEGER NOT NULL,
	ordered_on DATE NOT NULL,
	send_by DATE NOT NULL,
	handed_on DATE,
	withdrawn_on DATE,
	deadline_on DATE,
	balance_minor INTEGER NOT NULL,
	principal_minor INTEGER NOT NULL,
	interest_minor INTEGER NOT NULL,
	fee_minor INTEGER NOT NULL,
	compensation_minor INTEGER NOT NULL,
	salaer_minor INTEGER NOT NULL,
	plan_fee_minor INTEGER NOT NULL,
	legal_minor INTEGER NOT NULL,
	rendered_on DATE, -- the PDF was made; NULL: not yet
	batch_no INTEGER, -- the file it is in: letter_batch
	PRIMARY KEY (case_id, letter_no)
) CLUSTERED;
-- What waits to be handed over (handed_on NULL) or to be rendered.
CREATE INDEX outbox_waiting ON outbox (handed_on, ordered_on, case_id, letter_no)
WHERE rendered_on IS NULL AND withdrawn_on IS NULL;

-- The files letters were rendered in, so that any can be made again: those of a sending day and language, from 1.
CREATE TABLE letter_batch (
	handed_on DATE NOT NULL,
	english INTEGER NOT NULL,
	batch_no INTEGER NOT NULL,
	letter_count INTEGER NOT NULL,
	first_case_id INTEGER NOT NULL,
	last_case_id INTEGER NOT NULL,
	PRIMARY KEY (handed_on, english, batch_no)
) CLUSTERED;

-- A bank file. sha256 begins with 'begun:' while its payments are being booked: a run that was cut short is taken up again.
CREATE TABLE file (
	file_id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	sha256 TEXT NOT NULL UNIQUE,
	imported_on DATE NOT NULL,
	row_count INTEGER NOT NULL,
	sum_minor INTEGER NOT NULL
);

-- The file as it came, in pieces of at most 1 MiB.
CREATE TABLE file_part (
	file_id INTEGER NOT NULL,
	part_no INTEGER NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (file_id, part_no)
);

-- Money that has come in (or been taken back). The fingerprint makes the same payment in two files one.
CREATE TABLE payment (
	payment_id INTEGER PRIMARY KEY,
	file_id INTEGER NOT NULL,
	line_no INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('credit', 'reversal')),
	account TEXT NOT NULL,
	settled_on DATE NOT NULL,
	counts_on DATE NOT NULL,
	booked_on DATE NOT NULL,
	amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
	currency TEXT NOT NULL,
	kid TEXT NOT NULL,
	payer_account TEXT NOT NULL,
	payer_name TEXT NOT NULL,
	message TEXT NOT NULL,
	reference TEXT NOT NULL,
	fingerprint TEXT NOT NULL UNIQUE
);

-- Payments that the bank's statement may show as one sum: those of one file, day and batch. entry is the fingerprint of
-- the statement's entry without details that was recognised as this sum; empty until then.
CREATE TABLE receipt (
	account TEXT NOT NULL,
	settled_on DATE NOT NULL,
	file_id INTEGER NOT NULL,
	batch TEXT NOT NULL,
	amount_minor INTEGER NOT NULL,
	entry TEXT NOT NULL,
	PRIMARY KEY (account, settled_on, file_id, batch)
) CLUSTERED;

-- The hold account's work list: payments not yet given a case or sent back. A row goes when it is dealt with.
CREATE TABLE payment_hold (
	payment_id INTEGER PRIMARY KEY,
	reason TEXT NOT NULL
);

-- Movements of a client's account in case events that no settlement has taken yet.
CREATE TABLE client_due (
	client_no INTEGER NOT NULL,
	case_id INTEGER NOT NULL,
	event_no INTEGER NOT NULL,
	booked_on DATE NOT NULL,
	amount_minor INTEGER NOT NULL,
	PRIMARY KEY (client_no, case_id, event_no)
) CLUSTERED;

-- Money owed back to payers and not yet asked of the bank: case_id 0 for a payment sent back from the hold account.
CREATE TABLE refund_due (
	payment_id INTEGER NOT NULL,
	case_id INTEGER NOT NULL,
	event_no INTEGER NOT NULL,
	booked_on DATE NOT NULL,
	amount_minor INTEGER NOT NULL,
	PRIMARY KEY (payment_id, case_id, event_no)
) CLUSTERED;

CREATE TABLE settlement_run (
	run_id INTEGER PRIMARY KEY,
	settled_on DATE NOT NULL,
	booked_on DATE NOT NULL,
	message_id TEXT NOT NULL
);

CREATE TABLE settlement (
	settlement_no INTEGER PRIMARY KEY,
	run_id INTEGER NOT NULL,
	client_no INTEGER NOT NULL,
	settled_on DATE NOT NULL,
	carried_minor INTEGER NOT NULL,
	movement_minor INTEGER NOT NULL,
	payout_minor INTEGER NOT NULL
);
CREATE INDEX settlement_client ON settlement (client_no, settlement_no);

CREATE TABLE settlement_line (
	settlement_no INTEGER NOT NULL,
	case_id INTEGER NOT NULL,
	event_no INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL,
	PRIMARY KEY (settlement_no, case_id, event_no)
) CLUSTERED;

-- What we have asked the bank to pay, until its debit is read. kind: client, fees, refund. A rejected one is owed again
-- until a later settlement has taken it up (resettled).
CREATE TABLE payout (
	payout_id INTEGER PRIMARY KEY,
	run_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	client_no INTEGER,
	payment_id INTEGER,
	name TEXT NOT NULL,
	account TEXT NOT NULL,
	amount_minor INTEGER NOT NULL,
	end_to_end TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL CHECK (state IN ('in_transit', 'paid', 'rejected', 'resettled')),
	state_on DATE NOT NULL
);
CREATE INDEX payout_transit ON payout (run_id, payout_id) WHERE state = 'in_transit';

-- Entries of the house itself: bank receipts, settlements, draws, salaries. Lines of a voucher sum to zero.
CREATE TABLE voucher (
	voucher_id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	counts_on DATE NOT NULL,
	booked_on DATE NOT NULL,
	description TEXT NOT NULL,
	reference TEXT NOT NULL
);
CREATE INDEX voucher_reference ON voucher (reference);

CREATE TABLE voucher_line (
	voucher_id INTEGER NOT NULL,
	line_no INTEGER NOT NULL,
	account INTEGER NOT NULL,
	client_no INTEGER,
	amount_minor INTEGER NOT NULL,
	PRIMARY KEY (voucher_id, line_no)
) CLUSTERED;

-- Cache: the movement of each account on each day, so that a trial balance reads accounts × days and not all postings.
CREATE TABLE account_day (
	account INTEGER NOT NULL,
	counts_on DATE NOT NULL,
	amount_minor INTEGER NOT NULL,
	PRIMARY KEY (account, counts_on)
) CLUSTERED;

-- The bank's statements (camt.053), for reconciling each day to zero.
CREATE TABLE statement (
	account TEXT NOT NULL,
	closed_on DATE NOT NULL,
	statement_ref TEXT NOT NULL,
	file_id INTEGER NOT NULL,
	opening_minor INTEGER NOT NULL,
	closing_minor INTEGER NOT NULL,
	PRIMARY KEY (account, closed_on, statement_ref)
);

-- ---- people who log in, and what they do ----
-- Instants end in _at and are seconds since 1970-01-01 UTC; they say when a person did something, never what a case owes.

-- Staff and clients' users. password_hash and totp_secret are empty until the invitation has been used.
CREATE TABLE person (
	person_id INTEGER PRIMARY KEY,
	email TEXT NOT NULL UNIQUE, -- lower case: what is typed at log-in
	name TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('handler', 'manager', 'admin', 'auditor', 'client_reader', 'client_clerk', 'client_admin')),
	client_no INTEGER, -- of a client's user
	password_hash TEXT NOT NULL, -- argon2id
	totp_secret TEXT NOT NULL, -- base32
	totp_step INTEGER NOT NULL, -- the last one used: a code is good once
	language TEXT NOT NULL,
	active INTEGER NOT NULL,
	created_at INTEGER NOT NULL
);
CREATE INDEX person_client ON person (client_no, person_id);

-- A way in that is good once: an invitation to a person (who then chooses a password), or a log-in under way.
-- kind: invite, password (the second step of a log-in), sms_code (a debtor's), oidc.
CREATE TABLE login_step (
	token_hash TEXT NOT NULL PRIMARY KEY,
	kind TEXT NOT NULL,
	person_id INTEGER,
	debtor_id INTEGER,
	case_id INTEGER,
	secret TEXT NOT NULL, -- hash of a one-time code, or what the other side must give back
	try_count INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) CLUSTERED;
CREATE INDEX login_step_expiry ON login_step (expires_at, token_hash);

-- Only a hash of the cookie is kept.
CREATE TABLE session (
	token_hash TEXT NOT NULL PRIMARY KEY,
	person_id INTEGER, -- staff or a client's user
	debtor_id INTEGER, -- a debtor, or the one for whom somebody acts
	mandate_id INTEGER, -- somebody acts for the debtor
	case_id INTEGER, -- a debtor who came in by one letter
	created_at INTEGER NOT NULL,
	seen_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) CLUSTERED;
CREATE INDEX session_expiry ON session (expires_at, token_hash);

-- Wrong tries against a reference that strangers can type (a case number and a letter's code; an e-mail), hashed with where they came
-- from. Never shown; forgotten after a day.
CREATE TABLE failed_try (
	reference TEXT NOT NULL PRIMARY KEY,
	failed_count INTEGER NOT NULL,
	locked_until_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL
) CLUSTERED;
CREATE INDEX failed_try_age ON failed_try (last_at, reference);

-- Who did what, and every look at a person's case. Inserted, never changed.
CREATE TABLE audit (
	audit_id INTEGER PRIMARY KEY,
	done_at INTEGER NOT NULL,
	actor TEXT NOT NULL, -- "person 3", "debtor 17", "key 2", "system"
	actor_name TEXT NOT NULL,
	act TEXT NOT NULL, -- see, object, pay_direct, log_in …
	case_id INTEGER,
	client_no INTEGER,
	debtor_id INTEGER,
	detail TEXT NOT NULL
);
CREATE INDEX audit_case ON audit (case_id, audit_id) WHERE case_id IS NOT NULL;
CREATE INDEX audit_debtor ON audit (debtor_id, audit_id) WHERE debtor_id IS NOT NULL;
CREATE INDEX audit_actor ON audit (actor, audit_id);

-- What waits for a person. kind: objection, question, more_time, broken_plan, limitation, block_review, returned,
-- proof, direct_payment, other. Unmatched payments are payment_hold itself.
CREATE TABLE task (
	task_id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	case_id INTEGER,
	client_no INTEGER,
	for_client INTEGER NOT NULL, -- 1: the client is to do it, 0: a handler
	due_on DATE NOT NULL,
	detail TEXT NOT NULL,
	person_id INTEGER, -- who has taken it
	created_at INTEGER NOT NULL,
	done_at INTEGER,
	done_by TEXT NOT NULL,
	outcome TEXT NOT NULL
);
CREATE INDEX task_open ON task (for_client, due_on, task_id) WHERE done_at IS NULL;
CREATE INDEX task_kind ON task (kind, for_client, due_on, task_id) WHERE done_at IS NULL;
CREATE INDEX task_person ON task (person_id, due_on, task_id) WHERE done_at IS NULL;
CREATE INDEX task_client ON task (client_no, for_client, due_on, task_id) WHERE done_at IS NULL;
CREATE INDEX task_case ON task (case_id, task_id);

-- What a debtor, a client and a handler write to each other about a case. with_party: whose conversation with us it is.
CREATE TABLE message (
	message_id INTEGER PRIMARY KEY,
	case_id INTEGER NOT NULL,
	with_party TEXT NOT NULL CHECK (with_party IN ('debtor', 'client')),
	from_us INTEGER NOT NULL,
	author TEXT NOT NULL,
	body TEXT NOT NULL,
	sent_at INTEGER NOT NULL,
	read_at INTEGER
);
CREATE INDEX message_case ON message (case_id, message_id);

-- What came with a message, an objection or a proof of payment. kind: the type the bytes themselves say.
CREATE TABLE attachment (
	attachment_id INTEGER PRIMARY KEY,
	case_id INTEGER NOT NULL,
	message_id INTEGER,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	author TEXT NOT NULL,
	sent_at INTEGER NOT NULL,
	body BLOB NOT NULL
);
CREATE INDEX attachment_case ON attachment (case_id, attachment_id);

-- A handler's own notes and telephone calls.
CREATE TABLE note (
	note_id INTEGER PRIMARY KEY,
	case_id INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('note', 'call_in', 'call_out')),
	author TEXT NOT NULL,
	body TEXT NOT NULL,
	written_at INTEGER NOT NULL
);
CREATE INDEX note_case ON note (case_id, note_id);

-- Four eyes: what one person has asked for and another must agree to. request: the act as JSON.
CREATE TABLE approval (
	approval_id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL, -- refund, write_off, mass, payout
	case_id INTEGER,
	payment_id INTEGER,
	amount_minor INTEGER NOT NULL,
	request TEXT NOT NULL,
	reason TEXT NOT NULL,
	asked_by INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	decided_by INTEGER,
	decided_at INTEGER,
	decision TEXT NOT NULL, -- '' until decided; begun: agreed to, and being carried out in steps; agreed, refused
	decision_reason TEXT NOT NULL -- of a refusal
);
CREATE INDEX approval_open ON approval (asked_at, approval_id) WHERE decided_at IS NULL;

-- How a debtor wants to be written to, and the consent to electronic letters.
CREATE TABLE debtor_choice (
	debtor_id INTEGER PRIMARY KEY,
	channel TEXT NOT NULL CHECK (channel IN ('paper', 'sms', 'email')),
	consent_at INTEGER, -- to electronic letters; NULL: none
	changed_at INTEGER NOT NULL
);

-- Somebody may act for a debtor (a power of attorney): one case or all, to see or to act.
CREATE TABLE mandate (
	mandate_id INTEGER PRIMARY KEY,
	debtor_id INTEGER NOT NULL,
	case_id INTEGER, -- NULL: all
	helper_name TEXT NOT NULL,
	helper_contact TEXT NOT NULL, -- e-mail or phone the one-time code goes to
	scope TEXT NOT NULL CHECK (scope IN ('see', 'act')),
	code_hash TEXT NOT NULL,
	from_on DATE NOT NULL,
	until_on DATE NOT NULL,
	created_at INTEGER NOT NULL,
	ended_at INTEGER
);
CREATE INDEX mandate_debtor ON mandate (debtor_id, mandate_id);

-- What a client lets us grant at once to a debtor who asks for time or instalments.
CREATE TABLE client_policy (
	client_no INTEGER PRIMARY KEY,
	defer_days_max INTEGER NOT NULL,
	instalments_max INTEGER NOT NULL,
	instalment_minor_min INTEGER NOT NULL,
	changed_at INTEGER NOT NULL
);

-- ---- what goes out, and comes back ----

-- A message to a debtor on its way by SMS or e-mail. state: waiting → sending → sent → delivered | bounced; failed when given
-- up, withdrawn when there was nothing to tell any more. A row stays in sending only when the program died while it spoke
-- with the other side: the next pass makes it uncertain, and it is not sent again by itself.
CREATE TABLE dispatch (
	dispatch_id INTEGER PRIMARY KEY,
	case_id INTEGER NOT NULL,
	letter_no INTEGER, -- the letter it tells of
	login_hash TEXT, -- a one-time code
	channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
	address TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	code TEXT NOT NULL, -- the short code in it
	state TEXT NOT NULL,
	urgent INTEGER NOT NULL, -- 1: the reader waits for it (a log-in code): also outside decent hours
	try_count INTEGER NOT NULL,
	next_at INTEGER, -- not before; 0 for what is urgent, so that it comes first
	provider_ref TEXT NOT NULL,
	detail TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	sent_at INTEGER,
	sent_on DATE,
	ended_at INTEGER
);
CREATE INDEX dispatch_waiting ON dispatch (next_at, dispatch_id) WHERE state = 'waiting';
CREATE INDEX dispatch_sending ON dispatch (dispatch_id) WHERE state = 'sending';
CREATE INDEX dispatch_case ON dispatch (case_id, dispatch_id);
CREATE INDEX dispatch_code ON dispatch (code, dispatch_id);
CREATE INDEX dispatch_ref ON dispatch (provider_ref, dispatch_id) WHERE provider_ref <> '';

-- ---- programs that call us, and that we call ----

CREATE TABLE api_key (
	key_id INTEGER PRIMARY KEY,
	client_no INTEGER NOT NULL,
	name TEXT NOT NULL,
	key_hash TEXT NOT NULL UNIQUE,
	scopes TEXT NOT NULL, -- "read write settle", separated by blanks
	sandbox INTEGER NOT NULL,
	created_by TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	revoked_at INTEGER
);
CREATE INDEX api_key_client ON api_key (client_no, key_id);

-- The answer to a POST that changed something, stored with the change itself, so that the same POST again gets the same answer
-- (30 days).
CREATE TABLE idempotency (
	key_id INTEGER NOT NULL,
	idempotency_key TEXT NOT NULL,
	request_hash TEXT NOT NULL,
	status INTEGER NOT NULL,
	answer TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (key_id, idempotency_key)
) CLUSTERED;
CREATE INDEX idempotency_age ON idempotency (created_at, key_id, idempotency_key);

CREATE TABLE webhook (
	webhook_id INTEGER PRIMARY KEY,
	client_no INTEGER NOT NULL,
	url TEXT NOT NULL,
	secret TEXT NOT NULL, -- "whsec_…", base64
	topics TEXT NOT NULL, -- "case.closed payment.booked", "*"
	active INTEGER NOT NULL,
	created_at INTEGER NOT NULL
);
CREATE INDEX webhook_client ON webhook (client_no, webhook_id);

CREATE TABLE webhook_delivery (
	delivery_id INTEGER PRIMARY KEY,
	webhook_id INTEGER NOT NULL,
	topic TEXT NOT NULL,
	payload TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
	try_count INTEGER NOT NULL,
	next_at INTEGER,
	status INTEGER NOT NULL, -- the last answer; 0: none
	detail TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	ended_at INTEGER
);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (next_at, delivery_id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_hook ON webhook_delivery (webhook_id, delivery_id);

-- What a setting remembers of how far a follower has read the journal (webhooks, search): by name.
CREATE TABLE follower (
	name TEXT NOT NULL PRIMARY KEY,
	position INTEGER NOT NULL
);

-- Full-text search: each word of what a handler may know of a case.
CREATE TABLE search_word (
	word TEXT NOT NULL,
	case_id INTEGER NOT NULL,
	PRIMARY KEY (word, case_id)
) CLUSTERED;

-- What the agency has written to a client and the client has not read.
CREATE INDEX message_to_client ON message (case_id, message_id) WHERE read_at IS NULL AND with_party = 'client' AND from_us = 1;

-- ---- files of claims that clients upload ----

-- state: waiting → checking → checked (the client looks at what was found) → ordered → taking → done; failed: the file as a whole
-- cannot be read (detail says why), or was dropped. What was being done when the program died is done again.
CREATE TABLE upload (
	upload_id INTEGER PRIMARY KEY,
	client_no INTEGER NOT NULL,
	name TEXT NOT NULL,
	language TEXT NOT NULL, -- of the findings
	size INTEGER NOT NULL, -- bytes
	sha256 TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'checking', 'checked', 'ordered', 'taking', 'done', 'failed')),
	good_only INTEGER NOT NULL, -- ordered: rows with findings are left out
	accepted INTEGER NOT NULL, -- in the dry run: that would be
	already INTEGER NOT NULL,
	credited INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	charged_minor INTEGER NOT NULL, -- of the dry run: to the debtors within a year if nobody pays
	detail TEXT NOT NULL,
	created_by TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	ended_at INTEGER
);
CREATE INDEX upload_client ON upload (client_no, upload_id);
CREATE INDEX upload_work ON upload (upload_id) WHERE state IN ('waiting', 'checking', 'ordered', 'taking');

-- The file as it came, and the rows to be mended, in pieces of at most 1 MiB. kind: file, bad.
CREATE TABLE upload_part (
	upload_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	part_no INTEGER NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (upload_id, kind, part_no)
);

-- What is wrong with its rows: the first thousand findings.
CREATE TABLE upload_finding (
	upload_id INTEGER NOT NULL,
	finding_no INTEGER NOT NULL,
	line_no INTEGER NOT NULL,
	field TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (upload_id, finding_no)
) CLUSTERED;
