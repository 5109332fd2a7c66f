"""Opening incidents: by what rules found, or by hand; one incident for one trouble."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import InvalidInput
from core.ids import public_id
from stations.hardware.models import Evse, Station
from stations.incidents.choices import EventKind, IncidentState, Severity
from stations.incidents.models import IS_LIVE, Incident
from stations.incidents.states import is_same_trouble
from stations.incidents.timeline import write
from stations.sites.models import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What somebody or a rule found: where, what, how serious and since when. ``key`` names it
    within the operator; ``ref`` names the row that tells of it."""

    site: Site
    kind: str
    severity: str
    key: str
    symptom_at: datetime
    station: Station | None = None
    evse: Evse | None = None
    rule: str = ""
    summary: str = ""
    error_code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    ref: str = ""


@transaction.atomic
def open_or_touch(trouble: Trouble, *, now: datetime | None = None) -> Incident:
    """The incident of this trouble: the live one seen again, one that ended just now opened
    again (flapping), or a new one. Safe against two writers at once."""
    at = now or timezone.now()
    rows = Incident.objects.filter(operator_id=trouble.site.operator_id, dedup_key=trouble.key)
    live = rows.filter(IS_LIVE).select_for_update().first()
    if live is not None:
        return _touch(live, trouble, at)
    ended = (
        rows.filter(state=IncidentState.RESOLVED)
        .select_for_update()
        .order_by("-resolved_at", "-pk")
        .first()
    )
    try:
        with transaction.atomic():
            if ended is not None and is_same_trouble(ended.resolved_at, trouble.symptom_at):
                return _reopen(ended, trouble, at)
            return _create(trouble, at)
    except IntegrityError:
        live = rows.filter(IS_LIVE).select_for_update().first()
        if live is None:
            raise
        return _touch(live, trouble, at)


@transaction.atomic
def report(
    *,
    site: Site,
    summary: str,
    severity: str = Severity.P3,
    station: Station | None = None,
    evse: Evse | None = None,
    symptom_at: datetime | None = None,
) -> Incident:
    """Open an incident by hand; refuses one without words, or places that do not fit."""
    if not summary.strip():
        raise InvalidInput("summary_missing", _("Say what is wrong."), field="summary")
    station = evse.station if evse is not None and station is None else station
    if station is not None and station.site_id != site.pk:
        raise InvalidInput(
            "station_elsewhere", _("This station stands at another site."), field="station"
        )
    if evse is not None and station is not None and evse.station_id != station.pk:
        raise InvalidInput(
            "evse_elsewhere", _("This EVSE belongs to another station."), field="evse"
        )
    at = timezone.now()
    if symptom_at is not None and symptom_at > at:
        raise InvalidInput("bad_time", _("It cannot begin later than now."), field="symptom_at")
    trouble = Trouble(
        site=site,
        station=station,
        evse=evse,
        kind="manual",
        severity=severity,
        key=public_id("manual"),
        symptom_at=symptom_at or at,
        summary=summary.strip(),
    )
    return _create(trouble, at)


def _create(trouble: Trouble, at: datetime) -> Incident:
    incident = Incident(
        operator_id=trouble.site.operator_id,
        public_id=public_id("inc"),
        site=trouble.site,
        station=trouble.station,
        evse=trouble.evse,
        kind=trouble.kind,
        rule=trouble.rule,
        dedup_key=trouble.key,
        severity=trouble.severity,
        summary=trouble.summary[:300],
        error_code=trouble.error_code[:80],
        facts=dict(trouble.facts),
        first_symptom_at=trouble.symptom_at,
        detected_at=at,
        last_seen_at=at,
    )
    incident.full_clean(exclude=["operator"])
    incident.save()
    write(incident, EventKind.SYMPTOM, at=trouble.symptom_at, ref=trouble.ref, actor="")
    write(incident, EventKind.OPENED, at=at, text=trouble.summary, facts=trouble.facts)
    record(
        "incident.open",
        incident,
        operator_id=incident.operator_id,
        after={
            "kind": incident.kind,
            "severity": incident.severity,
            "summary": incident.summary,
            "site": trouble.site.name,
            "station": str(trouble.station or ""),
            "evse": str(trouble.evse or ""),
        },
    )
    return incident


def _touch(incident: Incident, trouble: Trouble, at: datetime) -> Incident:
    """Seen again: no new incident, perhaps more serious. An unchanged one stays unwritten."""
    worse = trouble.severity < incident.severity
    other = trouble.error_code != incident.error_code or dict(trouble.facts) != incident.facts
    if not worse and not other:
        return incident
    before = incident.severity
    Incident.objects.filter(pk=incident.pk).update(
        last_seen_at=at,
        severity=min(trouble.severity, incident.severity),
        error_code=trouble.error_code[:80],
        summary=trouble.summary[:300] or incident.summary,
        facts=dict(trouble.facts),
    )
    incident.refresh_from_db()
    if worse:
        write(incident, EventKind.SEVERITY, at=at, text=trouble.summary, ref=trouble.ref)
        record(
            "incident.severity",
            incident,
            operator_id=incident.operator_id,
            before={"severity": before},
            after={"severity": incident.severity},
        )
    return incident


def _reopen(incident: Incident, trouble: Trouble, at: datetime) -> Incident:
    """The same trouble is back within hours of its end."""
    Incident.objects.filter(pk=incident.pk, state=IncidentState.RESOLVED).update(
        state=IncidentState.OPEN,
        restored_at=None,
        resolved_at=None,
        proven_at=None,
        acknowledged_at=None,
        snoozed_until_at=None,
        resolution="",
        parent=None,
        reopened=incident.reopened + 1,
        occurrences=incident.occurrences + 1,
        last_seen_at=at,
        severity=min(trouble.severity, incident.severity),
        error_code=trouble.error_code[:80],
        summary=trouble.summary[:300] or incident.summary,
        facts=dict(trouble.facts),
    )
    incident.refresh_from_db()
    write(incident, EventKind.REOPENED, at=at, text=trouble.summary, ref=trouble.ref)
    record(
        "incident.reopen",
        incident,
        operator_id=incident.operator_id,
        before={"state": IncidentState.RESOLVED},
        after={"state": incident.state, "times": incident.reopened},
    )
    return incident
