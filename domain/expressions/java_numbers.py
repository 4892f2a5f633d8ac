"""Java's numbers: 64 bits that wrap, casts that saturate, doubles as Double.toString writes them."""

from __future__ import annotations

import math
from decimal import Decimal

from domain.expressions.objects import Integer


def wrap(number: int, bits: int = 64) -> int:
    """Keep the last bits: 64 as Java's long does, 32 as its int."""
    limit = 1 << (bits - 1)
    if -limit <= number < limit:
        return int(number)
    return (number + limit & 2 * limit - 1) - limit


def saturated(number: float, bits: int) -> int:
    """Cut a double down to an integer as Java casts it: the nearest that fits, 0 for NaN."""
    limit = 1 << (bits - 1)
    if math.isnan(number):
        return 0
    return max(-limit, min(limit - 1, math.trunc(number))) if math.isfinite(number) else (limit - 1 if number > 0 else -limit)


def double_text(number: float) -> str:
    """Write a double as Java's Double.toString does."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{len(digits) + int(exponent) - 1}"


def boxed(number: int) -> int | float:
    """Return a whole number as the smallest of Integer, Long and Double that holds it."""
    if -0x80000000 <= number <= 0x7FFFFFFF:
        return Integer(number)
    if wrap(number) == number:
        return number
    return float(number) if number.bit_length() < 1024 else math.copysign(math.inf, number)
