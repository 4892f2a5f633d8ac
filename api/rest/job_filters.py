"""The filters of /job lists (REST contract §10.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.rest import coercions
from api.rest.errors import RestError, invalid_request
from api.rest.json_body import field
from api.rest.query_params import FLAG, ID, ID_LIST, LIST, LONG, TEXT, Kind, date, read_filters, read_json_filters
from projections.job.query import DateFilter


def _dates(words: str) -> Kind:
    """Dates with operators: `gt_<date>,lt_<date>` in a query string, objects in a body; `words` as in `Invalid {words} comparator`."""

    def from_query(name: str, value: str) -> list[DateFilter]:
        return [_date(name, *_parts(name, part), words) for part in value.split(",")]

    def from_json(value: Any) -> list[DateFilter]:
        return [_from_json(item, words) for item in coercions.to_objects(value) or ()]

    return Kind(from_query, from_json, parts=("operator", "value"))


def _parts(name: str, text: str) -> tuple[str, str]:
    operator, underscore, value = text.partition("_")
    if not underscore:
        raise invalid_request(f"{name} query parameter has to have format OPERATOR_VALUE.")
    return operator, value


def _date(name: str, operator: str, value: str, words: str) -> DateFilter:
    _check_operator(operator, words)
    instant = date(name, value)
    if instant is None:
        raise invalid_request(f"Cannot set query parameter '{name}' to value '{operator}_': a date is due")
    return DateFilter(operator, instant)


def _from_json(item: Mapping[str, Any], words: str) -> DateFilter:
    operator = field(item, "operator", coercions.to_text)
    _check_operator(operator, words)
    value = field(item, "value", coercions.to_date)
    if value is None:
        raise invalid_request("value: a date is due")
    return DateFilter(operator, value)


def _check_operator(operator: str | None, words: str) -> None:
    if operator not in ("gt", "lt"):
        raise invalid_request(f"Invalid {words} comparator specified: {'null' if operator is None else operator}")


KINDS: Mapping[str, Kind] = {
    "jobId": ID,
    "jobIds": ID_LIST,
    "executionId": ID,
    "processInstanceId": ID,
    "processInstanceIds": ID_LIST,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "activityId": TEXT,
    "failedActivityId": TEXT,
    "jobDefinitionId": ID,
    "withRetriesLeft": FLAG,
    "noRetriesLeft": FLAG,
    "executable": FLAG,
    "timers": FLAG,
    "messages": FLAG,
    "withException": FLAG,
    "exceptionMessage": TEXT,
    "dueDates": _dates("due date"),
    "createTimes": _dates("create time"),
    "priorityHigherThanOrEquals": LONG,
    "priorityLowerThanOrEquals": LONG,
    "active": FLAG,
    "suspended": FLAG,
    "acquired": FLAG,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "includeJobsWithoutTenantId": FLAG,
}


def filters_of_params(params: Mapping[str, str], now: int) -> dict[str, Any]:
    """The filters of a query string; `now` says what is executable."""
    return _checked(read_filters(params, KINDS), now)


def filters_of_body(body: Mapping[str, Any], now: int) -> dict[str, Any]:
    """The filters of a body."""
    return _checked(read_json_filters(body, KINDS), now)


def _checked(filters: dict[str, Any], now: int) -> dict[str, Any]:
    if "timers" in filters and "messages" in filters:
        raise _together("timers", "messages")
    if "executable" in filters:
        filters["executable"] = now
    return filters


def _together(one: str, other: str) -> RestError:
    return invalid_request(f"Parameter {one} cannot be used together with parameter {other}.")
