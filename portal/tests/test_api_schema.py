"""The API's schema, its page, its constant number of queries, and its addresses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.validation import validate_schema
from pytest_django import DjangoAssertNumQueries

from core.audit.services import SYSTEM
from core.tenancy.scopes import operator_scope
from stations.commands.services import Wanted, create_command
from stations.hardware.models import Station
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, Reservation, StationEvent
from stations.ocpp.outbound import COMMANDS
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.customers import make_token
from tests.factories.stations import make_session, make_site, make_station

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def drawn() -> dict[str, Any]:
    schema: dict[str, Any] = spectacular_settings.DEFAULT_GENERATOR_CLASS().get_schema(public=True)
    return schema


def test_the_committed_schema_is_the_present_one() -> None:
    """Write it anew with ``manage.py spectacular --validate --file docs/openapi.yaml``."""
    schema = drawn()

    validate_schema(schema)  # type: ignore[no-untyped-call]  # its library has no types
    text: bytes = OpenApiYamlRenderer().render(  # type: ignore[no-untyped-call]  # its library has no types
        schema, renderer_context={}
    )
    assert text.decode() == COMMITTED.read_text(encoding="utf-8")


def test_every_operation_is_described_and_guarded() -> None:
    paths = drawn()["paths"]

    assert len(paths) > 30
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            is_customers = path.startswith("/api/v1/my/")
            tokens: list[dict[str, list[str]]] = [] if is_customers else [{"bearer": []}]
            assert operation["security"] == [*tokens, {"session": []}], (method, path)


def test_every_body_is_closed_every_post_takes_a_key_and_every_call_may_tell_a_problem() -> None:
    """A body that is open reads with a serializer that is no ``core.api.inputs.Input``."""
    schema = drawn()
    bodies = schema["components"]["schemas"]
    open_bodies, keyless, silent = set(), set(), set()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            for body in content.values():
                name = body["schema"]["$ref"].rpartition("/")[2]
                if bodies[name].get("additionalProperties") is not False:
                    open_bodies.add(name)
            names = [p.get("$ref", "") for p in operation.get("parameters", [])]
            if method == "post" and "#/components/parameters/IdempotencyKey" not in names:
                keyless.add(path)
            if operation["responses"]["default"] != {"$ref": "#/components/responses/Problem"}:
                silent.add((method, path))

    assert (open_bodies, keyless, silent) == (set(), set(), set())
    assert schema["openapi"] == "3.1.0"


@pytest.mark.django_db
def test_a_member_that_no_call_knows_is_refused_by_name() -> None:
    station = make_station(operator=make_operator())
    client = api_client(station.operator)
    body = {"name": "Other", "colour": "red", "evses": [{"number": 1, "kind": "AC"}]}

    created = client.post("/api/v1/stations/", {"identity": "X", "site": "site_x", **body})
    changed = client.patch(f"/api/v1/stations/{station.identity}/", {"name": "O", "colour": "red"})

    pointers = [fault["pointer"] for fault in created.json()["errors"]]
    assert (created.status_code, pointers) == (422, ["/evses/0/kind", "/colour"])
    assert changed.status_code == 422
    with operator_scope(station.operator):
        station.refresh_from_db()
    assert station.name != "O"


@pytest.mark.django_db
def test_schema_and_page_are_open_and_the_page_keeps_a_strict_policy() -> None:
    client = Client()

    schema = client.get("/api/v1/schema")
    page = client.get("/api/v1/docs/")
    script = client.get("/api/v1/docs/?script=")

    assert schema.status_code == 200
    assert b"/api/v1/stations/{ref}/commands/" in schema.content
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert b"<script>" not in page.content
    assert b"<style>" not in page.content
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema" in script.content


@pytest.mark.django_db
def test_an_unknown_address_is_a_404_in_the_shape_of_errors() -> None:
    answer = Client().post("/api/v1/no/such/thing")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


LISTS = [
    "audit",
    "authorisation-attempts",
    "charging-profiles",
    "commands",
    "connectors",
    "events",
    "evses",
    "journal",
    "knocks",
    "reservations",
    "sessions",
    "sites",
    "stations",
    "tokens",
    "stations/{station}/commands",
    "stations/{station}/evses",
    "stations/{station}/journal",
]


def fill(station: Station) -> None:
    """One more row of everything."""
    now = timezone.now()
    operator = station.operator
    more = make_station(site=make_site(operator=operator), evses=2)
    for each in (station, more):
        make_session(station=each, state="ended")
        own: dict[str, Any] = {"operator": operator, "station": each}
        with operator_scope(operator):
            create_command(
                station=each,
                wanted=Wanted(ocpp_version="1.6", action="ClearCache", payload={}),
                by=SYSTEM,
            )
            number = Reservation.objects.count()
            Reservation.objects.create(**own, number=number, id_token="A", expires_at=now)
            StationEvent.objects.create(**own, received_at=now, kind="security", name="X")
            AuthorisationAttempt.objects.create(**own, at=now, kind="start", id_token="A")
        FrameJournal.objects.create(
            id=number,
            received_at=now - timedelta(minutes=number),
            operator_id=operator.pk,
            station_id=each.pk,
            direction="in",
        )
    token = make_token(operator=operator)
    with operator_scope(operator):
        token.allowed_sites.add(more.site)


@pytest.mark.django_db
@pytest.mark.parametrize("address", LISTS)
def test_a_longer_list_takes_no_more_queries(
    address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    station = make_station(operator=make_operator(), evses=2)
    client = api_client(station.operator)
    path = f"/api/v1/{address}/".replace("{station}", station.identity)
    fill(station)
    client.get(path)
    with django_assert_max_num_queries(20) as few:
        before = len(client.get(path).json()["results"])

    for _ in range(3):
        fill(station)
    with django_assert_max_num_queries(len(few.captured_queries)):
        after = len(client.get(path).json()["results"])

    assert after > before or address in ("charging-profiles", "knocks", "stations/{station}/evses")


def test_the_page_of_the_api_lists_every_command() -> None:
    """Write it anew with ``python tools/command_table.py``."""
    text = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")

    for command in COMMANDS.values():
        row = next((line for line in text.splitlines() if f"| `{command.name}` |" in line), "")
        assert f"| {'dangerous' if command.is_dangerous else 'send'} |" in row, command.name
        assert all(f"`{parameter.name}`" in row for parameter in command.parameters), command.name


@pytest.mark.django_db
def test_a_fault_of_our_own_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise ZeroDivisionError("a bug")

    station = make_station(operator=make_operator())
    client = api_client(station.operator)
    client.raise_request_exception = False
    monkeypatch.setattr("core.api.views.ListView.get_queryset", fail)

    answer = client.get("/api/v1/stations/")
    unlikely = client.get("/api/v1/stations/", headers={"host": "not a host"})

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["status"]) == ("internal_error", 500)
    assert "ZeroDivision" not in answer.content.decode()
    assert unlikely.status_code == 400
    assert unlikely.json()["code"] == "bad_request"
