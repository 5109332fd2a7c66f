"""Canned answers, and callers who are told when an incident is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from customers.support.answer_models import CannedAnswer
from customers.support.follow_models import CaseIncident
from customers.support.models import CaseEntry, SupportCase
from customers.support.placeholders import filled, left_in, unknown_in
from customers.support.services import Subjects, open_case
from customers.support.telling import SETTLES, tell_fixed
from stations.hardware.models import Evse, Station
from stations.incidents.models import Incident
from stations.incidents.services import merge, resolve
from tests.factories.api import api_client
from tests.factories.core import make_person
from tests.factories.customers import make_driver
from tests.factories.incidents import make_incident
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station() -> Station:
    made: Station = make_station(name="Norra 1", evses=1)
    return made


@pytest.fixture
def operator(station: Station) -> Operator:
    return station.operator


def make_case(station: Station, **more: Any) -> SupportCase:
    with operator_scope(station.operator):
        subjects = Subjects(evse=Evse.objects.filter(station=station).first(), **more)
        return open_case(operator=station.operator, subjects=subjects, caller_name="Kim")


def tell(after: timedelta = SETTLES) -> int:
    with across_operators("as the task does"):
        return tell_fixed(now=timezone.now() + after)


def test_places_are_filled_kept_and_named() -> None:
    text = "Hi {name}, {station} {oops}"

    assert filled(text, {"name": "Kim", "station": ""}) == "Hi Kim, {station} {oops}"
    assert (left_in(text), unknown_in(text)) == (["name", "station"], ["oops"])


def test_a_canned_answer_begins_a_note_that_is_sent_without_gaps(
    client: Client, station: Station, operator: Operator
) -> None:
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    url = reverse("canned_answer_create")
    wrong = client.post(url, {"name": "Back", "text_sv": "Hej {namn}"}).content.decode()
    client.post(url, {"name": "Back", "text_sv": "Hej {name}: {station}", "text_en": "{session}"})
    client.post(url, {"name": "Back", "text_sv": "Hej {name}: {station}"})
    case = make_case(station)
    with operator_scope(operator):
        answer = CannedAnswer.objects.get()
    page_url = reverse("case_detail", args=[case.public_id])

    page = client.get(page_url, {"answer": answer.public_id, "language": "en"}).content.decode()
    note = reverse("case_note", args=[case.public_id])
    client.post(note, {"text": "Hej {name}", "is_shared": "on"})
    client.post(note, {"text": "Hej Kim: Norra 1", "is_shared": "on"})

    assert "{namn}" in wrong
    assert "Hej Kim: Norra 1" in page
    with operator_scope(operator):
        assert list(CaseEntry.objects.filter(kind="note").values_list("text", flat=True)) == [
            "Hej Kim: Norra 1"
        ]
        assert AuditEntry.objects.filter(verb="canned_answer.create").count() == 1
    client.force_login(make_person(operator=operator, role=Role.TECHNICIAN))
    assert client.get(reverse("canned_answer_list")).status_code == 403


def test_everyone_affected_is_told_once_when_it_is_over(
    client: Client, station: Station, operator: Operator
) -> None:
    driver = make_driver(operator=operator, name="Dina", email="dina@example.com", language="sv")
    known, unknown = make_case(station, driver=driver), make_case(station)
    incident: Incident = make_incident(station)
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    page = client.get(reverse("incident_detail", args=[incident.public_id])).content.decode()
    url = reverse("incident_cases", args=[incident.public_id])
    refused = client.post(
        url, {"cases": [known.public_id], "text_sv": "Hej {nobody}", "text_en": "x"}
    ).content.decode()
    client.post(
        url,
        {"cases": [known.public_id, unknown.public_id], "text_sv": "Hej {name}: {station} lagad",
         "text_en": "Fixed"},
    )  # fmt: skip

    assert url in page
    assert "{nobody}" in refused
    assert tell() == 0
    with operator_scope(operator):
        resolve(incident=incident, reason="new fuse")
    assert tell(timedelta()) == 0
    assert (tell(), tell()) == (2, 0)

    assert [(one.to, one.body.split("\n")[0]) for one in mail.outbox] == [
        (["dina@example.com"], "Hej Dina: Norra 1 lagad")
    ]
    with operator_scope(operator):
        links = CaseIncident.objects.order_by("pk")
        assert [link.state for link in links] == ["told", "no_mail"]
        shown = CaseEntry.objects.filter(kind="fixed", data__is_shared=True)
        assert shown.count() == 2
        assert AuditEntry.objects.filter(verb="case.told").count() == 2


def test_the_api_links_changes_follows_a_merge_and_takes_back(
    station: Station, operator: Operator
) -> None:
    case, other = make_case(station), make_case(station)
    incident = make_incident(station)
    target = make_incident(station, kind="offline", key="offline:1", evse=None)
    api = api_client(operator)
    url = f"/api/v1/cases/{case.public_id}/incidents/"
    made = api.post("/api/v1/canned-answers/", {"name": "A", "text_en": "At {site}"}).json()

    linked = api.post(url, {"incident": incident.public_id, "address": "kim@example.com"})
    again = api.post(url, {"incident": incident.public_id})
    one = f"{url}{incident.public_id}/"
    changed = api.patch(one, {"text": "Works again"})
    gap = api.patch(one, {"text": "{evse}"})
    several = api.post(
        f"/api/v1/incidents/{incident.public_id}/cases/", {"cases": [other.public_id]}
    )
    dropped = api.delete(f"/api/v1/cases/{other.public_id}/incidents/{incident.public_id}/")
    with operator_scope(operator):
        merge(incident=incident, into=target, reason="the same")
    tell()

    assert (linked.status_code, again.status_code, changed.status_code) == (201, 409, 200)
    assert (gap.status_code, several.status_code, dropped.status_code) == (422, 201, 204)
    rows = api.get(url).json()["results"]
    assert [(row["incident"], row["text"], row["state"]) for row in rows] == [
        (target.public_id, "Works again", "waiting")
    ]
    answers = api.get(f"/api/v1/cases/{case.public_id}/answers/").json()
    assert answers == [{"id": made["id"], "name": "A", "text": f"At {station.site.name}"}]
    assert api.get(f"/api/v1/cases/?incident={target.public_id}").json()["count"] == 1
