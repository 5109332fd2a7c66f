"""A network with one row of everything, and all pages with arguments that lead to it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.accounts.models import ApiToken, Operator
from core.attachments.models import Attachment
from core.audit.models import ActorKind, AuditEntry
from core.files.store import keep
from core.members.models import Invitation
from core.notes.models import Note
from core.notifications.models import Notification
from core.operators.models import LegalText, OperatorSetup
from core.tenancy.scopes import across_operators
from core.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from customers.support.follow_models import CaseIncident
from customers.support.models import CaseEntry, SupportCase
from portal.tests.list_rows import list_rows
from portal.tests.routes import Page, routes
from stations.commands.models import Command, CommandOrigin, CommandState
from stations.configuration.models import ConfigurationTemplate, DesiredValue, TemplateValue
from stations.hardware.catalogue.models import HardwareModel, ModelQuirk
from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import DeviceVariable
from stations.hardware.unit_models import HardwareUnit
from stations.ocpp.models import (
    AuthorisationAttempt,
    FrameJournal,
    Knock,
    LocalList,
    StationEvent,
)
from stations.onboarding.models import StationDraft
from stations.sessions.models import MeterReading, SessionFact
from tests.factories.core import make_operator, make_person
from tests.factories.customers import (
    make_basis,
    make_bay,
    make_company,
    make_driver,
    make_resident,
    make_token,
    make_vehicle,
)
from tests.factories.stations import make_session, make_site, make_station

MARK = "SECRET-OF-THIS-OPERATOR"


class Network:
    """One operator with a row of everything, each with MARK where text can stand."""

    def __init__(self) -> None:
        self.operator: Operator = make_operator()
        self.site = make_site(operator=self.operator, name=f"{MARK} site", city=MARK)
        self.station = make_station(site=self.site, name=f"{MARK} station", identity="OWN-1")
        self.session = make_session(
            station=self.station,
            id_token=MARK,
            started_at=timezone.now() - timedelta(hours=1),
            findings=[{"code": "silent", "severity": "info", "params": {"at": "now"}}],
        )
        self.company = make_company(operator=self.operator, name=f"{MARK} company")
        self.driver = make_driver(
            operator=self.operator, name=f"{MARK} driver", company=self.company
        )
        self.vehicle = make_vehicle(
            operator=self.operator, registration_number="OWN123", driver=self.driver, make=MARK
        )
        self.token = make_token(
            operator=self.operator, uid=MARK, driver=self.driver, vehicle=self.vehicle
        )
        self.bay = make_bay(self.site, name=MARK)
        self.resident = make_resident(
            self.site, name=MARK, bay=self.bay, driver=self.driver, valid_until_on="2026-01-31"
        )
        self.basis = make_basis(self.resident, MARK)
        self.batch = uuid.uuid4()
        with across_operators("tests make rows of any operator"):
            self.model = HardwareModel.objects.create(
                operator=self.operator, public_id="hm_own", vendor=MARK, model="M"
            )
            self.quirk = ModelQuirk.objects.create(
                operator=self.operator, hardware_model=self.model, name="single_phase", value=True
            )
            self.unit = HardwareUnit.objects.create(
                operator=self.operator,
                station=self.station,
                identity=MARK,
                installed_at=timezone.now() - timedelta(days=9),
                fate="stock",
                reason=MARK,
            )
            self.draft = StationDraft.objects.create(
                operator=self.operator,
                site=self.site,
                public_id="new_own",
                values={"name": MARK, "identity": "OWN-2"},
            )
        with across_operators("tests make rows of any operator"):
            self._rows()
            self._kept_rows()
            self._configuration()
            self.list_rows = list_rows(self.operator, MARK)
            CaseIncident.objects.create(
                operator=self.operator, case=self.case, incident=self.list_rows["incidents"],
                language="en", text=MARK, linked_by_label=MARK,
            )  # fmt: skip
            self._written_rows()
            self._webhook_rows()
            self._journals()
            self._people()

    def _people(self) -> None:
        self.member = make_person(operator=self.operator, name=MARK).memberships.get()
        self.invitation = Invitation.objects.create(
            operator=self.operator,
            email="invited@example.com",
            name=MARK,
            role="viewer",
            language="en",
            expires_at=timezone.now() + timedelta(days=1),
        )

    def _rows(self) -> None:
        now = timezone.now()
        own: dict[str, Any] = {"operator": self.operator, "station": self.station}
        self.command = Command.objects.create(
            **own,
            public_id="cmd_own",
            batch_id=self.batch,
            origin=CommandOrigin.PERSON,
            requested_by=MARK,
            action="Reset",
            state=CommandState.ANSWERED,
            answer={"status": "Accepted"},
            answer_status="Accepted",
            expires_at=now,
        )

    def _written_rows(self) -> None:
        self.legal_text = LegalText.objects.create(
            operator=self.operator, kind="terms", language="sv", version=1, text=MARK
        )
        OperatorSetup.objects.create(
            operator=self.operator,
            legal_name=MARK,
            logo_path=keep(self.operator.pk, b"not shown", ".png"),
        )
        self.notification = Notification.objects.create(
            operator=self.operator,
            user=make_person(operator=self.operator),
            event="station.knocked",
            key=MARK,
            params={"identity": MARK},
            happened_at=timezone.now(),
        )
        self.note = Note.objects.create(
            operator=self.operator,
            object_type="stations.site",
            object_id=str(self.site.pk),
            text=MARK,
            author_label=MARK,
        )
        self.file = Attachment.objects.create(
            operator=self.operator,
            public_id=f"file_{self.site.pk}",
            object_type="stations.site",
            object_id=str(self.site.pk),
            kind="photo",
            name=f"{MARK}.jpg",
            content_type="image/jpeg",
            size_bytes=9,
            path=keep(self.operator.pk, b"not shown", ".jpg"),
            thumbnail_path=keep(self.operator.pk, b"not shown", ".jpg"),
            added_label=MARK,
        )

    def _kept_rows(self) -> None:
        self.api_token = ApiToken.objects.create(
            operator=self.operator, name=MARK, prefix="cnp_own", digest="own"
        )
        self.audit = AuditEntry.objects.create(
            operator=self.operator,
            actor_kind=ActorKind.PERSON,
            actor_label=MARK,
            verb="station.change",
            object_type="stations.station",
            object_id=str(self.station.pk),
            object_label=MARK,
            before={"name": "old"},
            after={"name": MARK},
        )
        self._network_rows()

    def _network_rows(self) -> None:
        now = timezone.now()
        own: dict[str, Any] = {"operator": self.operator, "station": self.station}
        self.case = SupportCase.objects.create(
            **own, public_id="case_own", caller_name=MARK, opened_by_label=MARK, driver=self.driver
        )
        CaseEntry.objects.create(
            operator=self.operator, case=self.case, kind="note", author_label=MARK, text=MARK
        )
        self.knock = Knock.objects.create(
            identity=MARK, reason="wrong_password", station=self.station
        )
        self.attempt = AuthorisationAttempt.objects.create(
            **own, at=now, kind="start", id_token=MARK, decision="Accepted", reason_code="accepted"
        )
        StationEvent.objects.create(**own, received_at=now, kind="security", name=MARK)
        DeviceVariable.objects.create(**own, variable="HeartbeatInterval", value=MARK)
        SessionFact.objects.create(
            **own, session=self.session, key="k", kind="start", received_at=now, fact={"a": MARK}
        )

    def _configuration(self) -> None:
        own: dict[str, Any] = {"operator": self.operator, "station": self.station}
        LocalList.objects.create(**own, version=1, entries=[{"idTag": MARK}], last_status="Failed")
        self.template = ConfigurationTemplate.objects.create(
            operator=self.operator, name=MARK, ocpp_version="1.6"
        )
        TemplateValue.objects.create(
            operator=self.operator, template=self.template, key="HeartbeatInterval", value=MARK
        )
        DesiredValue.objects.create(
            **own,
            key="HeartbeatInterval",
            value=MARK,
            actual=MARK,
            origin="template",
            template=self.template,
            layers=[{"origin": "template", "name": MARK, "value": MARK, "priority": 50}],
            state="drift",
        )

    def _webhook_rows(self) -> None:
        self.webhook = WebhookEndpoint.objects.create(
            operator=self.operator,
            public_id="wh_own",
            name=MARK,
            url="https://hooks.example/",
            events=["station.connected"],
            sealed_secret=b"x",
        )
        event = WebhookEvent.objects.create(
            operator=self.operator,
            public_id="evt_own",
            key="own",
            kind="station.connected",
            happened_at=timezone.now(),
            body=f'{{"a": "{MARK}"}}',
        )
        self.delivery = WebhookDelivery.objects.create(
            operator=self.operator, endpoint=self.webhook, event=event, state="failed"
        )

    def _journals(self) -> None:
        now = timezone.now()
        journal: dict[str, Any] = {"operator_id": self.operator.pk, "station_id": self.station.pk}
        self.frame = FrameJournal(
            **journal,
            id=1,
            received_at=datetime.now(UTC),
            direction="in",
            action="Heartbeat",
            message_id=MARK,
            request="{}",
            answer='{"currentTime": "x"}',
            answered_at=datetime.now(UTC),
            outcome="result",
        )
        FrameJournal.objects.bulk_create([self.frame])
        StatusJournal.objects.bulk_create(
            [
                StatusJournal(
                    **journal,
                    id=1,
                    received_at=now - timedelta(hours=2),
                    evse_number=1,
                    connector_number=1,
                    status="available",
                    status_raw="Available",
                    info=MARK,
                )
            ]
        )
        ConnectionJournal.objects.bulk_create(
            [
                ConnectionJournal(
                    **journal,
                    id=1,
                    received_at=now,
                    happened_at=now,
                    generation=1,
                    kind="connected",
                    reason=MARK,
                )
            ]
        )
        MeterReading.objects.bulk_create(
            [
                MeterReading(
                    **journal,
                    id=n,
                    received_at=now,
                    session_id=self.session.pk,
                    at=now - timedelta(minutes=60 - n),
                    measurand="Energy.Active.Import.Register",
                    value=1000 * n,
                )
                for n in range(1, 4)
            ]
        )

    def args(self, name: str, route: str) -> tuple[Any, ...]:
        """Arguments that lead to this operator's rows."""
        fixed: dict[str, tuple[Any, ...]] = {
            "<str:decision>": (self.session.public_id, "accept"),
            "<str:answer>": (self.session.public_id, "agree"),
            "field/<str:public_id>/do": (self.list_rows["field"].public_id, "unlock"),
            "<str:file>": (
                self.list_rows["field"].public_id,
                self.list_rows["field-photos"].public_id,
            ),
            "<str:action>": (self.case.public_id, "restart"),
            "<str:incident>": (self.case.public_id, self.list_rows["incidents"].public_id),
            "support/cases/<str:public_id>": (self.case.public_id,),
            "<str:kind>": ("site", self.site.public_id),
            "<str:name>": (self.station.public_id, "reset"),
            "<int:rank>": (self.list_rows["studies"].public_id, 1),
            "<int:version>": (self.list_rows["tariffs"].public_id, 1),
            "<int:unit>": (self.station.public_id, self.unit.pk),
            "<int:quirk>": (self.model.public_id, self.quirk.pk),
            "<str:draft>": (self.draft.public_id,),
            "<int:connector>": (self.station.public_id, 1, 1),
            "<int:number>": (self.station.public_id, 1),
        }
        for mark, arguments in fixed.items():
            if mark in route:
                return arguments
        if "<str:public_id>" in route:
            return (self._named(route.split("/", maxsplit=1)[0]).public_id,)
        if "<int:frame_id>" in route:
            return (self.frame.id, f"{self.frame.received_at:%Y%m%dT%H%M%S%f}")
        if "<uuid:batch_id>" in route:
            return (self.batch,)
        if "<int:pk>" in route:
            kinds: dict[str, Any] = {
                "tokens": self.token,
                "audit": self.audit,
                "knocks": self.knock,
                "authorisations": self.attempt,
                "notes": self.note,
                "api-tokens": self.api_token,
                "templates": self.template,
                "members": self.member,
                "invitations": self.invitation,
                "webhook-deliveries": self.delivery,
                "operator": self.legal_text,
                "notifications": self.notification,
                **self.list_rows,
            }
            return (kinds[route.split("/", maxsplit=1)[0]].pk,)
        return ()

    def _named(self, owner: str) -> Any:
        """The row of a table by the first word of its address."""
        rows: dict[str, Any] = {
            "sites": self.site,
            "host-sites": self.site,
            "host-statements": self.list_rows["statements"],
            "stations": self.station,
            "catalogue": self.model,
            "sessions": self.session,
            **self.list_rows,
            "files": self.file,
            "companies": self.company,
            "site-codes": self.site,
            "drivers": self.driver,
            "vehicles": self.vehicle,
            "residents": self.resident,
            "bays": self.bay,
            "charging-bases": self.basis,
            "webhooks": self.webhook,
        }
        return rows.get(owner, self.command)

    def pages(self) -> list[Page]:
        """Every page of the portal, from the resolver."""
        return [
            Page(name, self.args(name, route), getattr(pattern.callback, "permission", ""))
            for name, route, pattern in routes()
        ]
