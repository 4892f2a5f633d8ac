"""Where a server's REST API is, from the host and the port that it listens on."""

from __future__ import annotations


def rest_address(host: str, port: int) -> str:
    """The address of the REST API; an IPv6 address stands in brackets."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/engine-rest"
