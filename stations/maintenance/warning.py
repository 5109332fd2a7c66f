"""Telling before a promise is broken: stages of clocks are found once, letters go to the chain of
the agreement. Both are pulled, so that a run that is killed is taken up by the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit.services import record
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from stations.maintenance import lifecycle, log
from stations.maintenance.clocks import Clock, stages_reached
from stations.maintenance.escalation_models import (
    ClockName,
    EscalationContact,
    EscalationLetter,
    LetterState,
    SlaWarning,
    Stage,
)
from stations.maintenance.models import EntryKind, WorkOrder
from stations.maintenance.timing import Clocks, clocks_of

ALWAYS_TOLD: Final = (50, 80, 100)
"""Stages that are noted whoever is in the chain; later ones only where somebody waits for them."""
CLAIM: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 8
CHUNK: Final = 200
Known = set[tuple[str, int]]


def find_warnings(*, now: datetime) -> int:
    """Note the stages that clocks of open orders reached since the last turn; returns how many
    orders have new ones. A few queries for many orders, a transaction for each that has news."""
    rows = (
        WorkOrder.objects.filter(state__in=lifecycle.UNREPAIRED)
        .exclude(terms={})
        .prefetch_related("pauses", "warnings", "agreement__contacts")
        .select_related("agreement")
        .order_by("pk")
    )
    due = [order.pk for order in rows.iterator(chunk_size=CHUNK) if _news(order, now)]
    return sum(_warn(pk, now) for pk in due)


def _news(order: WorkOrder, now: datetime) -> dict[str, list[int]]:
    """New stages by clock, of an order with its pauses, warnings and contacts."""
    known: Known = {(one.clock, one.stage) for one in order.warnings.all()}
    both = clocks_of(order, now)
    found = {}
    for name, clock in _running(both):
        later = {one.stage for one in order.agreement.contacts.all()} if order.agreement else set()
        stages = stages_reached(clock, sorted({*ALWAYS_TOLD, *later}))
        new = [stage for stage in stages if (name, stage) not in known]
        if new:
            found[name] = new
    return found


def _running(both: Clocks) -> Iterable[tuple[str, Clock]]:
    for name, clock in ((ClockName.RESPOND, both.respond), (ClockName.RESTORE, both.restore)):
        if clock is not None and clock.stopped_at is None:
            yield name, clock


@transaction.atomic
def _warn(pk: int, now: datetime) -> bool:
    order: WorkOrder | None = (
        WorkOrder.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("agreement", "operator")
        .filter(pk=pk, state__in=lifecycle.UNREPAIRED)
        .first()
    )
    news = _news(order, now) if order is not None else {}
    if order is None or not news:
        return False
    both = clocks_of(order, now)
    for name, stages in news.items():
        clock = both.respond if name == ClockName.RESPOND else both.restore
        made = SlaWarning.objects.bulk_create(
            SlaWarning(
                operator_id=order.operator_id, order=order, clock=name, stage=stage, at=now,
                due_at=clock.due_at if clock else None,
            )
            for stage in stages
        )  # fmt: skip
        _tell(order, made, now)
    return True


def _tell(order: WorkOrder, made: list[SlaWarning], now: datetime) -> None:
    """The last of several stages tells everybody who waits for one of them."""
    last = made[-1]
    stages = {one.stage for one in made}
    with override(order.operator.language):
        text = _("%(clock)s: %(stage)s") % {
            "clock": last.get_clock_display(),
            "stage": last.get_stage_display(),
        }
    log.write(order, EntryKind.PAUSE, now, text)
    record(
        "order.warning",
        order,
        operator_id=order.operator_id,
        after={"clock": last.clock, "stage": last.stage},
    )
    if order.agreement is None:
        return
    chain = EscalationContact.objects.filter(
        agreement=order.agreement, stage__in=stages
    ).select_related("membership__user")
    letters = {}
    for one in chain:
        to, name, language = _reader(one, order.operator.language)
        if to:
            letters[to.lower()] = EscalationLetter(
                operator_id=order.operator_id, order=order, warning=last, email=to, name=name,
                language=language, due_at=now,
            )  # fmt: skip
    EscalationLetter.objects.bulk_create(letters.values())


def _reader(contact: EscalationContact, language: str) -> tuple[str, str, str]:
    """Address, name and language; no address for a member who is gone."""
    member = contact.membership
    if member is None:
        return contact.email, contact.name, language
    user = member.user
    is_there = member.is_active and user.is_active
    return (user.email if is_there else ""), str(user), user.language


def send_letters(*, now: datetime) -> int:
    """Send the letters that are due; returns how many went. Each is claimed first, so that two
    workers never send the same; a failed one is tried again after 1, 2, 4 … minutes."""
    return sum(_send(letter) for letter in _claim(now))


@transaction.atomic
def _claim(now: datetime) -> list[EscalationLetter]:
    rows = list(
        EscalationLetter.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("warning", "order__site", "order__operator", "order__partner")
        .filter(state=LetterState.WAITING, due_at__lte=now)
        .order_by("due_at", "id")[:CHUNK]
    )
    EscalationLetter.objects.filter(pk__in=[row.pk for row in rows]).update(
        due_at=now + CLAIM, attempts=F("attempts") + 1
    )
    return rows


def _send(letter: EscalationLetter) -> bool:
    order, now = letter.order, timezone.now()
    known = dict(settings.LANGUAGES)
    with override(letter.language if letter.language in known else settings.LANGUAGE_CODE):
        message = compose(
            "sla_warning",
            operator=order.operator,
            setup=setup_of(order.operator),
            to=letter.email,
            context={
                "order": order,
                "warning": letter.warning,
                "clock": letter.warning.get_clock_display(),
                "stage": Stage(letter.warning.stage).label,
                "zone": order.site.time_zone,
                "url": settings.PUBLIC_URL + reverse("order_detail", args=[order.public_id]),
            },
        )
    error = why_not_sent(message)
    attempts = letter.attempts + 1  # as counted by the claim
    row = EscalationLetter.objects.filter(pk=letter.pk)
    if not error:
        row.update(state=LetterState.SENT, sent_at=now, error="")
        return True
    row.update(
        state=LetterState.FAILED if attempts >= MOST_ATTEMPTS else LetterState.WAITING,
        due_at=now + timedelta(minutes=2 ** (attempts - 1)),
        error=error[:500],
    )
    return False
