"""Kinds of filters that history has of its own: it refuses what is wrong with them in other words (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from api.rest.errors import RestError, invalid_request, null_value
from api.rest.query_params import ANY_OF, ID_LIST, LIST, Kind, any_id, refusing
from api.rest.variable_filters import variables_kind


def not_valid(message: str) -> RestError:
    """An argument that the engine refuses as the client's mistake."""
    return RestError(400, "NotValidException", message, 0)


def bad_user_request(message: str) -> RestError:
    """Filters that do not go together."""
    return RestError(400, "BadUserRequestException", message, 0)


def texts(words: str, refuse: Callable[[str], RestError] = null_value) -> Kind:
    """A list; a null in it is refused in these words. Empty: no filter."""
    return refusing(LIST, None, partial(refuse, f"{words} contains null value"))


def any_of(words: str) -> Kind:
    """The same, but empty in a query string: no hit."""
    return texts(words)._replace(from_query=ANY_OF.from_query)


def ids(words: str) -> Kind:
    """A list of ids; a null in it is refused in these words. Empty in a query string: no hit."""
    kind = refusing(ID_LIST, None, partial(null_value, f"{words} contains null value"))
    return kind._replace(from_query=lambda name, value: [any_id(item) for item in value.split(",")])


def variables(parameter: str) -> Kind:
    """Comparisons with variables, without `notLike`."""
    kind = variables_kind(parameter)
    return kind._replace(from_query=_checked(kind.from_query), from_json=_checked(kind.from_json))


def _checked(read: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*arguments: Any) -> Any:
        try:
            wanted = read(*arguments)
        except RestError as error:
            raise _in_words_of_history(error) from None
        if any(comparison.operator == "notLike" for comparison in wanted):
            raise invalid_request("Invalid variable comparator specified: notLike")
        return wanted

    return checked


def _in_words_of_history(error: RestError) -> RestError:
    is_own = error.type == "NullValueException" or error.message.startswith("Booleans and null")
    return not_valid(error.message) if is_own else error
