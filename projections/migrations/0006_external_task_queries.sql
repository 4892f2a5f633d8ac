-- What queries of external tasks go by. Tenant, key and name of a task are its definition's: one index serves all that is asked by them.

CREATE INDEX external_task_definition ON external_task (definition_id, id);
-- Hashes: ids of elements and workers may be longer than what a tree holds.
CREATE INDEX external_task_activity ON external_task USING hash (activity_id);
CREATE INDEX external_task_create_time ON external_task (create_time);
CREATE INDEX external_task_priority ON external_task (priority);
CREATE INDEX external_task_lock_until ON external_task (coalesce(lock_until, 0), id);
CREATE INDEX external_task_worker ON external_task USING hash (worker_id) WHERE worker_id IS NOT NULL;
CREATE INDEX external_task_stuck ON external_task (id) WHERE retries = 0;
CREATE INDEX external_task_suspended ON external_task (id) WHERE suspended;
