"""How Java writes values as text: Camunda's messages and conversions show it."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any


def java_text(value: Any) -> str:
    """A JSON value as its Java counterpart's `toString` writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, list):
        return f"[{', '.join(map(java_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}={java_text(item)}' for key, item in value.items())}}}"
    return str(value)


def java_double(value: float) -> str:
    """A number as `Double.toString` writes it: `1.5`, `1.0E20`, `NaN`."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return format(Decimal(repr(value)), "f") if value else repr(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    rest = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{rest}E{exponent + len(digits) - 1}"
