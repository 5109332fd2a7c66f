"""What tests of billing runs share: a seller that invoices, a station and a price."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from billing.invoices.runs import (
    change_rules,
)
from billing.sellers.models import Seller
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from tests.factories.billing import make_seller
from tests.factories.core import make_operator
from tests.factories.rating import (
    ATTRIBUTOR,
    energy_price,
    make_priced_tariff,
)
from tests.factories.stations import make_station


@pytest.fixture
def attributed(settings: Any) -> None:
    """Sessions are billed to whom their tokens name."""
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR


@pytest.fixture
def operator() -> Iterator[Operator]:
    made = make_operator()
    with operator_scope(made):
        yield made


@pytest.fixture
def seller(operator: Operator) -> Seller:
    made = make_seller(operator=operator)
    change_rules(seller=made, bills_from_on=date(2026, 10, 1))
    return made


@pytest.fixture
def station(operator: Operator) -> Station:
    return make_station(operator=operator)


@pytest.fixture
def version(operator: Operator) -> TariffVersion:
    return make_priced_tariff(operator, energy_price(5))
