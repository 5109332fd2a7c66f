"""The life of an incident: one for one trouble, flapping, what people do, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator, User
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from stations.incidents import services
from stations.incidents.models import Incident, IncidentEvent
from stations.incidents.opening import Trouble, open_or_touch
from stations.incidents.states import LIVE, TRANSITIONS, origins_of
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.incidents import make_incident
from tests.factories.stations import make_limited_member, make_site, make_station

pytestmark = pytest.mark.django_db
_WHY = "tests read rows of any operator"


def signed_in(role: str, operator: Operator) -> tuple[Client, User]:
    person = make_person(operator=operator, role=role)
    client = Client()
    client.force_login(person)
    return client, person


def kinds_of(incident: Incident) -> list[str]:
    with across_operators(_WHY):
        return list(incident.events.order_by("pk").values_list("kind", flat=True))


def test_nothing_follows_a_merger_and_every_live_state_may_end() -> None:
    assert TRANSITIONS["merged"] == frozenset()
    assert set(origins_of("resolved")) == LIVE == set(origins_of("merged"))


def test_one_trouble_is_one_incident_and_back_within_hours_is_the_same() -> None:
    station = make_station()
    now = timezone.now()
    first = make_incident(station, key="faulted:1")

    again = make_incident(station, key="faulted:1", severity="p1")
    milder = make_incident(station, key="faulted:1", severity="p3")
    with across_operators(_WHY):
        services.resolve(incident=milder, how="itself", now=now + timedelta(minutes=1))
    back = make_incident(station, key="faulted:1", symptom_at=now + timedelta(minutes=5))
    with across_operators(_WHY):
        services.resolve(incident=back, how="itself", now=now + timedelta(minutes=10))
        much_later = open_or_touch(
            Trouble(
                site=station.site, station=station, kind="faulted", severity="p2",
                key="faulted:1", symptom_at=now + timedelta(hours=3),
            ),
            now=now + timedelta(hours=3),
        )  # fmt: skip
        assert Incident.objects.count() == 2

    assert first.pk == again.pk == milder.pk == back.pk != much_later.pk
    assert (milder.severity, back.state, back.reopened, back.occurrences) == (
        "p1",
        "resolved",
        1,
        2,
    )
    assert kinds_of(first) == [
        "symptom", "opened", "severity", "restored", "resolved", "reopened", "restored", "resolved",
    ]  # fmt: skip


def test_the_database_keeps_one_live_incident_of_a_trouble_and_its_timeline() -> None:
    incident = make_incident(make_station(), key="faulted:1")

    with across_operators(_WHY):
        with pytest.raises(IntegrityError, match="incident_one_live"), transaction.atomic():
            Incident.objects.create(
                operator=incident.operator, site=incident.site, public_id="inc_2", kind="faulted",
                dedup_key="faulted:1", severity="p2", first_symptom_at=timezone.now(),
            )  # fmt: skip
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            IncidentEvent.objects.update(text="other")
        with pytest.raises(IntegrityError, match="another operator"), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(site=make_site())


def test_a_whole_merged_into_its_part_leaves_the_other_parts_with_it() -> None:
    station = make_station()
    whole, part, other = (make_incident(station) for _n in range(3))
    with across_operators(_WHY):
        services.link(incident=part, parent=whole)
        services.link(incident=other, parent=whole)

        services.merge(incident=whole, into=part, reason="The same")

        part.refresh_from_db()
        other.refresh_from_db()
    assert (part.parent_id, other.parent_id, whole.merged_into_id) == (None, part.pk, part.pk)


def test_a_person_works_on_an_incident_until_it_is_over() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    incident, other = make_incident(station), make_incident(station)
    olga, person = signed_in("control_room", operator)
    url = f"/incidents/{incident.public_id}/"

    olga.post(f"{url}acknowledge/")
    olga.post(f"{url}acknowledge/")
    until = timezone.localtime(timezone.now() + timedelta(hours=2))
    olga.post(f"{url}snooze/", {"until": f"{until:%Y-%m-%dT%H:%M:%S}", "reason": "Lunch"})
    olga.post(f"{url}wake/")
    olga.post(f"{url}note/", {"text": "Called the host"})
    olga.post(f"/incidents/{other.public_id}/link/", {"other": incident.public_id})
    page = olga.get(url).content.decode()
    refused = olga.post(f"{url}resolve/", {"reason": ""}).content.decode()
    olga.post(f"{url}resolve/", {"reason": "New breaker"})

    with across_operators(_WHY):
        incident.refresh_from_db()
        other.refresh_from_db()
        verbs = list(
            AuditEntry.objects.filter(object_id=str(incident.pk), verb__startswith="incident.")
            .order_by("pk")
            .values_list("verb", flat=True)
        )
    assert (incident.state, incident.owner, incident.resolution) == ("resolved", person, "person")
    assert (other.state, other.resolution) == ("resolved", "group")
    assert verbs == [
        "incident.open", "incident.acknowledge", "incident.snooze", "incident.wake",
        "incident.note", "incident.resolve",
    ]  # fmt: skip
    assert "Called the host" in page
    assert other.public_id in page
    assert "This field is required" in refused
    assert kinds_of(incident) == [
        "symptom", "opened", "acknowledged", "snoozed", "woken", "note", "linked", "restored",
        "resolved",
    ]  # fmt: skip


def test_merging_keeps_the_earlier_beginning_and_refuses_what_is_over() -> None:
    station = make_station()
    now = timezone.now()
    early = make_incident(station, symptom_at=now - timedelta(hours=5), severity="p1")
    late, over = make_incident(station), make_incident(station)

    with across_operators(_WHY):
        services.resolve(incident=over, reason="gone")
        services.merge(incident=early, into=late, reason="same")
        with pytest.raises(RuleViolation, match="moved on"):
            services.merge(incident=early, into=late, reason="twice")
        with pytest.raises(RuleViolation, match="over already"):
            services.merge(incident=late, into=over, reason="no")

    assert (early.state, early.merged_into_id) == ("merged", late.pk)
    assert (late.first_symptom_at, late.severity, late.state) == (
        now - timedelta(hours=5), "p1", "open",
    )  # fmt: skip


def test_who_may_not_changes_nothing() -> None:
    operator = make_operator()
    incident = make_incident(make_station(operator=operator))
    elsewhere = make_limited_member(
        make_site(operator=operator), operator=operator, role="technician"
    )
    limited = Client()
    limited.force_login(elsewhere)
    url = f"/incidents/{incident.public_id}/acknowledge/"

    answers = [
        signed_in("viewer", operator)[0].post(url).status_code,
        signed_in("owner", make_operator())[0].post(url).status_code,
        limited.post(url).status_code,
    ]

    assert answers == [403, 404, 404]
    with across_operators(_WHY):
        incident.refresh_from_db()
    assert (incident.state, incident.acknowledged_at) == ("open", None)


def test_the_api_reports_works_and_lists() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    person = make_person(operator=operator, role="technician")
    client = api_client(operator)
    place = {"site": station.site.public_id, "station": station.public_id, "evse_number": 1}

    made: Any = client.post("/api/v1/incidents/", place | {"summary": "Cable cut"})
    wrong = client.post("/api/v1/incidents/", place | {"summary": "x", "evse_number": 9})
    one = f"/api/v1/incidents/{made.json()['id']}"
    assigned = client.post(f"{one}/assign", {"owner": person.email}).json()
    stranger = client.post(f"{one}/assign", {"owner": "nobody@example.com"})
    done = client.post(f"{one}/resolve", {"reason": "New cable"}).json()
    twice = client.post(f"{one}/resolve", {"reason": "again"})
    shown = client.get(f"{one}/").json()
    live = client.get("/api/v1/incidents/?state=live").json()["results"]

    assert (made.status_code, wrong.status_code, stranger.status_code) == (201, 422, 422)
    assert (assigned["owner"], done["state"], twice.status_code) == (person.email, "resolved", 409)
    assert (shown["explanation"], shown["timeline"][-1]["kind"]) == ("Cable cut", "resolved")
    assert live == []
