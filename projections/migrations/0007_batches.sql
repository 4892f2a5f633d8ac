-- Batches that have not ended. Their jobs stand in `job`, under job definitions that belong to no process.
CREATE TABLE batch (
    id uuid PRIMARY KEY,
    type text NOT NULL,
    total_jobs integer NOT NULL,
    jobs_created integer NOT NULL DEFAULT 0,
    jobs_per_seed integer NOT NULL,
    seed_job_definition_id uuid NOT NULL,
    monitor_job_definition_id uuid NOT NULL,
    batch_job_definition_id uuid NOT NULL,
    suspended boolean NOT NULL DEFAULT false,
    tenant_id text,
    create_user text,
    start_time bigint NOT NULL,
    execution_start_time bigint
) WITH (fillfactor = 80);

-- Jobs of batches, and those that suspend definitions later, belong to no process.
ALTER TABLE job ADD COLUMN batch_id uuid,
    ALTER COLUMN job_definition_id DROP NOT NULL, ALTER COLUMN activity_id DROP NOT NULL,
    ALTER COLUMN definition_id DROP NOT NULL, ALTER COLUMN definition_key DROP NOT NULL;
CREATE INDEX job_batch ON job (batch_id) WHERE batch_id IS NOT NULL;
-- What the job executor takes: jobs of batches apart, for these may be many and nobody waits for one of them.
-- A query's predicate has to be one of these, word for word.
DROP INDEX job_candidate;
CREATE INDEX job_candidate ON job (coalesce(due, 0)) WHERE retries > 0 AND NOT suspended AND batch_id IS NULL;
CREATE INDEX job_batch_candidate ON job (coalesce(due, 0)) WHERE retries > 0 AND NOT suspended AND batch_id IS NOT NULL;

ALTER TABLE job_definition ALTER COLUMN definition_id DROP NOT NULL, ALTER COLUMN definition_key DROP NOT NULL,
    ALTER COLUMN activity_id DROP NOT NULL, ALTER COLUMN deployment_id DROP NOT NULL;

ALTER TABLE incident ALTER COLUMN activity_id DROP NOT NULL, ALTER COLUMN definition_id DROP NOT NULL,
    ALTER COLUMN definition_key DROP NOT NULL;

CREATE TABLE history_batch (
    id uuid PRIMARY KEY,
    type text NOT NULL,
    total_jobs integer NOT NULL,
    jobs_per_seed integer NOT NULL,
    tenant_id text,
    create_user text,
    start_time bigint NOT NULL,
    seed_job_definition_id uuid NOT NULL,
    monitor_job_definition_id uuid NOT NULL,
    batch_job_definition_id uuid NOT NULL,
    execution_start_time bigint,
    end_time bigint
) WITH (fillfactor = 80);
CREATE INDEX history_batch_time ON history_batch (start_time);
