"""From findings to incidents: opens what is new, leaves what is known, groups, closes what is no
more. Suppressed while a maintenance window is open."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from core.errors import RuleViolation
from stations.hardware.models import Evse, Station
from stations.incidents import services
from stations.incidents.choices import IncidentKind
from stations.incidents.loading import Fleet, Window
from stations.incidents.models import IS_LIVE, Incident
from stations.incidents.opening import Trouble, open_or_touch
from stations.incidents.remedies.proving import conclude
from stations.incidents.rules.finding import Finding

logger = logging.getLogger(__name__)
_IN_WINDOW_TOO: Final = frozenset({IncidentKind.SAFETY, IncidentKind.SECURITY})
"""What is told whatever is being maintained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One look: which kinds were judged, at which stations (None: all), and how one ends that is
    not found any more (None: it stays)."""

    fleet: Fleet
    kinds: frozenset[str]
    windows: list[Window]
    now: datetime
    stations: Collection[int] | None = None
    how: Callable[[Incident, datetime], str | None] = conclude


def apply(findings: Iterable[Finding], turn: Turn) -> list[Incident]:
    """The incidents that were opened, opened again or changed."""
    rows = Incident.objects.filter(IS_LIVE, kind__in=turn.kinds)
    if turn.stations is not None:
        rows = rows.filter(station_id__in=turn.stations)
    live = {(one.operator_id, one.dedup_key): one for one in rows.select_related("site")}
    seen = _worst(findings, turn.fleet)
    changed: list[Incident] = []
    for key, finding in seen.items():
        station = turn.fleet.stations[finding.station]
        known = live.get(key)
        if known is not None and _same(known, finding):
            continue
        if known is None and _is_suppressed(finding, station.site_id, turn.windows):
            continue
        made = _opened(finding, key[1], turn.now)
        if made is not None:
            changed.append(made)
    _close([one for key, one in live.items() if key not in seen], turn)
    return changed


def _worst(findings: Iterable[Finding], fleet: Fleet) -> dict[tuple[int, str], Finding]:
    """One finding of each trouble, the most serious: connectors of an EVSE may tell of several,
    and the incident must not change from one to the other at every turn."""
    found: dict[tuple[int, str], Finding] = {}
    for finding in findings:
        station = fleet.stations.get(finding.station)
        if station is None:
            continue
        key = (station.operator_id, key_of(finding, station.site_id))
        if key not in found or _rank(finding) < _rank(found[key]):
            found[key] = finding
    return found


def _rank(finding: Finding) -> tuple[str, datetime, str]:
    return finding.severity, finding.since_at, finding.ref


def key_of(finding: Finding, site_id: int) -> str:
    """A site's trouble is named by the site."""
    if finding.kind == IncidentKind.SITE_DARK:
        return f"{finding.kind}:{site_id}"
    return finding.key


def _same(known: Incident, finding: Finding) -> bool:
    return (
        known.error_code == finding.code[:80]
        and known.severity <= finding.severity
        and known.facts == dict(finding.facts)
    )


def _is_suppressed(finding: Finding, site_id: int, windows: Iterable[Window]) -> bool:
    return finding.kind not in _IN_WINDOW_TOO and any(
        one.site_id == site_id
        and one.station_id in (None, finding.station)
        and one.evse__number in (None, finding.evse)
        for one in windows
    )


def _opened(finding: Finding, key: str, now: datetime) -> Incident | None:
    station: Station = Station.objects.select_related("site").get(pk=finding.station)
    evse = Evse.objects.filter(station=station, number=finding.evse).first()
    is_site = finding.kind == IncidentKind.SITE_DARK
    trouble = Trouble(
        site=station.site,
        station=None if is_site else station,
        evse=None if is_site else evse,
        kind=finding.kind,
        rule=finding.rule,
        severity=finding.severity,
        key=key,
        symptom_at=min(finding.since_at, now),
        error_code=finding.code,
        facts=finding.facts,
        ref=finding.ref,
    )
    with transaction.atomic():
        made = open_or_touch(trouble, now=now)
        _grouped(made)
    return made


def _grouped(incident: Incident) -> None:
    """A station that is away while its whole site is belongs to the site's incident."""
    if incident.kind == IncidentKind.SITE_DARK:
        for part in Incident.objects.filter(
            IS_LIVE, site=incident.site_id, kind=IncidentKind.OFFLINE, parent=None
        ):
            _join(part, incident)
    if incident.kind == IncidentKind.OFFLINE and incident.parent_id is None:
        dark = Incident.objects.filter(
            IS_LIVE, site=incident.site_id, kind=IncidentKind.SITE_DARK
        ).first()
        if dark is not None:
            _join(incident, dark)


def _join(part: Incident, whole: Incident) -> None:
    """Groups that people made stay as they are, and never stop the turn."""
    try:
        services.link(incident=part, parent=whole)
    except RuleViolation as refusal:
        logger.info("incident %s stays alone: %s", part.public_id, refusal.code)


def _close(gone: Iterable[Incident], turn: Turn) -> None:
    for incident in gone:
        how = turn.how(incident, turn.now)
        if how is None:
            continue
        try:
            services.resolve(incident=incident, how=how, now=turn.now)
        except RuleViolation:
            logger.info("incident %s moved on meanwhile", incident.public_id)
