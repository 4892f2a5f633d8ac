-- The inline read models: written in the transaction that appends the facts. All times are epoch milliseconds, UTC.

CREATE TABLE deployment (
    id uuid PRIMARY KEY,
    name text,
    source text,
    deploy_time bigint NOT NULL,
    tenant_id text
);

CREATE TABLE deployment_resource (
    id uuid PRIMARY KEY,
    deployment_id uuid NOT NULL,
    name text NOT NULL,
    sha256 bytea NOT NULL
);
CREATE INDEX deployment_resource_deployment ON deployment_resource (deployment_id);

CREATE TABLE process_definition (
    id text PRIMARY KEY,
    key text NOT NULL,
    version integer NOT NULL,
    name text,
    category text,
    description text,
    version_tag text,
    history_time_to_live integer,
    startable_in_tasklist boolean NOT NULL,
    deployment_id uuid NOT NULL,
    resource text NOT NULL,
    tenant_id text,
    suspended boolean NOT NULL DEFAULT false
);
-- One version once per key and tenant, and the way to the latest one.
CREATE UNIQUE INDEX process_definition_version ON process_definition (key, coalesce(tenant_id, ''), version DESC);
CREATE INDEX process_definition_deployment ON process_definition (deployment_id);

-- Running instances only.
CREATE TABLE process_instance (
    id uuid PRIMARY KEY,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    business_key text,
    tenant_id text,
    start_time bigint NOT NULL,
    suspended boolean NOT NULL DEFAULT false
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX process_instance_definition ON process_instance (definition_id);

-- Open tasks only. Ids of one instance are neighbours (domain.ids), so the primary key serves every filter by instance.
CREATE TABLE external_task (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    topic text,
    priority bigint NOT NULL,
    create_time bigint NOT NULL,
    lock_until bigint,
    worker_id text,
    released boolean NOT NULL DEFAULT false,
    retries integer,
    suspended boolean NOT NULL DEFAULT false,
    error_message text,
    error_details text,
    process_instance_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    activity_id text NOT NULL,
    activity_instance_id text NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    business_key text,
    tenant_id text,
    scopes uuid[] NOT NULL
) WITH (fillfactor = 80, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.05);
-- What fetchAndLock takes: a query's predicate has to be this one, word for word.
CREATE INDEX external_task_candidate ON external_task (topic, priority DESC, create_time, id)
    WHERE lock_until IS NULL AND NOT suspended AND (retries IS NULL OR retries > 0);
CREATE INDEX external_task_lock ON external_task (topic, lock_until) WHERE lock_until IS NOT NULL;
CREATE INDEX external_task_topic ON external_task (topic, priority DESC);

-- Runtime variables; scope_id is the id of the execution that owns them. `payload` is the whole value, the other columns answer queries.
CREATE TABLE variable (
    scope_id uuid NOT NULL,
    name text NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    text_value text,
    long_value bigint,
    double_value double precision,
    payload bytea NOT NULL,
    PRIMARY KEY (scope_id, name)
) WITH (fillfactor = 90, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

CREATE TABLE incident (
    id uuid PRIMARY KEY,
    incident_type text NOT NULL,
    timestamp bigint NOT NULL,
    process_instance_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    activity_id text NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    configuration text,
    message text,
    annotation text,
    tenant_id text
);

CREATE TABLE user_task (
    id uuid PRIMARY KEY,
    process_instance_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    element_id text NOT NULL,
    activity_instance_id text NOT NULL,
    definition_id text NOT NULL,
    definition_key text NOT NULL,
    create_time bigint NOT NULL,
    name text,
    description text,
    assignee text,
    owner text,
    due bigint,
    follow_up bigint,
    priority integer NOT NULL,
    form_key text,
    candidate_users text[] NOT NULL,
    candidate_groups text[] NOT NULL,
    suspended boolean NOT NULL DEFAULT false,
    tenant_id text
);
