"""Tickets for event streams: who gets one, and what they are worth."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from core.accounts.permissions import Role
from core.live import tickets
from tests.factories.core import make_operator, make_person


def test_a_ticket_carries_operator_user_and_topics() -> None:
    text = tickets.issue(operator_id=3, user_id=7, topics=["network", "station.5", "network"])

    ticket = tickets.read(text)

    assert ticket == tickets.Ticket(3, 7, frozenset({"network", "station.5"}))


def test_an_old_ticket_is_refused() -> None:
    with time_machine.travel("2026-05-01T08:00:00Z", tick=False):
        text = tickets.issue(operator_id=3, user_id=7, topics=["network"])

    with time_machine.travel("2026-05-01T08:01:01Z", tick=False):
        assert tickets.read(text) is None
    with time_machine.travel("2026-05-01T08:00:59Z", tick=False):
        assert tickets.read(text) is not None


@pytest.mark.parametrize("change", ["{}x", "x{}", "", ":", "::{}"])
def test_a_changed_ticket_is_refused(change: str) -> None:
    text = tickets.issue(operator_id=3, user_id=7, topics=["network"])

    assert tickets.read(change.format(text)) is None


@pytest.mark.django_db
def test_a_member_gets_a_ticket_for_the_chosen_operator(client: Client) -> None:
    operator = make_operator()
    person = make_person(operator=operator, role=Role.CONTROL_ROOM)
    client.force_login(person)

    answer = client.get("/live/ticket/?topic=network&topic=journal.12")

    url = urlsplit(answer.json()["url"])
    assert url.path == "/live/"
    ticket = tickets.read(parse_qs(url.query)["ticket"][0])
    assert ticket == tickets.Ticket(operator.pk, person.pk, frozenset({"network", "journal.12"}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "topic", "status"),
    [
        (Role.VIEWER, "network", 200),
        (Role.VIEWER, "session.4", 200),
        (Role.VIEWER, "journal.4", 403),
        (Role.ACCOUNTANT, "journal.4", 403),
        (Role.TECHNICIAN, "journal.4", 200),
        (Role.OWNER, "nothing.4", 400),
        (Role.OWNER, "station.x", 400),
    ],
)
def test_a_topic_needs_its_permission(client: Client, role: str, topic: str, status: int) -> None:
    client.force_login(make_person(operator=make_operator(), role=role))

    assert client.get("/live/ticket/", {"topic": topic}).status_code == status


@pytest.mark.django_db
def test_no_ticket_without_membership_topics_or_login(client: Client) -> None:
    assert client.get("/live/ticket/?topic=network").status_code == 302

    client.force_login(make_person())
    assert client.get("/live/ticket/?topic=network").status_code == 403

    client.force_login(make_person(operator=make_operator()))
    assert client.get("/live/ticket/").status_code == 400
    many = "&".join(f"topic=station.{n}" for n in range(17))
    assert client.get(f"/live/ticket/?{many}").status_code == 400
