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
_CHARACTER_SETS = re.compile(r"utf-(8|16|32).*|ascii|iso8859-\d+|cp\d+|koi8-[ru]|big5|gb.*|shift_jis|euc_(jp|kr)|iso2022_jp")
"""What files are written in. Python knows more codecs; one of them (punycode) takes hours for a few megabytes."""
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")


def decode(content: bytes) -> str:
    """Decode by byte order mark, else by declaration, else as UTF-8.

    Raises LookupError for an encoding that is not known, UnicodeDecodeError for bytes that do not fit it.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name)
    declared = _DECLARED.match(content[:1024])
    return content.decode(_character_set(declared.group(1).decode("ascii")) if declared else "utf-8")


def _character_set(name: str) -> str:
    if not _CHARACTER_SETS.fullmatch(codecs.lookup(name).name):
        raise LookupError(f"unknown encoding: {name}")
    return name
