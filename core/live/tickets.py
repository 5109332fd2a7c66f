"""Short-lived signed tickets that let a browser open an event stream without the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core import signing

TICKET_SECONDS: Final = 60
_SALT: Final = "core.live.ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may listen to what: operator and user by primary key, topics by name."""

    operator_id: int
    user_id: int
    topics: frozenset[str]


def issue(*, operator_id: int, user_id: int, topics: Iterable[str]) -> str:
    """A ticket to be used within TICKET_SECONDS."""
    body = {"o": operator_id, "u": user_id, "t": sorted(set(topics))}
    return signing.dumps(body, salt=_SALT, compress=True)


def read(text: str) -> Ticket | None:
    """The ticket behind ``text``; None when it is forged, damaged or too old."""
    try:
        body = signing.loads(text, salt=_SALT, max_age=TICKET_SECONDS)
        return Ticket(int(body["o"]), int(body["u"]), frozenset(body["t"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
