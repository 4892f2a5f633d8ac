-- Equal entries of a hash are one chain, which every insertion walks to its end: with a million tasks of one element, a lock cost PostgreSQL
-- four times as much as with a thousand. A tree has no such end; as it holds no more than some thousand bytes, it gets the beginnings of ids.

DROP INDEX external_task_activity;
DROP INDEX external_task_worker;
CREATE INDEX external_task_activity ON external_task (left(activity_id, 200), id);
CREATE INDEX external_task_worker ON external_task (left(worker_id, 200)) WHERE worker_id IS NOT NULL;
