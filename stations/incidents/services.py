"""Writing incidents: moving them through their life, who has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Membership, User
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from stations.incidents.choices import EventKind, IncidentState, Resolution
from stations.incidents.models import IS_LIVE, Incident
from stations.incidents.states import LONGEST_SNOOZE, origins_of
from stations.incidents.timeline import write


@transaction.atomic
def acknowledge(*, incident: Incident, by: User | None = None, note: str = "") -> Incident:
    """Somebody has seen it; who acknowledges what nobody has, has it. Refuses one not open."""
    values: dict[str, Any] = {
        "state": IncidentState.ACKNOWLEDGED,
        "acknowledged_at": timezone.now(),
    }
    if by is not None and incident.owner_id is None and _is_member(incident, by):
        values["owner"] = by
    _move(incident, [IncidentState.OPEN], **values)
    write(incident, EventKind.ACKNOWLEDGED, text=note)
    _audit(incident, "incident.acknowledge", "open", note)
    return incident


@transaction.atomic
def assign(*, incident: Incident, owner: User | None) -> Incident:
    """Give a live incident to a member, or to nobody."""
    if owner is not None and not _is_member(incident, owner):
        raise InvalidInput("not_a_member", _("This person is not a member."), field="owner")
    before = str(incident.owner or "")
    _move(incident, _live(), owner=owner)
    write(incident, EventKind.ASSIGNED, text=str(owner or ""))
    record(
        "incident.assign",
        incident,
        operator_id=incident.operator_id,
        before={"owner": before},
        after={"owner": str(owner or "")},
    )
    return incident


@transaction.atomic
def snooze(*, incident: Incident, until: datetime, reason: str) -> Incident:
    """Let a live incident rest until then, with a reason; it stays live and detected."""
    now = timezone.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise InvalidInput(
            "bad_time", _("From now on, and at most two weeks ahead."), field="until"
        )
    _need(reason)
    _move(incident, _live(), snoozed_until_at=until)
    write(incident, EventKind.SNOOZED, text=reason, facts={"until": until.isoformat()})
    _audit(incident, "incident.snooze", incident.state, reason)
    return incident


@transaction.atomic
def wake(*, incident: Incident) -> Incident:
    """End the rest of an incident."""
    if incident.snoozed_until_at is None:
        raise RuleViolation("not_snoozed", _("This incident is not snoozed."))
    _move(incident, _live(), snoozed_until_at=None)
    write(incident, EventKind.WOKEN)
    _audit(incident, "incident.wake", incident.state, "")
    return incident


@transaction.atomic
def resolve(
    *,
    incident: Incident,
    how: str = Resolution.PERSON,
    restored_at: datetime | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> Incident:
    """It is over, and its parts of the same kind; others stand alone again, to be seen. People
    say why; refuses one that is over already or a time before it began."""
    at = now or timezone.now()
    if how == Resolution.PERSON:
        _need(reason)
    if restored_at is not None and not incident.first_symptom_at <= restored_at <= at:
        raise InvalidInput("bad_time", _("Between the first symptom and now."), field="restored_at")
    before = incident.state
    _move(
        incident,
        origins_of(IncidentState.RESOLVED),
        state=IncidentState.RESOLVED,
        resolution=how,
        restored_at=restored_at or at,
        resolved_at=at,
        snoozed_until_at=None,
    )
    write(incident, EventKind.RESTORED, at=restored_at or at, actor="")
    write(incident, EventKind.RESOLVED, at=at, text=reason, facts={"how": str(how)})
    _audit(incident, "incident.resolve", before, reason)
    for child in incident.children.filter(IS_LIVE, kind=incident.kind).order_by("pk"):
        resolve(incident=child, how=Resolution.GROUP, restored_at=None, now=at)
    for child in incident.children.filter(IS_LIVE).order_by("pk"):
        link(incident=child, parent=None)
    return incident


@transaction.atomic
def credit_order(*, incident: Incident, since: datetime, text: str) -> bool:
    """What went away while somebody worked on it, from ``since`` on, was repaired and not over by
    itself; False where it ended otherwise or earlier."""
    changed = Incident.objects.filter(
        pk=incident.pk,
        state=IncidentState.RESOLVED,
        resolution=Resolution.ITSELF,
        restored_at__gte=since,
    ).update(resolution=Resolution.WORK_ORDER)
    if not changed:
        return False
    incident.refresh_from_db()
    write(incident, EventKind.NOTE, text=text, facts={"how": str(Resolution.WORK_ORDER)})
    record(
        "incident.credit",
        incident,
        operator_id=incident.operator_id,
        before={"resolution": Resolution.ITSELF},
        after={"resolution": Resolution.WORK_ORDER},
        reason=text,
    )
    return True


@transaction.atomic
def merge(*, incident: Incident, into: Incident, reason: str) -> Incident:
    """Close an incident as the same as another live one; its timeline stays and is named there."""
    _need(reason)
    if into.pk == incident.pk or into.operator_id != incident.operator_id:
        raise InvalidInput("bad_target", _("Choose another incident."), field="into")
    target: Incident = Incident.objects.select_for_update().get(pk=into.pk)
    if not target.is_live:
        raise RuleViolation("target_over", _("The other incident is over already."), field="into")
    before = incident.state
    _move(
        incident,
        origins_of(IncidentState.MERGED),
        state=IncidentState.MERGED,
        merged_into=target,
        parent=None,
        resolved_at=timezone.now(),
        snoozed_until_at=None,
    )
    if target.parent_id == incident.pk:
        Incident.objects.filter(pk=target.pk).update(parent=None)
        target.refresh_from_db()
    incident.children.exclude(pk=target.pk).update(parent=target.parent or target)
    Incident.objects.filter(pk=target.pk).update(
        first_symptom_at=min(target.first_symptom_at, incident.first_symptom_at),
        severity=min(target.severity, incident.severity),
        occurrences=target.occurrences + incident.occurrences,
    )
    into.refresh_from_db()
    write(incident, EventKind.MERGED, text=reason, ref=f"incident:{target.public_id}")
    write(into, EventKind.MERGED, text=reason, ref=f"incident:{incident.public_id}")
    _audit(incident, "incident.merge", before, reason)
    return into


@transaction.atomic
def link(*, incident: Incident, parent: Incident | None) -> Incident:
    """Make a live incident part of another, or let it stand alone; groups have one level."""
    if parent is not None:
        if parent.pk == incident.pk or parent.operator_id != incident.operator_id:
            raise InvalidInput("bad_target", _("Choose another incident."), field="parent")
        held: Incident = Incident.objects.select_for_update().get(pk=parent.pk)
        if not held.is_live or held.parent_id is not None:
            raise RuleViolation(
                "bad_parent", _("The other incident is over, or part of one itself."),
                field="parent",
            )  # fmt: skip
        if incident.children.exists():
            raise RuleViolation("has_parts", _("This incident has parts of its own."))
    _move(incident, _live(), parent=parent)
    if parent is None:
        write(incident, EventKind.UNLINKED)
    else:
        write(incident, EventKind.LINKED, ref=f"incident:{parent.public_id}")
        write(parent, EventKind.LINKED, ref=f"incident:{incident.public_id}")
    record(
        "incident.link",
        incident,
        operator_id=incident.operator_id,
        after={"parent": parent.public_id if parent else ""},
    )
    return incident


@transaction.atomic
def note(*, incident: Incident, text: str) -> None:
    """Write a line into the timeline."""
    if not text.strip():
        raise InvalidInput("text_missing", _("Write something."), field="text")
    write(incident, EventKind.NOTE, text=text.strip())
    record(
        "incident.note", incident, operator_id=incident.operator_id, after={"text": text.strip()}
    )


def _live() -> list[str]:
    return [IncidentState.OPEN, IncidentState.ACKNOWLEDGED]


def _need(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")


def _is_member(incident: Incident, person: User) -> bool:
    return Membership.objects.filter(
        operator_id=incident.operator_id, user=person, is_active=True
    ).exists()


def _move(incident: Incident, origins: list[Any], **changes: Any) -> None:
    """Change the row if its state still allows; else refuse and leave it."""
    changed = Incident.objects.filter(pk=incident.pk, state__in=origins).update(**changes)
    if not changed:
        raise RuleViolation("incident_moved_on", _("The incident has moved on meanwhile."))
    incident.refresh_from_db()


def _audit(incident: Incident, verb: str, before: str, reason: str) -> None:
    record(
        verb,
        incident,
        operator_id=incident.operator_id,
        before={"state": str(before)},
        after={"state": str(incident.state)},
        reason=reason,
    )
