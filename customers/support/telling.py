"""Telling callers that what they reported works again: pulled from the links, each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from customers.support.follow_models import CaseIncident, FollowState
from customers.support.models import EntryKind
from customers.support.services import SHARED, audit_line, log_line
from stations.incidents.choices import IncidentState

SETTLES: Final = timedelta(minutes=10)
"""What comes back within this time was not over: nobody is told too early."""
AGAIN: Final = timedelta(minutes=10)
GIVES_UP: Final = timedelta(days=2)
MOST: Final = 200


def tell_fixed(*, now: datetime) -> int:
    """Tell every caller whose incident is over; returns how many."""
    follow_merged()
    due = CaseIncident.objects.filter(
        state=FollowState.WAITING,
        next_at__lte=now,
        incident__state=IncidentState.RESOLVED,
        incident__resolved_at__lte=now - SETTLES,
    ).order_by("next_at", "pk")
    return sum(_tell(pk, now) for pk in list(due.values_list("pk", flat=True)[:MOST]))


@transaction.atomic
def follow_merged() -> None:
    """Links to an incident that was merged wait for the one that goes on."""
    rows = CaseIncident.objects.select_for_update(skip_locked=True, of=("self",))
    merged = rows.filter(state=FollowState.WAITING, incident__state=IncidentState.MERGED)
    for link in merged.select_related("incident__merged_into", "case").order_by("pk")[:MOST]:
        into = link.incident.merged_into
        assert into is not None  # a constraint says so
        twice = CaseIncident.objects.filter(case=link.case, incident=into)
        if twice.exclude(state=FollowState.DROPPED).exists():
            link.state = FollowState.DROPPED
        else:
            link.incident = into
        link.save(update_fields=["state", "incident"])
        audit_line(
            link.case, "case.incident_merged", {"incident": into.public_id, "state": link.state}
        )


@transaction.atomic
def _tell(pk: int, now: datetime) -> bool:
    """Mail and log of one link; a mail that fails is tried again for two days."""
    rows = CaseIncident.objects.select_for_update(skip_locked=True, of=("self",))
    link = (
        rows.select_related("operator", "case", "incident")
        .filter(pk=pk, state=FollowState.WAITING, next_at__lte=now)
        .first()
    )
    if link is None:
        return False
    error = _mailed(link) if link.address else ""
    if error and now - (link.incident.resolved_at or now) < GIVES_UP:
        link.error, link.next_at = error, now + AGAIN
        link.save(update_fields=["error", "next_at"])
        return False
    link.error = error
    if error:
        link.state = FollowState.FAILED
    else:
        link.state = FollowState.TOLD if link.address else FollowState.NO_MAIL
        link.told_at = now
    link.save(update_fields=["state", "error", "told_at"])
    data = {SHARED: True, "incident": link.incident.public_id, "mailed": link.state}
    log_line(link.case, EntryKind.FIXED, link.text, data=data)
    audit_line(link.case, "case.told", {"incident": link.incident.public_id, "state": link.state})
    return not error


def _mailed(link: CaseIncident) -> str:
    """Send the mail; empty when the server took it, else what it said."""
    with override(link.language), timezone.override(ZoneInfo(link.operator.time_zone)):
        message = compose(
            "case_fixed",
            operator=link.operator,
            setup=setup_of(link.operator),
            to=link.address,
            context={"text": link.text, "case": link.case},
        )
        return why_not_sent(message)
