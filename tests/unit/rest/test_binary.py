"""Downloads of files: what their headers say."""

from __future__ import annotations

import pytest

from api.rest.binary import download
from domain.values import Value


@pytest.mark.parametrize(
    ("info", "media_type"),
    [
        ({}, "application/octet-stream"),
        ({"encoding": "UTF-8"}, "application/octet-stream; charset=UTF-8"),
        ({"mimeType": "text/plain"}, "text/plain"),
        ({"mimeType": "text/plain", "encoding": "UTF-8"}, "text/plain; charset=UTF-8"),
    ],
)
def test_media_type_of_a_file_is_its_own_with_its_encoding(info: dict[str, str], media_type: str) -> None:
    file = Value("File", b"content", {"filename": "a.txt", **info})

    answer = download(file, "1")

    assert answer.headers["content-type"] == media_type
