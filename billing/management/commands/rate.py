"""Price sessions by tariffs: JSON in, JSON out."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from billing.management.rate_items import UnreadableInput, rate_items


class Command(BaseCommand):
    """Pure: touches no database and no Redis. Unreadable input exits with 2."""

    help = (
        "Reads one JSON object of a tariff and a session, or a list of them, on standard input and "
        "prints what each costs (docs/tariffs.md)."
    )
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            rated = rate_items(sys.stdin.buffer.read())
        except UnreadableInput as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(json.dumps(rated, indent=2))
