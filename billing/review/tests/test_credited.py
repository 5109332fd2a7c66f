"""What credit notes gave back goes back no second time when a price changes or is decided about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing.rating.billable import mark_taken, note_credited
from billing.rating.models import BillableItem, SessionBilling
from billing.review.decisions import decide
from billing.review.models import DecisionKind
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from stations.sessions.findings import found
from stations.sessions.models import Session
from tests.factories.core import make_operator
from tests.factories.rating import (
    ATTRIBUTOR,
    energy_price,
    make_ended,
    make_price,
    rate_again,
    rate_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def billed(settings: Any) -> Session:
    """A session of 20 kWh that a bill took for 100 kronor."""
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    operator = make_operator()
    make_price(operator, energy_price(5))
    session = make_ended(operator=operator, wh=20_000)
    rate_all()
    with across_operators("a test bills"):
        taken()
    return session


def taken() -> None:
    for item in BillableItem.objects.filter(taken_at=None):
        mark_taken(item=item, bill="inv_1", now=timezone.now())


def adjusted(session: Session) -> list[tuple[Any, ...]]:
    """What is still to be billed of it."""
    rows = BillableItem.objects.filter(session=session, taken_at=None)
    return [(one.gross, one.net, one.tax) for one in rows]


def again(session: Session, wh: int) -> list[tuple[Any, ...]]:
    """Rated anew after a late reading."""
    with across_operators("a test rates"):
        rate_again(session, wh)
        return adjusted(session)


def credit(session: Session, gross: int) -> None:
    with across_operators("a test credits"):
        note_credited({session.pk: Decimal(gross)}, now=timezone.now())


def test_credited_in_full_a_lower_price_gives_nothing_back(billed: Session) -> None:
    credit(billed, 100)
    assert again(billed, 16_000) == []


def test_credited_in_part_a_lower_price_gives_back_the_rest_once(billed: Session) -> None:
    credit(billed, 30)
    assert again(billed, 16_000) == []
    assert again(billed, 10_000) == [(-20, -16, -4)]
    with across_operators("a test bills"):
        taken()
    assert again(billed, 10_001) == []
    assert again(billed, 8_000) == [(-10, -8, -2)]


def test_credited_or_not_a_higher_price_is_billed_as_it_is(billed: Session) -> None:
    credit(billed, 30)
    assert again(billed, 24_000) == [(20, 16, 4)]


def test_credited_while_a_lower_price_waits_for_its_bill_it_waits_for_less(billed: Session) -> None:
    assert again(billed, 10_000) == [(-50, -40, -10)]
    credit(billed, 30)
    with across_operators("a test reads"):
        assert adjusted(billed) == [(-20, -16, -4)]
    credit(billed, 70)
    with across_operators("a test reads"):
        assert adjusted(billed) == []


@pytest.mark.parametrize("kind", [DecisionKind.DROP, DecisionKind.ACCEPT])
def test_decided_in_review_it_gives_nothing_back(billed: Session, kind: DecisionKind) -> None:
    credit(billed, 100)
    with across_operators("a test decides"):
        doubts = [found("end_missing", "doubtful", wh=Decimal(1)).as_dict()]
        Session.objects.filter(pk=billed.pk).update(findings=doubts)
        billed.refresh_from_db()
        rate_again(billed, 16_000)
        billing = SessionBilling.objects.get(session=billed)
        assert billing.state == "held"
        if kind == DecisionKind.DROP:
            with pytest.raises(RuleViolation, match="credit what is left"):
                decide(billing=billing, kind=kind, reason="seen")
        else:
            decide(billing=billing, kind=kind, reason="seen")
        assert adjusted(billed) == []
