"""When something is to be suspended or resumed later: a date, refused in words of its own."""

from __future__ import annotations

from api.rest.dates import BadDate, parse_date
from api.rest.errors import invalid_request


def read_execution_date(text: str | None, refusal: str) -> int | None:
    """Read a date, as epoch milliseconds; `refusal` comes before the reason."""
    if not text:
        return None
    try:
        return parse_date(text)
    except BadDate:
        raise invalid_request(f'{refusal}Invalid format: "{text}"') from None
