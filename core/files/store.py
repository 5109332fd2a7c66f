"""Where files are kept: under MEDIA_ROOT in a folder per operator, with random names."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import InvalidInput

_UNWANTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\"\\/:*?<>|]+")


def read_upload(upload: UploadedFile[Any], *, most_bytes: int) -> bytes:
    """The content of an upload; InvalidInput when it is larger than ``most_bytes``."""
    if (upload.size or 0) > most_bytes:
        raise InvalidInput(
            "file_too_large",
            _("The file is larger than %(size)d MB.") % {"size": most_bytes // 1_000_000},
            field="file",
        )
    data: bytes = upload.read(most_bytes + 1)
    return data


def clean_name(name: str, ending: str) -> str:
    """A name safe in headers and on disks, with the ending of what the file is."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = " ".join(_UNWANTED.sub(" ", stem).split()).strip(" .")
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    return f"{stem[:100].strip(' .') or 'file'}{ending}"


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
