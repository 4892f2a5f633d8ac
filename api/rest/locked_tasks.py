"""fetchAndLock on the wire: its request read in the order of Camunda's checks, and locked tasks written (REST contract §5)."""

from __future__ import annotations

from typing import Any, Literal

from api.engine import Engine
from api.rest.coercions import to_duration, to_flag, to_int, to_long, to_object, to_objects, to_text, to_texts
from api.rest.dates import format_date, format_optional_date
from api.rest.errors import RestError, engine_error, invalid_request, null_value
from api.rest.fetch_conditions import read_conditions, refuse_many
from api.rest.json_body import field
from api.rest.variables import read_untyped, write_variables
from domain.elements import ProcessDefinition
from domain.fetching import FetchExternalTasks, TopicSubscription
from domain.values import Value
from projections.external_task.row import LockedTask

LONGEST_WAIT = 1_800_000
MOST_TOPICS = 500
"""The database plans every topic that has filters on its own."""

_ORDERS: dict[str, Literal["asc", "desc"]] = {"asc": "asc", "desc": "desc"}


def read_fetch(body: dict[str, Any]) -> FetchExternalTasks:
    """Read the request."""
    wait = field(body, "asyncResponseTimeout", to_long)
    worker_id, max_tasks = field(body, "workerId", to_text), field(body, "maxTasks", to_int) or 0
    use_priority = bool(field(body, "usePriority", to_flag))
    sorting, topics = field(body, "sorting", to_objects), [_typed(topic) for topic in field(body, "topics", to_objects) or ()]
    if wait is not None and wait > LONGEST_WAIT:
        raise invalid_request(f"The asynchronous response timeout cannot be set to a value greater than {LONGEST_WAIT} milliseconds")
    if len(topics) > MOST_TOPICS:
        raise invalid_request(f"topics: at most {MOST_TOPICS} are allowed, not {len(topics)}")
    order = _create_time_order(sorting or [])
    if worker_id is None:
        raise null_value("workerId is null")
    if max_tasks < 0:
        raise engine_error("maxResults is not greater than or equal to 0")
    subscriptions = tuple(_subscription(topic) for topic in topics)
    refuse_many(condition for subscription in subscriptions for condition in subscription.variable_conditions)
    return FetchExternalTasks(
        worker_id=worker_id,
        max_tasks=max_tasks,
        subscriptions=subscriptions,
        use_priority=use_priority,
        create_time_order=order,
        wait=wait,
    )


def _create_time_order(sorting: list[dict[str, Any]]) -> Literal["asc", "desc"] | None:
    """The order that the first entry asks for: further ones sort by the same field."""
    orders: list[Literal["asc", "desc"]] = []
    for entry in sorting:
        sort_by, sort_order = field(entry, "sortBy", to_text), field(entry, "sortOrder", to_text)
        if sort_by is None:
            raise invalid_request("Cannot set query sortBy parameter to value null")
        if sort_by != "createTime":
            raise invalid_request(f"Cannot set query sortBy parameter to value {sort_by}")
        if sort_order is None:
            message = "Invalid query: call asc() or desc() after using orderByXX(): direction is null"
            raise RestError(400, "NotValidException", message, 0)
        if sort_order not in _ORDERS:
            raise invalid_request(f"Cannot set query sortOrder parameter to value {sort_order}")
        orders.append(_ORDERS[sort_order])
    return orders[0] if orders else None


def _typed(topic: dict[str, Any]) -> dict[str, Any]:
    """A topic's fields, each of its type; nothing is checked yet."""
    return {name: field(topic, name, convert) for name, convert in _TOPIC_FIELDS.items()}


_TOPIC_FIELDS = {
    "topicName": to_text,
    "lockDuration": to_duration,
    "variables": to_texts,
    "localVariables": to_flag,
    "deserializeValues": to_flag,
    "includeExtensionProperties": to_flag,
    "businessKey": to_text,
    "processDefinitionId": to_text,
    "processDefinitionIdIn": to_texts,
    "processDefinitionKey": to_text,
    "processDefinitionKeyIn": to_texts,
    "processDefinitionVersionTag": to_text,
    "processVariables": to_object,
    "processVariableConditions": to_objects,
    "withoutTenantId": to_flag,
    "tenantIdIn": to_texts,
}


def _subscription(topic: dict[str, Any]) -> TopicSubscription:
    if topic["topicName"] is None:
        raise null_value("topicName is null")
    if (topic["lockDuration"] or 0) <= 0:
        raise engine_error("lockTime is not greater than 0")
    return TopicSubscription(
        topic=topic["topicName"],
        lock_duration=topic["lockDuration"],
        variables=None if topic["variables"] is None else tuple(name for name in topic["variables"] if name is not None),
        local_variables=bool(topic["localVariables"]),
        deserialize_values=bool(topic["deserializeValues"]),
        include_extension_properties=bool(topic["includeExtensionProperties"]),
        business_key=topic["businessKey"],
        definition_id=topic["processDefinitionId"],
        definition_id_in=_alternatives(topic["processDefinitionIdIn"]),
        definition_key=topic["processDefinitionKey"],
        definition_key_in=_alternatives(topic["processDefinitionKeyIn"]),
        version_tag=topic["processDefinitionVersionTag"],
        process_variables=_process_variables(topic["processVariables"]),
        variable_conditions=read_conditions(topic["processVariableConditions"] or ()),
        without_tenant=bool(topic["withoutTenantId"]),
        tenant_id_in=_alternatives(topic["tenantIdIn"]),
    )


def _alternatives(names: list[str | None] | None) -> tuple[str | None, ...] | None:
    return tuple(names) if names else None


def _process_variables(wanted: dict[str, Any] | None) -> dict[str, Value] | None:
    if not wanted:
        return None
    values = {name: read_untyped(value) for name, value in wanted.items()}
    if any(value.type == "Object" for value in values.values()):
        raise engine_error("Object values cannot be used to query")
    return values


async def write_locked(engine: Engine, fetch: FetchExternalTasks, locked: LockedTask) -> dict[str, Any]:
    """One LockedExternalTaskDto (§5.4)."""
    task = locked.task
    definition = engine.definitions.known(task.definition_id) or await engine.definition(task.definition_id)
    subscription = next(s for s in reversed(fetch.subscriptions) if s.topic == task.topic)
    properties = _properties(definition, task.activity_id) if subscription.include_extension_properties else {}
    return {
        "activityId": task.activity_id,
        "activityInstanceId": task.activity_instance_id,
        "errorMessage": task.error_message,
        "errorDetails": task.error_details,
        "executionId": task.execution_id,
        "id": task.id,
        "lockExpirationTime": format_optional_date(task.lock_until),
        "createTime": format_date(task.create_time),
        "processDefinitionId": task.definition_id,
        "processDefinitionKey": task.definition_key,
        "processDefinitionVersionTag": definition.version_tag if definition is not None else None,
        "processInstanceId": task.process_instance_id,
        "tenantId": task.tenant_id,
        "retries": task.retries,
        "suspended": task.suspended,
        "workerId": task.worker_id,
        "topicName": task.topic,
        "priority": task.priority,
        "businessKey": task.business_key,
        "variables": write_variables(locked.variables, subscription.deserialize_values),
        "extensionProperties": properties,
    }


def _properties(definition: ProcessDefinition | None, activity_id: str) -> dict[str, str | None]:
    return definition.elements[activity_id].properties if definition is not None else {}
