"""A card that is blocked while its session ends, in real transactions: the session is billed, the
next one does not begin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from billing.payments.cards.tests.test_races import at_once
from billing.rating.models import RatedSession
from core.tenancy.scopes import operator_scope
from customers.authorisation.tests.test_cards import request_at
from customers.tokens.models import IdToken
from customers.tokens.services import put_token
from stations.ocpp.authorisation.service import decide
from stations.sessions.models import Session
from tests.factories.core import make_operator
from tests.factories.customers import make_token
from tests.factories.rating import ATTRIBUTOR, make_ended, make_price, rate_all
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db(transaction=True)


def test_blocked_during_a_session_it_is_billed_and_no_other_begins(settings: Any) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    operator = make_operator()
    make_price(operator)
    station = make_station(operator=operator)
    token = make_token(operator=operator, uid="04A2B3C4")
    asked = replace(request_at(station), id_token=token.uid)
    assert decide(asked).is_accepted
    session = make_ended(station=station, id_token=token.uid, state="active", reconciled_at=None)

    def block() -> str:
        with operator_scope(operator):
            row, _made = put_token(
                operator=operator, uid=token.uid, status="blocked", reason="Lost it"
            )
        return str(row.status)

    def end() -> int:
        with operator_scope(operator):
            Session.objects.filter(pk=session.pk).update(
                state="ended", reconciled_at=session.stopped_at
            )
        return rate_all()

    found = at_once(block, end, lambda: decide(asked).status in ("Accepted", "Blocked"))

    assert found == ["blocked", 1, True]
    assert decide(asked).status == "Blocked"
    with operator_scope(operator):
        assert IdToken.objects.get(pk=token.pk).status == "blocked"
        assert [one.gross for one in RatedSession.objects.filter(session=session)] == [50]
