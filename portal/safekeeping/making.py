"""Making a backup: the database first, then the files that its rows name."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from portal.env import Environment
from portal.safekeeping.keys import NAMES, lock
from portal.safekeeping.programs import run

DATABASE: Final = "database.dump"
FILES: Final = "files.tar"
KEYS: Final = "keys.locked"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_BLOCK: Final = 1 << 20


class BackupProblem(Exception):
    """The backup cannot be made, or cannot be put back; a sentence that says why."""


def make_backup(folder: Path, *, passphrase: str, now: datetime) -> dict[str, Any]:
    """Write a backup into a folder that is not there yet; returns its manifest.

    Nothing has to stop: the dump is one moment of the database, and a file is stored before its
    row is, and stays. The folder gets its name when it is whole.
    """
    if folder.exists():
        raise BackupProblem(f"{folder} is there already; give the name of a new folder.")
    part = folder.with_name(f"{folder.name}.part")
    if part.exists():
        raise BackupProblem(f"{part} is left of a backup that was cut off; remove it first.")
    part.mkdir(mode=0o700, parents=True)
    try:
        manifest = _fill(part, passphrase, now)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    part.rename(folder)
    return manifest


def _fill(part: Path, passphrase: str, now: datetime) -> dict[str, Any]:
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={part / DATABASE}")
    _pack(Path(settings.MEDIA_ROOT), part / FILES)
    if passphrase:
        environment = Environment()
        keys = {name: environment.secret(name) for name in NAMES}
        (part / KEYS).write_bytes(lock(keys, passphrase))
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "migrations": migrations(),
        "has_keys": bool(passphrase),
        "files": {path.name: digest(path) for path in sorted(part.iterdir())},
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (part / MANIFEST).write_text(text, encoding="utf-8")
    for path in part.iterdir():
        path.chmod(0o600)
        _to_disk(path)
    return manifest


def migrations() -> dict[str, str]:
    """The last applied migration of each app."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
        return {str(app): str(name) for app, name in cursor.fetchall()}


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _pack(media: Path, target: Path) -> None:
    with tarfile.open(target, "w") as bundle:
        if media.is_dir():
            bundle.add(media, arcname=".")


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
