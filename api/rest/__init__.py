"""The REST API: Camunda 7.24 on the wire. One router per resource; what they share stands in modules without a router."""

ROUTERS = (
    "misc",
    "deployments",
    "redeployment",
    "process_definitions",
    "process_definition_changes",
    "submitted_forms",
    "process_instance_suspension",
    "process_instance_batches",
    "modifications",
    "process_instances",
    "activity_instances",
    "instance_variables",
    "executions",
    "messages",
    "event_subscriptions",
    "job_retries",
    "job_suspension",
    "jobs",
    "job_definitions",
    "external_task_retries",
    "external_tasks",
    "variable_instances",
    "incidents",
    "user_tasks",
    "history_process_instances",
    "history_activity_instances",
    "history_external_task_log",
    "history_variable_instances",
    "history_incidents",
    "batches",
    "history_batches",
)
"""Modules whose `router` is mounted under the API's path; of two routes that fit, the first one answers."""

ROOT_ROUTERS = ("docs", "gesta", "topics", "bulk_completion")
"""Modules whose `router` is mounted at the server's root: what Camunda does not have."""
