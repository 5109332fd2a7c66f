"""Hosts, their terms and priced sessions for tests of settlement."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from billing.rating.models import BillingState, PriceLine, RatedSession, SessionBilling
from billing.sellers.models import Seller
from billing.settlement.issuing import issue_statement
from billing.settlement.payout_services import approve_batch, order_batch, propose_batch
from billing.settlement.preparing import prepare
from billing.settlement.term_models import HostTerms
from billing.settlement.term_services import NewTerm, NewTerms, set_terms
from core.accounts.models import Operator
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.models import Station
from stations.sessions.models import Session
from stations.sites.models import Site
from tests.factories.billing import make_contract, make_seller
from tests.factories.core import make_person, number
from tests.factories.rating import make_priced_tariff
from tests.factories.stations import make_session, make_site, make_station

JUNE = datetime(2026, 6, 5, 9, tzinfo=UTC)


def make_host(operator: Operator, **fields: Any) -> Seller:
    """A housing association that hosts stations."""
    values = {"name": f"Brf Solen {number()}", "is_host": True, "email": "styrelsen@example.com"}
    return make_seller(operator=operator, **(values | fields))


def make_hosted(site: Site, **contract: Any) -> Seller:
    """A host that a contract of the site names since 2026; the operator sells."""
    seller = make_seller(operator=site.operator, iban="SE3550000000054910000003")
    host = make_host(site.operator)
    values: dict[str, Any] = {
        "form": "operator_sells", "seller": seller, "host": host,
        "valid_from_on": date(2026, 1, 1),
    }  # fmt: skip
    make_contract(site, **(values | contract))
    return host


def make_terms(
    site: Site, host: Seller, *lines: tuple[str, str, str], from_on: date = date(2026, 5, 1),
    station: Station | None = None, **more: Any,
) -> HostTerms:  # fmt: skip
    """Terms of kind, direction and rate."""
    terms = [NewTerm(kind=kind, direction=way, rate=Decimal(rate)) for kind, way, rate in lines]
    with operator_scope(site.operator):
        return set_terms(
            site=site, host=host, station=station, from_on=from_on,
            new=NewTerms(lines=terms, **more),
        )  # fmt: skip


def make_sold(
    station: Station, on: date, *, net: str = "100", idle: str = "0", kwh: str = "20",
    state: str = BillingState.RATED,
) -> Session:  # fmt: skip
    """A session with a price on a day: energy for ``net``, idle time for ``idle``, both before
    VAT of 25 %."""
    at = datetime.combine(on, time(10), UTC)
    session = make_session(
        station=station, state="ended", started_at=at, stopped_at=at, energy_wh=Decimal(kwh) * 1000
    )
    with across_operators("tests make rows of any operator"):
        tariff = make_priced_tariff(station.operator)
        SessionBilling.objects.create(
            operator=station.operator, session=session, tariff_version=tariff,
            tariff_hash=tariff.digest, state=state, revision=1,
        )  # fmt: skip
        reprice(session, net=net, idle=idle, kwh=kwh)
    return session


def reprice(session: Session, *, net: str, idle: str = "0", kwh: str = "20") -> RatedSession:
    """The next revision of a session's price."""
    energy, parking = Decimal(net), Decimal(idle)
    total = energy + parking
    at = session.started_at
    assert at is not None
    with across_operators("tests make rows of any operator"):
        old = RatedSession.objects.filter(session=session, is_current=True)
        old.update(is_current=False)
        billing = SessionBilling.objects.get(session=session)
        revision = RatedSession.objects.filter(session=session).count() + 1
        rated: RatedSession = RatedSession.objects.create(
            operator=session.operator, public_id=f"rs_{session.pk}_{revision}", session=session,
            revision=revision, site=session.station.site, station=session.station,
            tariff_version=billing.tariff_version, tariff_hash=billing.tariff_hash,
            engine_version="1", started_at=at, stopped_at=at,
            delivered_on=at.date(), energy_wh=Decimal(kwh) * 1000, charging_s=60,
            parking_s=0, currency="SEK", net=total, tax=total / 4, gross=total * 5 / 4, taxes=[],
        )  # fmt: skip
        PriceLine.objects.bulk_create(
            PriceLine(
                operator=session.operator, rated_session=rated, position=place, kind=kind,
                reason="element", started_at=at, stopped_at=at,
                quantity=1, billed_quantity=1, unit="1", unit_price=1, tax_rate=25,
                exact_net=part, net=part, tax=part / 4, gross=part * 5 / 4,
            )
            for place, (kind, part) in enumerate((("ENERGY", energy), ("PARKING_TIME", parking)))
        )  # fmt: skip
    return rated


def settlement_rows(operator: Operator, mark: str) -> dict[str, Any]:
    """One of each by the first word of its address, with ``mark`` where text can stand."""
    site = make_site(operator=operator, name=f"{mark} hosted")
    host = make_hosted(site, note=mark)
    terms = make_terms(site, host, ("share_energy", "to_host", "70"), note=mark)
    make_sold(make_station(site=site, name=f"{mark} hosted"), date(2026, 5, 3), net="1000")
    with operator_scope(operator):
        statement = issue_statement(statement=prepare(site.pk, host.pk, now=JUNE)[0], now=JUNE)
        batch = propose_batch(
            seller=statement.seller, currency="SEK", pay_on=date(2026, 6, 30), now=JUNE
        )
        batch = order_batch(
            batch=approve_batch(batch=batch, by=make_person(operator=operator)), now=JUNE
        )
    return {
        "statements": statement,
        "host-terms": terms,
        "payout-batches": batch,
        "host-payouts": batch.payouts.get(),
    }
