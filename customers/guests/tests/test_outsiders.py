"""Whoever has another link sees nothing and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.guests.codes import renew_code
from customers.guests.models import GuestVisit
from customers.guests.tests.world import GuestWorld
from stations.commands.models import Command

pytestmark = pytest.mark.django_db
LOOKS = ("guest_visit", "guest_back", "guest_receipt")
DEEDS = ("guest_start", "guest_stop", "guest_call_off", "guest_mail")


def test_a_forged_link_leads_nowhere(client: Client, world: GuestWorld) -> None:
    visit = world.paid(client)
    ref = world.at(visit).split("/")[3]
    other = f"vis_0000000000000000~{ref.partition('~')[2]}"
    for forged in (visit.public_id, ref[:-1] + ("A" if ref[-1] != "A" else "B"), other):
        for name in LOOKS:
            assert client.get(reverse(name, args=[forged])).status_code == 404
        for name in DEEDS:
            assert client.post(reverse(name, args=[forged])).status_code == 404
    assert world.visit().state == "ready"
    with across_operators("the test looks at any row"):
        assert not Command.objects.exists()


def test_a_link_ends_thirty_days_after_the_visit(client: Client, world: GuestWorld) -> None:
    visit = world.begin(client)
    client.post(f"{world.at(visit)}call-off/")
    assert client.get(world.at(visit)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert client.get(world.at(visit)).status_code == 404


def test_an_old_code_leads_nowhere_and_codes_are_not_found_by_trying(
    client: Client, world: GuestWorld
) -> None:
    with across_operators("tests change any operator's rows"):
        renew_code(code=world.code, reason="Somebody put another sticker on it")
    assert client.get(world.url).status_code == 404
    answers = [client.get("/g/aaaaaaaaaaaa/").status_code for _n in range(121)]
    assert (answers[118], answers[119]) == (404, 429)


def test_one_computer_opens_ten_pages_an_hour(client: Client, world: GuestWorld) -> None:
    for _n in range(10):
        world.begin(client)
    refused = client.post(world.url, {"shape": "hold"})
    assert "Too many tries" in refused.content.decode()
    with across_operators("the test looks at any row"):
        assert GuestVisit.objects.count() == 10


def test_pages_ask_the_same_number_of_times_however_many_visits(
    client: Client, world: GuestWorld
) -> None:
    visit = world.paid(client)
    client.get(world.url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(world.url)
        client.get(world.at(visit))
    client.post(f"{world.at(visit)}call-off/")
    for _n in range(3):
        client.post(f"{world.at(world.begin(client))}call-off/")
    visit = world.paid(client)
    with CaptureQueriesContext(connection) as many:
        client.get(world.url)
        client.get(world.at(visit))
    assert len(many) <= len(few)
