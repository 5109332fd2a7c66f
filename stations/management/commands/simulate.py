"""``manage.py simulate``: charge points that connect to a bridge and behave like real ones."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.models import Station
from stations.ocpp.local_lists import sources
from stations.simulator import options as given
from stations.simulator.fleet import Fleet
from stations.simulator.specs import SpecError


class Command(BaseCommand):
    """Runs a fleet; prints what it believes happened as JSON when it ends."""

    help = (
        "Run simulated charge points against a bridge. Ends after --duration or on Ctrl-C and "
        "then prints sessions and energy as JSON (compare with compare_simulation)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        given.add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        # What a station is refused is no error of the simulator's.
        logging.getLogger("stations.simulator.wire").setLevel(logging.CRITICAL)
        try:
            scenario = given.scenario_from(options, settings.TIME_ZONE)
            fleet = given.fleet_from(
                options,
                url=settings.BRIDGE_PUBLIC_URL,
                scenario=scenario,
                demo_file=settings.VAR_DIR / "demo-stations.json",
                known=known_tokens,
            )
        except SpecError as error:
            raise CommandError(str(error)) from error
        report = asyncio.run(_run(fleet))
        if not options["demo"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))


async def _run(fleet: Fleet) -> dict[str, Any]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return await fleet.run(stop)


def known_tokens(identities: Sequence[str]) -> dict[str, list[str]]:
    """Tokens that may charge, by identity of the stations that the database knows."""
    with across_operators("stations of a simulation may belong to several operators"):
        stations = list(
            Station.objects.select_related("operator").filter(identity__in=list(identities))
        )
    tokens: dict[str, list[str]] = {}
    for station in stations:
        with operator_scope(station.operator):
            tokens[station.identity] = [
                entry.id_token
                for source in sources(tuple(settings.LOCAL_LIST_SOURCES))
                for entry in source.entries(
                    operator_id=station.operator_id,
                    station_id=station.pk,
                    site_id=station.site_id,
                    at=timezone.now(),
                )
                if entry.status == "Accepted"
            ]
    return tokens
