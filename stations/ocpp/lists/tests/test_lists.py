"""The rules of local lists, where they are kept in step, and their pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from stations.commands.models import Command
from stations.ocpp.lists import settings, sync
from stations.ocpp.lists.capacity import capacity
from stations.ocpp.lists.steps import ListFacts, digest, next_step, pause_after
from stations.ocpp.models import LocalList, LocalListSetting
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_token
from tests.factories.stations import make_station

AT = datetime(2026, 5, 1, tzinfo=UTC)
SETTLED = ListFacts(
    version=3,
    reported_version=3,
    needs_full=False,
    is_supported=True,
    stamp="a",
    present_stamp="a",
    compared_at=AT,
    checked_at=AT,
    connected_at=AT - timedelta(hours=1),
    next_try_at=None,
)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({}, "nothing"),
        ({"present_stamp": "b"}, "compare"),
        ({"needs_full": True}, "compare"),
        ({"reported_version": 2}, "compare"),
        ({"compared_at": None}, "compare"),
        ({"compared_at": AT - timedelta(days=1)}, "compare"),
        ({"connected_at": AT + timedelta(seconds=1)}, "ask"),
        ({"checked_at": None}, "ask"),
        ({"checked_at": None, "version": 0, "reported_version": None}, "nothing"),
        ({"present_stamp": "b", "is_supported": False}, "nothing"),
        ({"present_stamp": "b", "next_try_at": AT + timedelta(seconds=1)}, "nothing"),
        ({"present_stamp": "b", "next_try_at": AT}, "compare"),
    ],
)
def test_the_next_step(changes: dict[str, object], step: str) -> None:
    assert next_step(replace(SETTLED, **changes), AT) == step  # type: ignore[arg-type]  # values of many types


def test_pauses_grow_to_six_hours() -> None:
    assert [pause_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 9, 900)] == [
        1, 2, 4, 256, 360,
    ]  # fmt: skip


def test_a_digest_does_not_mind_the_order() -> None:
    assert digest([{"a": 1, "b": 2}, {"c": 3}]) == digest([{"c": 3}, {"b": 2, "a": 1}])
    assert digest([{"a": 1}]) != digest([{"a": 2}])


def test_what_a_station_holds_is_what_it_told() -> None:
    old = capacity("1.6", {"localauthlistmaxlength": "500", "sendlocallistmaxlength": "20"})
    new = capacity("2.0.1", {"localauthlistctrlr.entries": None})

    assert (old.longest, old.a_message) == (500, 20)
    assert (new.longest, new.a_message) == (None, 100)


@pytest.fixture
def operator(db: None) -> Operator:
    return make_operator()


def test_station_before_site_before_operator(operator: Operator) -> None:
    station = make_station(operator=operator)
    with operator_scope(operator):
        assert not settings.Choices().is_enabled(station, "inherit")
        settings.choose_for_operator(operator=operator, is_enabled=True, reason="go")
        assert settings.Choices().is_enabled(station, "inherit")
        settings.choose_for_site(site=station.site, is_enabled=False)
        assert not settings.Choices().is_enabled(station, "inherit")
        settings.choose_for_station(station=station, choice="on")
        assert settings.Choices().is_enabled(station, "on")
        station.hands_off = True
        assert not settings.Choices().is_enabled(station, "on")
        settings.choose_for_site(site=station.site, is_enabled=None)
        assert LocalListSetting.objects.count() == 1
        verbs = AuditEntry.objects.filter(verb="local_list.choose")
        assert verbs.count() == 4


def test_a_member_limited_to_sites_does_not_choose_for_all(operator: Operator) -> None:
    station = make_station(operator=operator)
    with operator_scope(operator), limited_to(frozenset({station.site_id})):
        with pytest.raises(RuleViolation, match="every site"):
            settings.choose_for_operator(operator=operator, is_enabled=True)
        settings.choose_for_site(site=station.site, is_enabled=True)
        assert settings.Choices().is_enabled(station, "inherit")


def test_only_where_it_is_wanted_and_only_once(operator: Operator) -> None:
    station, other = make_station(operator=operator), make_station(operator=operator)
    away = make_station(operator=operator, is_connected=False)
    make_token(operator=operator, uid="A-1")
    with operator_scope(operator):
        settings.choose_for_operator(operator=operator, is_enabled=True)
        settings.choose_for_site(site=other.site, is_enabled=False)

    assert sync.run(timezone.now()) == 1
    assert sync.run(timezone.now()) == 0

    with operator_scope(operator):
        command = Command.objects.get()
        assert (command.station, command.origin) == (station, "system")
        assert [e["idTag"] for e in command.payload["localAuthorizationList"]] == ["A-1"]
        assert not LocalList.objects.filter(station__in=[other, away]).exists()


def test_more_cards_than_room(operator: Operator) -> None:
    station = make_station(operator=operator)
    for n in range(4):
        make_token(operator=operator, uid=f"R-{n}")
    with operator_scope(operator):
        station.variables.create(
            operator=operator, variable="LocalAuthListMaxLength", value="3", mutability="ReadOnly"
        )
        sync.send_now(station, update="full", reason="x")
        kept = LocalList.objects.get()
        payload = Command.objects.get().payload

    assert (kept.wanted_count, kept.left_out_count) == (3, 1)
    assert len(payload["localAuthorizationList"]) == 3


def test_clearing_sends_an_empty_list_and_leaves_it_alone(operator: Operator) -> None:
    station = make_station(operator=operator, identity="CP-L")
    with operator_scope(operator):
        settings.choose_for_station(station=station, choice="on")
    client = api_client(operator)

    answer = client.post("/api/v1/stations/CP-L/local-list/clear", {"reason": "sold"})

    assert (answer.status_code, answer.json()["choice"]) == (202, "off")
    with operator_scope(operator):
        assert Command.objects.get().payload == {"listVersion": 1, "updateType": "Full"}
    assert sync.run(timezone.now()) == 0


def test_the_panel_sends_and_the_settings_page_chooses(operator: Operator, client: Client) -> None:
    station = make_station(operator=operator)
    make_token(operator=operator, uid="A-1")
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    home = f"/stations/{station.public_id}/local-list/"

    assert client.post(f"{home}send/", {"update": "full"}).status_code == 200
    with operator_scope(operator):
        assert not Command.objects.exists()
    sent = client.post(f"{home}send/", {"update": "full", "reason": "new cards"})
    assert (sent.status_code, sent["Location"]) == (302, home)
    page = client.get(home).content.decode()
    chosen = client.post(
        "/local-lists/settings/",
        {"is_enabled": "on", f"site_{station.site_id}": "off", "reason": "trial"},
    )

    assert chosen.status_code == 302
    assert "Being sent" in page
    with operator_scope(operator):
        assert Command.objects.get().reason == "new cards"
        rows = LocalListSetting.objects.order_by("site_id")
        assert {(r.site_id, r.is_enabled) for r in rows} == {(None, True), (station.site_id, False)}
