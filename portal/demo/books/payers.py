"""How the demo's customers pay: most in time, some late, in part, too much or never (pure)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.demo.books.bank_file import Paid


@dataclass(frozen=True, slots=True)
class Bill:
    """An issued invoice and who has to pay it."""

    number: str
    ocr: str
    payer: str
    issued_on: date
    due_on: date
    payable: Decimal


def payment_of(bill: Bill) -> Paid | None:
    """The customer's payment, the same whenever it is asked for; None: never."""
    rng = random.Random(bill.number)
    habit = rng.random()
    in_time = max(
        bill.issued_on + timedelta(days=1), bill.due_on - timedelta(days=rng.randrange(7))
    )
    if habit < 0.80:
        return Paid(in_time, bill.payable, bill.payer, bill.ocr)
    if habit < 0.86:
        late = bill.due_on + timedelta(days=rng.randrange(6, 18))
        return Paid(late, bill.payable, bill.payer, bill.ocr)
    if habit < 0.89:
        half = (bill.payable / 2).quantize(Decimal("0.01"))
        return Paid(in_time, half, bill.payer, bill.ocr) if half else None
    if habit < 0.91:
        return Paid(in_time, bill.payable + 100, bill.payer, bill.ocr)
    return None


def strangers(rng: random.Random, on: date) -> list[Paid]:
    """Payments of which a person has to find out what they are for."""
    return [
        Paid(on, Decimal(rng.randrange(120, 900)), "Okänd Betalare", text="Laddning, tack!"),
        Paid(on, Decimal("395.00"), "Svea Stråhle", text="faktura"),
    ]
