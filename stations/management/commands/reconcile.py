"""Derive sessions from recorded OCPP frames: JSON lines in, one JSON list out."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from stations.management.reconcile_lines import UnreadableInput, reconcile_lines


class Command(BaseCommand):
    """Pure: touches no database and no Redis. Unreadable input exits with 2."""

    help = (
        "Reads JSON lines of OCPP frames on standard input and prints the sessions they tell of "
        "as one JSON list (docs/reconciliation.md)."
    )
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            sessions = reconcile_lines(sys.stdin.buffer.read())
        except UnreadableInput as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(json.dumps(sessions, indent=2))
