"""Binary contents: downloads of File and Bytes values, and the parts of an upload (REST contract §3.4)."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from api.rest.errors import invalid_request
from domain.values import Value

OCTETS = "application/octet-stream"


def download(value: Value, owner_id: str) -> Response:
    """The content of a File or Bytes value; `owner_id` is how a message names what was asked for."""
    if value.type not in ("File", "Bytes"):
        raise invalid_request(f"Value of variable with id {owner_id} is not a binary value.")
    content = value.content if isinstance(value.content, bytes) else b""
    if value.type == "Bytes":
        return Response(content, headers={"content-type": OCTETS})
    info = value.info or {}
    headers = {"content-type": _media_type(info), "content-disposition": disposition(info.get("filename", ""))}
    return Response(content, headers={name: _header(text) for name, text in headers.items()})


def _media_type(info: dict[str, str]) -> str:
    media_type = info.get("mimeType") or OCTETS
    return f"{media_type}; charset={info['encoding']}" if info.get("encoding") else media_type


def disposition(name: str) -> str:
    """The header that names a downloaded file, plainly and percent-encoded."""
    encoded = f"filename*=UTF-8''{quote(name, safe='')}"
    plain = name.encode("latin-1", "replace").decode("latin-1")
    return f'attachment; filename="{plain}"; {encoded}'


def _header(text: str) -> str:
    """A text that can stand in a header: without control characters."""
    return "".join(character if character.isprintable() else " " for character in text.encode("latin-1", "replace").decode("latin-1"))
