"""What characters a file consists of. Decoding it ourselves means that the text which is checked is the text which is parsed."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")


def decode(content: bytes) -> str:
    """Decode by byte order mark, else by declaration, else as UTF-8.

    Raises LookupError for an encoding that is not known, UnicodeDecodeError for bytes that do not fit it.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name)
    declared = _DECLARED.match(content[:1024])
    return content.decode(declared.group(1).decode("ascii") if declared else "utf-8")
