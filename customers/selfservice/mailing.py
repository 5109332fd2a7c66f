"""Sending the invitations of customers that wait."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from customers.selfservice.links import link_of
from customers.selfservice.models import CustomerInvitation

logger = logging.getLogger(__name__)
_MOST: Final = 200


def send_due(now: datetime) -> int:
    """Send the mails that wait; what the server refuses is tried again at the next turn."""
    due = CustomerInvitation.objects.filter(
        sent_at=None, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    keys = list(due.order_by("pk").values_list("pk", flat=True)[:_MOST])
    return sum(map(partial(_send, now=now), keys))


@transaction.atomic
def _send(pk: int, *, now: datetime) -> bool:
    rows = CustomerInvitation.objects.select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("operator", "driver", "company").filter(pk=pk, sent_at=None).first()
    if row is None:
        return False
    refused = _mail(row)
    if refused:
        logger.warning("invitation %s of a customer was not sent: %s", pk, refused)
        return False
    row.sent_at = now
    row.save(update_fields=["sent_at"])
    return True


def _mail(row: CustomerInvitation) -> str:
    """Send it in the operator's name; empty when the server took it."""
    language = row.language if row.language in dict(settings.LANGUAGES) else "en"
    with override(language), timezone.override(ZoneInfo(row.operator.time_zone)):
        message = compose(
            "customer_invitation",
            operator=row.operator,
            setup=setup_of(row.operator),
            to=row.email,
            context={"invitation": row, "subject": row.driver or row.company, "link": link_of(row)},
        )
    return why_not_sent(message)
