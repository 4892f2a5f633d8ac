"""`--var name=value`: variables as people write them, to variables as the REST API takes them (REST contract §3)."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Iterable
from mimetypes import guess_type
from pathlib import Path
from typing import Any, NoReturn

from api.cli.files import read_file
from api.cli.refusal import CommandRefused

HOW = "a variable is name=value, or name:Type=value"
TYPES = ("Boolean", "Bytes", "Date", "Double", "File", "Integer", "Json", "Long", "Null", "Short", "String", "Xml")
"""What may be said of a value: Camunda's types, without Object, which Json stands for here."""


def read_variables(texts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Read all variables of a command. Raise CommandRefused for what is no variable, or is one twice."""
    variables: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, variable = read_variable(text)
        if name in variables:
            raise CommandRefused(f"--var {text}: the variable '{name}' is given twice; a name has one value")
        variables[name] = variable
    return variables


def read_variable(text: str) -> tuple[str, dict[str, Any]]:
    """Read one variable. Without a type it is what its value is in JSON, and a String where that is no JSON or a text."""
    left, equals, value = text.partition("=")
    name, colon, kind = left.rpartition(":") if ":" in left else (left, "", "")
    if not equals or not name:
        raise CommandRefused(f"--var {text}: {HOW}")
    try:
        return name, typed(kind[:1].upper() + kind[1:], value) if colon else untyped(value)
    except ValueError as error:
        raise CommandRefused(f"--var {text}: {error}") from error


def typed(kind: str, text: str) -> dict[str, Any]:
    """A value of a type; the server reads numbers, booleans and dates from their texts. Raise ValueError for an unknown type."""
    if kind not in TYPES:
        raise ValueError(f"'{kind}' is no type; allowed are {', '.join(TYPES)}")
    if kind == "File":
        return file(Path(text))
    return {"value": None if kind == "Null" and text in ("", "null") else text, "type": kind}


def file(path: Path) -> dict[str, Any]:
    """A file's content, with its name and the type that its suffix tells."""
    media_type, _ = guess_type(path.name)
    info = {"filename": path.name} | ({"mimeType": media_type} if media_type else {})
    return {"value": b64encode(read_file(path)).decode(), "type": "File", "valueInfo": info}


def untyped(text: str) -> dict[str, Any]:
    """A value whose type its JSON tells. Raise ValueError for a number that no type holds."""
    try:
        value = json.loads(text, parse_constant=no_json)
    except (ValueError, RecursionError):
        return {"value": text, "type": "String"}
    kind = json_type(value)
    return {"value": text if kind in ("Json", "String") else value, "type": kind}


def json_type(value: object) -> str:
    """The type of a JSON value."""
    match value:
        case None:
            return "Null"
        case bool():
            return "Boolean"
        case int():
            return integer_type(value)
        case float():
            return double_type(value)
        case dict() | list():
            return "Json"
        case _:
            return "String"


def integer_type(value: int) -> str:
    """Integer or Long, by size."""
    if -(2**31) <= value < 2**31:
        return "Integer"
    if -(2**63) <= value < 2**63:
        return "Long"
    raise ValueError("the number does not fit into a Long (64 bits); name:String=… keeps it as text")


def double_type(value: float) -> str:
    """Double, unless the number is beyond it."""
    if math.isfinite(value):
        return "Double"
    raise ValueError("the number does not fit into a Double (64 bits); name:String=… keeps it as text")


def no_json(word: str) -> NoReturn:
    """NaN and Infinity: Python reads them, JSON does not have them."""
    raise ValueError(f"{word} is no JSON")
