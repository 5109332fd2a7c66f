"""A price that is announced afterwards: sessions wait, are shown as estimates, and get it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.rating.models import BillableItem, BillingState, RatedSession, SessionBilling
from billing.rating.pinning import pin_live_sessions
from billing.review.rules import change_rules
from billing.review.services import rate_due, retry_held
from billing.tariffs import services
from billing.tariffs.assigning import Target, assign
from billing.tariffs.models import Tariff, TariffVersion
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from stations.sessions.models import Session
from stations.sites.models import Site
from tests.factories.billing import make_account
from tests.factories.core import make_operator, make_person
from tests.factories.rating import (
    BEGAN,
    billing_of,
    energy_price,
    make_ended,
    make_priced_tariff,
    rate_all,
    stored,
)
from tests.factories.stations import make_evse, make_station

pytestmark = pytest.mark.django_db

MONTH = BEGAN.replace(day=1, hour=0)
LATER = {"extras": {"announced_afterwards": True}}


@pytest.fixture
def operator() -> Operator:
    made = make_operator()
    with across_operators("a test sets up"):
        change_rules(operator=made, needs_account=False)
    return made


@pytest.fixture
def tariff(operator: Operator) -> Tariff:
    """Estimates 2 kronor a kWh; in force since the beginning of the year, everywhere."""
    version = make_priced_tariff(operator, energy_price(2, **LATER))
    with across_operators("a test sets up"):
        assign(tariff=version.tariff, target=Target(), valid_from_at=MONTH)
    return version.tariff


def make_waiting(operator: Operator, **fields: Any) -> Session:
    """An ended session at a private site that an account pays for."""
    session = make_ended(operator=operator, **fields)
    with across_operators("a test sets who pays"):
        Site.objects.filter(pk=session.station.site_id).update(public_access="private")
        SessionBilling.objects.filter(session=session).update(
            account=make_account(operator=operator)
        )
    return session


def publish(tariff: Tariff, document: dict[str, Any], start: Any = MONTH) -> TariffVersion:
    with across_operators("a test publishes"):
        services.save_draft(tariff=tariff, document=document)
        return services.publish(tariff=tariff, takes_effect_at=start)


def amounts(session: Session) -> tuple[list[Decimal], list[Decimal]]:
    """Totals of the revisions, and of what may be billed."""
    with across_operators("a test reads"):
        rated = RatedSession.objects.filter(session=session).order_by("revision")
        items = BillableItem.objects.filter(session=session)
        return [one.gross for one in rated], [one.gross for one in items]


def test_a_session_waits_and_is_billed_at_the_price_that_is_published(
    operator: Operator, tariff: Tariff
) -> None:
    session = make_waiting(operator)
    rate_all()
    assert billing_of(session).state == BillingState.AWAITING_PRICE
    assert amounts(session) == ([Decimal(20)], [])

    announced = publish(tariff, energy_price(1.5))
    later = timezone.now() + timedelta(minutes=20)
    with across_operators("a test waits"):
        assert retry_held(now=later) == 1
        rate_due(now=later)

    row = billing_of(session)
    assert (row.state, row.tariff_version_id) == (BillingState.RATED, announced.pk)
    assert amounts(session) == ([Decimal(20), Decimal(15)], [Decimal(15)])


def test_a_month_without_a_price_waits_on_while_the_one_before_is_billed(
    operator: Operator, tariff: Tariff
) -> None:
    first = make_waiting(operator)
    second = make_waiting(
        operator,
        started_at=BEGAN + timedelta(days=10),
        stopped_at=BEGAN + timedelta(days=10, hours=1),
        intervals={},
    )
    rate_all()

    publish(tariff, energy_price(2, **LATER), BEGAN + timedelta(days=5))
    publish(tariff, energy_price(3))
    with across_operators("a test waits"):
        retry_held(now=timezone.now() + timedelta(hours=1))
    rate_all()

    assert [billing_of(one).state for one in (first, second)] == ["rated", "awaiting_price"]
    with pytest.raises(RuleViolation) as refused:  # the first month has its price now
        publish(tariff, energy_price(4), MONTH + timedelta(hours=1))
    assert (refused.value.code, amounts(first)[1]) == ("start_in_past", [Decimal(30)])


def test_a_running_session_shows_its_estimate_and_says_so(
    operator: Operator, tariff: Tariff, client: Client
) -> None:
    station = make_station(operator=operator, evses=0)
    running = make_ended(
        station=station,
        state="active",
        stopped_at=None,
        evse=make_evse(station=station),
        intervals=stored([(0, 0), (30, 8000)], end=30),
        last_fact_at=BEGAN + timedelta(minutes=30),
    )
    with across_operators("a test pins"):
        pin_live_sessions(now=BEGAN + timedelta(minutes=31))
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))

    page = client.get(reverse("session_detail", args=[running.public_id])).content.decode()

    assert "So far (estimate)" in page
    assert "The price is announced afterwards." in page


def test_who_pays_on_the_spot_is_never_told_afterwards(operator: Operator) -> None:
    document = energy_price(2, type="AD_HOC_PAYMENT", **LATER)

    with across_operators("a test creates"), pytest.raises(RuleViolation) as refused:
        services.create_tariff(operator=operator, name="Guests", document=document)

    assert refused.value.code == "contradiction"
    with across_operators("a test reads"):
        assert not Tariff.objects.filter(operator=operator).exists()
