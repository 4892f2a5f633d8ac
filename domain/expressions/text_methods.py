"""Methods of java.lang.String. Positions count UTF-16 units, as Java's do."""

from __future__ import annotations

from typing import NoReturn

from domain.expressions.evaluation import bounded
from domain.expressions.failures import MethodFailed
from domain.expressions.objects import Character, Integer
from domain.expressions.regular_expressions import Spend, compiled, replaced, split
from domain.expressions.signatures import Method, Methods, Parameter, code_point

ANY, CHARACTERS, NUMBER, TEXT = Parameter.ANY, Parameter.CHARACTERS, Parameter.NUMBER, Parameter.TEXT


def _units(text: str) -> str:
    """Return the text with every character beyond U+FFFF as its two surrogates."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(encoded[at] | encoded[at + 1] << 8) for at in range(0, len(encoded), 2))


def _joined(units: str) -> str:
    """Join surrogates again; a single one becomes a question mark, as in every text that Java writes."""
    if units.isascii() or not any("\ud800" <= unit <= "\udfff" for unit in units):
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", "?")


def _out_of_bounds(message: str) -> NoReturn:
    raise MethodFailed(f"java.lang.StringIndexOutOfBoundsException: {message}")


def _length(text: str) -> Integer:
    return Integer(len(_units(text)))


def _substring(text: str, begin: int, end: int | None = None) -> str:
    units = _units(text)
    stop = len(units) if end is None else end
    if not 0 <= begin <= stop <= len(units):
        _out_of_bounds(f"begin {begin}, end {stop}, length {len(units)}")
    return _joined(units[begin:stop])


def _char_at(text: str, index: int) -> Character:
    units = _units(text)
    if not 0 <= index < len(units):
        _out_of_bounds(f"String index out of range: {index}")
    return Character(units[index])


def _index_of(text: str, wanted: object, start: int = 0) -> Integer:
    return Integer(_units(text).find(_units(code_point(wanted)), max(0, start)))


def _last_index_of(text: str, wanted: object, start: int | None = None) -> Integer:
    sought = _units(code_point(wanted))
    if start is None:
        return Integer(_units(text).rfind(sought))
    return Integer(_units(text).rfind(sought, 0, start + len(sought)) if start >= 0 else -1)


def _compared(text: str, other: str) -> Integer:
    """Return the distance of the first characters that differ, or of the lengths."""
    first, second = _units(text), _units(other)
    for left, right in zip(first, second, strict=False):
        if left != right:
            return Integer(ord(left) - ord(right))
    return Integer(len(first) - len(second))


def _replace(text: str, old: object, new: object) -> str:
    sought, put = code_point(old), code_point(new)
    bounded(len(text) + text.count(sought) * (len(put) - len(sought)))
    return text.replace(sought, put)


def _repeat(text: str, count: int) -> str:
    if count < 0:
        raise MethodFailed(f"java.lang.IllegalArgumentException: count is negative: {count}")
    bounded(len(text) * count)
    return text * count


def _concat(text: str, other: str) -> str:
    bounded(len(text) + len(other))
    return text + other


def _matches(text: str, pattern: str, spend: Spend) -> bool:
    return compiled(pattern).matches(text, spend)


def _replace_first(text: str, pattern: str, replacement: str, spend: Spend) -> str:
    return replaced(text, pattern, replacement, spend, only_first=True)


def _split(text: str, pattern: str, spend: Spend) -> tuple[str, ...]:
    return split(text, pattern, 0, spend)


def _hash_code(text: str) -> Integer:
    code = 0
    for unit in _units(text):
        code = 31 * code + ord(unit) & 0xFFFFFFFF
    return Integer(code - 0x100000000 if code & 0x80000000 else code)


TRIMMED = "".join(map(chr, range(33)))

TEXT_METHODS: Methods = {
    ("length", 0): Method(_length),
    ("isEmpty", 0): Method(lambda text: not text),
    ("isBlank", 0): Method(lambda text: not text.strip()),
    ("toUpperCase", 0): Method(str.upper),
    ("toLowerCase", 0): Method(str.lower),
    ("trim", 0): Method(lambda text: text.strip(TRIMMED)),
    ("strip", 0): Method(str.strip),
    ("intern", 0): Method(str),
    ("hashCode", 0): Method(_hash_code),
    ("getBytes", 0): Method(lambda text: text.encode("utf-8", "replace")),
    ("concat", 1): Method(_concat, (TEXT,)),
    ("repeat", 1): Method(_repeat, (NUMBER,)),
    ("substring", 1): Method(_substring, (NUMBER,)),
    ("substring", 2): Method(_substring, (NUMBER, NUMBER)),
    ("charAt", 1): Method(_char_at, (NUMBER,)),
    ("contains", 1): Method(lambda text, other: other in text, (CHARACTERS,)),
    ("startsWith", 1): Method(str.startswith, (TEXT,)),
    ("startsWith", 2): Method(lambda text, other, start: start >= 0 and text.startswith(other, start), (TEXT, NUMBER)),
    ("endsWith", 1): Method(str.endswith, (TEXT,)),
    ("indexOf", 1): Method(_index_of, (ANY,)),
    ("indexOf", 2): Method(_index_of, (ANY, NUMBER)),
    ("lastIndexOf", 1): Method(_last_index_of, (ANY,)),
    ("lastIndexOf", 2): Method(_last_index_of, (ANY, NUMBER)),
    ("equalsIgnoreCase", 1): Method(lambda text, other: text.casefold() == other.casefold(), (TEXT,)),
    ("compareTo", 1): Method(_compared, (TEXT,)),
    ("compareToIgnoreCase", 1): Method(lambda text, other: _compared(text.lower(), other.lower()), (TEXT,)),
    ("replace", 2): Method(_replace, (ANY, ANY)),
    ("matches", 1): Method(_matches, (TEXT,), metered=True),
    ("replaceAll", 2): Method(replaced, (TEXT, TEXT), metered=True),
    ("replaceFirst", 2): Method(_replace_first, (TEXT, TEXT), metered=True),
    ("split", 1): Method(_split, (TEXT,), metered=True),
    ("split", 2): Method(split, (TEXT, NUMBER), metered=True),
}
