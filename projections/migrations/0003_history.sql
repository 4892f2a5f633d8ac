-- The history read models: written behind the hot path, by the one server that follows the log. All times are epoch milliseconds, UTC.
-- What lives in an instance is named by the instance and a number in it (domain.ids): the public id is made of both on the way out.

-- How far each follower has read: the table of the library's tracking recorder.
CREATE TABLE notification_tracking (
    application_name text PRIMARY KEY,
    notification_id bigint
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
INSERT INTO notification_tracking VALUES ('__migration__', 1), ('history', 0);

-- Purpose: the public id of an instance's part.
CREATE FUNCTION part_id(instance uuid, ordinal integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN left(instance::text, 29) || lpad(to_hex(ordinal), 7, '0');

-- Purpose: the public id of the log entry about the fact at a position: a UUID of version 8.
CREATE FUNCTION log_entry_id(place bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN overlay('00000000-0000-8000-8' || lpad(to_hex(place), 15, '0') PLACING '-' FROM 24 FOR 0);

CREATE TABLE history_process_instance (
    id uuid PRIMARY KEY,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    business_key text,
    tenant_id text,
    state text NOT NULL,
    start_time bigint NOT NULL,
    end_time bigint,
    removal_time bigint,
    start_user text,
    start_activity text,
    delete_reason text
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX history_process_instance_definition ON history_process_instance (definition_id);
CREATE INDEX history_process_instance_key ON history_process_instance (definition_key, start_time);
CREATE INDEX history_process_instance_business_key ON history_process_instance (business_key) WHERE business_key IS NOT NULL;
CREATE INDEX history_process_instance_start ON history_process_instance (start_time);
CREATE INDEX history_process_instance_end ON history_process_instance (end_time NULLS FIRST);

CREATE TABLE history_activity_instance (
    instance_id uuid NOT NULL,
    key integer NOT NULL,
    scope integer NOT NULL,
    execution integer NOT NULL,
    activity_id text NOT NULL,
    activity_type text NOT NULL,
    activity_name text,
    assignee text,
    start_time bigint NOT NULL,
    end_time bigint,
    canceled boolean NOT NULL,
    complete_scope boolean NOT NULL,
    PRIMARY KEY (instance_id, key)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
-- Rows come in the order of time, so that a few bytes per block say which blocks a span of time concerns.
CREATE INDEX history_activity_instance_time ON history_activity_instance USING brin (start_time, end_time) WITH (autosummarize = on);

-- `position` is the place in the log of the fact that the entry tells of; the entry's public id is made of it. `kind`: 0 creation, 1 failure,
-- 2 success, 3 deletion.
CREATE TABLE history_external_task_log (
    position bigint PRIMARY KEY,
    instance_id uuid NOT NULL,
    key integer NOT NULL,
    kind smallint NOT NULL,
    timestamp bigint NOT NULL,
    activity_id text NOT NULL,
    topic text,
    priority bigint NOT NULL,
    retries integer,
    worker_id text,
    error_message text,
    error_details text
) WITH (autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX history_external_task_log_instance ON history_external_task_log (instance_id, position);

-- `payload` is there where the other columns do not say the whole value. `state`: 0 created, 1 deleted.
CREATE TABLE history_variable_instance (
    instance_id uuid NOT NULL,
    scope integer NOT NULL,
    name text NOT NULL,
    id uuid NOT NULL,
    activity integer NOT NULL,
    type text NOT NULL,
    text_value text,
    long_value bigint,
    double_value double precision,
    payload bytea,
    create_time bigint NOT NULL,
    state smallint NOT NULL,
    PRIMARY KEY (instance_id, scope, name)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE UNIQUE INDEX history_variable_instance_id ON history_variable_instance (id);

-- `state`: 0 open, 1 resolved, 2 deleted. `history_configuration` is the position of the latest entry about a failure of the task.
CREATE TABLE history_incident (
    instance_id uuid NOT NULL,
    key integer NOT NULL,
    execution integer NOT NULL,
    incident_type text NOT NULL,
    activity_id text NOT NULL,
    create_time bigint NOT NULL,
    end_time bigint,
    state smallint NOT NULL,
    configuration text,
    history_configuration bigint,
    message text,
    annotation text,
    failed_activity_id text,
    job_definition_id uuid,
    PRIMARY KEY (instance_id, key)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX history_incident_time ON history_incident (create_time);
