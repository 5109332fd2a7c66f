"""Reads what the guards go by, and what an operator allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q

from stations.commands.models import Command, CommandOrigin
from stations.hardware.models import Connector, Station
from stations.incidents.choices import IncidentKind, RunState
from stations.incidents.models import IS_LIVE, Incident
from stations.incidents.remedies.guards import Limits, Surroundings
from stations.incidents.remedies.playbooks import DEFAULTS, Step, steps_from
from stations.incidents.remedy_models import Playbook, RemedyRun, RemedySetting
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session, SessionState
from stations.uptime.models import Cause, CauseStatement, StatementState

JUST_NOW: Final = timedelta(minutes=2)


def limits_of(operator_id: int) -> Limits:
    """What the operator decided; without a decision remedies are only written down."""
    row = RemedySetting.objects.filter(operator_id=operator_id).first()
    if row is None:
        return Limits(mode="dry_run")
    return Limits(
        mode=row.mode,
        most_per_six_hours=row.most_per_six_hours,
        most_per_day=row.most_per_day,
        cool_down_s=row.cool_down_s,
        from_hour=row.from_hour,
        until_hour=row.until_hour,
        makes_orders=row.makes_orders,
    )


def steps_of(operator_id: int, fault_class: str) -> tuple[Step, ...]:
    """The operator's own steps, else the usual ones."""
    own = Playbook.objects.filter(operator_id=operator_id, fault_class=fault_class).first()
    if own is None:
        return DEFAULTS.get(fault_class, ())
    return steps_from(own.steps) if own.is_enabled else ()


def surroundings(station: Station, now: datetime, *, run: RemedyRun | None = None) -> Surroundings:
    """What is so at a station now; ``run``: whose own doings do not stand in its way."""
    others = RemedyRun.objects.exclude(pk=run.pk) if run else RemedyRun.objects.all()
    real = others.filter(is_dry=False)
    link = station.link
    return Surroundings(
        is_connected=link.is_connected,
        hands_off=station.hands_off,
        sessions=frozenset(
            number or 0
            for number in Session.objects.filter(station=station, state=SessionState.ACTIVE)
            .order_by()
            .values_list("evse_number", flat=True)
        ),
        statuses=tuple(_statuses(station)),
        authorised=_asked_to_start(station, now)
        | frozenset(
            number or 0
            for number in AuthorisationAttempt.objects.filter(
                station=station, at__gt=now - JUST_NOW, decision="Accepted"
            )
            .order_by()
            .values_list("evse_number", flat=True)
        ),
        restarts=list(
            Command.objects.filter(
                station=station,
                origin=CommandOrigin.SYSTEM,
                command="reset",
                created_at__gt=now - timedelta(days=1),
            ).values_list("created_at", flat=True)
        ),
        last_run_at=real.filter(station=station, ended_at__isnull=False)
        .order_by("-ended_at")
        .values_list("ended_at", flat=True)
        .first(),
        hour=now.astimezone(ZoneInfo(station.site.time_zone)).hour,
        is_maintained=_is_maintained(station, now),
        is_site_busy=real.filter(site_id=station.site_id, state=RunState.RUNNING).exists(),
        has_safety_fault=Incident.objects.filter(
            IS_LIVE, station=station, kind=IncidentKind.SAFETY
        ).exists(),
    )


def _asked_to_start(station: Station, now: datetime) -> frozenset[int]:
    """EVSEs (0: any) that were told just now to start: the car is plugged in next."""
    asked = Command.objects.filter(
        station=station, command="remote_start", created_at__gt=now - JUST_NOW
    )
    found = asked.order_by().values_list("parameters", flat=True)
    return frozenset(int(one.get("evse") or 0) for one in found)


def _statuses(station: Station) -> list[tuple[int, str]]:
    rows = Connector.objects.filter(evse__station=station, retired_on=None)
    return list(rows.order_by("evse__number", "number").values_list("evse__number", "status"))


def _is_maintained(station: Station, now: datetime) -> bool:
    return CauseStatement.objects.filter(
        Q(station=None) | Q(station=station),
        site_id=station.site_id,
        cause=Cause.MAINTENANCE,
        state=StatementState.APPROVED,
        began_at__lte=now,
        ended_at__gt=now,
    ).exists()


def snapshot(station: Station) -> dict[str, Any]:
    """The state around a step, as rows keep it."""
    rows = Connector.objects.filter(evse__station=station, retired_on=None)
    statuses = {
        f"{evse}/{number}": status
        for evse, number, status in rows.order_by("evse__number", "number").values_list(
            "evse__number", "number", "status"
        )
    }
    station.link.refresh_from_db()
    return {
        "connected": station.link.is_connected,
        "generation": station.link.generation,
        "statuses": statuses,
    }
