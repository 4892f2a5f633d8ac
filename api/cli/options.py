"""Options that several commands have, each with one wording."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
Url: TypeAlias = Annotated[
    str | None, typer.Option("--url", help="A running server's REST API; none: the one at GESTA_HOST and GESTA_PORT.")
]
Tenant: TypeAlias = Annotated[str | None, typer.Option("--tenant", help="The tenant that it belongs to; none: nobody's.")]
