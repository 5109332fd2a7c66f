"""Rows of lists, imports and schedules for the network of test pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from billing.spot.models import SpotImport
from core.accounts.models import Membership, Operator
from core.accounts.permissions import Role
from core.attachments.models import Attachment
from core.files.store import keep
from core.imports.models import ImportRun
from core.lists.models import BulkRun
from core.schedules.models import Delivery, Schedule
from customers.support.answer_models import CannedAnswer
from customers.takeover.models import Cohort
from portal.tests.billing_rows import billing_rows
from stations.hardware.models import Station
from stations.incidents.rule_models import ErrorCode, IncidentRule
from stations.maintenance.warranty_models import StationWarranty, WarrantyClaim
from stations.maintenance.work_models import Checklist
from tests.factories.billing import make_account
from tests.factories.core import make_person
from tests.factories.customers import make_payer_notice
from tests.factories.firmware import make_campaign, make_image, make_log
from tests.factories.guests import make_guest_code, make_guest_visit
from tests.factories.incidents import make_incident, make_run
from tests.factories.maintenance import (
    make_agreement,
    make_letter,
    make_order,
    make_partner,
    make_plan,
)
from tests.factories.planning import planning_rows
from tests.factories.uptime import make_cause, make_outage


def list_rows(operator: Operator, mark: str) -> dict[str, Any]:
    """One of each by the first word of its address, with ``mark`` where text can stand."""
    run = ImportRun.objects.create(
        operator=operator,
        public_id="imp_own",
        kind="tokens",
        user_label=mark,
        file_name=f"{mark}.csv",
        size_bytes=1,
        original=mark.encode(),
        sheet={"heads": [["uid", ""]], "lines": [[2, [mark]]], "origin": "CSV"},
    )
    bulk = BulkRun.objects.create(
        operator=operator,
        public_id="bulk_own",
        user=make_person(operator=operator),
        list_name="stations",
        action="retire",
    )
    owner = Membership.objects.create(
        operator=operator, user=make_person(email="scheduler@example.com"), role=Role.OWNER
    )
    schedule = Schedule.objects.create(
        operator=operator,
        owner=owner,
        public_id="sched_own",
        name=mark,
        source="list",
        item="stations",
        next_due_at=timezone.now() + timedelta(days=1),
    )
    delivery = Delivery.objects.create(
        operator=operator, public_id="dlv_own", schedule=schedule, due_at=timezone.now(),
        file_name=mark, error=mark,
    )  # fmt: skip
    spot = SpotImport.objects.create(
        operator=operator, public_id="spi_own", kind="prices", source="file", size_bytes=1,
        file_name=mark, original=mark.encode(), user_label=mark,
    )  # fmt: skip
    station = Station.objects.filter(operator=operator).order_by("pk")[0]
    return {
        "incidents": (incident := make_incident(station, summary=mark, error_code=mark)),
        "remedy-runs": make_run(incident),
        **order_rows(station, mark),
        **firmware_rows(station, mark),
        "outages": make_outage(station, error_code=mark),
        "outage-causes": make_cause(station, reason=mark),
        "imports": run,
        "bulk": bulk,
        "bulk-runs": bulk,
        "schedules": schedule,
        "deliveries": delivery,
        "spot": spot,
        "spot-imports": spot,
        **customer_rows(station, mark),
        **(billing_rows(operator, mark) | planning_rows(operator, mark)),
    }


def customer_rows(station: Station, mark: str) -> dict[str, Any]:
    """Rows about drivers, guests, and those who pay."""
    operator = station.operator
    return {
        "takeovers": Cohort.objects.create(operator=operator, public_id="coh_own", name=mark),
        "canned-answers": CannedAnswer.objects.create(
            operator=operator, public_id="ans_own", name=mark, text_sv=mark
        ),
        "payer-notices": make_payer_notice(make_account(operator=operator, name=mark), mark),
        "guest-codes": make_guest_code(station),
        "guest-visits": make_guest_visit(station, email=f"{mark}@example.com".lower()),
    }


def order_rows(station: Station, mark: str) -> dict[str, Any]:
    """A work order and the partner that has it."""
    partner = make_partner(station.operator, name=mark)
    order = make_order(station, title=mark, partner=partner)
    agreement = make_agreement(station.operator, partner=partner, name=mark)
    own = {"operator": station.operator, "name": mark}
    code = {"operator": station.operator, "vendor": mark, "code": mark}
    photo = Attachment.objects.create(
        operator=station.operator, public_id=f"file_o{order.pk}", object_type="stations.workorder",
        object_id=str(order.pk), kind="photo", name=f"{mark}.jpg", content_type="image/jpeg",
        size_bytes=9, path=keep(station.operator_id, b"not shown", ".jpg"), added_label=mark,
        thumbnail_path=keep(station.operator_id, b"not shown", ".jpg"),
    )  # fmt: skip
    plan = make_plan(station, name=mark)
    make_letter(order, name=mark, error=mark)
    StationWarranty.objects.create(
        operator=station.operator, station=station, supplier=partner, ends_on="2099-12-31",
        note=mark,
    )  # fmt: skip
    claim = WarrantyClaim.objects.create(
        operator=station.operator, public_id="wc_own", number=1, station=station,
        supplier=partner, failed_on="2026-01-31", warranty_ends_on="2099-12-31", currency="SEK",
        description=mark, serial_number=mark, made_by=mark,
    )  # fmt: skip
    return {
        "warranty-claims": claim,
        "maintenance-plans": plan,
        "work-orders": order,
        "field": order,
        "partners": partner,
        "field-photos": photo,
        "service-agreements": agreement,
        "work-calendars": agreement.calendar,
        "checklists": Checklist.objects.create(public_id="chk_own", items=[mark], **own),
        "incident-rules": IncidentRule.objects.create(
            operator=station.operator, code="offline", vendor="Maker"
        ),
        "error-codes": ErrorCode.objects.create(public_id="code_own", **code),
    }


def firmware_rows(station: Station, mark: str) -> dict[str, Any]:
    """A firmware file, a campaign with it, and a log."""
    image = make_image(
        station.operator, note=mark, url="", file_name=mark, size_bytes=1,
        path=keep(station.operator_id, b"x", ".bin"),
    )  # fmt: skip
    return {
        "firmware": image,
        "firmware-campaigns": make_campaign(station, image, name=mark),
        "station-logs": make_log(station, mark.encode(), reason=mark),
    }
