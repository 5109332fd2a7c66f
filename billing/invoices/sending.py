"""Handing over what waits: by mail, or into the folder of an access point.

A delivery is claimed, and its message id kept, in a transaction of its own before anything goes
out. What a killed sender leaves behind is never sent again by itself, since it may have gone out:
it is listed as failed, and a person decides.
"""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timedelta
from email.utils import make_msgid
from pathlib import Path
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.invoices.delivery_mail import invoice_mail
from billing.invoices.delivery_models import Delivery, DeliveryState, DeliveryWay, FileKind
from billing.invoices.delivery_services import note_sent
from billing.invoices.file_services import content, file_name, file_of
from core.errors import RuleViolation

MOST_ATTEMPTS: Final = 5
WAITS: Final = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
GIVEN_UP_AFTER: Final = timedelta(minutes=15)
AUTOMATIC: Final = (DeliveryWay.EMAIL, DeliveryWay.PEPPOL_EMAIL, DeliveryWay.PEPPOL_FOLDER)
INTERRUPTED: Final = gettext_noop(
    "The sender was interrupted. Whether it went out is not known: look before sending again."
)


class FinalRefusal(Exception):
    """Trying again is of no use."""


def send_next(*, now: datetime) -> Delivery | None:
    """Send one delivery that is due; None when nothing is."""
    delivery = _claim(now)
    if delivery is None:
        return None
    error, again = "", False
    try:
        _hand_over(delivery)
    except (FinalRefusal, RuleViolation) as refusal:
        error = str(refusal)
    except (SMTPRecipientsRefused, SMTPSenderRefused) as refusal:
        error = f"{type(refusal).__name__}: {refusal}"
    except (SMTPException, OSError) as failure:
        error, again = f"{type(failure).__name__}: {failure}", True
    _note(delivery, error[:500], again=again, now=timezone.now())
    return delivery


@transaction.atomic
def _claim(now: datetime) -> Delivery | None:
    delivery: Delivery | None = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=DeliveryState.QUEUED, way__in=AUTOMATIC, next_at__lte=now)
        .select_related("invoice", "operator")
        .order_by("next_at", "pk")
        .first()
    )
    if delivery is None:
        return None
    delivery.state, delivery.claimed_at = DeliveryState.SENDING, timezone.now()
    delivery.attempts += 1
    delivery.error = ""
    if delivery.way != DeliveryWay.PEPPOL_FOLDER and not delivery.message_id:
        domain = settings.PUBLIC_URL.split("//")[-1].split("/")[0].split(":")[0]
        delivery.message_id = make_msgid(delivery.public_id, domain=domain or "localhost")
    delivery.save(update_fields=["state", "claimed_at", "attempts", "error", "message_id"])
    return delivery


def give_up_interrupted(*, now: datetime) -> int:
    """List what killed senders left behind as failed; returns how many."""
    return Delivery.objects.filter(
        state=DeliveryState.SENDING, claimed_at__lt=now - GIVEN_UP_AFTER
    ).update(state=DeliveryState.FAILED, error=INTERRUPTED)


def _hand_over(delivery: Delivery) -> None:
    kind = FileKind.PDF if delivery.way == DeliveryWay.EMAIL else FileKind.UBL
    file = file_of(delivery.invoice, kind)
    if file is None:
        raise FinalRefusal(_("This document has no such file yet."))
    data, name = content(file), file_name(file, delivery.invoice.number)
    if delivery.way == DeliveryWay.PEPPOL_FOLDER:
        put_into_folder(delivery, name, data)
        return
    language = delivery.invoice.language
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        message = invoice_mail(delivery, name=name, data=data)
    message.send()
    _keep_provider_id(delivery, message)


def _keep_provider_id(delivery: Delivery, message: EmailMultiAlternatives) -> None:
    """Backends of mail providers (django-anymail) tell their own id, by which bounces come."""
    status = getattr(message, "anymail_status", None)
    own = getattr(status, "message_id", None)
    if isinstance(own, str) and own:
        Delivery.objects.filter(pk=delivery.pk).update(message_id=own[:200])


def put_into_folder(delivery: Delivery, name: str, data: bytes) -> None:
    """Whole or not at all, under a name of its own; the same file again changes nothing."""
    folder = Path(settings.PEPPOL_FOLDER) / delivery.operator.slug
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{delivery.invoice.public_id}-{name}"
    if target.exists() and target.read_bytes() == data:
        return
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    Path(temporary).replace(target)


@transaction.atomic
def _note(delivery: Delivery, error: str, *, again: bool, now: datetime) -> None:
    """What became of it, unless somebody noted a bounce or gave it up meanwhile."""
    own = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING)
    if not error:
        if own.update(state=DeliveryState.SENT, sent_at=now):
            delivery.sent_at = now
            note_sent(delivery)
    elif again and delivery.attempts < MOST_ATTEMPTS:
        wait = WAITS[min(delivery.attempts, len(WAITS)) - 1]
        own.update(state=DeliveryState.QUEUED, error=error, next_at=now + wait)
    else:
        own.update(state=DeliveryState.FAILED, error=error)
    delivery.refresh_from_db()
