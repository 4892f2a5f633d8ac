-- What instances wait for from outside, and what starts them: messages and signals. Rows of start events have neither execution nor instance.
CREATE TABLE event_subscription (
    id uuid PRIMARY KEY,
    event_type text NOT NULL,
    event_name text NOT NULL,
    execution_id uuid,
    process_instance_id uuid,
    activity_id text NOT NULL,
    created bigint NOT NULL,
    definition_id text NOT NULL,
    tenant_id text
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
-- The way of every message and signal to whoever waits for it.
CREATE INDEX event_subscription_name ON event_subscription (event_name, event_type);
CREATE INDEX event_subscription_start ON event_subscription (definition_id) WHERE execution_id IS NULL;

-- Open jobs: timers and asynchronous continuations. `holder_id` is the token that waits, `scope_id` the execution of the scope around it.
-- Rows of start timers have neither execution nor instance; `due` null means at once.
CREATE TABLE job (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    job_definition_id uuid NOT NULL,
    process_instance_id uuid,
    execution_id uuid,
    holder_id uuid,
    scope_id uuid,
    activity_id text NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    create_time bigint NOT NULL,
    due bigint,
    retries integer NOT NULL DEFAULT 3,
    priority bigint NOT NULL,
    suspended boolean NOT NULL,
    exception_message text,
    failed_activity_id text,
    tenant_id text
) WITH (fillfactor = 90, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
-- What the job executor takes: a query's predicate has to be this one, word for word.
CREATE INDEX job_candidate ON job (coalesce(due, 0)) WHERE retries > 0 AND NOT suspended;
CREATE INDEX job_definition_jobs ON job (job_definition_id);
CREATE INDEX job_process_definition ON job (definition_id);

CREATE TABLE job_definition (
    id uuid PRIMARY KEY,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    activity_id text NOT NULL,
    job_type text NOT NULL,
    configuration text NOT NULL,
    suspended boolean NOT NULL DEFAULT false,
    deployment_id uuid NOT NULL,
    tenant_id text
);
CREATE INDEX job_definition_definition ON job_definition (definition_id);

-- Active elements that are no tasks: sub-processes, events and receive tasks that wait, gateways where tokens stand. `scope_id` is the
-- execution of the scope around; `own_execution` tells whether the element has an execution of its own.
CREATE TABLE element_instance (
    id uuid PRIMARY KEY,
    activity_id text NOT NULL,
    scope_id uuid NOT NULL,
    own_execution boolean NOT NULL
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- Parallel branches go on with the execution of their first token, whose id is `first_id`: the token that they have come to. A row whose token
-- is gone means nothing; it goes with its instance.
CREATE TABLE branch (
    first_id uuid PRIMARY KEY,
    token_id uuid NOT NULL
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

ALTER TABLE user_task ADD COLUMN scope_id uuid;

ALTER TABLE incident ADD COLUMN failed_activity_id text, ADD COLUMN job_definition_id uuid,
    ALTER COLUMN process_instance_id DROP NOT NULL, ALTER COLUMN execution_id DROP NOT NULL;

-- Ids of one instance's parts differ in their last 28 bits (domain.ids): the part that is `step` further.
CREATE FUNCTION part_beside(id uuid, step integer) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (left(id::text, 29) || lpad(to_hex(('x' || right(id::text, 7))::bit(28)::int + step), 7, '0'))::uuid
$$;
