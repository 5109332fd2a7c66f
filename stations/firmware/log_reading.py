"""What a log holds, judged by its content and read with bounds (pure)."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Final

SHOWN_BYTES: Final = 64_000
MOST_ENTRIES: Final = 500
LISTING_BYTES: Final = 1_000_000
"""A longer listing of a zip is not read: each entry takes many times its bytes in memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class View:
    """How a log is shown: ``text`` (its beginning), ``zip`` (a listing) or ``binary``."""

    kind: str
    text: str = ""
    is_cut: bool = False
    entries: list[Entry] = field(default_factory=list)
    more_entries: int = 0


def view_of(file: IO[bytes]) -> View:
    """The beginning of a text, plain or packed with gzip; the listing of a zip."""
    head = file.read(SHOWN_BYTES + 1)
    if head.startswith(b"PK\x03\x04"):
        file.seek(0)
        return _listing(file)
    if head.startswith(b"\x1f\x8b"):
        return _unpacked(head)
    return _text(head)


class _Bounded:
    """A file of which no piece longer than a listing may be is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.seek, self.tell, self._read = file.seek, file.tell, file.read

    def read(self, size: int = -1) -> bytes:
        """A piece; the end of the file, where ``zipfile`` looks first, in one."""
        if size > LISTING_BYTES:
            raise zipfile.BadZipFile
        return self._read(size)


def _listing(file: IO[bytes]) -> View:
    try:
        with zipfile.ZipFile(_Bounded(file)) as archive:
            found = [Entry(one.filename[:200], one.file_size) for one in archive.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return View("binary")
    return View("zip", entries=found[:MOST_ENTRIES], more_entries=max(0, len(found) - MOST_ENTRIES))


def _unpacked(head: bytes) -> View:
    """As much as the first bytes of the file give, never more than is shown."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(head)) as packed:
            return _text(_available(packed))
    except (OSError, zlib.error):
        return View("binary")


def _available(packed: gzip.GzipFile) -> bytes:
    found = b""
    try:
        while len(found) <= SHOWN_BYTES:
            piece = packed.read1(8192)
            if not piece:
                break
            found += piece
    except EOFError:
        pass
    return found


def _text(data: bytes) -> View:
    shown, is_cut = data[:SHOWN_BYTES], len(data) > SHOWN_BYTES
    if b"\x00" in shown:
        return View("binary")
    text = shown.decode("utf-8", "replace")
    if text.count("�") > len(text) // 10:
        return View("binary")
    clean = "".join(
        c if c in "\n\t" or c.isprintable() else "·" for c in text.replace("\r\n", "\n")
    )
    return View("text", clean, is_cut)
