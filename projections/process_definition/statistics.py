"""How many activity instances and incidents the running instances of definitions have."""

from __future__ import annotations

# Purpose: how many instances each activity of a definition has, tokens before and behind it included, how many of its jobs have no retries
# left, and how many incidents of each type are open there.
OF_ACTIVITIES = """
SELECT activity, sum(waiting)::int, sum(failed)::int, jsonb_object_agg(incident_type, incidents) FILTER (WHERE incident_type IS NOT NULL)
FROM (
    SELECT activity_id AS activity, count(*) AS waiting, 0 AS failed, NULL AS incident_type, NULL::bigint AS incidents
    FROM external_task WHERE definition_id = %(definition)s GROUP BY activity_id
    UNION ALL SELECT element_id, count(*), 0, NULL, NULL FROM user_task WHERE definition_id = %(definition)s GROUP BY element_id
    UNION ALL SELECT e.activity_id, count(*), 0, NULL, NULL FROM process_instance i
        JOIN element_instance e ON e.id BETWEEN i.id AND part_beside(i.id, 268435455)
    WHERE i.definition_id = %(definition)s GROUP BY e.activity_id
    UNION ALL SELECT activity_id, count(*) FILTER (WHERE kind <> 'timer'), count(*) FILTER (WHERE retries = 0), NULL, NULL
    FROM job WHERE definition_id = %(definition)s AND process_instance_id IS NOT NULL GROUP BY activity_id
    UNION ALL SELECT activity_id, 0, 0, incident_type, count(*) FROM incident WHERE definition_id = %(definition)s
    GROUP BY activity_id, incident_type) found
GROUP BY activity HAVING sum(waiting) > 0 ORDER BY activity COLLATE "C\""""

# Purpose: the same per definition, with its running instances; definitions without any too.
OF_DEFINITIONS = """
SELECT d.id, (SELECT count(*) FROM process_instance p WHERE p.definition_id = d.id),
    (SELECT count(*) FROM job j WHERE j.definition_id = d.id AND j.retries = 0), (
    SELECT jsonb_object_agg(incident_type, incidents)
    FROM (SELECT incident_type, count(*) AS incidents FROM incident i WHERE i.definition_id = d.id GROUP BY incident_type) found)
FROM process_definition d ORDER BY d.id COLLATE "C\""""
