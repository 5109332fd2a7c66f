"""Reading sellers, their series, and who sells at which site when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from billing.accounts.dated import LATEST_FIRST
from billing.sellers.models import (
    ContractForm,
    InvoiceSeries,
    Purpose,
    Seller,
    SeriesCounter,
    SiteContract,
)
from billing.sellers.numbering import NumberFormat
from core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class SiteSeller:
    """Who sells at a site on a day. ``seller`` is None where nobody invoices, or where there is
    neither a contract nor a default seller (``contract`` is None then)."""

    seller: Seller | None
    contract: SiteContract | None

    @property
    def is_invoiced(self) -> bool:
        """Whether invoices are made for what is charged here."""
        return self.contract is None or self.contract.form != ContractForm.NOT_INVOICED


@dataclass(frozen=True, slots=True)
class SiteSellers:
    """The contracts of sites in a span of days, read at once."""

    default: Seller | None
    contracts: Mapping[int, list[SiteContract]]

    def at(self, site_id: int | None, on: date) -> SiteSeller:
        """Who sells at a site on a day of the span; without a site the default seller."""
        for contract in self.contracts.get(site_id or 0, []):
            if contract.holds_on(on):
                return SiteSeller(contract.seller, contract)
        return SiteSeller(self.default, None)


def sellers() -> QuerySet[Seller]:
    """All sellers of the operator in scope, by name."""
    rows: QuerySet[Seller] = Seller.objects.order_by("name", "id")
    return rows


def seller_named(ref: str, *, field: str = "seller", in_use: bool = False) -> Seller:
    """The caller's own seller; InvalidInput if there is none with this id, or it is retired and
    one in use is wanted."""
    found = sellers().select_related("operator").filter(public_id=ref).first()
    if found is None or (in_use and found.retired_on is not None):
        raise InvalidInput("seller", _("There is no seller with this id."), field=field)
    return found


def seller_rows() -> QuerySet[Seller]:
    """Sellers with how many sites they sell at by a contract that goes on."""
    going_on = Q(site_contracts__isnull=False, site_contracts__valid_until_on__isnull=True)
    return sellers().annotate(site_count=Count("site_contracts", filter=going_on, distinct=True))


def default_seller() -> Seller | None:
    """The seller where no site contract says otherwise."""
    found: Seller | None = Seller.objects.filter(is_default=True).first()
    return found


def sellers_during(site_ids: Collection[int], first: date, last: date) -> SiteSellers:
    """Who sells at the sites from one day to another, both included, in two queries."""
    rows = (
        SiteContract.objects.filter(site_id__in=site_ids)
        .filter(Q(valid_from_on=None) | Q(valid_from_on__lte=last))
        .filter(Q(valid_until_on=None) | Q(valid_until_on__gte=first))
        .select_related("seller", "host")
    )
    contracts: dict[int, list[SiteContract]] = {}
    for row in rows:
        contracts.setdefault(row.site_id, []).append(row)
    return SiteSellers(default_seller(), contracts)


def seller_of(site_ids: Collection[int], on: date) -> dict[int, SiteSeller]:
    """Who sells at each of the sites on a day, in two queries."""
    found = sellers_during(site_ids, on, on)
    return {site_id: found.at(site_id, on) for site_id in site_ids}


def contracts() -> QuerySet[SiteContract]:
    """All site contracts of the operator in scope, by site, the latest first."""
    rows: QuerySet[SiteContract] = SiteContract.objects.select_related(
        "site", "seller", "host"
    ).order_by("site__name", LATEST_FIRST, "-id")
    return rows


def contracts_of(site_id: int) -> QuerySet[SiteContract]:
    """The contracts of a site, the latest first."""
    return contracts().filter(site_id=site_id).order_by(LATEST_FIRST, "-id")


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """A series and the number that the next document gets."""

    series: InvoiceSeries
    next_number: str


def series_of(seller: Seller, on: date) -> list[ShownSeries]:
    """The seller's series, the active ones first, with their next numbers on a day."""
    rows = (
        InvoiceSeries.objects.filter(seller=seller)
        .prefetch_related(Prefetch("counters", SeriesCounter.objects.order_by("year")))
        .order_by("-is_active", "id")
    )
    order = [choice for choice, _label in Purpose.choices]
    shown = [ShownSeries(row, next_number(row, on)) for row in rows]
    return sorted(
        shown, key=lambda one: (not one.series.is_active, order.index(one.series.purpose))
    )


def next_number(series: InvoiceSeries, on: date) -> str:
    """What ``take_number`` would give on a day; nothing is taken."""
    pattern = NumberFormat(series.pattern)
    year = pattern.counter(series.code, on).year
    last = next((one.last_number for one in series.counters.all() if one.year == year), 0)
    return pattern.written(series.code, on, last + 1)


def missing_in(seller: Seller) -> list[str]:
    """What an invoice needs and the seller has not, in words."""
    needs = {
        _("organisation number"): seller.organisation_number,
        _("address"): seller.address,
        _("postal code"): seller.postal_code,
        _("town"): seller.city,
        _("VAT number"): seller.vat_number or not seller.is_vat_registered,
        _("bankgiro, plusgiro or IBAN"): seller.bankgiro or seller.plusgiro or seller.iban,
    }
    return [name for name, value in needs.items() if not value]
