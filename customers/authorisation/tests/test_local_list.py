"""Which cards stand on a station's local list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.tenancy.scopes import operator_scope
from customers.authorisation.local_list import CardSource
from customers.tokens.models import TokenKind, TokenStatus
from tests.factories.core import make_operator
from tests.factories.customers import make_token
from tests.factories.stations import make_site, make_station

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_only_cards_that_may_charge_here_without_counting_are_listed() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    make_token(operator=operator, uid="B-GOOD", group_id="G", expires_at=NOW + timedelta(1))
    make_token(operator=operator, uid="A-MAC", kind=TokenKind.RFID)
    make_token(operator=operator, uid="EXPIRED", expires_at=NOW)
    make_token(operator=operator, uid="BLOCKED", status=TokenStatus.BLOCKED)
    make_token(operator=operator, uid="LIMITED", max_concurrent_sessions=1)
    make_token(operator=operator, uid="APP", kind=TokenKind.APP)
    here, elsewhere = (make_token(operator=operator, uid=u) for u in ("HERE", "ELSEWHERE"))
    make_token(operator=make_operator(), uid="FOREIGN")
    with operator_scope(operator):
        here.allowed_sites.add(station.site, make_site(operator=operator))
        elsewhere.allowed_sites.add(make_site(operator=operator))

        entries = list(
            CardSource().entries(
                operator_id=operator.pk, station_id=station.pk, site_id=station.site_id, at=NOW
            )
        )

    assert [e.id_token for e in entries] == ["A-MAC", "B-GOOD", "HERE"]
    assert entries[1].group_id == "G"
    assert entries[1].expires_at == NOW + timedelta(1)
