"""Telling callers that what they reported works again: pulled from the links."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from core.mail import mail_domain
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from customers.support.follow_models import CaseIncident, FollowState
from customers.support.models import EntryKind
from customers.support.services import SHARED, audit_line, log_line
from stations.incidents.choices import IncidentState

logger = logging.getLogger(__name__)

SETTLES: Final = timedelta(minutes=10)
"""What comes back within this time was not over: nobody is told too early."""
AGAIN: Final = timedelta(minutes=10)
GIVES_UP: Final = timedelta(days=2)
MOST: Final = 200


def tell_fixed(*, now: datetime) -> int:
    """Tell every caller whose incident is over; returns how many."""
    try:
        follow_merged()
    except Exception:  # whoever waits for another incident is told all the same
        logger.exception("links to merged incidents were not moved")
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
        if twice.filter(state=FollowState.WAITING).exists():
            link.state = FollowState.DROPPED
        else:
            link.incident = into
        link.save(update_fields=["state", "incident"])
        audit_line(
            link.case, "case.incident_merged", {"incident": into.public_id, "state": link.state}
        )


def _tell(pk: int, now: datetime) -> bool:
    """Claim a link, send, mark it: each on its own, so that no transaction waits for a mail server.

    The claim moves ``next_at`` on, and only one process gets it. Whoever dies between sending and
    marking lets the mail go out once more after ``AGAIN``, with the same Message-ID, by which
    mailboxes know it again. An exception that nobody foresaw is logged, and stops nobody else.
    """
    due = CaseIncident.objects.filter(pk=pk, state=FollowState.WAITING, next_at__lte=now)
    due = due.filter(incident__state=IncidentState.RESOLVED)
    try:
        if not due.update(next_at=now + AGAIN):
            return False
        link = CaseIncident.objects.select_related("operator", "case", "incident").get(pk=pk)
        error = _mailed(link) if link.address else ""
        return _mark(link, error, now)
    except Exception:
        logger.exception("the caller of link %s was not told", pk)
        return False


@transaction.atomic
def _mark(sent: CaseIncident, error: str, now: datetime) -> bool:
    """What became of a claimed link, in the log as it was sent; a mail that fails is tried again
    for two days. Nothing where another process has marked it, or it was taken back meanwhile."""
    rows = CaseIncident.objects.select_for_update(of=("self",))
    link = rows.filter(pk=sent.pk, state=FollowState.WAITING).first()
    if link is None:
        return False
    link.error = error
    if error and now - (sent.incident.resolved_at or now) < GIVES_UP:
        link.save(update_fields=["error"])
        return False
    if error:
        link.state = FollowState.FAILED
    else:
        link.state = FollowState.TOLD if sent.address else FollowState.NO_MAIL
        link.told_at = now
    link.save(update_fields=["state", "error", "told_at"])
    data = {SHARED: True, "incident": sent.incident.public_id, "mailed": link.state}
    log_line(sent.case, EntryKind.FIXED, sent.text, data=data)
    audit_line(sent.case, "case.told", {"incident": sent.incident.public_id, "state": link.state})
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
        message.extra_headers["Message-ID"] = f"<case-fixed-{link.pk}@{mail_domain()}>"
        return why_not_sent(message)
