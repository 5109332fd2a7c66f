"""One operator with a row of everything, and the addresses of the API that lead to its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils import timezone

from core.accounts.models import ApiToken, Operator
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.files.store import keep
from core.lists.models import SavedView
from core.members.models import Invitation
from core.notes.models import Note
from core.operators.models import OperatorSetup
from core.tenancy.scopes import across_operators, operator_scope
from customers.support.follow_models import CaseIncident
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
    make_vehicle,
)
from tests.factories.stations import make_session, make_station

OPEN = {"api_schema", "api_docs"}


def patterns() -> list[URLPattern]:
    """Those of operators; what customers call under my/ is walked by the tests of their room."""
    named = [p for p in urlpatterns if p.name and p.name not in OPEN]
    return [p for p in named if not str(p.name).startswith("api_my_")]


class World:
    """One operator with a row of everything."""

    def __init__(self) -> None:
        self.operator: Operator = make_operator()
        self.station: Station = make_station(operator=self.operator, identity="OWN-1")
        self.session = make_session(station=self.station)
        self.company = make_company(operator=self.operator, name="SECRET company")
        self.driver = make_driver(operator=self.operator, name="SECRET", company=self.company)
        self.vehicle = make_vehicle(
            operator=self.operator, registration_number="SECRET", driver=self.driver
        )
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
        CaseIncident.objects.create(
            operator=self.operator, case=self.case, incident=self.list_rows["incidents"],
            language="en", text="SECRET", linked_by_label="x",
        )  # fmt: skip
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
            "guest-codes": self.list_rows["guest-codes"].code,
            "host-statements": self.list_rows["statements"].public_id,
            "stations": self.station.identity,
            "sessions": self.session.public_id,
            "commands": self.command.public_id,
            "cases": self.case.public_id,
            "companies": self.company.public_id,
            "drivers": self.driver.public_id,
            "vehicles": self.vehicle.public_id,
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
            "ev-chart": "4",
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
            if room in ("stations", "catalogue", "tariffs", "dunning", "studies")
            else self.references.get(room, "")
        )
        first = first.replace("notification-choices/", "notification-choices/support")
        own_case, incident = f"cases/{self.case.public_id}/incidents/", self.references["incidents"]
        first = first.replace(f"{own_case}{self.case.public_id}", f"{own_case}{incident}")
        return "/api/v1/" + re.sub(r"\(\?P<(number|connector)>.*?\)", number, first)

    def is_own(self, address: str) -> bool:
        """Whether the address names a row that only this operator has."""
        room, *names = address.removeprefix("/api/v1/").split("/")
        of_all = ("charging-profiles", "book-reports", "ev-chart")
        return room not in of_all and self.references.get(room) in names


def everything() -> Iterator[tuple[str, list[Any]]]:
    """All rows of all tables but those that a call as such leaves behind."""
    skipped = {ApiToken}
    for model in apps.get_models():
        if (
            model._meta.app_label in ("core", "stations", "billing", "customers", "planning")
            and model not in skipped
        ):
            yield model._meta.label, sorted(map(repr, QuerySet(model=model).values_list()))
