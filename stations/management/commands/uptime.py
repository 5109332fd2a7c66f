"""Uptime figures of vectors: JSON in, JSON out."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from stations.management.uptime_items import UnreadableInput, uptime_items


class Command(BaseCommand):
    """Pure: touches no database and no Redis. Unreadable input exits with 2."""

    help = (
        "Reads a JSON list of facts about uptime on standard input and prints the figures of each "
        "in the same order (docs/uptime.md)."
    )
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            figures = uptime_items(sys.stdin.buffer.read())
        except UnreadableInput as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(json.dumps(figures, indent=2))
