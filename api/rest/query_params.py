"""Query parameters and the same filters in POST bodies: converted as Camunda does, refused in its words (REST contract §1, §2.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from fastapi import Request

from api.rest import coercions
from api.rest.dates import BadDate, parse_date
from api.rest.errors import RestError, http_error, invalid_request, null_value
from api.rest.json_body import field
from domain.ids import is_id
from projections.querying import Page, Sorting, like_pattern

NO_ID = "00000000-0000-0000-0000-000000000000"
"""What stands for an id that nothing can have."""
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,40})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_NO_DATE = ': Cannot convert value "{}" to java type java.util.Date'
_FLAGS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}


def query_of(request: Request) -> dict[str, str]:
    """The query string's parameters; of a repeated one the first counts."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return dict(reversed(pairs))


def _cannot_set(name: str, value: str, reason: str = "") -> RestError:
    return invalid_request(f"Cannot set query parameter '{name}' to value '{value}'{reason}")


def _cannot_convert(name: str, value: str, java_type: str) -> RestError:
    return _cannot_set(name, value, f": Cannot convert value {value} to java type {java_type}")


def _whole(name: str, value: str, limits: tuple[int, int], java_type: str) -> int | None:
    text = value.strip()
    if text == "null":
        return None
    if not _NUMBER.fullmatch(text):
        raise _cannot_convert(name, value, java_type)
    number = float(text) if set(text) & set(".eE") else int(text)
    if not limits[0] <= number <= limits[1]:
        raise _cannot_convert(name, value, java_type)
    return int(number)


def integer(name: str, value: str) -> int | None:
    """A Java Integer; a fraction is cut."""
    return _whole(name, value, coercions.INT, "java.lang.Integer")


def long(name: str, value: str) -> int | None:
    """A Java Long; a fraction is cut."""
    return _whole(name, value, coercions.LONG, "java.lang.Long")


def flag(name: str, value: str) -> bool | None:
    """Exactly true or false, or a whole number."""
    text = value.strip()
    if text in _FLAGS:
        return _FLAGS[text]
    if _WHOLE.fullmatch(text):
        return int(text) != 0
    raise _cannot_convert(name, value, "java.lang.Boolean")


def date(name: str, value: str) -> int | None:
    """A date in Camunda's pattern, as epoch milliseconds."""
    if not value:
        return None
    if value.startswith('"') and value.endswith('"'):
        raise _cannot_set(name, value, f": Cannot convert value {value} to java type java.util.Date because of double quotes")
    try:
        return parse_date(value)
    except BadDate:
        raise _cannot_set(name, value, _NO_DATE.format(value)) from None


def get_flag(params: Mapping[str, str], name: str, default: bool = False) -> bool:
    """A flag that is no filter."""
    found = flag(name, params[name]) if name in params else None
    return default if found is None else found


def any_id(value: str) -> str:
    """The text if it may be an id, else one that finds nothing: texts that are no ids are not an error."""
    return value if is_id(value) else NO_ID


class Kind(NamedTuple):
    """How a filter is read from a query string and from a JSON body."""

    from_query: Callable[[str, str], Any]
    from_json: Callable[[Any], Any]
    listed: bool = False
    """It is a list."""
    parts: tuple[str, ...] = ()
    """In a body it is a list of objects with these properties."""


def _texts(name: str, value: str) -> list[str]:
    return value.split(",") if value else []


def _maybe(convert: Callable[[Any], Any], then: Callable[[str], str]) -> Callable[[Any], Any]:
    def converted(value: Any) -> Any:
        found = convert(value)
        return None if found is None else then(found)

    return converted


def _present(items: list[str | None] | None) -> list[str] | None:
    return None if items is None else [item for item in items if item is not None] or ([] if not items else [NO_ID])


TEXT = Kind(lambda name, value: value, coercions.to_text)
LIKE = Kind(lambda name, value: like_pattern(value), _maybe(coercions.to_text, like_pattern))
ID = Kind(lambda name, value: any_id(value), _maybe(coercions.to_text, any_id))
LIST = Kind(_texts, coercions.to_texts, listed=True)
"""Empty: no filter. A null inside it is refused."""
ANY_OF = Kind(lambda name, value: value.split(","), lambda value: _present(coercions.to_texts(value)), listed=True)
"""Empty in a query string: no hit. Nulls inside it find nothing."""
ID_LIST = Kind(
    lambda name, value: [any_id(item) for item in _texts(name, value)],
    lambda value: [None if item is None else any_id(item) for item in coercions.to_texts(value) or ()],
    listed=True,
)
ANY_ID_OF = Kind(
    lambda name, value: [any_id(item) for item in value.split(",")],
    lambda value: [any_id(item) for item in _present(coercions.to_texts(value)) or ()],
    listed=True,
)
FLAG = Kind(flag, coercions.to_flag)
INTEGER = Kind(integer, coercions.to_int)
LONG = Kind(long, coercions.to_long)
DATE = Kind(date, coercions.to_date)


def refusing(kind: Kind, unfit: object, refusal: Callable[[], RestError], in_query: bool = False) -> Kind:
    """The kind of a list that is refused in other words where it has an item `unfit`: in a body, and maybe in a query string."""

    def checked(found: Any) -> Any:
        if found is not None and unfit in found:
            raise refusal()
        return found

    refused = kind._replace(from_json=lambda value: checked(kind.from_json(value)))
    if not in_query:
        return refused
    return refused._replace(from_query=lambda name, value: checked(value.split(",")))


def read_filters(params: Mapping[str, str], kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The filters of a query string that apply: those that say nothing, false and empty lists are left out."""
    found = {name: kind.from_query(name, params[name]) for name, kind in kinds.items() if name in params}
    return _applying(found)


def read_json_filters(body: Mapping[str, Any], kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The filters of a POST body that apply."""
    return _applying({name: field(body, name, kind.from_json) for name, kind in kinds.items() if name in body})


def _applying(filters: dict[str, Any]) -> dict[str, Any]:
    for name, value in filters.items():
        if isinstance(value, list) and None in value:
            raise null_value(f"{'tenantIds' if name == 'tenantIdIn' else name} contains null value")
    return {name: value for name, value in filters.items() if value is not None and value is not False and value != []}


def read_page(params: Mapping[str, str]) -> Page:
    """`firstResult` and `maxResults`, from the query string also for POST."""
    return Page(max(_paging(params, "firstResult") or 0, 0), _paging(params, "maxResults"))


def _paging(params: Mapping[str, str], name: str) -> int | None:
    text = params.get(name, "")
    if not text:
        return None
    number = int(text) if _WHOLE.fullmatch(text) else None
    if number is None or not coercions.INT[0] <= number <= coercions.INT[1]:
        raise RestError(404, "QueryParamException", http_error(404).message)
    return number


def read_sorting(params: Mapping[str, str], keys: Mapping[str, str]) -> Sorting:
    """`sortBy` and `sortOrder` of a GET; `keys` are the names that may be sorted by."""
    by, order = params.get("sortBy"), params.get("sortOrder")
    if order is not None and order not in ("asc", "desc"):
        raise _cannot_set("sortOrder", order)
    if by is not None and by not in keys:
        raise _cannot_set("sortBy", by)
    if by is None and order is None:
        return []
    if by is None or order is None:
        raise invalid_request("Only a single sorting parameter specified. sortBy and sortOrder required")
    return [(by, order)]


def read_json_sorting(body: Mapping[str, Any], keys: Mapping[str, str]) -> Sorting:
    """`sorting` of a POST body, refused in the words of Camunda's query builder."""
    sorting: list[tuple[str, str]] = []
    for entry in field(body, "sorting", coercions.to_objects) or ():
        by, order = field(entry, "sortBy", coercions.to_text), field(entry, "sortOrder", coercions.to_text)
        if "sortBy" not in entry and "sortOrder" not in entry:
            continue
        if by is None or by not in keys:
            raise RestError(400, "NotValidException", _LATER_KEY if sorting else _FIRST_KEY, 0)
        if order not in ("asc", "desc"):
            raise RestError(400, "NotValidException", "Invalid query: call asc() or desc() after using orderByXX(): direction is null", 0)
        sorting.append((by, order))
    return sorting


_FIRST_KEY = "You should call any of the orderBy methods first before specifying a direction: currentOrderingProperty is null"
_LATER_KEY = "Invalid query: can specify only one direction desc() or asc() for an ordering constraint: direction is not null"
