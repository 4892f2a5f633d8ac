"""What requests and answers of the hot routes look like (REST contract §3, §4.2, §5.1, §5.4, §6.2, §10.3).

The routes read and write plain objects; a test holds them to these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from api.rest.coercions import Flag, Text, Texts, or_else, to_duration, to_int, to_long, to_object, to_objects, to_text
from api.rest.external_task_dtos import ExternalTaskDto
from api.rest.instructions import StartInstructions
from api.rest.json_body import JsonObject
from api.rest.locked_tasks import LONGEST_WAIT
from api.rest.process_instances import ProcessInstanceDto
from api.rest.variable_resource import NewValueDto, VariableValueDto

Name = Annotated[str, BeforeValidator(to_text)]
Count = Annotated[int, Field(ge=0), BeforeValidator(or_else(to_int, 0))]
Milliseconds = Annotated[int, Field(ge=0), BeforeValidator(or_else(to_duration, 0))]
NewVariables = Annotated[dict[str, NewValueDto] | None, BeforeValidator(to_object)]

_A_VARIABLE = {"value": 42, "type": "Integer", "valueInfo": {}}


def example(**values: Any) -> ConfigDict:
    """A model's configuration with an example, by the names on the wire."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class CompleteExternalTaskDto(JsonObject):
    """`variables` go to the process instance, `localVariables` to the task's output mappings only."""

    model_config = example(
        workerId="aWorker", variables={"total": _A_VARIABLE}, localVariables={"note": {"value": "seen", "type": "String"}}
    )

    worker_id: Name
    variables: NewVariables = None
    local_variables: NewVariables = None


class ExternalTaskFailureDto(JsonObject):
    """`retries` are those left: with 0, which is also the default, an incident is raised. `retryTimeout` in ms."""

    model_config = example(
        workerId="aWorker",
        errorMessage="The terminal does not answer",
        errorDetails="Traceback …",
        retries=2,
        retryTimeout=60_000,
        variables={"attempt": _A_VARIABLE},
        localVariables={"note": {"value": "seen", "type": "String"}},
    )

    worker_id: Name
    error_message: Text = None
    error_details: Text = None
    retries: Count = 0
    retry_timeout: Milliseconds = 0
    variables: NewVariables = None
    local_variables: NewVariables = None


class StartProcessInstanceDto(JsonObject):
    """All is optional, the body too."""

    model_config = example(
        businessKey="aBusinessKey",
        variables={"amount": _A_VARIABLE},
        withVariablesInReturn=True,
        startInstructions=[{"type": "startBeforeActivity", "activityId": "anActivity", "variables": {"amount": _A_VARIABLE}}],
        skipIoMappings=True,
    )

    business_key: Text = None
    variables: NewVariables = None
    with_variables_in_return: Flag = False
    start_instructions: StartInstructions = Field((), description="Where the instance begins, in place of its start event")
    skip_io_mappings: Flag = False


class FetchSortingDto(JsonObject):
    model_config = example(sortBy="createTime", sortOrder="asc")

    sort_by: Literal["createTime"]
    sort_order: Literal["asc", "desc"]


class VariableConditionDto(JsonObject):
    """What a variable of the process instance has to be; numbers compare across their types. `in` takes a list. Not in Camunda."""

    model_config = example(name="amount", operator="gteq", value=40)

    name: Name
    operator: Literal["eq", "neq", "gt", "gteq", "lt", "lteq", "like", "in"]
    value: Any = None


class FetchExternalTaskTopicDto(JsonObject):
    """A topic and what narrows it: all filters have to hold, of `processVariables` one entry, of `processVariableConditions` all.
    `lockDuration` in ms.

    `variables` null is all variables, an empty list none.
    """

    model_config = example(
        topicName="aTopic",
        lockDuration=60_000,
        variables=["amount"],
        localVariables=True,
        deserializeValues=True,
        includeExtensionProperties=True,
        businessKey="aBusinessKey",
        processDefinitionId="aKey:1:0192e1c2-5b7a-7c3e-8f00-1a2b30000002",
        processDefinitionIdIn=["aKey:1:0192e1c2-5b7a-7c3e-8f00-1a2b30000002"],
        processDefinitionKey="aKey",
        processDefinitionKeyIn=["aKey", "anotherKey"],
        processDefinitionVersionTag="aVersionTag",
        processVariables={"amount": 42},
        processVariableConditions=[{"name": "amount", "operator": "gteq", "value": 40}],
        withoutTenantId=True,
        tenantIdIn=["aTenant"],
    )

    topic_name: Name
    lock_duration: Annotated[int, Field(gt=0), BeforeValidator(to_duration)]
    variables: Texts = None
    local_variables: Flag = False
    deserialize_values: Flag = False
    include_extension_properties: Flag = False
    business_key: Text = None
    process_definition_id: Text = None
    process_definition_id_in: Texts = None
    process_definition_key: Text = None
    process_definition_key_in: Texts = None
    process_definition_version_tag: Text = None
    process_variables: Annotated[dict[str, bool | int | float | str | None] | None, BeforeValidator(to_object)] = None
    process_variable_conditions: Annotated[tuple[VariableConditionDto, ...], BeforeValidator(or_else(to_objects, ()))] = ()
    without_tenant_id: Flag = False
    tenant_id_in: Texts = None


class FetchExternalTasksDto(JsonObject):
    """With `asyncResponseTimeout` (ms) the answer waits that long for a first task."""

    model_config = example(
        workerId="aWorker",
        maxTasks=10,
        usePriority=True,
        asyncResponseTimeout=20_000,
        sorting=[{"sortBy": "createTime", "sortOrder": "asc"}],
        topics=[{"topicName": "aTopic", "lockDuration": 60_000}],
    )

    worker_id: Name
    max_tasks: Count = 0
    use_priority: Flag = False
    async_response_timeout: Annotated[Annotated[int, Field(le=LONGEST_WAIT)] | None, BeforeValidator(to_long)] = None
    sorting: Annotated[tuple[FetchSortingDto, ...], BeforeValidator(or_else(to_objects, ()))] = ()
    topics: Annotated[tuple[FetchExternalTaskTopicDto, ...], BeforeValidator(or_else(to_objects, ()))] = ()


_IDS = {
    "processDefinitionId": "aKey:1:0192e1c2-5b7a-7c3e-8f00-1a2b30000002",
    "processDefinitionKey": "aKey",
    "processInstanceId": "0192e1c2-5b7a-7c3e-8f00-1a2b40000000",
    "executionId": "0192e1c2-5b7a-7c3e-8f00-1a2b40000009",
    "activityId": "anActivity",
    "activityInstanceId": "anActivity:0192e1c2-5b7a-7c3e-8f00-1a2b40000008",
}


class LockedExternalTaskDto(ExternalTaskDto):
    """A task that is now locked for the worker, with the variables that it sees."""

    model_config = example(
        **_IDS,
        id="0192e1c2-5b7a-7c3e-8f00-1a2b4000000a",
        topicName="aTopic",
        workerId="aWorker",
        lockExpirationTime="2015-10-06T16:34:42.000+0200",
        createTime="2015-10-06T16:33:42.000+0200",
        errorMessage=None,
        errorDetails=None,
        processDefinitionVersionTag=None,
        tenantId=None,
        retries=None,
        suspended=False,
        priority=0,
        businessKey="aBusinessKey",
        variables={"amount": _A_VARIABLE},
        extensionProperties={"aProperty": "aValue"},
    )

    error_details: str | None
    variables: dict[str, VariableValueDto]
    extension_properties: dict[str, str | None]


class ProcessInstanceWithVariablesDto(ProcessInstanceDto):
    """The instance as it is when it first waits, or has ended; `variables` only where they were asked for."""

    model_config = example(
        links=[{"method": "GET", "href": "http://127.0.0.1:8080/engine-rest/process-instance/anId", "rel": "self"}],
        id="0192e1c2-5b7a-7c3e-8f00-1a2b40000000",
        definitionId="aKey:1:0192e1c2-5b7a-7c3e-8f00-1a2b30000002",
        definitionKey="aKey",
        businessKey="aBusinessKey",
        caseInstanceId=None,
        ended=False,
        suspended=False,
        tenantId=None,
        variables={"amount": _A_VARIABLE},
    )

    variables: dict[str, VariableValueDto] | None = None
