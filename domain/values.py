"""Process variables as typed values: what a `{"value", "type", "valueInfo"}` triple on the wire means inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

if TYPE_CHECKING:
    Scalar: TypeAlias = bool | int | float | str | bytes | None
else:
    # msgspec takes no union of str and bytes; msgpack itself tells them apart.
    Scalar = Any


class Value(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One typed value (REST contract §3).

    `type` is Camunda's name with a capital first letter: Null, Boolean, Short, Integer, Long, Double, String, Date, Bytes, File, Json,
    Xml or Object. `content` is what the type needs: an int for Date (epoch milliseconds, UTC), bytes for Bytes and File, the untouched
    text for Json, Xml and Object, None for a typed null. `info` holds `valueInfo` (objectTypeName, serializationDataFormat, filename,
    mimeType, encoding). A transient value is seen by the command that brings it and kept by no scope.
    """

    type: str
    content: Scalar = None
    info: dict[str, str] | None = None
    transient: bool = False


NULL = Value("Null")

Variables: TypeAlias = Mapping[str, Value]
