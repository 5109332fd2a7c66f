"""Every endpoint of the API as an outsider, as a stranger and as a caller without rights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.models import ApiToken, Operator
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.files.store import keep
from core.lists.models import SavedView
from core.members.models import Invitation
from core.notes.models import Note
from core.operators.models import OperatorSetup
from core.tenancy.scopes import across_operators, operator_scope
from customers.support.models import SupportCase
from portal.api import urlpatterns
from portal.tests.list_rows import list_rows
from stations.commands.models import Command, CommandOrigin
from stations.configuration.models import ConfigurationTemplate, DesiredValue
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station
from stations.ocpp.models import (
    AuthorisationAttempt,
    ChargingProfile,
    FrameJournal,
    Knock,
    LocalList,
    Reservation,
    StationEvent,
)
from tests.factories.api import api_client
from tests.factories.core import (
    make_api_token,
    make_delivery,
    make_operator,
    make_person,
    make_webhook,
)
from tests.factories.customers import (
    make_basis,
    make_bay,
    make_company,
    make_driver,
    make_resident,
    make_token,
)
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
PARTS = 4
"""So that several processes share the walk."""
METHODS = ("get", "post", "patch", "delete", "put")
OPEN = {"api_schema", "api_docs"}
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


def patterns() -> list[URLPattern]:
    return [p for p in urlpatterns if p.name and p.name not in OPEN]


class World:
    """One operator with a row of everything."""

    def __init__(self) -> None:
        self.operator: Operator = make_operator()
        self.station: Station = make_station(operator=self.operator, identity="OWN-1")
        self.session = make_session(station=self.station)
        self.company = make_company(operator=self.operator, name="SECRET company")
        self.driver = make_driver(operator=self.operator, name="SECRET", company=self.company)
        self.bay = make_bay(self.station.site, name="SECRET")
        self.resident = make_resident(self.station.site, name="SECRET", bay=self.bay)
        self.basis = make_basis(self.resident, "SECRET")
        self.token = make_token(operator=self.operator, uid="SECRET-CARD", driver=self.driver)
        with operator_scope(self.operator):
            self.list_rows = list_rows(self.operator, "SECRET")
            self.model = HardwareModel.objects.create(
                operator=self.operator, public_id="hm_own", vendor="SECRET", model="M"
            )
            OperatorSetup.objects.create(
                operator=self.operator, logo_path=keep(self.operator.pk, b"SECRET", ".png")
            )
            self._rows()
            self._configuration()
        self._journals()
        self._people()
        self.webhook = make_webhook(operator=self.operator, name="SECRET")
        self.delivery = make_delivery(operator=self.operator, endpoint=self.webhook)
        self.api_token, _secret = make_api_token(operator=self.operator, name="SECRET")

    def _rows(self) -> None:
        now = timezone.now()
        own: dict[str, Any] = {"operator": self.operator, "station": self.station}
        self.command = Command.objects.create(
            **own,
            public_id="cmd_own",
            origin=CommandOrigin.API,
            requested_by="x",
            action="Reset",
            expires_at=now,
        )
        Reservation.objects.create(**own, number=77, id_token="SECRET-CARD", expires_at=now)
        LocalList.objects.create(**own, version=4, entries=[{"idTag": "SECRET-CARD"}])
        StationEvent.objects.create(**own, received_at=now, kind="security", name="SECRET")
        self.attempt = AuthorisationAttempt.objects.create(
            **own, at=now, kind="start", id_token="SECRET-CARD", decision="Accepted"
        )
        ChargingProfile.objects.create(operator=self.operator, number=5, profile={})
        self.case = SupportCase.objects.create(
            **own, public_id="case_own", caller_name="SECRET", opened_by_label="x"
        )
        self._about_the_station()
        AuditEntry.objects.create(
            operator=self.operator,
            actor_kind="person",
            actor_label="SECRET",
            verb="x",
            object_type="x",
            object_id="1",
            object_label="SECRET",
        )

    def _configuration(self) -> None:
        self.template = ConfigurationTemplate.objects.create(
            operator=self.operator, name="SECRET", ocpp_version="1.6"
        )
        DesiredValue.objects.create(
            operator=self.operator,
            station=self.station,
            key="K",
            value="SECRET",
            origin="template",
            state="drift",
        )

    def _journals(self) -> None:
        now = timezone.now()
        self.knock = Knock.objects.create(
            identity="SECRET", reason="wrong_password", station=self.station
        )
        FrameJournal.objects.create(
            id=1,
            received_at=now,
            operator_id=self.operator.pk,
            station_id=self.station.pk,
            direction="in",
            request='{"idTag":"SECRET-CARD"}',
        )

    @property
    def references(self) -> dict[str, str]:
        """How the row of each room is named in addresses."""
        return {
            "sites": self.station.site.public_id,
            "host-sites": self.station.site.public_id,
            "host-statements": self.list_rows["statements"].public_id,
            "stations": self.station.identity,
            "sessions": self.session.public_id,
            "commands": self.command.public_id,
            "cases": self.case.public_id,
            "companies": self.company.public_id,
            "drivers": self.driver.public_id,
            "residents": self.resident.public_id,
            "bays": self.bay.public_id,
            "charging-bases": self.basis.public_id,
            "tokens": self.token.uid,
            "charging-profiles": "5",
            "knocks": str(self.knock.pk),
            "authorisation-attempts": str(self.attempt.pk),
            "notes": str(self.note.pk),
            "saved-views": str(self.view.pk),
            "files": self.file.public_id,
            "api-tokens": str(self.api_token.pk),
            "configuration-templates": str(self.template.pk),
            "members": str(self.member.pk),
            "invitations": str(self.invitation.pk),
            **{
                room: str(getattr(row, "public_id", row.pk)) for room, row in self.list_rows.items()
            },
            "catalogue": self.model.public_id,
            "token-use": self.token.uid,
            "book-reports": "vat",
            "notifications": "1",
            "site-codes": self.station.site.public_id,
            "credit-notes": str(self.list_rows["invoices"].public_id),
            "webhooks": self.webhook.public_id,
            "webhook-deliveries": str(self.delivery.pk),
        }

    def _about_the_station(self) -> None:
        self.file = Attachment.objects.create(
            operator=self.operator,
            public_id="file_own",
            object_type="stations.station",
            object_id=str(self.station.pk),
            kind="document",
            name="SECRET.txt",
            content_type="text/plain",
            size_bytes=6,
            path=keep(self.operator.pk, b"SECRET", ".txt"),
            added_label="SECRET",
        )
        self.note = Note.objects.create(
            operator=self.operator,
            object_type="stations.station",
            object_id=str(self.station.pk),
            text="SECRET",
            author_label="SECRET",
        )

    def _people(self) -> None:
        with across_operators("tests make rows of any operator"):
            self.view = SavedView.objects.create(
                operator=self.operator,
                list_name="stations",
                name="SECRET",
                owner=make_person(operator=self.operator),
                is_shared=True,
            )
            self.member = make_person(operator=self.operator, name="SECRET").memberships.get()
            self.invitation = Invitation.objects.create(
                operator=self.operator,
                email="secret@example.com",
                name="SECRET",
                role="viewer",
                language="en",
                expires_at=timezone.now() + timedelta(days=1),
            )

    def address(self, pattern: URLPattern) -> str:
        """The address of the own row that the pattern names."""
        route = str(pattern.pattern).removeprefix("^").removesuffix("/?$")
        room = route.split("/")[0]
        first = re.sub(r"\(\?P<(ref|uid)>\[[^\]]*\][+?]*\)", self.references.get(room, ""), route)
        number = (
            "1"
            if room in ("stations", "catalogue", "tariffs", "dunning")
            else self.references.get(room, "")
        )
        first = first.replace("notification-choices/", "notification-choices/support")
        return "/api/v1/" + re.sub(r"\(\?P<(number|connector)>.*?\)", number, first)

    def is_own(self, address: str) -> bool:
        """Whether the address names a row that only this operator has."""
        room, *names = address.removeprefix("/api/v1/").split("/")
        return (
            room not in ("charging-profiles", "book-reports") and self.references.get(room) in names
        )


@pytest.fixture
def world() -> World:
    return World()


def everything() -> Iterator[tuple[str, list[Any]]]:
    """All rows of all tables but those that a call as such leaves behind."""
    skipped = {ApiToken}
    for model in apps.get_models():
        if (
            model._meta.app_label in ("core", "stations", "billing", "customers")
            and model not in skipped
        ):
            yield model._meta.label, sorted(map(repr, QuerySet(model=model).values_list()))


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
