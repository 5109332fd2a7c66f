"""From bytes to text: which encoding a file has, with an error where none fits (pure)."""

from __future__ import annotations

import codecs
import re
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DOS: Final = re.compile(r"[A-Za-z][†„”‡][a-z]|[a-z][†„”‡]\b")
_MAC: Final = re.compile(r"[a-z]Œ|Œ[a-z]|[a-z]Š[a-z]|\u008a")
_TWICE: Final = re.compile("Ã[¥¤¶…„–©¨¸¦]")
_SAMPLE: Final = 4096


class EncodingError(Exception):
    """The file is in no encoding that can be told; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decode(raw: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    UTF-8 with or without byte order mark, UTF-16, Windows-1252. Raises EncodingError for what
    is no text (``not_text``), for DOS and Mac encodings that would come out wrong
    (``other_encoding``) and for text that had been decoded wrongly before (``broken_before``).
    """
    name = _named(raw)
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        if name != "utf-8":
            raise EncodingError("other_encoding") from error
        text, name = _western(raw), "windows-1252"
    if _CONTROLS.search(text):
        raise EncodingError("not_text")
    if _TWICE.search(text):
        raise EncodingError("broken_before")
    return text, "utf-8" if name == "utf-8-sig" else name


def _named(raw: bytes) -> str:
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = raw[:_SAMPLE]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > half * 0.4 and sample[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[::2].count(0) > half * 0.4 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return "utf-8"


def _western(raw: bytes) -> str:
    try:
        text = raw.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise EncodingError("other_encoding") from error
    if _DOS.search(text) or _MAC.search(text):
        raise EncodingError("other_encoding")
    return text
