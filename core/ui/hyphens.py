"""Where long Swedish words of menus may break (pure): at the joint of a compound.

Browsers hyphenate by dictionaries that many of them lack for Swedish, and then break anywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LONG: Final = 11
"""Letters from which a word may need to break."""
SOFT: Final = "\u00ad"
_SHORTEST: Final = 4
_TAILS: Final = (
    "analys", "aviseringar", "avtal", "balans", "betalningar", "central", "gräns", "grupper",
    "händelser", "inställningar", "journal", "karta", "kampanjer", "koder", "konton", "kostnader",
    "körningar", "kö", "listor", "logg", "läggningar", "modeller", "månader", "operatör", "ordrar",
    "planer", "priser", "profiler", "rapporter", "regler", "störningar", "sökning", "taganden",
    "transaktioner", "underlag", "utskick", "version", "versioner", "villkor", "ärenden",
    "överenskommelser",
)  # fmt: skip
_JOINT: Final = re.compile(
    rf"(?<=\w{{{_SHORTEST}}})(?=(?:{'|'.join(sorted(_TAILS, key=len, reverse=True))})\b)"
)
_WORD: Final = re.compile(rf"\w{{{LONG},}}")


@lru_cache(maxsize=1024)
def with_soft_hyphens(text: str) -> str:
    """``text`` with a soft hyphen in long words before their last part, where that is known."""
    return _WORD.sub(lambda found: _JOINT.sub(SOFT, found[0]), text)
