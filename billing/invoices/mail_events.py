"""What the mail provider says became of a mail: kept as it came, and applied once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from billing.invoices.delivery_models import Delivery, MailEvent
from billing.invoices.delivery_services import note_bounce
from core.errors import RuleViolation

CAME_BACK: Final = frozenset({"bounced", "rejected", "failed", "complained"})
DELIVERED: Final = "delivered"


@transaction.atomic
def note_event(
    *, message_id: str, key: str, kind: str, happened_at: datetime | None, text: str, raw: Any
) -> bool:
    """Keep an event about one of our mails and apply it; False for an event that came before,
    and for mails that carry no invoice."""
    delivery = Delivery.objects.filter(message_id=message_id).order_by("-pk").first()
    if not message_id or not key or delivery is None:
        return False
    _row, is_new = MailEvent.objects.get_or_create(
        key=key[:200],
        defaults={
            "operator_id": delivery.operator_id,
            "delivery": delivery,
            "kind": kind[:30],
            "happened_at": happened_at or timezone.now(),
            "raw": raw,
        },
    )
    if not is_new:
        return False
    if kind in CAME_BACK:
        _came_back(delivery, text or kind)
    elif kind == DELIVERED:
        arrived = happened_at or timezone.now()
        Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(delivered_at=arrived)
    return True


def _came_back(delivery: Delivery, text: str) -> None:
    try:
        note_bounce(delivery=delivery, error=text)
    except RuleViolation:
        return  # It came back before: by hand, or to another of its addresses.
