"""HTTP as bytes, for what no client library would send."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from contextlib import closing
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

PATIENCE = 60.0
"""Seconds: a test that hangs fails."""
CHUNK = 1 << 20


class Answer(NamedTuple):
    """A server's answer; `body` is what it says, read as JSON where it is JSON."""

    status: int
    headers: dict[str, str]
    body: Any


def connected(address: str) -> socket.socket:
    """A connection to a server."""
    at = urlsplit(address)
    return socket.create_connection((str(at.hostname), at.port or 80), PATIENCE)


def send(address: str, *pieces: bytes | Iterable[bytes]) -> Answer | None:
    """Send pieces one after another until the server answers or all are sent; its first answer, None if it hangs up without one."""
    with closing(connected(address)) as connection:
        for piece in pieces:
            for part in [piece] if isinstance(piece, bytes) else piece:
                if not offered(connection, part):
                    return received(connection.makefile("rb"))
        return received(connection.makefile("rb"))


def offered(connection: socket.socket, part: bytes) -> bool:
    """Send a part, unless the server has said what it has to say."""
    connection.setblocking(False)
    try:
        if connection.recv(1, socket.MSG_PEEK) is not None:
            return False
    except BlockingIOError:
        pass
    except ConnectionError:
        return False
    finally:
        connection.settimeout(PATIENCE)
    try:
        connection.sendall(part)
    except ConnectionError:
        return False
    return True


def received(content: BinaryIO) -> Answer | None:
    """Read one answer."""
    first = content.readline()
    if not first:
        return None
    status = int(first.split()[1])
    headers = dict(header(line) for line in iter(content.readline, b"\r\n"))
    body = content.read(int(headers.get("content-length", "0")))
    return Answer(status, headers, json.loads(body) if headers.get("content-type") == "application/json" and body else body.decode())


def header(line: bytes) -> tuple[str, str]:
    """Name and value of a header."""
    name, _, value = line.decode("latin-1").partition(":")
    return name.lower(), value.strip()


def head(method: str, path: str, *headers: str) -> bytes:
    """A request up to its body; characters are bytes."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: gesta", *headers, "", ""]).encode("latin-1")


def request(method: str, path: str, body: bytes = b"", content_type: str = "application/json", *headers: str) -> bytes:
    """A whole request with a body."""
    said = [f"Content-Type: {content_type}"] if content_type else []
    return head(method, path, f"Content-Length: {len(body)}", *said, *headers) + body
