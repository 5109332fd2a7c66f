"""Reads what some stations told lately: sessions, cards, restarts, security events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from stations.hardware.models import DeviceVariable, Evse
from stations.incidents.rules.silent import Use
from stations.incidents.rules.station_events import StationTold
from stations.incidents.rules.tries import EvseSessions, SessionFacts
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, StationEvent
from stations.sessions.models import Session, SessionState

SESSIONS_BACK: Final = timedelta(days=30)
TOLD_BACK: Final = timedelta(days=1)
MOST_SESSIONS: Final = 60


def load_sessions(stations: Collection[int], now: datetime) -> list[EvseSessions]:
    """The newest ended sessions of each EVSE."""
    rows = (
        Session.objects.filter(
            station_id__in=stations,
            state=SessionState.ENDED,
            evse__isnull=False,
            started_at__isnull=False,
            first_received_at__gte=now - SESSIONS_BACK,
            reconcile_due=False,
        )
        .order_by("started_at", "pk")
        .values_list(
            "station_id", "evse_number", "evse__max_power_w", "started_at", "id_token",
            "energy_wh", "stop_reason", "findings", "intervals", "public_id",
        )
    )  # fmt: skip
    found: dict[tuple[int, int], list[SessionFacts]] = {}
    ratings: dict[tuple[int, int], int] = {}
    for station, evse, rating, at, token, energy, reason, findings, intervals, ref in rows:
        ratings[station, evse] = rating or 0
        found.setdefault((station, evse), []).append(
            SessionFacts(
                at=at,
                driver=token,
                energy_wh=None if energy is None else float(energy),
                reason=reason,
                findings=tuple(str(one.get("code", "")) for one in findings or ()),
                power_w=_power(energy, intervals),
                ref=f"session:{ref}",
            )
        )
    return [
        EvseSessions(
            station=station, evse=evse, sessions=ones[-MOST_SESSIONS:],
            rating_w=ratings[station, evse],
        )
        for (station, evse), ones in found.items()
    ]  # fmt: skip


def _power(energy_wh: Any, stored: Any) -> float | None:
    """Mean power while energy flowed; None where that is not known."""
    if energy_wh is None or not isinstance(stored, Mapping):
        return None
    seconds = 0.0
    for one in stored.get("intervals", ()):
        if one.get("kind") != "charging":
            continue
        begin = parse_datetime(str(one.get("started_at", "")))
        end = parse_datetime(str(one.get("stopped_at", "")))
        if begin is not None and end is not None:
            seconds += (end - begin).total_seconds()
    return float(energy_wh) * 3600 / seconds if seconds >= 300 else None


def load_told(stations: Collection[int], now: datetime) -> list[StationTold]:
    """Restarts, cards, security events and certificates of the last day."""
    since = now - TOLD_BACK
    boots: dict[int, list[datetime]] = {}
    frames = FrameJournal.objects.filter(
        station_id__in=stations, received_at__gte=since, action="BootNotification"
    )
    for station, at in frames.order_by("received_at").values_list("station_id", "received_at"):
        boots.setdefault(station, []).append(at)
    attempts: dict[int, list[tuple[datetime, str, bool]]] = {}
    asked = AuthorisationAttempt.objects.filter(station_id__in=stations, at__gte=since)
    for station, at, token, decision in asked.order_by("at", "pk").values_list(
        "station_id", "at", "id_token", "decision"
    ):
        attempts.setdefault(station, []).append((at, token, decision == "Accepted"))
    events: dict[int, list[tuple[datetime, str, str]]] = {}
    told = StationEvent.objects.filter(
        station_id__in=stations, received_at__gte=since, kind="security"
    )
    for pk, station, at, name in told.order_by("received_at", "pk").values_list(
        "pk", "station_id", "received_at", "name"
    ):
        events.setdefault(station, []).append((at, name, f"event:{pk}"))
    ends = _certificates(stations)
    return [
        StationTold(
            station=pk, boots=boots.get(pk, ()), attempts=attempts.get(pk, ()),
            security=events.get(pk, ()), certificates=ends.get(pk, ()),
        )
        for pk in stations
    ]  # fmt: skip


def _certificates(stations: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    """Ends of certificates where a station keeps them as a value of its configuration."""
    rows = DeviceVariable.objects.filter(station_id__in=stations, variable__icontains="cert")
    found: dict[int, list[tuple[str, datetime]]] = {}
    for station, name, value in rows.order_by("pk").values_list("station_id", "variable", "value"):
        try:
            end = parse_datetime(value or "")
        except ValueError:
            continue
        if end is not None and not is_naive(end):
            found.setdefault(station, []).append((name, end))
    return found


def load_uses(sites: Collection[int], now: datetime, days: float) -> dict[int, list[Use]]:
    """Starts of sessions of EVSEs that say they are available, by site."""
    evses = Evse.objects.filter(
        station__site_id__in=sites,
        station__retired_on=None,
        retired_on=None,
        is_confirmed=True,
        connectors__status="available",
        station__link__is_connected=True,
    ).distinct()
    places = list(
        evses.order_by("pk").values_list(
            "pk", "station__site_id", "station_id", "number", "station__link__connected_at"
        )
    )
    starts: dict[int, list[datetime]] = {}
    rows = Session.objects.filter(
        station__site_id__in=sites,
        evse__isnull=False,
        first_received_at__gte=now - timedelta(days=days),
        started_at__isnull=False,
    )
    for pk, at in rows.order_by("started_at").values_list("evse_id", "started_at"):
        starts.setdefault(pk, []).append(at)
    found: dict[int, list[Use]] = {}
    for pk, site, station, number, since in places:
        found.setdefault(site, []).append(
            Use(
                station=station, evse=number, starts=starts.get(pk, ()),
                up_since_at=since or now - timedelta(days=days),
            )
        )  # fmt: skip
    return found
