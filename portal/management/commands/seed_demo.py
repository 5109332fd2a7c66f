"""``manage.py seed_demo``: a demo network with three months of history; once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo.install import install


class Command(BaseCommand):
    """Loads the demo network; a second run changes nothing."""

    help = "Load a demo network (two operators, three months of history). Does nothing twice."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("A demo network has no place with PORTAL_ENV=production.")
        report = install(
            now=timezone.now(),
            var_dir=settings.VAR_DIR,
            url=settings.PUBLIC_URL,
            websocket_url=settings.BRIDGE_PUBLIC_URL,
        )
        if report is None:
            self.stdout.write("The demo network is there already.")
            return
        counts = ", ".join(f"{count} {name}" for name, count in report.rows.items())
        self.stdout.write(f"Loaded the demo network in {report.seconds} s: {counts}.")
