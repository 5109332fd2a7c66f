"""What was delivered and not invoiced at the end of a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from billing.invoices.models import InvoiceItem
from billing.rating.models import BillableItem, BillingState, RatedSession, SessionBilling
from billing.sellers.models import ContractForm, Seller, SiteContract
from core.money import round_money

NOTHING: Final = Decimal(0)
_DOUBTFUL: Final = (BillingState.WAITING, BillingState.HELD, BillingState.AWAITING_PRICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrued:
    """A session that was delivered and is not invoiced. ``is_estimate``: its price is not sure."""

    session: str
    ended_on: date
    customer: str
    customer_name: str
    site: str
    site_name: str
    energy_kwh: Decimal
    net: Decimal
    currency: str
    reason: str
    is_estimate: bool

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the closing of a month."""
        return {
            "session": self.session,
            "ended_on": self.ended_on.isoformat(),
            "customer": self.customer,
            "customer_name": self.customer_name,
            "site": self.site,
            "site_name": self.site_name,
            "energy_kwh": str(self.energy_kwh),
            "net": str(self.net),
            "currency": self.currency,
            "reason": self.reason,
            "is_estimate": self.is_estimate,
        }


def from_json(kept: Mapping[str, Any]) -> Accrued:
    """What was kept."""
    decimals = {name: Decimal(kept[name]) for name in ("energy_kwh", "net")}
    return Accrued(**{**kept, **decimals, "ended_on": date.fromisoformat(kept["ended_on"])})


def accrued_until(seller: Seller, until_on: date) -> list[Accrued]:
    """Sessions that ended up to the day at sites where ``seller`` sells, and stand on no invoice
    issued up to the day. A fixed number of queries."""
    sold = SoldAt(seller)
    rows = [*_priced(until_on, sold), *_doubtful(seller, until_on, sold)]
    return sorted(rows, key=lambda one: (one.ended_on, one.session))


class SoldAt:
    """At which sites a seller sells on which day."""

    def __init__(self, seller: Seller) -> None:
        self._seller = seller
        self._known: dict[tuple[int, date], bool] = {}
        self._contracts: dict[int, list[SiteContract]] = defaultdict(list)
        for row in SiteContract.objects.filter(operator_id=seller.operator_id):
            self._contracts[row.site_id].append(row)

    def holds(self, site_id: int, day: date) -> bool:
        """By the contract of the day; without one the default seller sells. Asked for thousands
        of sessions, so each site and day is looked up once."""
        known = self._known.get((site_id, day))
        if known is None:
            known = self._known[site_id, day] = self._looked_up(site_id, day)
        return known

    def _looked_up(self, site_id: int, day: date) -> bool:
        for row in self._contracts[site_id]:
            if row.holds_on(day):
                invoiced = row.form != ContractForm.NOT_INVOICED
                return invoiced and row.seller_id == self._seller.pk
        return self._seller.is_default

    def condition(self, site: str, day: str) -> Q:
        """The same in the database, by the columns of the site and the day."""
        if not self._contracts:
            # Nothing to be asked for each row.
            return Q() if self._seller.is_default else Q(pk__in=[])
        on_day = SiteContract.objects.filter(
            Q(valid_from_on=None) | Q(valid_from_on__lte=OuterRef(day)),
            Q(valid_until_on=None) | Q(valid_until_on__gte=OuterRef(day)),
            site_id=OuterRef(site),
        )
        own = on_day.filter(seller=self._seller).exclude(form=ContractForm.NOT_INVOICED)
        sells = Q(Exists(own))
        return sells | ~Q(Exists(on_day)) if self._seller.is_default else sells


def uninvoiced(rows: QuerySet[BillableItem], until_on: date) -> QuerySet[BillableItem]:
    """Those of ``rows`` that stand on no invoice issued up to the day."""
    issued = InvoiceItem.objects.filter(billable=OuterRef("pk"), invoice__issued_on__lte=until_on)
    return rows.filter(~Exists(issued))


def _priced(until_on: date, sold: SoldAt) -> Iterable[Accrued]:
    rows: QuerySet[BillableItem] = BillableItem.objects.filter(delivered_on__lte=until_on)
    found = uninvoiced(rows, until_on).exclude(net=0).order_by("delivered_on", "pk")
    # A month has thousands: the few columns alone, not the rows of four tables.
    for session, ended_on, customer, name, site_id, site, site_name, energy_wh, net, currency in (
        found.values_list(
            "session__public_id", "delivered_on", "account__public_id", "account__name",
            "rated_session__site_id", "rated_session__site__public_id",
            "rated_session__site__name", "rated_session__energy_wh", "net", "currency",
        )
    ):  # fmt: skip
        if sold.holds(site_id, ended_on):
            yield Accrued(
                session=session,
                ended_on=ended_on,
                customer=customer,
                customer_name=name,
                site=site,
                site_name=site_name,
                energy_kwh=_kwh(energy_wh),
                net=net,
                currency=currency,
                reason="not_invoiced",
                is_estimate=False,
            )


def _kwh(energy_wh: Decimal) -> Decimal:
    return (energy_wh / 1000).quantize(Decimal("0.001"))


def _doubtful(seller: Seller, until_on: date, sold: SoldAt) -> Iterable[Accrued]:
    zone = ZoneInfo(seller.operator.time_zone)
    end = datetime.combine(until_on + timedelta(days=1), time(), zone)
    billings = list(
        SessionBilling.objects.filter(
            Q(session__stopped_at__lt=end), state__in=_DOUBTFUL, is_free=False
        )
        .order_by("pk")
        .values_list(
            "session_id", "state", "session__public_id", "session__stopped_at",
            "session__energy_wh", "session__station__site_id",
            "session__station__site__public_id", "session__station__site__name",
            "account__public_id", "account__name",
        )
    )  # fmt: skip
    rated = _current([key for key, *_others in billings])
    prices = _average_prices(seller, until_on) if billings else {}
    home = seller.operator.currency
    for key, state, session, stopped_at, wh, site_id, site, site_name, customer, name in billings:
        ended_on = stopped_at.astimezone(zone).date()
        if not sold.holds(site_id, ended_on):
            continue
        energy = Decimal(wh or 0)
        net, currency = rated.get(key, (None, home))
        if net is None:
            net = round_money(energy * prices.get(site_id, prices.get(0, NOTHING)), currency)
        yield Accrued(
            session=session,
            ended_on=ended_on,
            customer=customer or "",
            customer_name=name or "",
            site=site,
            site_name=site_name,
            energy_kwh=_kwh(energy),
            net=net,
            currency=currency,
            reason=state,
            is_estimate=True,
        )


def _current(session_ids: Sequence[int]) -> dict[int, tuple[Decimal, str]]:
    """Net and currency of the prices that sessions have now."""
    rows = RatedSession.objects.filter(session__in=session_ids, is_current=True)
    found = rows.values_list("session_id", "net", "currency")
    return {key: (net, currency) for key, net, currency in found}


def _average_prices(seller: Seller, until_on: date) -> dict[int, Decimal]:
    """The net price per Wh of the last 31 days by site, and of all sites under 0."""
    rows = BillableItem.objects.filter(
        delivered_on__gt=until_on - timedelta(days=31),
        delivered_on__lte=until_on,
        currency=seller.operator.currency,
    )
    sums = rows.order_by().values("rated_session__site_id")
    prices: dict[int, Decimal] = {}
    all_net = all_wh = NOTHING
    for one in sums.annotate(net_sum=Sum("net"), wh=Sum("rated_session__energy_wh")):
        all_net, all_wh = all_net + one["net_sum"], all_wh + one["wh"]
        if one["wh"]:
            prices[one["rated_session__site_id"]] = one["net_sum"] / one["wh"]
    if all_wh:
        prices[0] = all_net / all_wh
    return prices


def by_currency_and_site(rows: Iterable[Accrued]) -> dict[str, dict[str, Decimal]]:
    """Sums to be booked, in smallest units; what comes to nothing or less is left out."""
    sums: dict[str, dict[str, Decimal]] = {}
    for one in rows:
        sites = sums.setdefault(one.currency, defaultdict(Decimal))
        sites[one.site] += one.net
    found = {}
    for currency, sites in sums.items():
        whole = {site: round_money(net, currency) for site, net in sites.items()}
        kept = {site: net for site, net in whole.items() if net}
        if sum(kept.values(), NOTHING) > 0:
            found[currency] = kept
    return found
