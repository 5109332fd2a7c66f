"""``manage.py compare_simulation``: what a simulated fleet believes against the database."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.tenancy.scopes import across_operators
from stations.sessions.models import Session
from stations.simulator.comparison import Recorded, compare, summary


class Command(BaseCommand):
    """Exit code 0 when everything agrees, 1 when not."""

    help = (
        "Compare the JSON that `simulate` printed (a file, or standard input) with the sessions "
        "in the database; prints the differences as JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", nargs="?", default="-", help="file; - for standard input")
        parser.add_argument(
            "--wait", type=float, default=0.0, help="seconds to wait for sessions to be settled"
        )

    def handle(self, *_args: Any, report: str, wait: float, **_options: Any) -> None:
        content = _read(report)
        until = time.monotonic() + wait
        while True:
            recorded = _recorded(content)
            differences = compare(content["sessions"], recorded)
            if not differences or time.monotonic() >= until:
                break
            time.sleep(0.5)
        outcome = summary(content["sessions"], recorded, differences)
        self.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=1))
        if differences:
            sys.exit(1)


def _read(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        content = json.loads(text)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
    except ValueError as error:
        raise CommandError(f"{name}: is not JSON ({error})") from error
    if not isinstance(content, dict) or not isinstance(content.get("sessions"), list):
        raise CommandError(f"{name}: is not a report of manage.py simulate")
    return content


def _recorded(content: dict[str, Any]) -> list[Recorded]:
    """Sessions of the report's stations that arrived during its run."""
    identities = {row["station"] for row in content["sessions"]}
    began_at = datetime.fromisoformat(content["began_at"]) - timedelta(seconds=1)
    ended_at = datetime.fromisoformat(content["ended_at"]) + timedelta(minutes=1)
    with across_operators("stations of a simulation may belong to several operators"):
        rows = Session.objects.filter(
            station__identity__in=identities,
            first_received_at__gte=began_at,
            first_received_at__lte=ended_at,
        ).values_list("station__identity", "ocpp_transaction_id", "state", "energy_wh", "is_held")
        return [
            Recorded(
                station=identity,
                transaction_id=transaction,
                state=state,
                energy_wh=energy_wh,
                is_held=is_held,
            )
            for identity, transaction, state, energy_wh, is_held in rows
        ]
