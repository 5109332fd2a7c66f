"""Pages of the configuration: templates, drift, applying, one value; and who may do what."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators, operator_scope
from stations.commands.models import Command
from stations.configuration import services
from stations.configuration.models import ConfigurationTemplate, DesiredValue, ValueOverride
from stations.configuration.refresh import refresh
from stations.hardware.models import DeviceVariable, Station
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Duo",
    "ocpp_version": "1.6",
    "priority": "50",
    "is_active": "on",
    "values": "HeartbeatInterval = 300\n# a comment\n\nMeterValueSampleInterval = 60",
}


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def member(operator: Operator, role: str = Role.CONTROL_ROOM, name: str = "Olga") -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=role, name=name))
    return client


@pytest.fixture
def olga(operator: Operator) -> Client:
    return member(operator)


def put(operator: Operator, **values: str) -> ConfigurationTemplate:
    with operator_scope(operator):
        return services.put_template(
            operator=operator, name="Duo", ocpp_version="1.6", values=list(values.items())
        )


def drifting(operator: Operator, **fields: Any) -> Station:
    """A station that told another heartbeat than it should have."""
    station = make_station(operator=operator, **fields)
    with operator_scope(operator):
        DeviceVariable.objects.create(
            operator=operator, station=station, variable="HeartbeatInterval", value="86400",
            mutability="ReadWrite",
        )  # fmt: skip
        refresh(station)
    return station


def values_of(template: ConfigurationTemplate) -> dict[str, str]:
    with operator_scope(template.operator):
        return dict(template.values.values_list("key", "value"))


def everything() -> list[int]:
    with across_operators("the test looks at all of them"):
        tables = (ConfigurationTemplate, ValueOverride, Command, AuditEntry)
        return [table.objects.count() for table in tables]


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_template_is_made_changed_and_removed(olga: Client, operator: Operator) -> None:
    made = olga.post("/templates/new/", FORM)
    with across_operators("the test looks at all of them"):
        template = ConfigurationTemplate.objects.get()
    page = f"/templates/{template.pk}/"
    shown = text(olga.get(page))
    changed = olga.post(f"{page}edit/", FORM | {"values": "HeartbeatInterval = 60", "reason": "x"})

    assert (made["Location"], changed["Location"]) == (page, page)
    assert "HeartbeatInterval" in shown
    assert "a comment" not in shown
    assert values_of(template) == {"HeartbeatInterval": "60"}
    assert "This field is required" in text(olga.post(f"{page}delete/", {}))
    assert olga.post(f"{page}delete/", {"reason": "done"})["Location"] == "/templates/"
    with across_operators("the test looks at all of them"):
        entries = list(AuditEntry.objects.order_by("id").values_list("verb", "reason"))
    assert entries == [
        ("template.create", ""),
        ("template.change", "x"),
        ("template.delete", "done"),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"values": "HeartbeatInterval 300"}, "Line 1 is not written as key = value."),
        ({"values": "AuthorizationKey = x"}, "secret"),
        ({"name": "taken"}, "There is a template of this name."),
    ],
)
def test_a_wrong_template_is_not_made(
    olga: Client, operator: Operator, changes: dict[str, str], words: str
) -> None:
    with operator_scope(operator):
        services.put_template(operator=operator, name="Taken", ocpp_version="1.6", values=[])
    before = everything()

    answer = olga.post("/templates/new/", FORM | changes)

    assert answer.status_code == 200
    assert words in text(answer)
    assert everything() == before


def test_two_who_edit_a_template_do_not_overwrite_each_other(
    olga: Client, operator: Operator
) -> None:
    template = put(operator, HeartbeatInterval="300", MeterValueSampleInterval="60")
    url = f"/templates/{template.pk}/edit/"
    tore = member(operator, name="Tore")
    seen = re.search(r'name="seen" value="([^"]+)"', olga.get(url).content.decode())
    assert seen
    same = {"values": "MeterValueSampleInterval=60\nHeartbeatInterval = 300"}
    tore.post(url, FORM | {"values": "HeartbeatInterval = 100", "note": ""})

    clash = text(olga.post(url, FORM | {"values": "HeartbeatInterval = 200", "seen": seen[1]}))
    assert "Somebody else changed this meanwhile; nothing is saved." in clash
    assert "Tore" in clash
    assert values_of(template) == {"HeartbeatInterval": "100"}
    olga.post(url, FORM | same | {"note": "Own", "seen": seen[1]})

    assert values_of(template) == {"HeartbeatInterval": "100"}
    with operator_scope(operator):
        template.refresh_from_db()
    assert template.note == "Own"


def test_drift_is_listed_and_applied_to_the_chosen_stations(
    olga: Client, operator: Operator
) -> None:
    put(operator, HeartbeatInterval="300")
    station, other = drifting(operator, name="Nord 1"), drifting(operator, name="Syd 1")

    listed = text(olga.get("/configuration/?q=Nord"))
    assert "Nord 1" in listed
    assert "86400" in listed
    assert "Syd 1" not in listed
    asked = olga.get("/configuration/apply/?q=Nord")
    assert f'value="{station.public_id}"' in asked.content.decode()
    assert other.public_id not in asked.content.decode()
    silent = olga.post("/configuration/apply/?q=Nord", {"stations": station.public_id})
    foreign = olga.post(
        "/configuration/apply/?q=Nord", {"stations": other.public_id, "reason": "x"}
    )
    assert (silent.status_code, foreign.status_code) == (200, 200)
    assert everything()[2] == 0

    done = olga.post(
        "/configuration/apply/?q=Nord", {"stations": station.public_id, "reason": "as agreed"}
    )

    run = text(olga.get(done["Location"]))
    assert "HeartbeatInterval" in run
    assert olga.get(f"{done['Location']}live/").status_code == 200
    with across_operators("the test looks at all of them"):
        sent = Command.objects.filter(action="ChangeConfiguration")
        found = {one.payload["key"]: (one.station.name, one.payload["value"], one.reason)
                 for one in sent.select_related("station")}  # fmt: skip
        assert not DesiredValue.objects.filter(station=other, is_pending=True).exists()
    assert found["HeartbeatInterval"] == ("Nord 1", "300", "as agreed")
    assert {station for station, _value, _reason in found.values()} == {"Nord 1"}


def test_one_value_is_kept_sent_and_given_up(olga: Client, operator: Operator) -> None:
    station = drifting(operator)
    page = f"/stations/{station.public_id}/configuration/"
    wish = {"key": "HeartbeatInterval", "value": "120", "reason": "slow modem"}

    nothing = olga.post(f"{page}edit/", wish)
    assert "Choose to keep the value, to send it, or both." in text(nothing)
    assert olga.post(f"{page}edit/", wish | {"keep": "on"})["Location"] == page
    assert "120" in text(olga.get(page))
    assert "120" in text(olga.get(f"{page}desired/"))
    sent = olga.post(f"{page}edit/", wish | {"send": "on"})
    assert sent["Location"].startswith("/commands/")
    with across_operators("the test looks at all of them"):
        assert ValueOverride.objects.get().value == "120"
    olga.post(f"{page}own/", {"key": "HeartbeatInterval", "reason": "new modem"})

    assert everything()[1:3] == [0, 1]
    assert olga.get(f"{page}history/?key=HeartbeatInterval").status_code == 200


READ = ("/configuration/", "{station}", "{station}desired/", "{station}history/")
EDIT = ("/templates/new/", "{template}edit/", "{template}delete/")
SEND = ("/configuration/apply/", "{station}edit/")


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        (Role.CONTROL_ROOM, ()),
        (Role.TECHNICIAN, (*EDIT, "{station}own/")),
        (Role.SUPPORT, (*EDIT, *SEND, "/templates/", "{template}", "{station}own/")),
        (Role.VIEWER, (*EDIT, *SEND, "/templates/", "{template}", "{station}own/")),
    ],
)
def test_roles_see_and_do_what_the_table_says(
    operator: Operator, role: Role, closed: tuple[str, ...]
) -> None:
    client = member(operator, role)
    names = {
        "station": f"/stations/{drifting(operator).public_id}/configuration/",
        "template": f"/templates/{put(operator, HeartbeatInterval='300').pk}/",
    }
    before = everything()
    paths = (*READ, *EDIT, *SEND, "/templates/", "{template}", "{station}own/")

    for path in paths:
        url = path.format(**names)
        expected = 403 if path in closed else 200
        assert client.get(url).status_code == expected, path
        if expected == 403:
            assert client.post(url, FORM | {"reason": "x", "key": "K"}).status_code == 403, path
    assert everything() == before


def test_what_is_of_another_operator_is_not_there(operator: Operator) -> None:
    uma = member(make_operator(), Role.OWNER)
    station, template = drifting(operator), put(operator, HeartbeatInterval="300")
    before = everything()

    for url in (
        f"/templates/{template.pk}/",
        f"/templates/{template.pk}/edit/",
        f"/templates/{template.pk}/delete/",
        f"/stations/{station.public_id}/configuration/",
        f"/stations/{station.public_id}/configuration/edit/",
        f"/stations/{station.public_id}/configuration/own/",
    ):
        assert uma.get(url).status_code == 404, url
        assert uma.post(url, FORM | {"reason": "x", "key": "K"}).status_code in (404, 405), url
    uma.post("/configuration/apply/", {"stations": station.public_id, "reason": "x"})

    assert everything() == before
