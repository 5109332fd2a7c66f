"""Every endpoint of the API as an outsider, as a stranger and as a caller without rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern
from rest_framework.test import APIClient

from core.tenancy.scopes import across_operators
from portal.tests.api_world import World, everything, patterns
from tests.factories.api import api_client
from tests.factories.core import (
    make_operator,
)
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
PARTS = 4
"""So that several processes share the walk."""
METHODS = ("get", "post", "patch", "delete", "put")
OF_ANOTHER_CALLER = {"api_bulk_run", "api_bulk_run_rows", "api_bulk_run_confirm"}
"""A bulk action is there for who asked for it alone; its list's own right is asked for there."""
OF_LISTS = {"api_bulk_actions", "api_bulk_runs"}
"""Open to all: what each caller may do, and did, stands in them."""
OF_PERSONS = {
    ("api_saved_view", "delete"),
    ("api_schedule", "patch"),
    ("api_schedule", "delete"),
}
"""Views and schedules are of persons: a token is refused before one is looked for."""
OTHERWISE = {
    # What is put is read before the station is looked for; nothing that is right comes here.
    ("api_station_quirks", "put"): 422,
    # A card that is not there under its uid is made, as one of the caller's own operator.
    ("api_token", "put"): 201,
}
"""Answers about a row of others that are not 404, and why."""


@pytest.fixture
def world() -> World:
    return World()


def test_addresses_are_filled_in(world: World) -> None:
    addresses = {world.address(p) for p in patterns()}

    assert "/api/v1/stations/OWN-1/evses/1/connectors/1" in addresses
    assert f"/api/v1/sessions/{world.session.public_id}/close" in addresses
    assert "/api/v1/tokens/SECRET-CARD" in addresses
    assert not [a for a in addresses if "(" in a or "//" in a]
    assert len(addresses) > 30


def test_the_owner_reads_everything(world: World) -> None:
    client = api_client(world.operator)
    found = {}

    for pattern in patterns():
        status = client.get(world.address(pattern)).status_code
        is_read = hasattr(pattern.callback.cls, "get")  # type: ignore[attr-defined]  # a view's
        expected: tuple[int, ...] = (200, 403) if is_read else (405, 403)
        if pattern.name in OF_ANOTHER_CALLER:
            expected = (404,) if is_read else (405,)
        # 403: a view with writes alone has no right to read.
        may_be_closed = pattern.name == "api_notification_choices" or not hasattr(
            pattern.callback.cls,  # type: ignore[attr-defined]  # a view's
            "read_permission",
        )
        if status not in expected or (status == 403 and not may_be_closed):
            found[pattern.name] = status

    assert not found


@pytest.mark.parametrize("part", range(PARTS))
def test_an_outsider_sees_nothing_and_changes_nothing(world: World, part: int) -> None:
    with across_operators("the whole database is compared"):
        before = dict(everything())

    wrong = []
    for pattern in patterns()[part::PARTS]:
        # A new one each time: what one call makes is in no later one's way.
        uma = api_client(make_operator())
        wrong += [_ask_as_outsider(world, pattern, method, uma) for method in METHODS]
    assert not list(filter(None, wrong))

    with across_operators("the whole database is compared"):
        after = dict(everything())
    for label, rows in before.items():
        assert set(rows) <= set(after[label]), label


def _ask_as_outsider(world: World, pattern: URLPattern, method: str, uma: APIClient) -> str:
    address = world.address(pattern)
    is_own = world.is_own(address)
    body = body_of(world, pattern, method)
    answer = getattr(uma, method)(address, body) if method != "get" else uma.get(address)

    told = (method, address, answer.status_code, answer.content)
    assert b"SECRET" not in answer.content.replace(b"SECRET-CARD" if is_own else b"-", b""), told
    assert f'"{world.station.public_id}"'.encode() not in answer.content, told
    return wrong_status(pattern, method, is_own, lambda _permission: True, answer)


def wrong_status(
    pattern: URLPattern, method: str, is_own: bool, may: Callable[[str], bool], answer: Any
) -> str:
    """What is wrong with how a caller with these rights is answered about what is not there for
    it; empty when it is exactly as it must be."""
    view: Any = pattern.callback.cls  # type: ignore[attr-defined]  # a view's
    name, is_token = str(pattern.name), isinstance(answer.wsgi_request.user, AnonymousUser)
    needed = getattr(view, "read_permission" if method == "get" else "write_permission", None)
    expected = [404] if is_own or name in OF_ANOTHER_CALLER else [200, 201, 204, 403, 404, 409, 422]
    if name not in OF_ANOTHER_CALLER | OF_LISTS and (needed is None or not may(needed)):
        expected = [403]
    elif not hasattr(view, method):
        expected = [405]
    elif (name, method) in OF_PERSONS and is_token:
        expected = [403]
    elif (name, method) in OTHERWISE:
        expected = [OTHERWISE[name, method]]
    if answer.status_code in expected:
        return ""
    return f"{name} {method} {answer.status_code} not {expected}: {answer.content[:120]!r}"


def body_of(world: World, pattern: URLPattern, method: str) -> dict[str, Any]:
    if pattern.name == "api_operator":
        return {}  # each caller's own
    if method == "put" and pattern.name == "api_token":
        return {"status": "Blocked"}
    if pattern.name == "api_commands":
        return {"command": "reset", "parameters": {"type": "soft"}, "stations": ["OWN-1"]}
    if pattern.name == "api_station_commands":
        return {"command": "reset", "parameters": {"type": "soft"}}
    if pattern.name == "api_stations":
        return {"identity": "own-1", "site": world.station.site.public_id}
    if method == "post" and world.is_own(world.address(pattern)):
        return {"reason": "x"}
    return {"name": "x", "reason": "x", "number": 9}


def test_strangers_get_401_and_callers_without_rights_403(world: World) -> None:
    stranger = APIClient()
    powerless = api_client(world.operator, permissions=[])
    forged = APIClient()
    forged.credentials(HTTP_AUTHORIZATION="Bearer cnp_nobody")

    for pattern in patterns():
        address = world.address(pattern)
        for method in METHODS:
            for caller, refusal in ((stranger, 401), (forged, 401), (powerless, 403)):
                status = getattr(caller, method)(address).status_code
                assert status in (refusal, 405), (method, address, status)


def test_an_identity_of_another_operator_gets_a_neutral_refusal(world: World) -> None:
    other = make_station()
    uma = api_client(other.operator)

    answer = uma.post("/api/v1/stations", {"identity": "own-1", "site": other.site.public_id})

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "identity_unavailable"
    assert "OWN-1" not in answer.content.decode()
