"""Guests who pay and charge, for tests."""

from __future__ import annotations

from typing import Any

from django.test import Client

from customers.guests.tests.world import GuestWorld


def charged(client: Client, world: GuestWorld, wh: int = 10_000, **given: Any) -> None:
    """Paid, charged, ended and rated."""
    visit = world.paid(client, **given)
    client.post(f"{world.at(visit)}start/")
    session = world.charge(visit)
    world.rate()
    world.follow()
    world.end(session, wh=wh)


def captured(world: GuestWorld) -> list[int]:
    return [one["amount_captured"] for one in world.double.objects("charge")]
