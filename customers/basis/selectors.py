"""Reading charging bases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from billing.sellers.models import ContractForm, SiteContract
from core.months import first_day, last_day, month_before
from customers.basis.models import BasisRow, ChargingBasis
from customers.basis.services import contracts_of, in_month
from customers.residents.selectors import site_day
from stations.sites.models import Site

MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month of a site that no basis has taken."""

    month_on: date
    is_over: bool


def bases() -> QuerySet[ChargingBasis]:
    """All bases of the operator and sites in scope, the latest month first."""
    rows: QuerySet[ChargingBasis] = ChargingBasis.objects.select_related("site", "operator")
    return rows.order_by("-month_on", "site__name", "-id")


def rows_of(basis: ChargingBasis) -> QuerySet[BasisRow]:
    """The residents of a basis in order."""
    found: QuerySet[BasisRow] = BasisRow.objects.filter(basis=basis).select_related("resident")
    return found.order_by("position")


def sites_with_basis() -> QuerySet[Site]:
    """Sites at which nobody invoices by some contract."""
    contracts = SiteContract.objects.filter(form=ContractForm.NOT_INVOICED)
    rows: QuerySet[Site] = Site.objects.filter(pk__in=contracts.values("site_id"))
    return rows.order_by("name", "id")


def frozen_until(site: Site) -> date | None:
    """The last day that a basis of the site took; None where nothing is frozen."""
    last = ChargingBasis.objects.filter(site=site).order_by("-month_on").first()
    return last_day(last.month_on) if last else None


def open_months(site: Site) -> list[OpenMonth]:
    """Months that may be frozen, or go on, the latest first: after the last frozen one."""
    today = site_day(site)
    taken = frozen_until(site)
    contracts = contracts_of(site)
    found: list[OpenMonth] = []
    month = first_day(today)
    while len(found) < MOST_MONTHS and (taken is None or month > taken):
        if in_month(contracts, month) is not None:
            found.append(OpenMonth(month, last_day(month) < today))
        elif found or (today - month).days > 800:
            break
        month = month_before(month)
    return found
