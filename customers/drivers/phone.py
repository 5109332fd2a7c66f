"""Phone numbers in one form, so that any spelling finds them (pure)."""

from __future__ import annotations

import re
from typing import Final

CALLING_CODES: Final = {
    "AT": "43", "BE": "32", "CH": "41", "CZ": "420", "DE": "49", "DK": "45", "EE": "372",
    "ES": "34", "FI": "358", "FR": "33", "GB": "44", "IE": "353", "IS": "354", "IT": "39",
    "LT": "370", "LV": "371", "NL": "31", "NO": "47", "PL": "48", "PT": "351", "SE": "46",
}  # fmt: skip
_SIGNS: Final = re.compile(r"[\s()./\-–]")
_WITHOUT_TRUNK: Final = frozenset({"DK", "EE", "ES", "IS", "LV", "NO", "PL", "PT", "CZ", "IT"})


def normalise_phone(text: str, country_code: str) -> str:
    """``+46701234567`` for any spelling of a number in its country; empty for no number.

    Digits that fit nothing are kept as they are, so that they still find themselves.
    """
    plain = _SIGNS.sub("", text.strip().replace("(0)", ""))
    if not re.fullmatch(r"\+?\d{3,18}", plain):
        return ""
    if plain.startswith("+"):
        return plain
    if plain.startswith("00"):
        return f"+{plain[2:]}"
    code = CALLING_CODES.get(country_code, "")
    if country_code in _WITHOUT_TRUNK:
        return f"+{code}{plain}"
    if code and plain.startswith("0"):
        return f"+{code}{plain[1:]}"
    return plain
