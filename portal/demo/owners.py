"""Companies and drivers of the demo: whose tokens they are."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from stdnum import luhn

from core.accounts.models import Operator
from customers.companies.models import Company
from customers.drivers.models import Driver, DriverStatus, Vehicle
from customers.drivers.phone import normalise_phone
from portal.demo.cards import FIRST_NAMES, FLEETS, LAST_NAMES, DemoToken
from portal.demo.plan import DemoOperator, public_id

# Numbers that are kept free for fiction (Post- och telestyrelsen).
FICTIONAL_PHONES: Final = [f"070-174 06 {last:02d}" for last in range(5, 100)]
_PLATE_LETTERS: Final = "ABCDEFGHJKLMNPRSTUWXYZ"
_CARS: Final = (
    ("Volvo", "EX30"),
    ("Polestar", "2"),
    ("Kia", "EV6"),
    ("Volkswagen", "ID.4"),
    ("Tesla", "Model Y"),
    ("Renault", "Kangoo E-Tech"),
)


@dataclass(slots=True)
class Owners:
    """Driver or company of each token, and the vehicle that it sits in, by UID."""

    drivers: dict[str, Driver] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    vehicles: dict[str, Vehicle] = field(default_factory=dict)

    def snapshot(self, uid: str) -> dict[str, Any]:
        """What a session keeps of the owner (customers.authorisation.cards.snapshot_of)."""
        driver = self.drivers.get(uid)
        company = driver.company if driver else self.companies.get(uid)
        kept: dict[str, Any] = {}
        if driver is not None:
            kept |= {
                "driver": driver.public_id,
                "driver_name": driver.name,
                "employee_number": driver.employee_number,
            }
        if company is not None:
            kept |= {"company": company.public_id, "company_name": company.name}
        vehicle = self.vehicles.get(uid)
        if vehicle is not None:
            kept |= {
                "vehicle": vehicle.public_id,
                "registration_number": vehicle.registration_number,
            }
        return kept


def write_owners(operator: Operator, demo: DemoOperator, today: date) -> Owners:
    """Write the owners of the customers' tokens: fleets as companies, people as drivers.

    Every other car of a fleet has a card of the pool that sits in it, the others belong to its
    drivers, whose cards sit in their cars too.
    """
    rng = random.Random(f"{demo.slug}:owners")
    fleets = _companies(rng, operator)
    owners, drivers = Owners(), []
    for at, token in enumerate(t for t in demo.tokens if t.purpose == "customer"):
        company = fleets.get(token.label.partition(",")[0])
        if company is not None and at % 2:
            owners.companies[token.uid] = company
            continue
        driver = _driver(rng, operator, token, at, company, today)
        owners.drivers[token.uid] = driver
        drivers.append(driver)
    Driver.objects.bulk_create(drivers)
    Vehicle.objects.bulk_create(_vehicles(operator, demo, owners))
    return owners


def _companies(rng: random.Random, operator: Operator) -> dict[str, Company]:
    companies = Company.objects.bulk_create(
        [
            Company(
                operator=operator,
                public_id=public_id(rng, "co"),
                name=name,
                organisation_number=_organisation_number(rng),
                contact_name=f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}",
                contact_email=f"bilar@{_ascii(name)}.example",
                max_energy_wh_per_month=40_000_000 if name == "Mälar Taxi" else None,
            )
            for name in FLEETS
        ]
    )
    return {company.name: company for company in companies}


def _organisation_number(rng: random.Random) -> str:
    head = f"5599{rng.randrange(10**5):05d}"
    return head + luhn.calc_check_digit(head)


def _driver(
    rng: random.Random,
    operator: Operator,
    token: DemoToken,
    at: int,
    company: Company | None,
    today: date,
) -> Driver:
    name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}" if company else token.label
    phone = FICTIONAL_PHONES[at] if at < len(FICTIONAL_PHONES) else ""
    blocked = token.status == "blocked" and at % 3 == 0
    return Driver(
        operator=operator,
        public_id=public_id(rng, "drv"),
        name=name,
        email=f"{_ascii(name)}.{at}@example.com",
        phone=phone,
        phone_normalised=normalise_phone(phone, "SE"),
        company=company,
        employee_number=f"{1000 + at}" if company else "",
        status=DriverStatus.BLOCKED if blocked else DriverStatus.ACTIVE,
        status_reason="Har slutat." if blocked else "",
        valid_from_on=date(today.year - 1, 1, 1) if company else None,
    )


def _vehicles(operator: Operator, demo: DemoOperator, owners: Owners) -> list[Vehicle]:
    """A car for each card of a fleet, and for most other drivers."""
    rng = random.Random(f"{demo.slug}:vehicles")
    plates: dict[str, None] = {}  # a set that keeps its order
    while len(plates) < len(owners.drivers) + len(owners.companies):
        plates[_plate(rng)] = None
    numbers, made = iter(plates), []
    for uid, company in owners.companies.items():
        owners.vehicles[uid] = _car(rng, operator, next(numbers), company=company, use="pool")
    for uid, driver in owners.drivers.items():
        if driver.company is not None:
            car = _car(
                rng, operator, next(numbers), driver=driver, company=driver.company,
                use=rng.choice(("benefit", "service")),
            )  # fmt: skip
            owners.vehicles[uid] = car
        elif rng.random() < 0.7:
            made.append(_car(rng, operator, next(numbers), driver=driver))
    return [*owners.vehicles.values(), *made]


def _car(rng: random.Random, operator: Operator, number: str, **values: Any) -> Vehicle:
    make, model = rng.choice(_CARS)
    return Vehicle(
        operator=operator,
        public_id=public_id(rng, "veh"),
        registration_number=number,
        make=make,
        model=model,
        **values,
    )


def _plate(rng: random.Random) -> str:
    letters = "".join(rng.choice(_PLATE_LETTERS) for _ in range(3))
    return f"{letters}{rng.randrange(100):02d}{rng.choice(_PLATE_LETTERS)}"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", ".")
