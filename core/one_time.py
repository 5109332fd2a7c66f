"""The one-time part of addresses that stations fetch from and send to, hidden (pure)."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "***"
PLACE: Final = "/station-files/"
"""Where such addresses begin."""
_TOKEN: Final = re.compile(rf"(?<={PLACE})(logs|firmware)/[A-Za-z0-9_-]+")


def hidden(text: str) -> str:
    """The text with a mask for each such part."""
    return _TOKEN.sub(rf"\1/{MASK}", text)
