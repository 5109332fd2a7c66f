"""Sessions that ended get their price: pulled, pinned, priced, stored, and so again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.rating.billable import mark_taken
from billing.rating.models import (
    BillableItem,
    BillingState,
    PriceLine,
    PricePeriod,
    RatedSession,
    SessionBilling,
)
from billing.rating.session_facts import facts_of
from core.accounts.models import Operator
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from stations.sessions.models import Session
from tests.factories.core import make_operator
from tests.factories.rating import (
    ATTRIBUTOR,
    BEGAN,
    add_version,
    billing_of,
    energy_price,
    make_ended,
    make_price,
    rate_all,
    stored,
)
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _attributed(settings: Any) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR


@pytest.fixture
def operator() -> Operator:
    made = make_operator()
    make_price(made, energy_price(5))
    return made


def current(session: Session) -> RatedSession:
    with across_operators("a test reads"):
        row: RatedSession = RatedSession.objects.get(session=session, is_current=True)
    return row


def items(session: Session) -> list[BillableItem]:
    with across_operators("a test reads"):
        return list(BillableItem.objects.filter(session=session).order_by("id"))


def change(session: Session, **values: Any) -> None:
    """What the reconciler does when later facts arrive."""
    with across_operators("a test writes"):
        Session.objects.filter(pk=session.pk).update(reconciled_at=timezone.now(), **values)


def test_ended_session_is_priced_and_may_be_billed(operator: Operator) -> None:
    session = make_ended(operator=operator, wh=10_000)

    assert rate_all() == 1

    rated, row = current(session), billing_of(session)
    assert (rated.gross, rated.net, rated.tax) == (Decimal(50), Decimal(40), Decimal(10))
    assert (rated.energy_wh, rated.charging_s, rated.parking_s) == (Decimal(10_000), 3600, 0)
    assert rated.delivered_on.isoformat() == "2026-11-02"
    assert (row.state, row.is_due, row.revision) == (BillingState.RATED, False, 1)
    assert rated.tariff_hash == row.tariff_hash != ""
    with across_operators("a test reads"):
        line = PriceLine.objects.get(rated_session=rated)
        period = PricePeriod.objects.get(rated_session=rated)
    assert (line.kind, line.billed_quantity, line.unit_price) == ("ENERGY", 10_000, Decimal(5))
    assert (period.started_at, period.energy_wh) == (BEGAN, 10_000)
    assert [one.gross for one in items(session)] == [Decimal(50)]
    assert rate_all() == 0


def test_session_that_runs_is_not_priced(operator: Operator) -> None:
    make_ended(operator=operator, state="active", stopped_at=None)

    assert rate_all() == 0


def test_changed_facts_make_a_new_revision_and_keep_the_old(operator: Operator) -> None:
    session = make_ended(operator=operator)
    rate_all()

    change(session, energy_wh=12_000, intervals=stored([(0, 0), (60, 12_000)]))
    rate_all()

    assert (current(session).revision, current(session).gross) == (2, Decimal(60))
    with across_operators("a test reads"):
        old = RatedSession.objects.get(session=session, revision=1)
    assert (old.is_current, old.gross) == (False, Decimal(50))
    assert [one.gross for one in items(session)] == [Decimal(60)]


def test_same_facts_again_change_nothing(operator: Operator) -> None:
    session = make_ended(operator=operator)
    rate_all()
    before = current(session)

    change(session)
    assert rate_all() == 1

    assert current(session).pk == before.pk
    assert len(items(session)) == 1


def test_what_changes_after_the_bill_becomes_an_adjustment(operator: Operator) -> None:
    session = make_ended(operator=operator, wh=7_200)
    rate_all()
    with across_operators("a test takes"):
        mark_taken(item=items(session)[0], bill="inv_1", now=timezone.now())

    change(session, energy_wh=8_000, intervals=stored([(0, 0), (60, 8_000)]))
    rate_all()

    taken, late = items(session)
    assert (taken.kind, taken.gross, taken.taken_by) == ("session", Decimal(36), "inv_1")
    assert (late.kind, late.gross, late.replaces_id) == (
        "adjustment", Decimal(4), taken.rated_session_id,
    )  # fmt: skip
    with across_operators("a test takes"), pytest.raises(RuleViolation):
        mark_taken(item=taken, bill="inv_2", now=timezone.now())


def test_tariff_of_the_start_stays_pinned(operator: Operator) -> None:
    session = make_ended(operator=operator)
    rate_all()
    with across_operators("a test publishes"):
        tariff = current(session).tariff_version.tariff
    add_version(tariff, energy_price(9))

    change(session, energy_wh=20_000, intervals=stored([(0, 0), (60, 20_000)]))
    rate_all()

    assert current(session).gross == Decimal(100)


def test_service_token_costs_nothing(operator: Operator) -> None:
    session = make_ended(operator=operator, token_snapshot={"purpose": "service"})

    rate_all()

    assert billing_of(session).state == BillingState.FREE
    assert items(session) == []


def test_database_refuses_to_bill_what_is_held_and_to_change_a_price(operator: Operator) -> None:
    session = make_ended(operator=operator)
    rate_all()
    rated, item = current(session), items(session)[0]
    attempts = [
        "UPDATE billing_sessionbilling SET state = 'held'",
        "UPDATE billing_ratedsession SET gross = 0, net = 0, tax = 0",
        "UPDATE billing_ratedsession SET is_current = false",
        "DELETE FROM billing_priceline",
        "UPDATE billing_billableitem SET gross = 1, net = 1, tax = 0",
    ]

    for sql in attempts:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_billableitem")
        cursor.execute("UPDATE billing_sessionbilling SET state = 'held'")
    with across_operators("a test writes"), pytest.raises(DatabaseError), transaction.atomic():
        BillableItem.objects.bulk_create([item])
    assert current(session).gross == rated.gross


def test_queries_do_not_grow_with_the_batch(operator: Operator) -> None:
    station = make_station(operator=operator)
    make_ended(station=station)
    with CaptureQueriesContext(connection) as one:
        rate_all()
    for _n in range(12):
        make_ended(station=station)

    with CaptureQueriesContext(connection) as many:
        assert rate_all() == 12

    assert len(many) <= len(one) + 1
    with across_operators("a test reads"):
        assert SessionBilling.objects.filter(state="rated").count() == 13


def test_one_session_that_cannot_be_rated_keeps_no_other_waiting(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = make_ended(operator=operator), make_ended(operator=operator)

    def facts(session: Session, **more: Any) -> Any:
        if session.pk == bad.pk:
            raise ZeroDivisionError
        return facts_of(session, **more)

    monkeypatch.setattr("billing.rating.pricing.facts_of", facts)
    rate_all()

    assert billing_of(good).state == BillingState.RATED
    assert (billing_of(bad).state, billing_of(bad).is_due) == (BillingState.WAITING, True)
