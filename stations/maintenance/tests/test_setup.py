"""Setting up: partners, calendars, agreements with their chain, checklists, rules and codes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Membership, Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from stations.incidents.rule_models import ErrorCode, IncidentRule
from stations.maintenance.partner_models import Partner, ServiceAgreement, WorkCalendar
from stations.maintenance.work_models import Checklist
from tests.factories.core import make_operator, make_person
from tests.factories.maintenance import make_order, make_partner
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db
WEEK = {f"hours_{day}": "08:00-17:00" for day in range(1, 6)}


def operator_staff(operator: Operator) -> Membership:
    found: Membership = Membership.objects.get(operator=operator, role=Role.CONTROL_ROOM)
    return found


@pytest.fixture
def operator(client: Client) -> Operator:
    made = make_operator()
    client.force_login(make_person(operator=made, role=Role.CONTROL_ROOM, email="olga@example.com"))
    return made


def verbs() -> list[str]:
    with across_operators("the test looks at all of them"):
        return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_an_agreement_is_set_up_on_pages_and_holds_for_the_next_order(
    client: Client, operator: Operator
) -> None:
    site = make_site(operator=operator)
    station = make_station(site=site)
    client.post("/partners/new/", {"name": "Fixit", "is_technician": "on", "is_active": "on"})
    idle = client.post("/partners/new/", {"name": "Idle", "is_active": "on"})
    never = client.post("/work-calendars/new/", {"name": "Never", "time_zone": "Europe/Stockholm"})
    calendar_values = {"name": "Office", "time_zone": "Europe/Stockholm", "country_code": "se"}
    client.post("/work-calendars/new/", calendar_values | WEEK | {"hours_holidays": "closed"})
    with operator_scope(operator):
        (partner,) = Partner.objects.all()
        (calendar,) = WorkCalendar.objects.all()
    values: dict[str, Any] = {
        "name": "Gold", "partner": partner.pk, "calendar": calendar.pk, "currency": "SEK",
        "valid_from_on": "2026-01-01", "respond_P2": "120", "restore_P2": "480",
        "always_P2": "on", "sites": [site.pk],
        "contacts": "80 olga@example.com\n100 boss@example.com The Boss",
    }  # fmt: skip
    wrong = client.post("/service-agreements/new/", values | {"contacts": "90 x"})
    client.post("/service-agreements/new/", values)

    assert b"works on site or supplies" in idle.content
    assert b"Nobody ever works" in never.content
    assert b"no stage and address" in wrong.content
    order = make_order(station)
    with operator_scope(operator):
        (agreement,) = ServiceAgreement.objects.all()
        chain = [(c.stage, str(c), c.membership is not None) for c in agreement.contacts.all()]
        assert calendar.country_code == "SE"
        assert [(t.priority, t.respond_min, t.is_always) for t in agreement.times.all()] == [
            ("P2", 120, True)
        ]
        assert [stage for stage, _who, _member in chain] == [80, 100]
        assert chain[0][2]
        assert chain[1] == (100, "The Boss", False)
        assert order.agreement == agreement
        assert order.partner == partner
    page = client.get("/service/").content.decode()
    assert "Gold" in page
    assert "The Boss" in page
    assert verbs()[:3] == ["partner.create", "work_calendar.create", "agreement.create"]

    address = f"/api/v1/service-agreements/{agreement.public_id}"
    client.patch(
        address,
        {"times": [{"priority": "P2", "respond_min": None, "restore_min": 60}], "contacts": []},
        content_type="application/json",
    )
    shown = client.get(address).json()
    assert (shown["sites"], shown["contacts"]) == ([site.public_id], [])
    assert shown["times"] == [
        {"priority": "P2", "respond_min": None, "restore_min": 60, "is_always": False}
    ]
    with operator_scope(operator):
        order.refresh_from_db()
    assert order.terms["respond_min"] == 120


def test_a_partner_has_its_own_technicians_and_they_see_its_orders_alone(
    client: Client, operator: Operator
) -> None:
    fixer = make_person(operator=operator, role=Role.PARTNER, email="fixer@example.com")
    with operator_scope(operator):
        member = fixer.memberships.get()
        staff = operator_staff(operator)
    partner, other = make_partner(operator), make_partner(operator)
    mine = make_order(make_station(operator=operator), partner=partner)
    make_order(make_station(operator=operator), partner=other)
    reader = Client()
    reader.force_login(fixer)
    address = f"/partners/{partner.public_id}/"
    values = {"name": partner.name, "is_technician": "on", "is_active": "on"}

    def save(path: str, *people: int) -> int:
        page = client.get(path)
        seen = page.context["form"].initial
        given = values | {"name": seen["name"], "seen": page.context["seen"], "people": people}
        return client.post(path, given).status_code

    assert reader.get("/field/").context["rows"] == []
    assert save(address, staff.pk) == 200
    assert save(address, member.pk) == 302
    assert save(f"/partners/{other.public_id}/", member.pk) == 200
    assert [order for order, _clocks in reader.get("/field/").context["rows"]] == [mine]
    api = f"/api/v1/partners/{partner.public_id}"
    assert client.get(api).json()["people"] == ["fixer@example.com"]
    unknown = client.patch(api, {"people": ["x@example.com"]}, content_type="application/json")
    none = client.patch(api, {"people": []}, content_type="application/json")
    assert (unknown.status_code, none.json()["people"]) == (422, [])
    assert reader.get("/field/").context["rows"] == []
    assert verbs()[-2:] == ["partner.change", "partner.change"]


def test_a_checklist_gives_its_points_to_the_next_order(client: Client, operator: Operator) -> None:
    client.post("/checklists/new/", {"name": "All", "points": "*Earth\nScreen\n\n"})
    again = client.post("/checklists/new/", {"name": "All", "points": "Screen"})
    with operator_scope(operator):
        (made,) = Checklist.objects.all()
    client.patch(
        f"/api/v1/checklists/{made.public_id}",
        {"points": ["*Earth", "Cable"]},
        content_type="application/json",
    )

    order = make_order(make_station(operator=operator))

    with operator_scope(operator):
        points = [(one.text, one.is_required) for one in order.checks.all()]
    assert again.context["form"].errors["name"] == ["This name is taken."]
    assert points == [("Earth", True), ("Cable", False)]
    assert verbs()[:2] == ["checklist.create", "checklist.change"]


def test_rules_are_set_for_some_stations_and_codes_are_translated(
    client: Client, operator: Operator
) -> None:
    with operator_scope(operator):
        code = ErrorCode.objects.create(
            operator=operator, public_id="code_1", vendor="ABB", code="E-7", seen=4
        )
    form = {"vendor": "ABB", "times": "9", "within_s": "3600", "is_enabled": "on", "reason": "new"}
    client.post("/incident-rules/edit/?code=boot_loop", form)
    unsafe = client.post("/incident-rules/edit/?code=safety", {"reason": "quiet"})
    client.post("/error-codes/code_1/", {"fault_class": "thermal", "meaning": "Hot cable"})

    with operator_scope(operator):
        (rule,) = IncidentRule.objects.all()
        code.refresh_from_db()
    assert (rule.vendor, rule.settings, rule.is_enabled) == ("ABB", {"times": 9.0}, True)
    assert (code.fault_class, code.meaning) == ("thermal", "Hot cable")
    assert b"Safety faults are always told" in unsafe.content
    rules = {one["rule"]: one["own"] for one in client.get("/api/v1/incident-rules").json()}
    assert rules["boot_loop"][0]["figures"] == {"times": 9.0}
    assert "ABB" in client.get("/incident-rules/").content.decode()
    client.post(f"/incident-rules/{rule.pk}/drop/", {"reason": "old"})
    with operator_scope(operator):
        assert not IncidentRule.objects.exists()
    assert verbs() == ["incident.rule", "incident.code", "incident.rule_dropped"]


def test_the_form_of_an_agreement_begins_with_what_is_usual_in_groups(client: Client) -> None:
    client.force_login(make_person(operator=make_operator(), role=Role.OWNER))

    form = client.get(reverse("agreement_create")).context["form"]

    grouped = [field.name for group in form.groups() for field in group.fields]
    assert sorted(grouped) == sorted(form.fields)
    assert form["respond_P1"].value() == 120
    assert form["always_P1"].value() is True
    assert form["respond_P4"].value() is None
    assert form["valid_from_on"].value() is not None
