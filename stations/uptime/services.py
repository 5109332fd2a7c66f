"""Writing what people decide about uptime: causes with their evidence, and conventions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from stations.hardware.models import Evse, Station
from stations.sites.models import Site
from stations.uptime.models import (
    CauseStatement,
    Outage,
    StatementState,
    UptimeSetting,
    UptimeState,
)

LONGEST: Final = timedelta(days=366)
AHEAD: Final = timedelta(days=366)


@transaction.atomic
def state_cause(
    *,
    site: Site,
    cause: str,
    began_at: datetime,
    ended_at: datetime,
    reason: str,
    station: Station | None = None,
    evse: Evse | None = None,
    evidence: str = "",
) -> CauseStatement:
    """Propose why a place was, or will be, out of service; it counts once it is approved.

    Refuses an interval that is empty, longer than a year or more than a year ahead, a station
    of another site and an EVSE of another station.
    """
    _check_place(site, station, evse)
    _check_interval(began_at, ended_at)
    statement = CauseStatement(
        operator_id=site.operator_id,
        public_id=public_id("cau"),
        site=site,
        station=station if evse is None else evse.station,
        evse=evse,
        cause=cause,
        began_at=began_at,
        ended_at=ended_at,
        reason=reason.strip(),
        evidence=evidence.strip(),
        stated_by=_who(),
    )
    statement.full_clean(exclude=["operator"])
    statement.save()
    record(
        "cause.state",
        statement,
        operator_id=statement.operator_id,
        after=described(statement),
        reason=statement.reason,
    )
    return statement


@transaction.atomic
def approve_cause(*, statement: CauseStatement) -> CauseStatement:
    """Let a proposed cause count; refuses one that is not proposed any more."""
    changed = CauseStatement.objects.filter(pk=statement.pk, state=StatementState.PROPOSED).update(
        state=StatementState.APPROVED, approved_by=_who(), approved_at=timezone.now()
    )
    if not changed:
        raise RuleViolation("cause_decided", _("This cause has been decided already."))
    return _decided(statement, "cause.approve", StatementState.PROPOSED, "")


@transaction.atomic
def withdraw_cause(*, statement: CauseStatement, reason: str) -> CauseStatement:
    """Take a stated cause back, approved or not; needs a reason and keeps the row."""
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    held = CauseStatement.objects.select_for_update().get(pk=statement.pk)
    before = held.state
    changed = (
        CauseStatement.objects.filter(pk=held.pk)
        .exclude(state=StatementState.WITHDRAWN)
        .update(state=StatementState.WITHDRAWN)
    )
    if not changed:
        raise RuleViolation("cause_decided", _("This cause has been decided already."))
    return _decided(held, "cause.withdraw", before, reason.strip())


@transaction.atomic
def correct_cause(*, outage: Outage, cause: str, reason: str, evidence: str = "") -> CauseStatement:
    """State another cause for one outage; the facts that tell of it stay as they are."""
    return state_cause(
        site=outage.evse.station.site,
        evse=outage.evse,
        cause=cause,
        began_at=outage.began_at,
        ended_at=outage.ended_at or timezone.now(),
        reason=reason,
        evidence=evidence,
    )


@transaction.atomic
def set_conventions(
    *, operator: Operator, site: Site | None, reason: str, **values: Any
) -> UptimeSetting:
    """Decide how outages are counted, by the operator or one site; all days are made anew."""
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    setting = UptimeSetting.objects.select_for_update().filter(operator=operator, site=site).first()
    setting = setting or UptimeSetting(operator=operator, site=site)
    before, after = apply_changes(setting, values)
    setting.full_clean(exclude=["operator"])
    setting.save()
    record(
        "uptime.conventions",
        setting,
        operator_id=operator.pk,
        before=before,
        after=after,
        reason=reason.strip(),
    )
    _wake(site)
    return setting


def described(statement: CauseStatement) -> dict[str, Any]:
    """A statement for the audit trail."""
    return {
        "cause": statement.cause,
        "site": statement.site.name,
        "station": statement.station.name if statement.station else "",
        "evse": str(statement.evse) if statement.evse else "",
        "from": statement.began_at.isoformat(),
        "until": statement.ended_at.isoformat(),
        "evidence": statement.evidence,
        "state": statement.state,
    }


def _who() -> str:
    """Whoever the request or task runs as."""
    return str(current_actor.get().label)[:200]


def _decided(statement: CauseStatement, action: str, before: str, reason: str) -> CauseStatement:
    statement.refresh_from_db()
    record(
        action,
        statement,
        operator_id=statement.operator_id,
        before={"state": before},
        after={"state": statement.state},
        reason=reason,
    )
    _mark_dirty(statement)
    return statement


def _mark_dirty(statement: CauseStatement) -> None:
    """Days from the statement's beginning on are made anew at the next turn."""
    states = UptimeState.objects.filter(station__site=statement.site)
    if statement.station_id is not None:
        states = states.filter(station=statement.station_id)
    for state in states.select_for_update().order_by("pk"):
        known = state.dirty_from_at
        state.dirty_from_at = min(known, statement.began_at) if known else statement.began_at
        state.next_at = timezone.now()
        state.save(update_fields=["dirty_from_at", "next_at"])


def _wake(site: Site | None) -> None:
    """Stations notice by themselves what they are made by; this makes it sooner."""
    states = UptimeState.objects.all()
    if site is not None:
        states = states.filter(station__site=site)
    states.update(next_at=timezone.now())


def _check_place(site: Site, station: Station | None, evse: Evse | None) -> None:
    if station is not None and station.site_id != site.pk:
        raise InvalidInput(
            "station_elsewhere", _("This station stands at another site."), field="station"
        )
    if evse is not None and station is not None and evse.station_id != station.pk:
        raise InvalidInput(
            "evse_elsewhere", _("This EVSE belongs to another station."), field="evse"
        )
    if evse is not None and evse.station.site_id != site.pk:
        raise InvalidInput("evse_elsewhere", _("This EVSE stands at another site."), field="evse")


def _check_interval(began_at: datetime, ended_at: datetime) -> None:
    if ended_at <= began_at:
        raise InvalidInput("bad_interval", _("It must end after it begins."), field="ended_at")
    if ended_at - began_at > LONGEST:
        raise InvalidInput("bad_interval", _("At most one year at a time."), field="ended_at")
    if ended_at > timezone.now() + AHEAD:
        raise InvalidInput("bad_interval", _("At most one year ahead."), field="ended_at")
