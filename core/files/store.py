"""Where files are kept: under MEDIA_ROOT in a folder per operator, with random names."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any, Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import InvalidInput

_PIECE_BYTES: Final = 65_536
_UNWANTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\"\\/:*?<>|]+")


def read_upload(upload: UploadedFile[Any], *, most_bytes: int) -> bytes:
    """The content of an upload; InvalidInput when it is larger than ``most_bytes``."""
    if (upload.size or 0) > most_bytes:
        raise _too_large(most_bytes)
    data: bytes = upload.read(most_bytes + 1)
    return data


def _too_large(most_bytes: int) -> InvalidInput:
    return InvalidInput(
        "file_too_large",
        _("The file is larger than %(size)d MB.") % {"size": most_bytes // 1_000_000},
        field="file",
    )


def clean_name(name: str, ending: str) -> str:
    """A name safe in headers and on disks, with the ending of what the file is."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = " ".join(_UNWANTED.sub(" ", stem).split()).strip(" .")
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    return f"{stem[:100].strip(' .') or 'file'}{ending}"


def ending_of(name: str, usual: str) -> str:
    """The ending that a name has, if it is short and plain; otherwise the usual one."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return f".{ending}" if ending.isalnum() and len(ending) <= 8 else usual


def keep(operator_id: int, data: bytes, ending: str) -> str:
    """Store ``data`` and return its path in the storage."""
    name = secrets.token_hex(16)
    path = f"operators/{operator_id}/{name[:2]}/{name}{ending}"
    return default_storage.save(path, ContentFile(data))


@contextmanager
def kept(operator_id: int, *parts: tuple[bytes, str]) -> Iterator[list[str]]:
    """Store several files for the block; all are removed again when it fails."""
    paths: list[str] = []
    try:
        for data, ending in parts:
            paths.append(keep(operator_id, data, ending))
        yield paths
    except BaseException:
        for path in paths:
            default_storage.delete(path)
        raise


def forget_on_commit(*paths: str) -> None:
    """Remove stored files when the transaction has ended well."""
    for path in filter(None, paths):
        transaction.on_commit(partial(default_storage.delete, path))


def load(path: str) -> bytes | None:
    """The stored content; None when it is not there."""
    try:
        with default_storage.open(path) as file:
            data: bytes = file.read()
            return data
    except FileNotFoundError:
        return None


def opened(path: str) -> IO[bytes] | None:
    """The stored file to be read in pieces; None when it is not there."""
    try:
        file: IO[bytes] = default_storage.open(path)
    except FileNotFoundError:
        return None
    return file


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was stored while it was read."""

    path: str
    size_bytes: int
    sha256: str


class _Measured(File):  # type: ignore[type-arg]  # not generic at run time
    """A stream that is measured in passing, and refused once it is too long."""

    def __init__(self, stream: IO[bytes], most_bytes: int) -> None:
        super().__init__(stream)
        self.most_bytes = most_bytes
        self.seen_bytes = 0
        self.digest = hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The stream in pieces."""
        assert self.file is not None
        while piece := self.file.read(chunk_size or _PIECE_BYTES):
            self.seen_bytes += len(piece)
            if self.seen_bytes > self.most_bytes:
                raise _too_large(self.most_bytes)
            self.digest.update(piece)
            yield piece


@contextmanager
def kept_stream(
    operator_id: int, stream: IO[bytes], ending: str, *, most_bytes: int
) -> Iterator[Kept]:
    """Store what ``stream`` gives, a piece at a time, for the block; it is removed again when the
    block fails, or when the stream is longer than ``most_bytes`` (InvalidInput)."""
    name = secrets.token_hex(16)
    path = f"operators/{operator_id}/{name[:2]}/{name}{ending}"
    measured = _Measured(stream, most_bytes)
    try:
        path = default_storage.save(path, measured)
        yield Kept(path, measured.seen_bytes, measured.digest.hexdigest())
    except BaseException:
        default_storage.delete(path)
        raise


def forget(path: str) -> None:
    """Remove a stored file at once."""
    default_storage.delete(path)
