"""Public EVSE ids: their form, and the next free one of an operator (pure).

eMI3 / OCPI 2.2.1 ``evse_id``: country, party, E, up to 31 letters, digits and separators. Ours
count stations in six digits and EVSEs behind a separator: ``SE*ABC*E000012*1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ID: Final = re.compile(r"[A-Z]{2}\*[A-Z0-9]{3}\*E[A-Z0-9*]{1,31}")
_OURS: Final = re.compile(r"([A-Z]{2}\*[A-Z0-9]{3})\*E(\d{6,})\*(\d+)")


def is_evse_id(text: str) -> bool:
    """Whether ``text`` has the form of a public EVSE id."""
    return bool(_ID.fullmatch(text))


def prefix_of(country_code: str, party_id: str) -> str:
    """What all ids of an operator begin with: ``SE*ABC*E``."""
    return f"{country_code.upper()}*{party_id.upper()}*E"


def stem_of(evse_id: str) -> str | None:
    """The part of an id of our form that the EVSEs of one station share."""
    match = _OURS.fullmatch(evse_id)
    return f"{match[1]}*E{match[2]}" if match else None


def next_stem(prefix: str, taken: Iterable[str]) -> str:
    """The stem of a new station: one above the highest of the operator's ids."""
    matches = (_OURS.fullmatch(one) for one in taken)
    numbers = [int(match[2]) for match in matches if match and f"{match[1]}*E" == prefix]
    return f"{prefix}{max(numbers, default=0) + 1:06d}"


def proposal(stem: str, number: int, taken: Iterable[str]) -> str:
    """An id for EVSE ``number`` below ``stem`` that nobody has."""
    others = set(taken)
    candidates = [f"{stem}*{number}", *(f"{stem}*{number}{n}" for n in range(1, 100))]
    return next((one for one in candidates if one not in others), candidates[0])
