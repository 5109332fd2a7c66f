"""Baseline: a server as one would first write it: the ``ocpp`` package's ChargePoint as its
README uses it, on asyncio, and one ORM ``create()`` per message.

``python -m benchmarks.naive_server <port>``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from asgiref.sync import sync_to_async
from ocpp.routing import on
from ocpp.v201 import ChargePoint, call_result
from ocpp.v201.enums import Action
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from core.models import Operator
from core.tenancy.scopes import across_operators
from stations.models import Station, StationEvent


def _store(operator_id: int, station_id: int, kind: str, data: dict[str, Any]) -> None:
    with across_operators("a benchmark's baseline"):
        StationEvent.objects.create(
            operator_id=operator_id,
            station_id=station_id,
            received_at=datetime.now(UTC),
            kind=kind,
            name=kind,
            data=data,
        )


class NaiveChargePoint(ChargePoint):  # type: ignore[misc]  # its library has no types
    """Stores each message as it comes."""

    ids: tuple[int, int]

    async def keep(self, kind: str, data: dict[str, Any]) -> None:
        """One row a message."""
        await sync_to_async(_store)(*self.ids, kind, data)

    @on(Action.heartbeat)
    async def on_heartbeat(self, **data: Any) -> call_result.Heartbeat:
        await self.keep("heartbeat", data)
        return call_result.Heartbeat(current_time=datetime.now(UTC).isoformat())

    @on(Action.status_notification)
    async def on_status(self, **data: Any) -> call_result.StatusNotification:
        await self.keep("status", data)
        return call_result.StatusNotification()

    @on(Action.transaction_event)
    async def on_event(self, **data: Any) -> call_result.TransactionEvent:
        await self.keep("event", data)
        return call_result.TransactionEvent()


def _station_ids() -> tuple[int, int]:
    with across_operators("a benchmark's baseline"):
        return Operator.objects.values_list("id", flat=True)[0], Station.objects.values_list(
            "id", flat=True
        )[0]


async def main(port: int) -> None:
    """Serve until killed."""
    ids = await sync_to_async(_station_ids)()

    async def serve_one(socket: ServerConnection) -> None:
        point = NaiveChargePoint("naive", socket)
        point.ids = ids
        try:
            await point.start()
        except ConnectionClosed:
            return

    async with serve(
        serve_one,
        "127.0.0.1",
        port,
        subprotocols=[Subprotocol("ocpp2.0.1")],
        compression=None,
    ):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
