-- Webhooks: programs of clients that are called when something has been booked.

-- webhook_active() :many
SELECT webhook_id, client_no, topics
FROM webhook
WHERE active = 1
ORDER BY webhook_id;

-- webhook_list(client_no i64) :many
SELECT webhook_id, client_no, url, topics, active, created_at
FROM webhook
WHERE client_no = :client_no
ORDER BY webhook_id;

-- webhook_last() :one
SELECT coalesce(max(webhook_id), 0) AS "webhook_id::INTEGER"
FROM webhook;

-- webhook_insert(webhook_id i64, client_no i64, url text, secret text, topics text, created_at i64) :exec
INSERT INTO webhook (webhook_id, client_no, url, secret, topics, active, created_at)
VALUES (:webhook_id, :client_no, :url, :secret, :topics, 1, :created_at);

-- webhook_get(webhook_id i64) :one
SELECT webhook_id, client_no, url, topics, active
FROM webhook
WHERE webhook_id = :webhook_id;

-- webhook_set_active(active i64, webhook_id i64) :exec
UPDATE webhook
SET active = :active
WHERE webhook_id = :webhook_id;

-- webhook_delivery_last() :one
SELECT coalesce(max(delivery_id), 0) AS "delivery_id::INTEGER"
FROM webhook_delivery;

-- webhook_delivery_insert(delivery_id i64, webhook_id i64, topic text, payload text, next_at i64, created_at i64) :bulk
INSERT INTO webhook_delivery (delivery_id, webhook_id, topic, payload, state, try_count, next_at, status, detail, created_at)
VALUES (:delivery_id, :webhook_id, :topic, :payload, 'waiting', 0, :next_at, 0, '', :created_at);

-- webhook_delivery_due(now i64) :one
SELECT d.delivery_id, d.webhook_id, d.topic, d.payload, d.try_count, d.created_at, w.url, w.secret, w.active, w.client_no
FROM webhook_delivery d
JOIN webhook w ON w.webhook_id = d.webhook_id
WHERE d.state = 'waiting' AND d.next_at <= :now
ORDER BY d.next_at, d.delivery_id
LIMIT 1;

-- webhook_delivery_next() :one
SELECT next_at AS "next_at?"
FROM webhook_delivery
WHERE state = 'waiting'
ORDER BY next_at, delivery_id
LIMIT 1;

-- webhook_delivery_end(state text, try_count i64, next_at i64?, status i64, detail text, ended_at i64?, delivery_id i64) :exec
UPDATE webhook_delivery
SET state = :state, try_count = :try_count, next_at = :next_at, status = :status, detail = :detail, ended_at = :ended_at
WHERE delivery_id = :delivery_id;

-- webhook_delivery_hold(next_at i64, now i64, webhook_id i64) :exec
-- The other side does not answer: its other calls wait too.
UPDATE webhook_delivery
SET next_at = :next_at
WHERE state = 'waiting' AND next_at <= :now AND webhook_id = :webhook_id;

-- webhook_delivery_since(webhook_id i64, since i64) :one
-- Has it taken anything since?
SELECT delivery_id
FROM webhook_delivery
WHERE webhook_id = :webhook_id AND state = 'delivered' AND ended_at >= :since
ORDER BY delivery_id DESC
LIMIT 1;

-- webhook_delivery_page(webhook_id i64, before i64, count i64) :many
-- The newest first.
SELECT delivery_id, topic, payload, state, try_count, next_at AS "next_at?", status, detail, created_at,
	ended_at AS "ended_at?"
FROM webhook_delivery
WHERE webhook_id = :webhook_id AND delivery_id < :before
ORDER BY delivery_id DESC
LIMIT :count;

-- webhook_delivery_replay(next_at i64, delivery_id i64, client_no i64) :exec
UPDATE webhook_delivery
SET state = 'waiting', try_count = 0, next_at = :next_at, ended_at = NULL
WHERE delivery_id = :delivery_id AND state <> 'waiting'
	AND webhook_id IN (SELECT webhook_id FROM webhook WHERE client_no = :client_no);

-- webhook_delivery_get(delivery_id i64) :one
SELECT d.delivery_id, d.webhook_id, d.state, w.client_no
FROM webhook_delivery d
JOIN webhook w ON w.webhook_id = d.webhook_id
WHERE d.delivery_id = :delivery_id;

-- webhook_task_insert(client_no i64, due_on date, detail text, created_at i64) :exec
-- For the client's own people: their program has stopped listening.
INSERT INTO task (task_id, kind, client_no, for_client, due_on, detail, created_at, done_by, outcome)
SELECT coalesce(max(task_id), 0) + 1, 'other', :client_no, 1, :due_on, :detail, :created_at, '', ''
FROM task;
