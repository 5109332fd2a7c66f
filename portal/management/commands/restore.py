"""``manage.py restore``: a backup into an empty database and an empty folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.management.commands.backup import read_passphrase
from portal.safekeeping.making import BackupProblem
from portal.safekeeping.programs import ProgramFailed
from portal.safekeeping.restoring import check_backup, read_keys, restore_backup


class Command(BaseCommand):
    """Puts a backup back, or only checks it, or prints its keys."""

    help = "Put a backup into a fresh place (docs/backup.md)."
    requires_migrations_checks = False
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what manage.py backup made")
        parser.add_argument("--passphrase-file", type=Path)
        parser.add_argument("--check", action="store_true", help="only check that it is whole")
        parser.add_argument("--keys", action="store_true", help="only print the keys that it holds")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder, passphrase = options["folder"], read_passphrase(options["passphrase_file"])
        try:
            if options["check"]:
                manifest = check_backup(folder)
            elif options["keys"]:
                for name, value in read_keys(folder, passphrase).items():
                    self.stdout.write(f"{name}={value}")
                return
            else:
                manifest = restore_backup(folder, passphrase=passphrase)
        except (BackupProblem, ProgramFailed, OSError) as error:
            raise CommandError(str(error)) from error
        word = "is whole" if options["check"] else "is put back"
        self.stdout.write(f"The backup of {manifest['made_at']} {word}.")
