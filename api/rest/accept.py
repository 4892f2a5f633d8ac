"""The Accept header (REST contract §1)."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1024)
def accepts(accept: str, content_type: str) -> bool:
    """Tell whether an Accept header allows an answer's type; an empty header allows everything."""
    kind = content_type.partition(";")[0].strip().lower()
    main = kind.partition("/")[0]
    allowed = {_range(part) for part in accept.split(",") if part.strip()}
    return not allowed or not kind or bool(allowed & {"*/*", f"{main}/*", kind, "*"})


def _range(part: str) -> str:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    refused = any(p.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for p in parameters)
    return "" if refused else name


@lru_cache(maxsize=1024)
def echoed_type(accept: str) -> str | None:
    """The type to answer with when a client asks for JSON in a charset: Camunda echoes its words."""
    first = accept.split(",")[0].strip()
    name, *parameters = (piece.strip() for piece in first.split(";"))
    charset = next((p for p in parameters if p.lower().startswith("charset=")), None)
    return f"application/json;{charset}" if charset and name.lower() == "application/json" else None
