"""References of ours that payments carry: for one invoice, or fixed for a customer (pure).

They are OCR references (``ocr.py``). The first digit says what is named, so invoices and customers
never meet and no reference starts with a zero, which banks put before them or take away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum import luhn

from billing.invoices.ocr import LONGEST, SHORTEST, make_ocr
from billing.problem import MoneyProblem

_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_BLANKS: Final = re.compile(r"[\s-]+")


class ReferenceKind(StrEnum):
    """What a reference names."""

    INVOICE = "invoice"
    CUSTOMER = "customer"


_FIRST: Final = {ReferenceKind.INVOICE: "1", ReferenceKind.CUSTOMER: "9"}
_KINDS: Final = {digit: kind for kind, digit in _FIRST.items()}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference of ours says: the running number of an invoice or of a customer."""

    kind: ReferenceKind
    number: int


def reference(kind: ReferenceKind, number: int, *, with_length: bool = True) -> str:
    """The reference of a running number; refuses numbers below one and far too long ones."""
    if number < 1:
        raise MoneyProblem("ocr_number", "Running numbers start at one")
    digits = f"{_FIRST[kind]}{number}"
    if len(digits) + 1 + with_length > LONGEST:
        raise MoneyProblem("ocr_too_long", f"A reference has at most {LONGEST} digits")
    return make_ocr(digits, with_length=with_length)


def cleaned(text: str) -> str:
    """As banks hand references over, with blanks, hyphens and leading zeros taken away."""
    return _BLANKS.sub("", text).lstrip("0")


def checked(text: str, *, with_length: bool = True) -> str:
    """The digits of a reference whose check digits hold; says which one does not."""
    digits = cleaned(text)
    if not _DIGITS.fullmatch(digits):
        raise MoneyProblem("ocr_not_digits", "A reference is made of digits alone")
    if not SHORTEST + with_length <= len(digits) <= LONGEST:
        raise MoneyProblem("ocr_length", f"A reference has {SHORTEST} to {LONGEST} digits")
    if not luhn.is_valid(digits):
        raise MoneyProblem("ocr_check_digit", "The check digit is wrong")
    if with_length and int(digits[-2]) != len(digits) % 10:
        raise MoneyProblem("ocr_length_digit", "The length digit is wrong")
    return digits


def parse(text: str, *, with_length: bool = True) -> Reference:
    """What a reference of ours names; refuses those that are right but not ours."""
    digits = checked(text, with_length=with_length)
    number = digits[1 : -2 if with_length else -1]
    kind = _KINDS.get(digits[0])
    if kind is None or not number or number.startswith("0"):
        raise MoneyProblem("ocr_foreign", "The reference is none of ours")
    return Reference(kind, int(number))
