"""Energy costs from files: all of them or none, every bad row named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing.energy.models import EnergyCost
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from stations.sites.models import Site
from tests import importing
from tests.factories.core import make_operator, make_person
from tests.factories.energy import make_energy_cost
from tests.factories.stations import make_site
from tests.importing import rows

pytestmark = pytest.mark.django_db
HEAD = "site;month;kind;supplier;invoice_number;energy_kwh;net;tax\n"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def site(operator: Operator) -> Site:
    return make_site(operator=operator, name="Norr")


@pytest.fixture
def anna(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    return client


def upload(client: Client, content: str) -> Any:
    return importing.upload(client, "energy-costs", content, "costs.csv")


def test_costs_come_in_and_a_second_file_changes_them(anna: Client, site: Site) -> None:
    first = upload(
        anna,
        f"{HEAD}Norr;2026-10;electricity;Skåne Energi;F 1;1000,5;800,40;200,10\n"
        "Norr;2026-10-31;power;Nätbolaget;N 1;;150;37,5\n",
    )
    importing.commit(anna, first, reason="October")
    again = upload(anna, f"{HEAD}Norr;2026-10;electricity;skåne energi;f 1;1000,5;810;202,50\n")
    importing.commit(anna, again, reason="Corrected by the supplier")

    found = {one.kind: one for one in rows(EnergyCost)}
    assert {kind: one.net for kind, one in found.items()} == {
        "electricity": Decimal(810),
        "power": Decimal(150),
    }
    assert found["electricity"].energy_kwh == Decimal("1000.5")
    assert found["electricity"].currency == "SEK"


def test_every_bad_row_is_named_and_nothing_is_taken(anna: Client, site: Site) -> None:
    settled = make_energy_cost(site, settled_in="SB-1")

    page = upload(
        anna,
        f"{HEAD}Norr;2026-10;electricity;A;1;10;8;2\n"
        "Borta;2026-10;electricity;A;2;10;8;2\n"
        "Norr;oktober;electricity;A;3;10;8;2\n"
        "Norr;2026-10;power;A;4;10;8;2\n"
        f"Norr;2026-10;electricity;{settled.supplier};{settled.invoice_number};10;8;2\n"
        "norr;2026-10;electricity;A;1;10;8;2\n",
    ).content.decode()

    for told in (
        "There is no site with this name",
        "This is no month.",
        "A power fee has no energy.",
        "Statement SB-1 has settled this cost",
    ):
        assert told in page
    with across_operators("nothing came in"):
        assert list(EnergyCost.objects.all()) == [settled]
