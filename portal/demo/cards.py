"""Id tokens of the demo network (pure)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

FIRST_NAMES: Final = (
    "Alva",
    "Astrid",
    "Axel",
    "Birgit",
    "Björn",
    "Ebba",
    "Elias",
    "Elin",
    "Emil",
    "Erik",
    "Freja",
    "Gustav",
    "Hanna",
    "Ida",
    "Ingrid",
    "Isak",
    "Johan",
    "Karin",
    "Klara",
    "Lars",
    "Linnea",
    "Liv",
    "Maja",
    "Malin",
    "Mattias",
    "Nils",
    "Nora",
    "Olle",
)
LAST_NAMES: Final = (
    "Ahlgren",
    "Berglund",
    "Björk",
    "Dahl",
    "Ekström",
    "Forsberg",
    "Granqvist",
    "Hedlund",
    "Holm",
    "Isaksson",
    "Kjellberg",
    "Lindqvist",
    "Lundin",
    "Modig",
    "Nyberg",
    "Norell",
    "Palm",
    "Rosén",
    "Sandell",
    "Sjöberg",
    "Strand",
    "Sundin",
    "Tegnér",
    "Wallin",
    "Widmark",
    "Åberg",
    "Ögren",
    "Östlund",
)
FLEETS: Final = ("Bergslagens Bud", "Hemtjänst Nord", "Lindens Bygg", "Mälar Taxi", "Västfrakt")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoToken:
    """One token. ``uid`` is normalised (upper-case hex for cards); words are the model's."""

    uid: str
    kind: str
    purpose: str
    status: str
    label: str
    printed_number: str
    group_id: str
    expires_at: datetime | None

    def may_charge_at(self, at: datetime) -> bool:
        """Whether a session with this token would have been allowed at ``at``."""
        return self.status == "active" and (self.expires_at is None or at < self.expires_at)


def build_tokens(
    rng: random.Random, count: int, party_id: str, today: date
) -> tuple[DemoToken, ...]:
    """``count`` tokens: mostly customers' cards, some fleets with a parent group, a few for
    service, test and goodwill, some blocked, withdrawn or expired."""
    uids: dict[str, None] = {}  # a set that keeps its order
    while len(uids) < count:
        uids[_uid(rng)] = None
    return tuple(_token(rng, uid, at, party_id, today) for at, uid in enumerate(uids))


def _uid(rng: random.Random) -> str:
    octets = rng.choice((4, 7, 7, 7))  # single- and double-size UIDs of ISO 14443-3
    first = 0x04 if octets == 7 else rng.choice((0x1A, 0x3B, 0x5C, 0x9D))
    return bytes([first, *(rng.randrange(256) for _ in range(octets - 1))]).hex().upper()


def _token(rng: random.Random, uid: str, at: int, party_id: str, today: date) -> DemoToken:
    purpose = _purpose(at)
    kind = "app" if purpose == "customer" and at % 9 == 4 else "rfid"
    fleet = FLEETS[at % len(FLEETS)] if purpose == "customer" and at % 4 == 1 else ""
    person = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
    status = "blocked" if at % 29 == 7 else "invalid" if at % 53 == 11 else "active"
    return DemoToken(
        uid=uid if kind == "rfid" else f"APP{uid[-14:]}",
        kind=kind,
        purpose=purpose,
        status=status if purpose == "customer" else "active",
        label=_label(purpose, fleet, person, at),
        printed_number=f"{party_id} {1000 + at:04d} {rng.randrange(10**4):04d}"
        if kind == "rfid"
        else "",
        group_id=fleet.upper().replace(" ", "-").replace("Ä", "A")[:20] if fleet else "",
        expires_at=_expiry(rng, today) if purpose == "customer" else None,
    )


def _purpose(at: int) -> str:
    """Every 40th card is a technician's, the one after a test card, then goodwill."""
    return {0: "service", 1: "test", 2: "goodwill"}.get(at % 40, "customer")


def _label(purpose: str, fleet: str, person: str, at: int) -> str:
    if purpose == "customer":
        return f"{fleet}, bil {at % 17 + 1}" if fleet else person
    return {"service": "Servicekort", "test": "Testkort", "goodwill": "Gästkort"}[purpose] + (
        f" {at // 40 + 1}"
    )


def _expiry(rng: random.Random, today: date) -> datetime | None:
    roll = rng.random()
    if roll < 0.5:
        return None
    days = -rng.randint(5, 60) if roll < 0.55 else rng.randint(30, 1100)
    return datetime.combine(today + timedelta(days=days), time(22, 0), tzinfo=UTC)
