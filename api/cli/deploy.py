"""`gesta deploy`: models, and whatever belongs to them, to a running server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.files import read_file
from api.cli.options import AsJson, Tenant, Url
from api.cli.refusal import CommandRefused
from api.cli.remote import Remote, ServerRefused
from api.cli.screen import Field, Layout, console, table

SOURCE = "gesta deploy"

KEY, RESOURCE = Field("Key"), Field("Resource")
VERSION, ID = Field("Version", right=True, whole=True), Field("Id", whole=True)
LAYOUTS = (Layout(110, ((KEY,), (VERSION,), (ID,), (RESOURCE,))), Layout(0, ((KEY, RESOURCE), (ID, VERSION))))


def deploy(
    files: Annotated[list[Path], typer.Argument(help="BPMN models and other files; all together are one deployment.")],
    name: Annotated[str | None, typer.Option(help="The deployment's name.")] = None,
    tenant: Tenant = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Deploy files, and list the process definitions that they bring."""
    contents = read_all(files)
    with Remote(url) as remote:
        deployed = send(remote, contents, name, tenant)
    definitions = list((deployed["deployedProcessDefinitions"] or {}).values())
    for warning in warnings(contents, definitions):
        print(f"gesta: warning: {warning}", file=sys.stderr)
    if as_json:
        print(json.dumps(deployed, indent=2))
    else:
        tell(deployed["id"], definitions)


def read_all(files: Iterable[Path]) -> dict[str, bytes]:
    """The files' contents by their names. Raise CommandRefused when one cannot be read, or two have the same name."""
    contents: dict[str, bytes] = {}
    for path in files:
        content = read_file(path)
        if path.name in contents:
            raise CommandRefused(f"two files are named '{path.name}'; a deployment has each name once: deploy them one after the other")
        contents[path.name] = content
    return contents


def send(remote: Remote, contents: Mapping[str, bytes], name: str | None, tenant: str | None) -> dict[str, Any]:
    """Deploy; the server's answer. Raise CommandRefused with what is wrong in which line."""
    texts = {"deployment-name": name, "deployment-source": SOURCE, "tenant-id": tenant}
    form = {part: text for part, text in texts.items() if text is not None}
    files = [("data", (file, content, "application/octet-stream")) for file, content in contents.items()]
    try:
        answer: dict[str, Any] = remote.post("deployment", "create", data=form, files=files)
    except ServerRefused as refused:
        raise CommandRefused("; ".join(complaints(refused.body.get("details") or {})) or str(refused)) from refused
    return answer


def complaints(details: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]) -> Iterator[str]:
    """What is wrong with models: file, line, column and element of each error."""
    for resource, problems in details.items():
        for problem in problems["errors"]:
            place = f", line {problem['line']}, column {problem['column']}" if problem["line"] else ""
            element = f" ({problem['mainElementId']})" if problem["mainElementId"] else ""
            yield f"{resource}{place}{element}: {' '.join(problem['message'].split())}"


def warnings(names: Iterable[str], definitions: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Say which files bring nothing that could be started."""
    # Imported here: the other commands start faster without the parser.
    from domain.parsing import is_model_name

    bringing = {definition["resource"] for definition in definitions}
    for name in names:
        if name not in bringing:
            reason = 'has no process with isExecutable="true"' if is_model_name(name) else "is no model: its name does not end in .bpmn"
            yield f"{name} {reason}; it is stored, and nothing of it can be started"


def tell(deployment: str, definitions: Sequence[Mapping[str, Any]]) -> None:
    """Print what was deployed."""
    screen = console()
    screen.print(f"Deployment {deployment}")
    if definitions:
        screen.print(definitions_table(definitions, screen.width))


def definitions_table(definitions: Iterable[Mapping[str, Any]], width: int) -> Table:
    """Process definitions, one per row."""
    fields = (KEY, VERSION, ID, RESOURCE)
    return table(LAYOUTS, ({field.title: str(definition[field.title.lower()]) for field in fields} for definition in definitions), width)
