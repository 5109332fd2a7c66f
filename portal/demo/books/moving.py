"""One resident whom the operator invoices moves out, and is owed a final bill."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from customers.residents.models import FinalBill, Resident
from customers.residents.moving import move_out

_DAYS_AGO: Final = 2


def move_one(today: date) -> bool:
    """Let the resident with the newest bay move out some days ago; the beat then makes the final
    bill. False: that is done, or nobody pays by an account of their own."""
    paying = Resident.objects.filter(account__isnull=False)
    if paying.exclude(final_bill=FinalBill.NONE).exists():
        return False
    last_on = today - timedelta(days=_DAYS_AGO)
    resident = paying.filter(valid_from_on__lt=last_on).order_by("-pk").first()
    if resident is None:
        return False
    move_out(resident=resident, last_on=last_on, reason="demo")
    return True
