-- For what Camunda does not have (/gesta/…). All times are epoch milliseconds, UTC.

-- Who asked for tasks of a topic, and when last. No fact says so: polls change nothing. Written once a second by every process.
CREATE TABLE worker_poll (
    topic text NOT NULL,
    worker_id text NOT NULL,
    last_poll bigint NOT NULL,
    PRIMARY KEY (topic, worker_id)
) WITH (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05);

-- Locks that ran out, as history tells it: `position` is the place in the log of the fact.
CREATE TABLE history_lock_expiry (
    position bigint PRIMARY KEY,
    instance_id uuid NOT NULL,
    key integer NOT NULL,
    timestamp bigint NOT NULL,
    activity_id text NOT NULL,
    topic text
) WITH (autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX history_lock_expiry_topic ON history_lock_expiry (topic, timestamp);

-- Commands whose clients gave them an id, and what tells them from other commands: none is carried out under another's id.
CREATE TABLE client_command (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    fingerprint bytea NOT NULL,
    at bigint NOT NULL
);
