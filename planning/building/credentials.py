"""What a new station is told, so that it can connect."""

from __future__ import annotations

from django.conf import settings

from planning.building.services import Added

COLUMNS = ("name", "identity", "address", "password", "subprotocol")


def credentials_of(added: Added) -> dict[str, str]:
    """By the names of ``COLUMNS``; the password is empty where none is used or known any more."""
    station = added.station
    version = str(station.draft.values.get("version") or "1.6")
    return {
        "name": str(station),
        "identity": station.identity,
        "address": f"{settings.BRIDGE_PUBLIC_URL}/{station.identity}",
        "password": added.secret or "",
        "subprotocol": f"ocpp{version}",
    }
