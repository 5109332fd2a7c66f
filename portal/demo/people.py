"""The fixed people of the demo and of tests (pure). Their passwords are for demos only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Person:
    """A log-in. ``role`` is a role inside the operator, or driver / company_admin for people
    outside it, who have the customer portal (portal/demo/customer_rows.py)."""

    name: str
    email: str
    role: str
    operator: str
    language: str
    is_member: bool = True
    chosen_sites: int = 0
    """How many sites the person is limited to; 0: works with all."""


DEMO_PASSWORD: Final = "nordljus-demo-2026"

PEOPLE: Final[tuple[Person, ...]] = (
    Person("Nora Norell", "owner@nordljus.example", "owner", "nordljus", "sv"),
    Person("Olga Ohlsson", "olga@nordljus.example", "control_room", "nordljus", "en"),
    Person("Sixten Sund", "sixten@nordljus.example", "support", "nordljus", "sv"),
    Person("Tore Tegnér", "tore@nordljus.example", "technician", "nordljus", "sv"),
    Person("Petra Palm", "petra@elkraft.example", "partner", "nordljus", "sv"),
    Person("Anna Ahlgren", "anna@nordljus.example", "accountant", "nordljus", "sv"),
    Person("Vera Viklund", "viewer@nordljus.example", "viewer", "nordljus", "sv"),
    Person("Vilma Vinge", "vilma@nordljus.example", "viewer", "nordljus", "sv", chosen_sites=2),
    Person("Hanna Holm", "styrelsen@brf.example", "host", "nordljus", "sv", chosen_sites=1),
    Person("Dina Dahl", "dina@example.com", "driver", "nordljus", "sv", is_member=False),
    Person("Carl Carlsson", "carl@example.com", "company_admin", "nordljus", "sv", is_member=False),
    Person("Uma Ulfsdotter", "uma@vastkraft.example", "owner", "vastkraft", "sv"),
)
