"""Times as price files write them, right when clocks change (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from billing.spot.facts import Problem
from billing.spot.quarters import instant, is_quarter, is_repeated, is_skipped

_MARKS: Final = {"CET": timedelta(hours=1), "CEST": timedelta(hours=2), "UTC": timedelta(0)}
_MARK: Final = re.compile(r"\((CET|CEST|UTC)\)|\b(CET|CEST|UTC)$")
_FORMS: Final = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
)


class Clock:
    """Reads times of one area in order of the file. A local time that was twice means the
    first hour (CEST) when it is met for the first time, the second (CET) afterwards."""

    def __init__(self, *, is_utc: bool = False) -> None:
        self.is_utc = is_utc
        self._met: set[datetime] = set()

    def read(self, text: str, line: int) -> datetime | Problem:
        """The instant in UTC, or what is wrong."""
        at = self._instant(text.strip(), line)
        if isinstance(at, datetime) and not is_quarter(at):
            return Problem("no_quarter", line, {"value": text.strip()[:60]})
        return at

    def _instant(self, text: str, line: int) -> datetime | Problem:
        match = _MARK.search(text)
        plain = _MARK.sub("", text).strip()
        try:
            aware = datetime.fromisoformat(plain)
        except ValueError:
            aware = None
        if aware is not None and aware.tzinfo is not None:
            return aware.astimezone(UTC)
        local = aware if aware is not None and len(plain) > 10 else _parsed(plain)
        if local is None:
            return Problem("no_time", line, {"value": text[:60]})
        if match or self.is_utc:
            shift = _MARKS[(match.group(1) or match.group(2)) if match else "UTC"]
            return self._marked(local, shift, text, line)
        if is_skipped(local):
            return Problem("skipped_hour", line, {"value": text[:60]})
        if not is_repeated(local):
            return instant(local)
        fold = int(local in self._met)
        self._met.add(local)
        return instant(local, fold)

    def _marked(
        self, local: datetime, shift: timedelta, text: str, line: int
    ) -> datetime | Problem:
        """With a zone beside it; CET and CEST must be what the clocks said then."""
        at = (local - shift).replace(tzinfo=UTC)
        if shift and not self.is_utc and instant(local) != at and instant(local, 1) != at:
            return Problem("skipped_hour", line, {"value": text[:60]})
        return at


def _parsed(text: str) -> datetime | None:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - made aware by the caller
        except ValueError:
            continue
    return None
