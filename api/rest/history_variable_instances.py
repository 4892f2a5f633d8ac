"""/history/variable-instance: variables, also of scopes that have ended (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest import coercions, history_kinds
from api.rest.answers import JsonResponse
from api.rest.binary import download
from api.rest.dates import format_date, format_optional_date
from api.rest.errors import engine_error, invalid_request, not_found
from api.rest.history_lists import HistoryList, add_posts, add_reads
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer
from api.rest.openapi import BINARY
from api.rest.query_params import FLAG, ID, LIKE, LIST, TEXT, Kind, get_flag, query_of
from api.rest.rows import RowWriter
from api.rest.variables import read_untyped, write_variable
from domain.ids import is_id
from domain.values import Value
from projections.history.variable_instance.query import VARIABLE_INSTANCES
from projections.history.variable_instance.values import Stored, restored
from projections.querying import Page

router = APIRouter(prefix="/history/variable-instance", tags=["Historic variable instance"])
_COLUMNS_OF_VALUE = len(Stored._fields)


def _value(value: Any) -> Value:
    if isinstance(value, list | dict) or (isinstance(value, int) and not coercions.LONG[0] <= value <= coercions.LONG[1]):
        raise engine_error("Object values cannot be used to query")
    return read_untyped(value)


FILTERS: Mapping[str, Kind] = {
    "processInstanceId": ID,
    "processInstanceIdIn": history_kinds.ids("Process Instance Ids"),
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "variableName": TEXT,
    "variableNameLike": LIKE,
    "variableNameIn": history_kinds.any_of("Variable names"),
    "variableValue": Kind(lambda name, value: _value(value), _value),
    "variableTypeIn": history_kinds.any_of("Variable types"),
    "variableNamesIgnoreCase": FLAG,
    "variableValuesIgnoreCase": FLAG,
    "executionIdIn": history_kinds.ids("Execution Ids"),
    "taskIdIn": history_kinds.ids("Task Ids"),
    "activityInstanceIdIn": history_kinds.any_of("Activity Instance Ids"),
    "caseInstanceId": TEXT,
    "caseExecutionIdIn": history_kinds.any_of("Case execution ids"),
    "caseActivityIdIn": history_kinds.any_of("Case activity ids"),
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "includeDeleted": FLAG,
}


class HistoricVariableInstanceDto(JsonAnswer):
    """A variable with its last value."""

    type: str
    value: Any
    value_info: dict[str, Any]
    id: str
    name: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    activity_instance_id: str
    case_definition_key: str | None
    case_definition_id: str | None
    case_instance_id: str | None
    case_execution_id: str | None
    task_id: str | None
    error_message: str | None
    tenant_id: str | None
    state: str
    create_time: str
    removal_time: str | None
    root_process_instance_id: str


def _meant(filters: dict[str, Any]) -> dict[str, Any]:
    """What the values of filters stand for, and what goes together."""
    if "variableValue" in filters and "variableName" not in filters:
        raise invalid_request(
            "Only a single variable value parameter specified: variable name and value are required to be able to query after a "
            "specific variable value."
        )
    if "variableTypeIn" in filters:
        filters["variableTypeIn"] = [kind.lower() for kind in filters["variableTypeIn"]]
    if not filters.pop("includeDeleted", False):
        filters["withoutDeleted"] = True
    return _without_case(filters)


def _without_case(filters: dict[str, Any]) -> dict[str, Any]:
    names, values = filters.pop("variableNamesIgnoreCase", False), filters.pop("variableValuesIgnoreCase", False)
    if names:
        filters = {f"{name}IgnoringCase" if name in ("variableName", "variableNameLike") else name: v for name, v in filters.items()}
    wanted = filters.get("variableValue")
    if values and wanted is not None and wanted.type == "String":
        filters["variableTextIgnoringCase"] = filters.pop("variableValue").content
    return filters


def _written(row: Sequence[Any], deserialize: bool) -> dict[str, Any]:
    value, rest = restored(Stored(*row[:_COLUMNS_OF_VALUE])), row[_COLUMNS_OF_VALUE:]
    id, name, definition_key, definition_id, instance_id, execution_id, activity_id, tenant_id, state, created, removal = rest
    return {
        **write_variable(value, deserialize),
        "id": id,
        "name": name,
        "processDefinitionKey": definition_key,
        "processDefinitionId": definition_id,
        "processInstanceId": instance_id,
        "executionId": execution_id,
        "activityInstanceId": activity_id,
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": None,
        "errorMessage": None,
        "tenantId": tenant_id,
        "state": state,
        "createTime": format_date(created),
        "removalTime": format_optional_date(removal),
        "rootProcessInstanceId": instance_id,
    }


def _writer(request: Request) -> RowWriter:
    """Lists say `deserializeValues`, a single variable `deserializeValue`."""
    params = query_of(request)
    return partial(_written, deserialize=get_flag(params, "deserializeValues", True) and get_flag(params, "deserializeValue", True))


VARIABLES = HistoryList(HistoricVariableInstanceDto, VARIABLE_INSTANCES, FILTERS, _writer, _meant)

add_reads(router, VARIABLES)
add_posts(router, VARIABLES)


@router.get("/{id}", response_model=HistoricVariableInstanceDto)
async def get_variable(request: Request, id: str) -> Response:
    """One variable."""
    variable = await VARIABLES.one(request, {"variableId": id, "withoutDeleted": True}) if is_id(id) else None
    if variable is None:
        raise _unknown(id)
    return JsonResponse(variable)


@router.get("/{id}/data", response_class=Response, responses=BINARY)
async def get_content(request: Request, id: str) -> Response:
    """The content of a File or Bytes variable."""
    filters = {"variableId": id, "withoutDeleted": True}
    rows = await engine_of(request).query_history(*VARIABLE_INSTANCES.select(filters, (), Page())) if is_id(id) else []
    if not rows:
        raise _unknown(id)
    return download(restored(Stored(*rows[0][:_COLUMNS_OF_VALUE])), id)


def _unknown(id: str) -> Exception:
    return not_found(f"Historic variable instance with Id '{id}' does not exist.")
