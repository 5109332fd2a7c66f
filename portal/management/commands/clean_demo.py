"""``manage.py clean-demo``: removes the demo's data, wherever it was placed."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.embedded.places import outside_home
from portal.embedded.record import Lock, Record
from portal.supervision.pidfiles import end_leftovers


class Command(BaseCommand):
    """Ends leftovers and removes the data folder; refuses while a demo runs."""

    help = "Remove the demo's data."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Data are not removed with PORTAL_ENV=production.")
        var_dir = settings.VAR_DIR
        run_dir = var_dir / "run"
        if run_dir.is_dir():
            lock = Lock(run_dir / "servers.lock")
            if not lock.take():
                raise CommandError("The demo is running: stop it first.")
            end_leftovers(run_dir)
            record = Record.read(run_dir / "servers.json")
            if record is not None:
                record.end_all()
            lock.release()
        for name in ("run", "servers", "media", "log"):
            shutil.rmtree(var_dir / name, ignore_errors=True)
        for path in (*var_dir.glob("beat-schedule*"), var_dir / "demo.json"):
            path.unlink(missing_ok=True)
        shutil.rmtree(outside_home(var_dir), ignore_errors=True)
        if var_dir.is_dir() and not any(var_dir.iterdir()):
            var_dir.rmdir()
