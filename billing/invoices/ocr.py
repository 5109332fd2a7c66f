"""OCR payment references: a check digit, and before it a length digit where agreed (pure).

The check digit is Luhn's (modulus 10); the length digit is the last digit of the whole length.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum import luhn

SHORTEST: Final = 2
LONGEST: Final = 25


def make_ocr(number: str, *, with_length: bool) -> str:
    """The reference of ``number`` (digits). Raises ValueError when it gets too long."""
    if not re.fullmatch(r"[0-9]+", number):
        raise ValueError("an OCR reference is made of digits")
    length = len(number) + (2 if with_length else 1)
    if length > LONGEST:
        raise ValueError(f"an OCR reference has at most {LONGEST} digits")
    head = f"{number}{length % 10}" if with_length else number
    return f"{head}{luhn.calc_check_digit(head)}"


def is_ocr(text: str, *, with_length: bool = False) -> bool:
    """Whether ``text`` is a reference whose check digit (and length digit) is right."""
    if not re.fullmatch(r"[0-9]{2,25}", text) or not luhn.is_valid(text):
        return False
    return not with_length or int(text[-2]) == len(text) % 10
