"""Reservations: a row when ReserveNow is asked for, its state by the station's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from stations.commands.models import Command
from stations.hardware.models import Station
from stations.ocpp.models import Reservation
from stations.ocpp.payloads import member, text, whole


def next_number(station: Station) -> int:
    """A reservation id that this station has not been given yet."""
    last = Reservation.objects.filter(station=station).aggregate(last=Max("number"))["last"]
    return (last or 0) % (2**31 - 1) + 1


def note_request(command: Command) -> None:
    """Keep the reservation that a ReserveNow of either version asks for.

    The same number again is the same reservation, as stations have it (1.6 §5.13, 2.0.1 H01).
    """
    wanted = command.payload
    is_16 = "reservationId" in wanted
    number = wanted.get("reservationId" if is_16 else "id")
    if not isinstance(number, int) or not 0 <= number <= 2**31 - 1:
        return
    token = wanted.get("idTag") if is_16 else member(wanted, "idToken", "idToken")
    group = wanted.get("parentIdTag") if is_16 else member(wanted, "groupIdToken", "idToken")
    Reservation.objects.update_or_create(
        station=command.station,
        number=number,
        defaults={
            "operator_id": command.operator_id,
            "evse_number": whole(wanted.get("connectorId" if is_16 else "evseId")),
            "id_token": text(token, 255),
            "group_id_token": text(group, 255),
            "expires_at": _instant(wanted.get("expiryDate" if is_16 else "expiryDateTime")),
            "state": "requested",
        },
    )


def _instant(value: Any) -> datetime:
    """The instant; now for what is none (the station judges the raw text by itself)."""
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None:
        return timezone.now()
    return at if timezone.is_aware(at) else timezone.make_aware(at)


def answered(command: Command, answer: dict[str, Any]) -> None:
    """Accepted makes the reservation active; any other word refuses it."""
    number = command.payload.get("reservationId", command.payload.get("id"))
    state = "active" if answer.get("status") == "Accepted" else "refused"
    _move(command, number, "requested", state)


def cancel_answered(command: Command, answer: dict[str, Any]) -> None:
    """Accepted ends the reservation."""
    if answer.get("status") == "Accepted":
        number = command.payload.get("reservationId")
        _move(command, number, "requested", "cancelled")
        _move(command, number, "active", "cancelled")


def _move(command: Command, number: Any, origin: str, state: str) -> None:
    if isinstance(number, int):
        Reservation.objects.filter(
            station_id=command.station_id, number=number, state=origin
        ).update(state=state)
