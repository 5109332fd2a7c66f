"""What charging costs in the demo: tariffs in force since before its first session."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from billing.accounts.models import Audience, PriceGroup
from billing.tariffs.documents import digest_of, identity
from billing.tariffs.model import dump_tariff
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion, VersionState
from billing.tariffs.starters import Simple, Starter, build, default_for
from core.accounts.models import Operator
from core.ids import public_id
from portal.demo.account_rows import COMPANIES
from stations.hardware.choices import ConnectorType
from stations.sites.models import Site

BEFORE: Final = timedelta(days=30)
_DAY: Final = frozenset((day, hour) for day in range(5) for hour in range(6, 22))


def write_tariffs(slugs: list[str], first_at: datetime, now: datetime) -> int:
    """Tariffs and assignments of each operator; returns how many tariffs.

    Written without the services: those refuse a start in the past where sessions began since.
    """
    operators = Operator.objects.filter(slug__in=slugs).order_by("pk")
    return sum(_write(operator, first_at - BEFORE, now) for operator in operators)


def _write(operator: Operator, start: datetime, now: datetime) -> int:
    normal = _tariff(operator, "Normalpris", _idle("4.50", "2"), start)
    fast = _tariff(operator, "Snabbladdning", _idle("5.90", "3"), start)
    night = replace(
        default_for(Starter.TIME_OF_DAY),
        energy_price=Decimal("2.90"),
        second_price=Decimal("4.70"),
        hours=_DAY,
        idle_per_minute=Decimal(1),
    )
    by_clock = _tariff(operator, "Dag och natt", night, start)
    company = replace(
        default_for(Starter.KWH),
        energy_price=Decimal("3.20"),
        is_tax_included=False,
        is_for_guests=False,
    )
    agreed = _tariff(operator, "Företagsavtal", company, start)
    _assign(normal, start)
    for kind in (ConnectorType.CCS2, ConnectorType.CHADEMO):
        _assign(fast, start, connector_type=kind)
    site = Site.objects.filter(operator=operator).order_by("-pk").first()
    if site is not None:
        _assign(by_clock, start, site=site, connector_type=ConnectorType.TYPE_2)
    _assign(agreed, start, price_group=_company_group(operator))
    _draft(normal, _idle("4.75", "2"), now)
    return 4


def _idle(energy: str, idle: str) -> Simple:
    return replace(
        default_for(Starter.KWH_IDLE), energy_price=Decimal(energy), idle_per_minute=Decimal(idle)
    )


def _tariff(operator: Operator, name: str, simple: Simple, start: datetime) -> Tariff:
    tariff: Tariff = Tariff.objects.create(
        operator=operator,
        public_id=public_id("tar"),
        name=name,
        currency=operator.currency,
        is_tax_included=simple.is_tax_included,
        created_at=start,
    )
    document = _document(tariff, simple)
    TariffVersion.objects.create(
        operator=operator,
        tariff=tariff,
        number=1,
        state=VersionState.PUBLISHED,
        document=document,
        digest=digest_of(document),
        takes_effect_at=start,
        published_at=start,
        published_by="Demo",
        created_at=start,
    )
    return tariff


def _document(tariff: Tariff, simple: Simple) -> dict[str, Any]:
    entered = replace(simple, currency=tariff.currency)
    return {**dump_tariff(build(entered)), **identity(tariff)}


def _draft(tariff: Tariff, simple: Simple, now: datetime) -> None:
    """A dearer version that somebody has begun to write."""
    document = _document(tariff, simple)
    TariffVersion.objects.create(
        operator=tariff.operator,
        tariff=tariff,
        number=2,
        document=document,
        digest=digest_of(document),
        created_at=now - timedelta(days=2),
    )


def _assign(tariff: Tariff, start: datetime, **target: Any) -> None:
    TariffAssignment.objects.create(
        operator=tariff.operator,
        tariff=tariff,
        public_id=public_id("tas"),
        valid_from_at=start,
        **target,
    )


def _company_group(operator: Operator) -> PriceGroup:
    group: PriceGroup = PriceGroup.objects.get_or_create(
        operator=operator,
        name=COMPANIES,
        defaults={
            "public_id": public_id("pg"),
            "audience": Audience.COMPANY,
            "shows_tax_included": False,
        },
    )[0]
    return group
