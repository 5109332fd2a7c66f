"""``manage.py backup``: database, files and keys into one new folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.safekeeping.making import BackupProblem, make_backup
from portal.safekeeping.programs import ProgramFailed


class Command(BaseCommand):
    """Writes a backup while the portal runs."""

    help = "Write database, files and keys into a new folder (docs/backup.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")
        parser.add_argument(
            "--passphrase-file", type=Path, help="its first line locks the keys into the backup"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        passphrase = read_passphrase(options["passphrase_file"])
        try:
            manifest = make_backup(options["folder"], passphrase=passphrase, now=timezone.now())
        except (BackupProblem, ProgramFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['folder']}: {', '.join(manifest['files'])}")
        if not passphrase:
            self.stderr.write(
                "The keys are not in it. Keep SECRET_KEY and STATION_KEY apart: without them "
                "nothing that is sealed can be read again, and no station logs in."
            )


def read_passphrase(path: Path | None) -> str:
    """The first line of a file; CommandError when it is too short to protect anything."""
    if path is None:
        return ""
    try:
        text = path.read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, IndexError) as error:
        raise CommandError(f"{path} holds no passphrase.") from error
    if len(text) < 12:
        raise CommandError("A passphrase has at least 12 characters.")
    return text
