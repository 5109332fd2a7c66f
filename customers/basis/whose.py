"""Whose a session at a site is, by the register of residents (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Unknown = Literal["no_token", "token_of_nobody", "driver_not_registered", "company"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A resident with their days, the driver whose cards are theirs, and the EVSE of the bay."""

    id: int
    driver: str = ""
    evse_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether they live there on that day."""
        return (self.from_on is None or self.from_on <= day) and (
            self.until_on is None or day <= self.until_on
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """Who started a session, as it was then: the driver and the company of the card, if any."""

    day: date
    evse_id: int | None
    token: str = ""
    driver: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """A resident, or why there is none."""

    resident_id: int | None
    unknown: Unknown | None = None


def whose(session: Charged, homes: Sequence[Home]) -> Whose:
    """The resident whose card it was; without anybody's card the one at whose bay it was.

    Of several homes of one driver the one whose bay it was, else the one with the lowest id.
    """
    there = [home for home in homes if home.holds_on(session.day)]
    if session.driver:
        own = sorted((h for h in there if h.driver == session.driver), key=lambda h: h.id)
        at_bay = [home for home in own if _is_at(session, home)]
        found = next(iter(at_bay or own), None)
        return Whose(found.id) if found else Whose(None, "driver_not_registered")
    if session.company:
        return Whose(None, "company")
    found = next((home for home in there if _is_at(session, home)), None)
    if found is not None:
        return Whose(found.id)
    return Whose(None, "token_of_nobody" if session.token else "no_token")


def _is_at(session: Charged, home: Home) -> bool:
    return home.evse_id is not None and home.evse_id == session.evse_id
