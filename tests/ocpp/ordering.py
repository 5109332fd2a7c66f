"""Command rows for tests of the bridge, as the service leaves them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from stations.models import Command, Station
from tests.ocpp.support import Network, eventually, query

_numbers = itertools.count(1)


def queue(station: Station, action: str, payload: dict[str, Any], **fields: Any) -> Command:
    """A command row as the service leaves it; nobody tells the bridge."""
    now = datetime.now(UTC)
    values = {
        "public_id": f"cmd_test{next(_numbers)}_{station.pk}",
        "origin": "person",
        "requested_by": "olga@example.com",
        "ocpp_version": "1.6",
        "expires_at": now + timedelta(minutes=2),
    } | fields
    made: Command = Command.objects.create(
        operator_id=station.operator_id, station=station, action=action, payload=payload, **values
    )
    return made


async def ask(network: Network, action: str, payload: Any = None, **fields: Any) -> Command:
    return await query(lambda: queue(network.station, action, payload or {}, **fields))


async def ended(command: Command) -> Command:
    """The row when it has reached a final state."""
    return await eventually(
        lambda: Command.objects.get(pk=command.pk), lambda c: c.finished_at is not None
    )
