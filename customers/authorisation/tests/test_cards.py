"""The operator's cards: who may charge, and what is answered to those who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from customers.tokens.models import TokenStatus
from stations.hardware.models import Station
from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision
from stations.ocpp.authorisation.reasons import WORDS, in_words
from stations.ocpp.authorisation.service import decide, decide_many
from stations.sessions.models import SessionState
from tests.factories.core import make_operator
from tests.factories.customers import make_token
from tests.factories.stations import make_session, make_site, make_station

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    return make_station(operator=operator, evses=2)


def request_at(station: Station) -> AuthorisationRequest:
    return AuthorisationRequest(
        operator_id=station.operator_id,
        station_id=station.pk,
        site_id=station.site_id,
        evse_number=1,
        id_token="",
        id_token_type="ISO14443",
        at=NOW,
        kind="start",
    )


def ask(station: Station, id_token: str, **changes: Any) -> Decision:
    return decide(replace(request_at(station), id_token=id_token, **changes))


def test_a_known_card_is_accepted_with_group_expiry_and_snapshot(
    operator: Operator, station: Station
) -> None:
    expires_at = NOW + timedelta(days=3)
    token = make_token(
        operator=operator, uid="04A2B3C4", group_id="FLEET", expires_at=expires_at, label="Van 3"
    )

    decision = ask(station, "04A2B3C4")

    assert (decision.status, decision.reason_code) == ("Accepted", "accepted")
    assert (decision.group_id, decision.expires_at) == ("FLEET", expires_at)
    assert decision.snapshot["id"] == token.pk
    assert decision.snapshot["uid"] == "04A2B3C4"
    assert decision.snapshot["label"] == "Van 3"
    assert decision.snapshot["purpose"] == "customer"


@pytest.mark.parametrize("presented", ["04a2b3c4", "04:A2:B3:C4", " 04A2B3C4 "])
def test_case_and_separators_of_the_uid_do_not_matter(
    operator: Operator, station: Station, presented: str
) -> None:
    make_token(operator=operator, uid="04A2B3C4")

    assert ask(station, presented).status == "Accepted"


@pytest.mark.parametrize("presented", ["77771716", "C4B3A204"])
def test_decimal_and_reversed_forms_never_authorise(
    operator: Operator, station: Station, presented: str
) -> None:
    token = make_token(operator=operator, uid="04A2B3C4")
    assert presented in (token.uid_decimal, token.uid_reversed)

    assert ask(station, presented).reason_code == "unknown_token"


def test_unknown_expired_and_blocked_are_three_answers(
    operator: Operator, station: Station
) -> None:
    make_token(operator=operator, uid="EXPIRED-1", expires_at=NOW)
    make_token(operator=operator, uid="BLOCKED-1", status=TokenStatus.BLOCKED)
    make_token(operator=operator, uid="GONE-1", status=TokenStatus.INVALID)

    assert ask(station, "NOBODY").status == "Invalid"
    assert ask(station, "EXPIRED-1").status == "Expired"
    assert ask(station, "BLOCKED-1").status == "Blocked"
    assert ask(station, "GONE-1").reason_code == "withdrawn"
    assert ask(station, "  ").reason_code == "empty_token"


def test_a_card_of_another_operator_is_unknown(station: Station) -> None:
    make_token(operator=make_operator(), uid="FOREIGN-1")

    assert ask(station, "FOREIGN-1").reason_code == "unknown_token"


def test_a_card_bound_to_sites_is_refused_elsewhere(operator: Operator, station: Station) -> None:
    token = make_token(operator=operator, uid="SITE-1")
    with operator_scope(operator):
        token.allowed_sites.add(make_site(operator=operator))
        assert ask(station, "SITE-1").reason_code == "site_not_allowed"
        token.allowed_sites.add(station.site)

    assert ask(station, "SITE-1").status == "Accepted"


def test_concurrent_sessions_are_limited_at_the_start_alone(
    operator: Operator, station: Station
) -> None:
    make_token(operator=operator, uid="ONE-1", max_concurrent_sessions=1)
    session = make_session(
        station=make_station(site=station.site), id_token="one-1", state=SessionState.ACTIVE
    )

    assert ask(station, "ONE-1").status == "ConcurrentTx"
    assert ask(station, "ONE-1", kind="authorize").status == "Accepted"
    own: dict[str, Any] = {"station_id": session.station_id, "evse_number": 2}
    assert ask(station, "ONE-1", **own).status == "ConcurrentTx"
    own["transaction_id"] = session.ocpp_transaction_id
    assert ask(station, "ONE-1", **own).status == "Accepted"


def test_a_new_start_on_the_same_evse_is_no_concurrent_session(
    operator: Operator, station: Station
) -> None:
    make_token(operator=operator, uid="ONE-1", max_concurrent_sessions=1)
    make_session(station=station, id_token="ONE-1")

    assert ask(station, "ONE-1", evse_number=1).status == "Accepted"


def test_energy_of_the_month_is_limited_in_the_operators_zone(
    operator: Operator, station: Station
) -> None:
    make_token(operator=operator, uid="KWH-1", max_energy_wh_per_month=10_000)
    ended: dict[str, Any] = {"station": station, "id_token": "KWH-1", "state": SessionState.ENDED}
    # 31 May 22:30 UTC is 1 June in Stockholm, so the month there is June.
    june = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    make_session(**ended, energy_wh=9_000, first_received_at=june - timedelta(hours=1))
    make_session(**ended, energy_wh=9_999, first_received_at=june)
    assert ask(station, "KWH-1", at=june + timedelta(days=1)).status == "Accepted"

    make_session(
        **ended, register_wh=501, meter_start_wh=500, first_received_at=june + timedelta(hours=1)
    )

    assert ask(station, "KWH-1", at=june + timedelta(days=1)).reason_code == "energy_limit"


class Broken:
    """An authoriser that fails."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        raise RuntimeError("no")


class Friend:
    """An authoriser of one token."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        if request.id_token != "FRIEND":
            return None
        return Decision(status="Accepted", reason_code="accepted")


class Allergic:
    """An authoriser that one token is too much for."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        if request.id_token == "NUTS":
            raise RuntimeError("no")
        return None


def test_authorisers_are_asked_in_order_and_an_error_closes(
    station: Station, settings: Settings
) -> None:
    here = "customers.authorisation.tests.test_cards"
    settings.TOKEN_AUTHORISERS = [f"{here}.Friend", f"{here}.Broken"]

    assert ask(station, "FRIEND").status == "Accepted"
    refused = ask(station, "OTHER")
    assert (refused.status, refused.reason_code) == ("Invalid", "error")


def test_every_reason_has_words_and_a_foreign_code_stays_itself() -> None:
    assert all(in_words(code).endswith(".") for code in WORDS)
    assert in_words("roaming_hub_says_no") == "roaming_hub_says_no"


def test_the_statement_of_a_card_is_planned_once(operator: Operator, station: Station) -> None:
    make_token(operator=operator, uid="04A2B3C4")
    connection.connection.prepare_threshold = None  # as a new connection has it

    for _ in range(8):
        assert ask(station, "04A2B3C4").is_accepted

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements"
            " WHERE statement LIKE %s ORDER BY prepare_time DESC",
            ["%JOIN customers_idtoken t%"],
        )
        assert cursor.fetchone()[0] >= 8


def test_several_are_decided_together_as_each_alone(operator: Operator, station: Station) -> None:
    make_token(operator=operator, uid="04A2B3C4")
    make_token(operator=operator, uid="04A2B3C5", status=TokenStatus.BLOCKED)
    make_token(operator=make_operator(), uid="04A2B3C6")
    presented = ["04a2b3c4", "04A2B3C5", "04A2B3C6", "", "04A2B3C4"]
    requests = [replace(request_at(station), id_token=uid) for uid in presented]

    together = [decide_many(requests[:3]), decide_many(requests)]

    alone = [decide(request) for request in requests]
    assert together == [alone[:3], alone]
    assert [one.status for one in alone] == [
        "Accepted",
        "Blocked",
        "Invalid",
        "Invalid",
        "Accepted",
    ]


def test_one_that_fails_says_nothing_about_those_asked_together(
    operator: Operator, station: Station, settings: Settings
) -> None:
    make_token(operator=operator, uid="04A2B3C4")
    here = f"{__name__}.Allergic"
    settings.TOKEN_AUTHORISERS = [here, "customers.authorisation.cards.CardAuthoriser"]
    requests = [replace(request_at(station), id_token=uid) for uid in ("04A2B3C4", "NUTS")]

    decisions = decide_many(requests)

    assert [one.status for one in decisions] == ["Accepted", "Invalid"]
    assert [one.reason_code for one in decisions] == ["accepted", "error"]
