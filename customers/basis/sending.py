"""Freezing by the calendar, and sending bases that wait, each claimed before it goes out."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from core.audit.services import record
from core.errors import RuleViolation
from core.files.store import load
from core.letters.services import send_letter
from core.months import month_before
from core.operators.mail import compose
from core.operators.selectors import setup_of
from core.tenancy.scopes import operator_scope
from customers.basis.models import BasisDelivery, BasisLayout, ChargingBasis
from customers.basis.services import contract_of, freeze_basis
from customers.residents.selectors import site_day
from stations.sites.models import Site

logger = logging.getLogger(__name__)
LETTER: Final = "charging_basis"
MOST_ATTEMPTS: Final = 5
WAITS: Final = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
GIVEN_UP_AFTER: Final = timedelta(minutes=15)
INTERRUPTED: Final = gettext_noop(
    "The sender was interrupted. Whether it went out is not known: look before sending again."
)
MISSING: Final = gettext_noop("The file is not there any more.")


def freeze_due_bases(*, now: datetime) -> int:
    """Freeze the month that ended where the layout says so and its day has come; returns how
    many sites. One that cannot be frozen yet is tried again with the next turn."""
    frozen = 0
    rows = BasisLayout.objects.filter(send_day__isnull=False)
    for layout in rows.select_related("site__operator"):
        site, today = layout.site, site_day(layout.site, now)
        if layout.send_day is None or today.day < layout.send_day:
            continue
        with operator_scope(site.operator):
            frozen += _freeze(site, month_before(today), now)
    return frozen


def _freeze(site: Site, month_on: date, now: datetime) -> bool:
    if ChargingBasis.objects.filter(site=site, month_on__gte=month_on).exists():
        return False
    if contract_of(site, month_on) is None:
        return False
    try:
        freeze_basis(site=site, month_on=month_on, now=now)
    except RuleViolation as refusal:
        logger.info("the basis of site %s waits: %s", site.public_id, refusal.code)
        return False
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception:
        # One site that breaks off must not keep the others waiting.
        logger.exception("the basis of site %s broke off", site.public_id)
        return False
    return True


def send_waiting(*, now: datetime, most: int = 50) -> int:
    """Send the bases that are due; returns how many were tried."""
    tried = 0
    while tried < most and (basis := _claim(now)) is not None:
        with operator_scope(basis.operator):
            _note(basis, *_send(basis))
        tried += 1
    return tried


def give_up_interrupted(*, now: datetime) -> int:
    """List what killed senders left behind as failed: it may have gone out."""
    return ChargingBasis.objects.filter(
        delivery=BasisDelivery.SENDING, next_at__lt=now - GIVEN_UP_AFTER
    ).update(delivery=BasisDelivery.FAILED, error=INTERRUPTED)


@transaction.atomic
def _claim(now: datetime) -> ChargingBasis | None:
    basis: ChargingBasis | None = (
        ChargingBasis.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(delivery=BasisDelivery.WAITING, next_at__lte=now)
        .select_related("site", "operator")
        .order_by("next_at", "pk")
        .first()
    )
    if basis is None:
        return None
    basis.delivery, basis.next_at = BasisDelivery.SENDING, timezone.now()
    basis.attempts += 1
    basis.save(update_fields=["delivery", "next_at", "attempts"])
    return basis


def _send(basis: ChargingBasis) -> tuple[str, bool]:
    """What went wrong, if anything, and whether to try again."""
    data = load(basis.file_path)
    if data is None:
        return MISSING, False
    operator = basis.operator
    with translation.override(operator.language):
        message = compose(
            "charging_basis",
            operator=operator,
            setup=setup_of(operator),
            to=basis.to_email,
            context={"basis": basis},
        )
    message.attach(basis.file_name, data, content_type(basis))
    try:
        send_letter(message, operator_id=basis.operator_id, kind=LETTER, ref=basis.public_id)
    except (SMTPRecipientsRefused, SMTPSenderRefused) as refusal:
        return f"{type(refusal).__name__}: {refusal}", False
    except (SMTPException, OSError) as failure:
        return f"{type(failure).__name__}: {failure}", True
    return "", False


def content_type(basis: ChargingBasis) -> str:
    """Of the file."""
    if basis.file_name.endswith(".xlsx"):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return "text/csv"


@transaction.atomic
def _note(basis: ChargingBasis, error: str, again: bool) -> None:
    own = ChargingBasis.objects.filter(pk=basis.pk, delivery=BasisDelivery.SENDING)
    now = timezone.now()
    if not error:
        if own.update(delivery=BasisDelivery.SENT, sent_at=now, error=""):
            record(
                "charging_basis.sent", basis, operator_id=basis.operator_id,
                after={"to": basis.to_email, "sha256": basis.file_sha256},
            )  # fmt: skip
    elif again and basis.attempts < MOST_ATTEMPTS:
        wait = WAITS[min(basis.attempts, len(WAITS)) - 1]
        own.update(delivery=BasisDelivery.WAITING, error=error[:500], next_at=now + wait)
    else:
        own.update(delivery=BasisDelivery.FAILED, error=error[:500])
