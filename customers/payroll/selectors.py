"""Reading the sessions, rules and decisions of a company's month: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.fields.json import KT

from billing.rating.models import BillingState, RatedSession
from billing.spot.quarters import QUARTER
from billing.spot.selectors import price_interval
from billing.tariffs.terms import SpotTerms
from core.months import last_day, next_month
from customers.companies.models import Company
from customers.drivers.models import Vehicle
from customers.payroll.basis import (
    NOTHING,
    Charged,
    Decided,
    Paid,
    Row,
    Rule,
    Where,
    held_back,
    rows_of,
    rule_for,
    worth,
)
from customers.payroll.models import HomeDecision, PayrollRule, RuleModel
from stations.sessions.models import Session, SessionState
from stations.sessions.place_class import in_place_class, place_class_of
from stations.sites.choices import PlaceClass

WORKPLACES: Final = (PlaceClass.WORKPLACE, PlaceClass.DEPOT)
_SURE: Final = (BillingState.RATED, BillingState.FREE, BillingState.WAIVED)


@dataclass(frozen=True, slots=True)
class Home:
    """A session at home: what it would pay by the rules, and what was decided."""

    session: Session
    charged: Charged
    paid: Paid
    decision: HomeDecision | None


@dataclass(frozen=True, slots=True)
class Basis:
    """A month of a company. ``waiting``: sessions at home that nobody decided on;
    ``unpriced``: those of which the amount is not known."""

    rows: list[Row]
    waiting: int
    unpriced: int


def bounds(company: Company, first: date) -> tuple[datetime, datetime]:
    """The month in the operator's zone."""
    zone = ZoneInfo(company.operator.time_zone)
    return (
        datetime.combine(first, time(), zone),
        datetime.combine(next_month(first), time(), zone),
    )


def sessions_in(company: Company, first: date) -> QuerySet[Any]:
    """Sessions of the company's drivers that ended in the month, those in doubt left out."""
    begin, end = bounds(company, first)
    prices = RatedSession.objects.filter(
        is_current=True, session__billing__state=BillingState.RATED
    ).order_by("pk")
    rows: QuerySet[Any] = (
        Session.objects.annotate(owner_ref=KT("token_snapshot__company"))
        .filter(owner_ref=company.public_id, state=SessionState.ENDED)
        .filter(stopped_at__gte=begin, stopped_at__lt=end, energy_wh__gt=0)
        .filter(billing__state__in=_SURE)
        .select_related("station__site")
        .defer("intervals", "findings")
        .prefetch_related(
            Prefetch("rated", prices, to_attr="prices"),
            Prefetch("home_decisions", HomeDecision.objects.order_by("pk"), to_attr="decisions"),
        )
    )
    return rows.order_by("stopped_at", "pk")


def place_of(session: Session) -> Where:
    """Where it was, as wages know it; a place that says nothing is public."""
    found = place_class_of(session)
    if found == PlaceClass.HOME:
        return "home"
    return "workplace" if found in WORKPLACES else "public"


def charged_of(company: Company, sessions: Iterable[Session]) -> list[Charged]:
    """The facts of sessions; kinds of vehicles as they are now."""
    zone = ZoneInfo(company.operator.time_zone)
    vehicles = Vehicle.objects.filter(Q(company=company) | Q(driver__company=company))
    uses = dict(vehicles.values_list("registration_number", "use"))
    return [_charged(one, uses, zone, company.operator.currency) for one in sessions]


def _charged(session: Any, uses: dict[str, str], zone: ZoneInfo, currency: str) -> Charged:
    known = session.token_snapshot
    price = session.prices[0] if session.prices else None
    decision = session.decisions[-1] if session.decisions else None
    plate = str(known.get("registration_number") or "")
    return Charged(
        driver=str(known.get("driver") or ""),
        employee_number=str(known.get("employee_number") or ""),
        name=str(known.get("driver_name") or known.get("label") or ""),
        registration_number=plate,
        vehicle_use=uses.get(plate, ""),
        cost_centre=str(known.get("cost_centre") or ""),
        place=place_of(session),
        day=session.stopped_at.astimezone(zone).date(),
        energy_wh=Decimal(session.energy_wh),
        # Without a price it is free, or the price was waived: see ``_SURE``.
        gross=price.gross if price is not None else NOTHING,
        currency=price.currency if price is not None else currency,
        decided=decision
        and Decided(decision.is_approved, decision.amount, decision.currency, decision.pay_code),
    )


def rules_of(company: Company, first: date) -> list[Rule]:
    """The rules as they count in a month, the spot price of the month filled in."""
    rows = list(PayrollRule.objects.filter(company=company, valid_from_on__lte=last_day(first)))
    spot: dict[tuple[str, str], Decimal | None] = {}
    for row in rows:
        if row.model == RuleModel.SPOT and (row.area, row.currency) not in spot:
            spot[row.area, row.currency] = spot_of(company, row.area, row.currency, first)
    return [_rule(row, spot) for row in rows]


def _rule(row: PayrollRule, spot: dict[tuple[str, str], Decimal | None]) -> Rule:
    per_kwh = row.per_kwh
    if row.model == RuleModel.SPOT:
        base = spot[row.area, row.currency]
        net = None if base is None else base + row.grid_per_kwh + row.tax_per_kwh
        per_kwh = None if net is None else net * (100 + row.vat_percent) / 100
    place: Any = row.place
    return Rule(
        place, row.vehicle_use, row.model, per_kwh, row.currency, row.pay_code, row.valid_from_on
    )


def spot_of(company: Company, area: str, currency: str, first: date) -> Decimal | None:
    """The month's average per kWh without VAT, never below nothing; None while a quarter or the
    rate of its day is missing."""
    begin, _end = bounds(company, first)
    (price,) = price_interval(
        operator_id=company.operator_id,
        terms=SpotTerms(area=area, averaging="month"),
        currency=currency,
        zone=company.operator.time_zone,
        begins_at=begin,
        ends_at=begin + QUARTER,
    )
    return price.net


def basis_of(company: Company, first: date) -> Basis:
    """The basis of a month."""
    charged = charged_of(company, sessions_in(company, first))
    rules = rules_of(company, first)
    waiting = sum(one.place == "home" and one.decided is None for one in charged)
    unpriced = sum(held_back(rules, one) == "unpriced" for one in charged)
    return Basis(rows_of(charged, rules, f"{first:%Y-%m}"), waiting, unpriced)


def home_of(company: Company, first: date) -> list[Home]:
    """Sessions at home in a month, each with what it would pay."""
    rows = sessions_in(company, first).filter(in_place_class(PlaceClass.HOME))
    sessions = list(rows)
    rules: Sequence[Rule] = rules_of(company, first)
    return [
        Home(
            session, one, worth(rule_for(rules, one), one),
            session.decisions[-1] if session.decisions else None,
        )
        for session, one in zip(sessions, charged_of(company, sessions), strict=True)
    ]  # fmt: skip
