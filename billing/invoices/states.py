"""In which state a document is, from its amounts and its due day (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

State = Literal["issued", "partly_paid", "paid", "overdue", "credited", "written_off"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The amounts of an issued document; ``open`` is what is left of ``payable``."""

    payable: Decimal
    paid: Decimal
    credited: Decimal
    written_off: Decimal
    due_on: date | None
    is_credit_note: bool = False

    @property
    def open(self) -> Decimal:
        """What is still to be paid, or to be given back."""
        return self.payable - self.paid - self.credited - self.written_off


def state_of(standing: Standing, today: date) -> State:
    """The state of an issued document on a day.

    With nothing open, what closed it decides: a loss before a payment, a payment before credit.
    """
    if standing.open == 0:
        if standing.written_off:
            return "written_off"
        if standing.credited and not standing.paid:
            return "credited"
        return "paid"
    if not standing.is_credit_note and standing.due_on is not None and standing.due_on < today:
        return "overdue"
    return "partly_paid" if standing.paid or standing.credited else "issued"
