"""Energy costs: what is taken, changed and kept, and what a site's energy cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.energy import services
from billing.energy.bought import BoughtPart, bought_kwh
from billing.energy.models import EnergyCost
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from stations.sites.models import Site
from tests.factories.core import make_operator
from tests.factories.energy import make_energy_cost
from tests.factories.stations import make_site

pytestmark = pytest.mark.django_db
D = Decimal
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
GIVEN: dict[str, Any] = {
    "month_on": date(2026, 10, 17),
    "kind": "electricity",
    "supplier": "  Skåne   Energi ",
    "invoice_number": "F-1",
    "energy_kwh": D("1200.5"),
    "net": D("960.40"),
    "tax": D("240.10"),
}


@pytest.fixture
def site() -> Site:
    return make_site(operator=make_operator())


def test_an_invoice_is_entered_once_and_changed_with_a_reason(site: Site) -> None:
    with operator_scope(site.operator):
        cost = services.create_cost(site=site, **GIVEN)
        with pytest.raises(RuleViolation, match="entered"):
            services.create_cost(site=site, **GIVEN | {"month_on": OCTOBER})
        with pytest.raises(RuleViolation, match="why"):
            services.change_cost(cost=cost, net=D(1), reason=" ")
        changed = services.change_cost(cost=cost, net=D(970), tax=D("242.50"), reason="Misread")
        entries = list(AuditEntry.objects.order_by("pk").values_list("verb", "after__net"))

    assert (cost.month_on, cost.supplier, cost.currency) == (OCTOBER, "Skåne Energi", "SEK")
    assert changed.net == D(970)
    assert entries == [("energy_cost.create", "960.40"), ("energy_cost.change", "970")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "power"}, "energy_kwh"),
        ({"energy_kwh": None}, "energy_kwh"),
        ({"currency": "XXX"}, "currency"),
        ({"tax": D(-1)}, "tax"),
        ({"month_on": date(2126, 1, 1)}, "month_on"),
        ({"supplier": " "}, "supplier"),
    ],
)
def test_what_cannot_be_is_refused(site: Site, wrong: dict[str, Any], field: str) -> None:
    with operator_scope(site.operator), pytest.raises((RuleViolation, ValidationError)) as refusal:
        services.create_cost(site=site, **GIVEN | wrong)

    told: Any = refusal.value
    assert field in (told.error_dict if isinstance(told, ValidationError) else [told.field])
    with operator_scope(site.operator):
        assert not EnergyCost.objects.exists()


def test_a_settled_cost_stays(site: Site) -> None:
    cost = make_energy_cost(site)
    with operator_scope(site.operator):
        services.mark_settled(costs=[cost], statement="SB-1")
        services.mark_settled(costs=[cost], statement="SB-1")
        for refused in (
            lambda: services.mark_settled(costs=[cost], statement="SB-2"),
            lambda: services.change_cost(cost=cost, net=D(1), reason="x"),
            lambda: services.delete_cost(cost=cost, reason="x"),
        ):
            with pytest.raises(RuleViolation, match="settled"):
                refused()
        for raw in (
            lambda: EnergyCost.objects.filter(pk=cost.pk).update(net=1),
            lambda: EnergyCost.objects.filter(pk=cost.pk).delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                raw()
        kept = EnergyCost.objects.get()
        verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["energy_cost.settle"]
    assert (kept.net, kept.settled_in) == (D(800), "SB-1")


def test_bought_energy_is_the_supplier_s_else_the_grid_company_s() -> None:
    parts = [
        BoughtPart(OCTOBER, "electricity", D(600)),
        BoughtPart(OCTOBER, "electricity", D(-100)),
        BoughtPart(OCTOBER, "grid", D(510)),
        BoughtPart(SEPTEMBER, "grid", D(400)),
        BoughtPart(SEPTEMBER, "power", None),
    ]

    assert bought_kwh(parts) == D(900)
    assert bought_kwh([]) == 0
