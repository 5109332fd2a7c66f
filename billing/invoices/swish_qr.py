"""What a Swish code on an invoice holds (pure).

The address of the app with number, amount and message filled in and locked; a phone's camera opens
it. The message is the OCR reference, so that the payment finds its invoice.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from billing.invoices.payment_reference import checked
from billing.problem import MoneyProblem

_ADDRESS: Final = "https://app.swish.nu/1/p/sw/"
_NUMBER: Final = re.compile(r"123\d{7}", re.ASCII)
_MOST: Final = Decimal("999999999999.99")


def swish_payload(
    swish_number: str, amount: Decimal, reference: str, *, with_length: bool = True
) -> str:
    """The text of the code. Refuses numbers that are no company's, amounts that are not whole öre
    or not above zero, and references whose check digits are wrong."""
    number = re.sub(r"[\s-]", "", swish_number)
    if not _NUMBER.fullmatch(number):
        raise MoneyProblem("swish_number", "A company's Swish number is 123 and seven digits")
    if not amount.is_finite() or not 0 < amount <= _MOST or amount != round(amount, 2):
        raise MoneyProblem("swish_amount", "Swish pays whole öre above zero")
    values = {
        "sw": number,
        "amt": f"{amount:.2f}",
        "cur": "SEK",
        "msg": checked(reference, with_length=with_length),
        "src": "qr",
    }
    return f"{_ADDRESS}?{urlencode(values)}"
