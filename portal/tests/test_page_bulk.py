"""Bulk actions of the product's lists, from the list to the result."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from stations.commands.models import Command
from stations.ocpp.models import Knock
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def olga(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    return client


def run(client: Client, path: str, action: str, rows: list[Any], **form: Any) -> str:
    """Choose rows, confirm, and read the result page."""
    started = client.post(path, {"bulk": action, "id": [row.pk for row in rows]})
    answer = client.post(started["Location"], form, follow=True)
    return answer.content.decode()


def fresh(row: models.Model) -> Any:
    with across_operators("the test looks at all of them"):
        row.refresh_from_db()
    return row


def audited() -> list[tuple[str, str, str]]:
    with across_operators("the test looks at all of them"):
        entries = list(AuditEntry.objects.order_by("id"))
    assert len({entry.request_id for entry in entries}) <= 1
    return [(entry.verb, entry.object_label, entry.reason) for entry in entries]


def test_stations_are_retired_together_and_one_that_is_already_is_refused(
    olga: Client, operator: Operator
) -> None:
    first, second = (make_station(operator=operator) for _n in range(2))
    gone = make_station(operator=operator, retired_on="2026-01-01")

    page = run(olga, "/stations/", "retire", [first, second, gone], reason="contract ended")

    assert fresh(first).retired_on is not None
    assert fresh(second).retired_on is not None
    assert "The station has been retired already." in page
    assert audited() == [
        ("station.change", first.name, "contract ended"),
        ("station.change", second.name, "contract ended"),
    ]


def test_hands_off_is_set_with_a_reason(olga: Client, operator: Operator) -> None:
    station, other = make_station(operator=operator), make_station(operator=operator)

    run(olga, "/stations/", "hands-off", [station], hands_off="yes", reason="trial")

    assert (fresh(station).hands_off, fresh(other).hands_off) == (True, False)


def test_a_command_goes_to_the_chosen_stations_as_one_batch(
    olga: Client, operator: Operator
) -> None:
    near = make_station(operator=operator)
    away = make_station(operator=operator, is_connected=False)
    form = {"command": "reset", "parameters": '{"type": "soft"}'}

    asked = run(olga, "/stations/", "command", [near, away], **form)
    assert "Say why: this command needs it." in asked
    page = run(olga, "/stations/", "command", [near, away], **form, reason="hangs")

    with across_operators("the test looks at all of them"):
        sent = list(Command.objects.order_by("id").values_list("action", "state"))
        batches = set(Command.objects.values_list("batch_id", flat=True))
    assert sent == [("Reset", "queued"), ("Reset", "refused_offline")]
    assert len(batches) == 1
    assert f"/commands/batch/{batches.pop()}/" in page
    assert "Not sent: the station is offline." in page


def test_support_may_not_send_a_dangerous_command_to_many(operator: Operator) -> None:
    station = make_station(operator=operator)
    sixten = Client()
    sixten.force_login(make_person(operator=operator, role=Role.SUPPORT))

    page = run(sixten, "/stations/", "command", [station], command="reset", reason="x")

    assert "Select a valid choice" in page
    with across_operators("the test looks at all of them"):
        assert not Command.objects.exists()


def test_tokens_are_blocked_activated_and_given_an_expiry(olga: Client, operator: Operator) -> None:
    first, second = (make_token(operator=operator) for _n in range(2))

    run(olga, "/tokens/", "block", [first, second], reason="lost")
    assert {fresh(first).status, fresh(second).status} == {"blocked"}
    again = run(olga, "/tokens/", "block", [first], reason="lost")
    assert "It was so already." in again
    run(olga, "/tokens/", "activate", [second], reason="found")
    run(olga, "/tokens/", "expiry", [second], reason="x", expires_at="2027-01-01T00:00:00")

    assert (fresh(first).status, fresh(second).status) == ("blocked", "active")
    assert fresh(second).expires_at.isoformat() == "2026-12-31T23:00:00+00:00"
    assert fresh(first).expires_at is None


def test_sessions_are_derived_again_and_knocks_forgotten(olga: Client, operator: Operator) -> None:
    station = make_station(operator=operator)
    session = make_session(station=station, reconcile_due=False)
    own = Knock.objects.create(identity="A", reason="unknown_station")
    foreign = Knock.objects.create(
        identity="B", reason="wrong_password", station=make_station(operator=make_operator())
    )

    run(olga, "/sessions/", "reconcile", [session], reason="new rules")
    run(olga, "/knocks/", "forget", [own, foreign])

    assert fresh(session).reconcile_due is True
    assert fresh(own).dismissed_at is not None
    assert fresh(foreign).dismissed_at is None


def test_a_viewer_has_no_bulk_actions(operator: Operator) -> None:
    station = make_station(operator=operator)
    viewer = Client()
    viewer.force_login(make_person(operator=operator, role=Role.VIEWER))

    page = viewer.get("/stations/").content.decode()
    viewer.post("/stations/", {"bulk": "retire", "id": station.pk})

    assert 'name="bulk"' not in page
    assert 'name="id"' not in page
    assert audited() == []


def test_drivers_and_companies_are_blocked_and_let_charge_again(
    olga: Client, operator: Operator
) -> None:
    drivers = [make_driver(operator=operator, name=f"Dina {n}") for n in range(2)]
    already = make_driver(operator=operator, name="Dan", status="blocked")
    company = make_company(operator=operator, name="Carls AB")

    shown = run(olga, "/drivers/", "block", [*drivers, already], reason="Fraud")
    run(olga, "/companies/", "block", [company], reason="Unpaid")
    run(olga, "/companies/", "activate", [company], reason="Paid")
    refused = olga.post("/companies/", {"bulk": "block", "id": [company.pk]}, follow=True)

    assert "It was so already." in shown
    assert [fresh(driver).status for driver in drivers] == ["blocked", "blocked"]
    assert fresh(drivers[0]).status_reason == "Fraud"
    assert fresh(company).status == "active"
    assert "All drivers and cards of these companies are refused" in refused.content.decode()
    with across_operators("the test looks at all of them"):
        verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["driver.block"] * 2 + ["company.block", "company.activate"]
