"""The contribution of each site, with the columns that Swedish accountants know."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from billing.accounting.books import chart_of
from billing.accounting.chart import Use
from billing.accounting.entries import TaxPart
from billing.accounting.models import JournalPosting
from billing.accounting.reports import columns as c
from billing.accounting.reports.balances import posted, used_for
from billing.accounting.reports.margin_rule import (
    Contribution,
    MonthCost,
    SiteFacts,
    contributions,
)
from billing.accounting.reports.report import Asked, Column, Result, Row, Tie
from billing.energy.balance_facts import TWO_DAYS, LocalDay
from billing.energy.selectors import costs_between
from billing.sellers.models import ContractForm, SiteContract
from billing.settlement.models import StatementLine
from billing.settlement.term_models import TermKind
from stations.maintenance.models import OrderState, WorkOrder
from stations.sessions.models import Session
from stations.sites.models import Site

NOTHING: Final = Decimal(0)
NO_SITE: Final = "–"
COLUMNS: Final = (
    c.SITE,
    c.money("kWh sålt", _("kWh sold")),
    c.money("kWh inköpt", _("kWh bought")),
    Column("Förlust %", _("Loss (%)"), is_number=True),
    c.money("Intäkt", _("Revenue")),
    c.money("El", _("Electricity")),
    c.money("Nät", _("Grid")),
    c.money("Effekt", _("Power fee")),
    c.money("Betalavgifter", _("Payment fees")),
    c.money("Avräkning", _("Settlement")),
    c.money("Service", _("Service")),
    c.money("TB", _("Contribution")),
    Column("TB/kWh", _("Contribution per kWh"), is_number=True),
)
_SOLD: Final = Q(tax_part=TaxPart.BASE.value)


def margin(asked: Asked) -> Result:
    """What is left of each site's revenue; what has no site stands under a dash. Amounts in the
    operator's currency; revenue, fees and settlement add up to what was booked."""
    currency = asked.seller.operator.currency
    sites = _facts(asked, currency)
    fees = _booked(asked, currency, used_for(asked.seller, Use.PAYMENT_FEES))
    rows = contributions(
        [sites[key] for key in sorted(sites, key=lambda key: (key == "", sites[key].name, key))],
        payment_fees=fees,
        from_on=asked.from_on,
        until_on=asked.until_on,
    )
    ties = [
        Tie(
            _("Sales and accrued income"),
            _sum(one.revenue for one in rows),
            -_booked(asked, currency, _revenue(asked)),
            currency,
        ),
        Tie(_("Fees of payments"), _sum(one.payment_fees for one in rows), fees, currency),
        Tie(
            _("Compensation to site hosts"),
            _sum(one.settlement for one in rows),
            _booked(asked, currency, used_for(asked.seller, Use.HOST_COST)),
            currency,
        ),
    ]
    return Result(COLUMNS, [_row(one) for one in rows], ties, frozenset({currency}))


def _sum(values: Any) -> Decimal:
    return sum(values, NOTHING)


def _row(one: Contribution) -> Row:
    return (
        one.name, one.sold_kwh, one.bought_kwh, one.loss_percent, one.revenue, one.electricity,
        one.grid, one.power, one.payment_fees, one.settlement, one.service, one.margin,
        one.margin_per_kwh,
    )  # fmt: skip


def _revenue(asked: Asked) -> Q:
    """Sales with their deductions, and what a month's income accrued and reversed."""
    return (_SOLD & Q(entry__kind__in=_SALES)) | used_for(asked.seller, Use.ACCRUED_REVENUE)


_SALES: Final = ["invoice", "credit_note"]


def _postings(asked: Asked, currency: str, which: Q) -> QuerySet[JournalPosting]:
    rows: QuerySet[JournalPosting] = posted(asked).filter(which, currency=currency)
    return rows.order_by()


def _booked(asked: Asked, currency: str, which: Q) -> Decimal:
    # By key, so that a posting that several rules find counts once.
    keys = _postings(asked, currency, which).values("pk")
    found = JournalPosting.objects.filter(pk__in=keys).aggregate(sum=Sum("amount"))["sum"]
    return found or NOTHING


def _facts(asked: Asked, currency: str) -> dict[str, SiteFacts]:
    """By public id of the site; empty: what has none."""
    places = {row.public_id: row for row in Site.objects.order_by("name", "pk")}
    found: dict[str, SiteFacts] = defaultdict(lambda: SiteFacts(NO_SITE))
    for key, amount in _by_site(asked, currency, _revenue(asked), places).items():
        _of(found, places, key).revenue -= amount
    hosts = used_for(asked.seller, Use.HOST_COST)
    for key, amount in _by_site(asked, currency, hosts, places).items():
        _of(found, places, key).settlement += amount
    own = _own_sites(asked)
    for key, energy_wh in _sold(asked):
        if key in own:
            _of(found, places, key).sold_kwh += energy_wh / 1000
    for key, spent in _service(asked, currency):
        if key in own:
            _of(found, places, key).service += spent
    for key, cost in _costs(asked, currency):
        if key in own:
            _of(found, places, key).costs.append(cost)
    return dict(found)


def _of(found: dict[str, SiteFacts], places: dict[str, Site], key: str) -> SiteFacts:
    if key not in found:
        found[key] = SiteFacts(places[key].name if key in places else NO_SITE)
    return found[key]


def _by_site(
    asked: Asked, currency: str, which: Q, places: dict[str, Site]
) -> dict[str, Decimal]:  # fmt: skip
    """Sums by public id of the site, told by the dimension of the posting."""
    chart = chart_of(asked.seller)
    names = {code: key for key, code in chart.site_codes.items()} | {key: key for key in places}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    keys = _postings(asked, currency, which).values("pk")
    rows = JournalPosting.objects.filter(pk__in=keys).order_by().values_list("dimensions")
    for dimensions, amount in rows.annotate(sum=Sum("amount")):
        codes = [code for name, code in dimensions if name == chart.site_dimension]
        sums[names.get(codes[0], "") if codes else ""] += amount
    return {key: amount for key, amount in sums.items() if amount}


def _own_sites(asked: Asked) -> set[str]:
    """Public ids of the sites that the seller sells at, by the latest contract that held on any
    of the days; those without one are the default seller's."""
    held = SiteContract.objects.filter(
        Q(valid_from_on=None) | Q(valid_from_on__lte=asked.until_on),
        Q(valid_until_on=None) | Q(valid_until_on__gte=asked.from_on),
    )
    oldest_first = held.order_by(F("valid_from_on").asc(nulls_first=True), "pk")
    latest = {row.site_id: row for row in oldest_first}
    found = set()
    for site_id, public_id in Site.objects.order_by("pk").values_list("pk", "public_id"):
        contract = latest.get(site_id)
        if contract is None:
            is_own = asked.seller.is_default
        elif contract.form == ContractForm.OPERATOR_SELLS:
            is_own = contract.seller_id == asked.seller.pk
        else:
            is_own = asked.seller.pk in (contract.seller_id, contract.host_id)
        if is_own:
            found.add(public_id)
    return found


def _sold(asked: Asked) -> list[tuple[str, Decimal]]:
    """Energy of all sessions that ended in the days, in the zone of their site, be they paid for
    or not: as the energy balance counts it."""
    rows: Any = (
        Session.objects.filter(
            stopped_at__gte=datetime.combine(asked.from_on, time(), UTC) - TWO_DAYS,
            stopped_at__lt=datetime.combine(asked.until_on, time(), UTC) + TWO_DAYS,
        )
        .order_by()
        .annotate(day=LocalDay(F("stopped_at"), F("station__site__time_zone")))
        .filter(day__gte=asked.from_on, day__lte=asked.until_on)
        .values_list("station__site__public_id")
        .annotate(energy=Sum("energy_wh"))
    )
    return [(key, energy or NOTHING) for key, energy in rows]


def _service(asked: Asked, currency: str) -> list[tuple[str, Decimal]]:
    """What work orders cost that were repaired in the days, in the zone of their site."""
    rows: Any = (
        WorkOrder.objects.filter(
            cost_currency=currency,
            repaired_at__gte=datetime.combine(asked.from_on, time(), UTC) - TWO_DAYS,
            repaired_at__lt=datetime.combine(asked.until_on, time(), UTC) + TWO_DAYS,
        )
        .exclude(state=OrderState.CANCELLED)
        .order_by()
        .annotate(day=LocalDay(F("repaired_at"), F("site__time_zone")))
        .filter(day__gte=asked.from_on, day__lte=asked.until_on)
        .values_list("site__public_id")
        .annotate(cost=Sum("cost_amount"))
    )
    return list(rows)


def _costs(asked: Asked, currency: str) -> list[tuple[str, MonthCost]]:
    first = asked.from_on.replace(day=1)
    passed_on = set(
        StatementLine.objects.filter(
            kind=TermKind.ENERGY_COST, direction="to_host", statement__state="issued"
        ).values_list("statement__public_id", flat=True)
    )
    return [
        (
            row.site.public_id,
            MonthCost(
                row.month_on, row.kind, row.energy_kwh, row.net,
                is_passed_on=row.settled_in in passed_on,
            ),
        )
        for row in costs_between(first, asked.until_on)
        if row.currency == currency
    ]  # fmt: skip
