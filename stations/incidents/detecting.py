"""One turn of detection each: the present state of all stations, what some told, long silences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from core.ids import public_id
from stations.hardware.models import Connector
from stations.incidents.applying import Turn, apply
from stations.incidents.choices import IncidentKind
from stations.incidents.loading import (
    Fleet,
    load_fleet,
    load_links,
    load_statuses,
    load_windows,
)
from stations.incidents.loading_told import load_sessions, load_told, load_uses
from stations.incidents.models import IS_LIVE, Incident
from stations.incidents.reading_on import marks_after, with_news
from stations.incidents.remedies.proving import conclude
from stations.incidents.rule_models import DetectionCursor, ErrorCode
from stations.incidents.rules.contact import LinkFacts, dark_sites, offline_findings
from stations.incidents.rules.finding import Finding
from stations.incidents.rules.silent import Silence, silences
from stations.incidents.rules.station_events import told_findings
from stations.incidents.rules.statuses import status_findings
from stations.incidents.rules.tries import session_findings
from stations.uptime.statuses import UP

K = IncidentKind
LIVE_KINDS: Final = frozenset(
    {K.SAFETY, K.FAULTED, K.TEMPERATURE, K.UNAVAILABLE, K.STUCK, K.OFFLINE, K.SITE_DARK}
)
TOLD_KINDS: Final = frozenset(
    {
        K.BOOT_LOOP, K.ZERO_ENERGY, K.STOP_REASON, K.REFUSED, K.METER, K.CLOCK, K.LOW_POWER,
        K.SECURITY, K.CERTIFICATE,
    }
)  # fmt: skip
_UNTIL_UP: Final = frozenset({K.SAFETY, K.FAULTED, K.TEMPERATURE, K.UNAVAILABLE})
OVERLAP: Final = timedelta(seconds=60)
"""Rows may become visible a while after the time that they bear."""
FURTHEST: Final = timedelta(days=1)
CHUNK: Final = 200


def detect_state(*, now: datetime) -> list[Incident]:
    """Faults, outages of contact, sites without any: what is so at this moment."""
    with transaction.atomic():
        if _taken("state") is None:
            return []
        fleet = load_fleet()
        links = load_links(fleet)
        statuses = load_statuses(fleet, now)
        findings = [
            *_dark(links, fleet, now),
            *offline_findings(links, fleet.setting, now),
            *status_findings(statuses.facts, fleet.setting, now),
        ]
        _collect_codes(statuses.unknown, now)
        turn = Turn(
            fleet=fleet, kinds=LIVE_KINDS, windows=load_windows(now), now=now, how=_how_gone()
        )
        return apply(findings, turn)


def _dark(links: Iterable[LinkFacts], fleet: Fleet, now: datetime) -> list[Finding]:
    return [
        Finding(
            rule="site_dark",
            kind=K.SITE_DARK,
            station=one.station,
            since_at=one.since_at,
            severity=fleet.setting(one.station, "site_dark").severity,
            facts={
                "stations": len(one.stations),
                "spread_s": one.spread_s,
                "likely": "network_or_power",
            },
        )
        for one in dark_sites(links, fleet.setting, now)
    ]


def _how_gone() -> Callable[[Incident, datetime], str | None]:
    """A fault is over when the EVSE works, not when it is out of service or starts up; what was
    taken out of service after a safety fault is not over either. One query for all of them."""
    faults = Incident.objects.filter(IS_LIVE, kind__in=_UNTIL_UP, evse__isnull=False).order_by()
    working = set(
        Connector.objects.filter(
            evse__in=faults.values("evse_id"), retired_on=None, status__in=UP
        ).values_list("evse_id", flat=True)
    )

    def how(incident: Incident, now: datetime) -> str | None:
        is_down = incident.evse_id is not None and incident.evse_id not in working
        return None if incident.kind in _UNTIL_UP and is_down else conclude(incident, now)

    return how


def _collect_codes(unknown: dict[tuple[int, str, str], str], now: datetime) -> None:
    """Codes that nobody knows wait for a translation; three queries at most, whatever their
    number. One that is told all the time counts once an hour."""
    if not unknown:
        return
    rows = ErrorCode.objects.filter(code__in={code for _operator, _vendor, code in unknown})
    known = {(one.operator_id, one.vendor, one.code): one for one in rows}
    ErrorCode.objects.bulk_create(
        [
            ErrorCode(
                operator_id=key[0], vendor=key[1], code=key[2], public_id=public_id("code"),
                info=info[:255], first_seen_at=now, last_seen_at=now,
            )
            for key, info in unknown.items()
            if key not in known
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    again = [
        known[key].pk
        for key in unknown
        if key in known and now - known[key].last_seen_at > timedelta(hours=1)
    ]
    if again:
        ErrorCode.objects.filter(pk__in=again).update(last_seen_at=now, seen=F("seen") + 1)


def detect_told(*, now: datetime) -> list[Incident]:
    """What stations told since the last turn, and the stations whose incidents may be over."""
    with transaction.atomic():
        cursor = _taken("told")
        if cursor is None:
            return []
        since = max((cursor.read_until_at or now) - OVERLAP, now - FURTHEST)
        marks = marks_after(cursor.marks)
        fleet = load_fleet()
        news = with_news(since, cursor.marks)
        open_ones = Incident.objects.filter(IS_LIVE, kind__in=TOLD_KINDS, station__isnull=False)
        stations = sorted(
            (news | set(open_ones.values_list("station_id", flat=True))) & set(fleet.stations)
        )
        changed = []
        for first in range(0, len(stations), CHUNK):
            changed += _judge(fleet, stations[first : first + CHUNK], now)
        DetectionCursor.objects.filter(pk=cursor.pk).update(read_until_at=now, marks=marks)
        return changed


def _judge(fleet: Fleet, stations: list[int], now: datetime) -> list[Incident]:
    findings = [
        *session_findings(load_sessions(stations, now), fleet.setting),
        *told_findings(load_told(stations, now), fleet.setting, now),
    ]
    turn = Turn(
        fleet=fleet, kinds=TOLD_KINDS, windows=load_windows(now), now=now, stations=stations
    )
    return apply(findings, turn)


def detect_silence(*, now: datetime) -> list[Incident]:
    """EVSEs that say they are available and are not used as predicted, site by site."""
    with transaction.atomic():
        if _taken("silence") is None:
            return []
        fleet = load_fleet()
        sites = sorted({row.site_id for row in fleet.stations.values()})
        changed = []
        for first in range(0, len(sites), 50):
            chunk = sites[first : first + 50]
            stations = [pk for pk, row in fleet.stations.items() if row.site_id in chunk]
            turn = Turn(
                fleet=fleet, kinds=frozenset({K.SILENT}), windows=load_windows(now), now=now,
                stations=stations,
            )  # fmt: skip
            changed += apply(_silent(fleet, chunk, now), turn)
        return changed


def _silent(fleet: Fleet, sites: list[int], now: datetime) -> list[Finding]:
    found: list[Finding] = []
    for uses in load_uses(sites, now, 90).values():
        setting = fleet.setting(uses[0].station, "silent")
        if not setting.is_enabled:
            continue
        alpha = setting.number("alpha")
        least = int(setting.number("sessions"))
        judged = silences(uses, now, alpha=alpha, days=setting.number("days"), least=least)
        found.extend(_told(one, alpha, setting.severity) for one in judged)
    return found


def _told(one: Silence, alpha: float, severity: str) -> Finding:
    return Finding(
        rule="silent",
        kind=K.SILENT,
        station=one.station,
        evse=one.evse,
        since_at=one.since_at,
        severity=severity,
        facts={
            "test": one.test,
            "chance": round(one.chance, 5),
            "alpha": alpha,
            "expected": round(one.expected, 1),
            "siblings": one.siblings,
            "share": round(one.share, 3),
            "per_week": round(one.per_week, 1),
        },
    )


def _taken(name: str) -> DetectionCursor | None:
    """The cursor, locked; None while another turn has it."""
    DetectionCursor.objects.get_or_create(name=name)
    return DetectionCursor.objects.select_for_update(skip_locked=True).filter(name=name).first()
