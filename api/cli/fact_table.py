"""Facts as a table: in the order of the log, consequences indented under their cause."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from api.cli.moments import clock, day
from api.cli.screen import Field, Layout, table
from domain.ids import ordinal_of

POSITION, TIME, STREAM = Field("Position", right=True, whole=True), Field("Time", whole=True), Field("Stream", whole=True)
FACT, BY, DATA = Field("Fact", whole=True), Field("By"), Field("Data")
LAYOUTS = (
    Layout(130, tuple((field,) for field in (POSITION, TIME, FACT, BY, STREAM, DATA))),
    Layout(0, ((POSITION, TIME), (FACT, DATA), (BY, STREAM))),
)
INDENT = "  "
LONGEST_VALUE = 120


def fact_table(facts: Sequence[Mapping[str, Any]], width: int, title: str) -> Table:
    """Facts (FactDto), one per row."""
    days = list(dict.fromkeys(day(fact["time"]) for fact in facts))
    if len(days) == 1:
        title = f"{title}, {days[0]}"
    return table(LAYOUTS, rows(facts, with_day=len(days) > 1), width, title)


def rows(facts: Sequence[Mapping[str, Any]], *, with_day: bool) -> Iterator[dict[str, str]]:
    """Each fact's texts by title. Commands whose cause is above are those whose consequences are indented."""
    caused: set[str] = set()
    for fact in facts:
        indent = INDENT if fact["command"] in caused and not fact["cause"] else ""
        if fact["cause"]:
            caused.add(fact["command"])
        time = clock(fact["time"])
        yield {
            POSITION.title: str(fact["position"]),
            TIME.title: f"{day(fact['time'])} {time}" if with_day else time,
            FACT.title: indent + fact["fact"],
            BY.title: fact["actor"] or "",
            STREAM.title: stream(fact["stream"]),
            DATA.title: data({name: value for name, value in fact["data"].items() if (name, value) != ("workerId", fact["actor"])}),
        }


def stream(id: str) -> str:
    """A stream's name, short: inside one instance the ids differ in their last digits only."""
    return f"…{id[-7:]}" if ordinal_of(id) else "instance"


def data(named: Mapping[str, Any]) -> str:
    """A fact's data in one line, without what is empty."""
    return ", ".join(f"{name}={short(value)}" for name, value in named.items() if value not in (None, [], {}))


def short(value: object) -> str:
    """A value as JSON; a long one is cut."""
    text = json.dumps(bare(value), ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def bare(value: object) -> object:
    """A value without the types of the variables in it."""
    if isinstance(value, dict):
        return bare(value["value"]) if value.keys() == {"type", "value", "valueInfo"} else {key: bare(item) for key, item in value.items()}
    return [bare(item) for item in value] if isinstance(value, list) else value
