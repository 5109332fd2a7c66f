"""Putting a backup back into a fresh place, after everything in it was checked."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from portal.env import Environment
from portal.safekeeping.keys import WrongPassphrase, unlock
from portal.safekeeping.making import (
    DATABASE,
    FILES,
    FORMAT,
    KEYS,
    MANIFEST,
    BackupProblem,
    digest,
    migrations,
)
from portal.safekeeping.programs import run


def check_backup(folder: Path) -> dict[str, Any]:
    """The manifest; refuses a backup of which a byte is missing or changed."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, str] = manifest["files"]
    except (OSError, ValueError, KeyError) as error:
        raise BackupProblem(f"{folder} holds no whole backup.") from error
    if manifest.get("format") != FORMAT:
        raise BackupProblem(f"This program cannot read format {manifest.get('format')}.")
    for name, wanted in files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file() or digest(path) != wanted:
            raise BackupProblem(f"{name} is missing or was changed since the backup was made.")
    return manifest


def restore_backup(folder: Path, *, passphrase: str) -> dict[str, Any]:
    """Fill an empty database and an empty folder of files; returns the manifest.

    Refuses everything else, before anything is written. The database is filled in one
    transaction. The keys must be those of the backup: they are compared when it holds them.
    """
    manifest = check_backup(folder)
    if _has_tables():
        raise BackupProblem("The database is not empty; name a new one in DATABASE_URL.")
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        raise BackupProblem(f"{media} is not empty; name a new folder in VAR_DIR.")
    if manifest["has_keys"]:
        _compare_keys(folder / KEYS, passphrase)
    run(
        "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
        f"--dbname={connection.settings_dict['NAME']}", str(folder / DATABASE),
    )  # fmt: skip
    media.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / FILES) as bundle:
        bundle.extractall(media, filter="data")
    if migrations() != manifest["migrations"]:
        raise BackupProblem("What was put back is not what the manifest says.")
    return manifest


def read_keys(folder: Path, passphrase: str) -> dict[str, str]:
    """The keys of a backup, to be put into the environment of the new place."""
    if not (folder / KEYS).is_file():
        raise BackupProblem("This backup was made without its keys; they were kept apart.")
    try:
        return unlock((folder / KEYS).read_bytes(), passphrase)
    except WrongPassphrase as error:
        raise BackupProblem(str(error)) from error


def _compare_keys(path: Path, passphrase: str) -> None:
    if not passphrase:
        raise BackupProblem("Give the passphrase of the backup: its keys are compared with yours.")
    environment = Environment()
    kept = read_keys(path.parent, passphrase)
    other = [name for name, value in kept.items() if environment.secret(name) != value]
    if other:
        raise BackupProblem(
            f"{', '.join(other)} must be set as in the backup first; --keys prints them."
        )


def _has_tables() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')")
        return bool(cursor.fetchone()[0])
