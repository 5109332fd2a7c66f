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
    """Who may listen to what: operator and user by primary key, topics by name.

    ``network`` holds the topics that stand for the network for a person who may not hear all
    of it; they are told under that name.
    """

    operator_id: int
    user_id: int
    topics: frozenset[str]
    network: frozenset[str] = frozenset()


def issue(
    *, operator_id: int, user_id: int, topics: Iterable[str], network: Iterable[str] = ()
) -> str:
    """A ticket to be used within TICKET_SECONDS."""
    body = {"o": operator_id, "u": user_id, "t": sorted(set(topics)), "n": sorted(set(network))}
    return signing.dumps(body, salt=_SALT, compress=True)


def read(text: str) -> Ticket | None:
    """The ticket behind ``text``; None when it is forged, damaged or too old."""
    try:
        body = signing.loads(text, salt=_SALT, max_age=TICKET_SECONDS)
        return Ticket(int(body["o"]), int(body["u"]), frozenset(body["t"]), frozenset(body["n"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
