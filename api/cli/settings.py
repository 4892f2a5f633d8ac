"""`gesta settings`: every setting with the value it has now."""

from __future__ import annotations

import json
from typing import Any

from rich.table import Column, Table

from api.cli.options import AsJson
from api.cli.screen import console
from api.settings import Settings, allowed, load_settings, meaning, shown, variable


def settings(as_json: AsJson = False) -> None:
    """List the settings: variable, value, default, meaning and what is allowed."""
    rows = described(load_settings())
    if as_json:
        print(json.dumps(rows, indent=2))
    else:
        console().print(table(rows))


def described(loaded: Settings) -> list[dict[str, Any]]:
    """One row per setting; passwords are not shown."""
    return [
        {
            "name": variable(name),
            "value": shown(getattr(loaded, name)),
            "default": shown(field.default),
            "meaning": meaning(name),
            "allowed": allowed(name),
        }
        for name, field in Settings.model_fields.items()
    ]


def table(rows: list[dict[str, Any]]) -> Table:
    """The rows for a person; a value that is not the default stands out."""
    shown_table = Table(Column("Setting", no_wrap=True), "Value", "Default", "Meaning")
    for row in rows:
        style = "bold" if row["value"] != row["default"] else ""
        shown_table.add_row(row["name"], word(row["value"]), word(row["default"]), row["meaning"], style=style)
    return shown_table


def word(value: object) -> str:
    """A value as it would be set."""
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
