"""Signs, fields and the checksum of SIE files (pure). Numbers are clauses of SIE 4B.

5.8: codepage 437, which lacks the euro sign, dashes and some Nordic letters: those are written with
signs that it has. 5.7: fields stand in quotes where they hold blanks, a quote inside as \\".
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from billing.problem import MoneyProblem

CODEPAGE: Final = "cp437"
_BESIDE: Final = str.maketrans({
    "€": "EUR", "–": "-", "—": "-", "‑": "-", "−": "-", "ø": "ö", "Ø": "Ö", "’": "'", "‘": "'",
    "“": '"', "”": '"', "„": '"', "…": "...", "×": "x", "Œ": "OE", "œ": "oe", "ð": "d", "Ð": "D",
    "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "•": "-", "\\": "/",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "©": "(c)", "®": "(R)",
})  # fmt: skip
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_BARE: Final = re.compile(r"[^\s\"{}]+")
_FIELD: Final = re.compile(
    r'[ \t]+(?:"(?P<quoted>(?:[^"\\]|\\.)*)"'
    r'|\{(?P<braced>(?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}'
    r'|(?P<bare>[^ \t"{}]+))(?=[ \t]|$)'
)

Field = str | tuple[str, ...]
"""A field, or the fields between braces."""


def plain(text: str, longest: int | None = None) -> str:
    """``text`` in signs of the codepage, on one line, cut to ``longest``."""
    text = " ".join(_CONTROL.sub(" ", text.translate(_BESIDE)).split())
    text = "".join(_sign(sign) for sign in text)
    return text if longest is None else text[:longest].rstrip()


def _sign(sign: str) -> str:
    for form in (sign, unicodedata.normalize("NFKD", sign)):
        kept = form.encode(CODEPAGE, "ignore").decode(CODEPAGE)
        if kept:
            return kept
    return "" if unicodedata.combining(sign) else "?"


def quoted(text: str) -> str:
    """A field as it is written: in quotes where it needs them."""
    if _BARE.fullmatch(text):
        return text
    return '"' + text.replace('"', '\\"') + '"'


def fields_of(line: str) -> list[Field]:
    """The fields after the label. Raises MoneyProblem for what is none."""
    found: list[Field] = []
    place = 0
    while line[place:].strip(" \t"):
        field = _FIELD.match(line, place)
        if field is None:
            raise MoneyProblem("sie_field", f"Cannot be read from {line[place:].strip()[:20]!r}")
        if field["braced"] is not None:
            inner = fields_of(" " + field["braced"])
            if not all(isinstance(one, str) for one in inner):
                raise MoneyProblem("sie_field", "Braces stand within braces")
            found.append(tuple(one for one in inner if isinstance(one, str)))
        elif field["quoted"] is not None:
            found.append(field["quoted"].replace('\\"', '"'))
        else:
            found.append(field["bare"])
        place = field.end()
    return found


def checksum(rows: Iterable[tuple[str, Sequence[Field]]]) -> int:
    """CRC-32 over labels and fields in the codepage, without quotes, braces and what separates."""
    crc = 0
    for label, fields in rows:
        parts = [label]
        for field in fields:
            parts += [field] if isinstance(field, str) else field
        crc = zlib.crc32("".join(parts).encode(CODEPAGE), crc)
    return crc
