"""Stations that a plan wants, from the click on a study to the passwords of what was bought."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from planning.building import services
from planning.building.dividing import Unit, divided
from planning.building.models import PlannedStation
from planning.building.services import Wanted
from stations.hardware.models import Station
from stations.sites.models import Site
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def site(operator: Operator) -> Site:
    made = make_site(operator=operator, name="Torget i Åby")
    with operator_scope(operator):
        services.plan_stations(site=made, evses=3, power_kw=150.0)
    return made


def client_of(operator: Operator, role: str = Role.OWNER) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=role))
    return client


def planned(operator: Operator) -> list[PlannedStation]:
    with operator_scope(operator):
        return list(PlannedStation.objects.select_related("station", "site").order_by("number"))


def test_a_size_is_divided_into_stations() -> None:
    assert divided(3, 150.0) == [Unit(2, 150_000, True), Unit(1, 150_000, True)]
    assert divided(2, 22.0) == [Unit(2, 22_000, False)]
    assert divided(0, 50.0) == []


def test_planned_stations_are_added_once_with_their_passwords(
    operator: Operator, site: Site
) -> None:
    client = client_of(operator)
    here = reverse("site_add_planned", args=[site.public_id])
    panel = client.get(reverse("site_detail", args=[site.public_id])).content.decode()
    form = client.get(here).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    first, second = planned(operator)
    del data[f"take_{second.public_id}"]

    sent = client.post(here, data)
    assert "rows" in sent.context, sent.context["form"].errors
    again = client.post(here, data)
    file = client.post(here, {f"take_{first.public_id}": "on", "csv": "1"})

    assert here in panel
    assert data[f"identity_{first.public_id}"] == "TORGET-I-ABY-1"
    with operator_scope(operator):
        station = Station.objects.get(site=site)
        evses = list(station.evses.order_by("number").prefetch_related("connectors"))
    assert [(one.max_power_w, one.current_type) for one in evses] == [(150_000, "DC")] * 2
    assert len({one.public_id for one in evses}) == 2
    assert [one.connector_type for one in evses[0].connectors.all()] == ["IEC_62196_T2_COMBO"]
    password = sent.context["rows"][0]["password"]
    assert len(password) == 40
    assert again.context["rows"][0]["password"] == password
    [row] = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["identity"], row["password"]) == ("TORGET-I-ABY-1", password)
    first, second = planned(operator)
    assert (first.station, first.built_at is not None) == (station, True)
    assert second.station is None
    with operator_scope(operator):
        assert AuditEntry.objects.filter(verb="planned_station.add").count() == 1
    shown = client.get(reverse("site_detail", args=[site.public_id])).content.decode()
    assert reverse("station_detail", args=[station.public_id]) in shown


def test_an_identity_that_is_taken_or_given_twice_adds_nothing(
    operator: Operator, site: Site
) -> None:
    make_station(operator=operator, identity="BUSY-1")
    client = client_of(operator)
    here = reverse("site_add_planned", args=[site.public_id])
    form = client.get(here).context["form"]
    first, second = planned(operator)
    data = {name: form[name].value() or "" for name in form.fields}

    for name in ("BUSY-1", data[f"identity_{first.public_id}"].lower(), ""):
        data[f"identity_{second.public_id}"] = name
        answer = client.post(here, data)
        assert list(answer.context["form"].errors) == [f"identity_{second.public_id}"]

    with operator_scope(operator):
        assert not Station.objects.filter(site=site).exists()
    assert [one.built_at for one in planned(operator)] == [None, None]


def test_the_api_lists_and_adds_and_shows_a_password_once(operator: Operator, site: Site) -> None:
    client = client_of(operator)
    here = f"/api/v1/sites/{site.public_id}/planned-stations/"
    rows = client.get(here).json()
    body = {"stations": [{"planned": rows[0]["id"], "identity": "NEW-1"}], "version": "2.0.1"}

    made = client.post(here, body, content_type="application/json")
    again = client.post(here, body, content_type="application/json")
    wrong = client.post(
        here, {"stations": [{"planned": "pst_x", "identity": "A"}]}, content_type="application/json"
    )

    assert [(one["evses"], one["power_w"], one["station"]) for one in rows] == [
        (2, 150_000, None), (1, 150_000, None),
    ]  # fmt: skip
    assert (made.status_code, wrong.status_code) == (201, 422)
    assert made.json()[0]["subprotocol"] == "ocpp2.0.1"
    assert made.json() == again.json()
    assert client.get(here).json()[0]["station"] == made.json()[0]["station"]
    viewer = client_of(operator, Role.VIEWER)
    assert viewer.post(here, body, content_type="application/json").status_code == 403


def test_nothing_is_added_to_a_retired_site(operator: Operator, site: Site) -> None:
    with operator_scope(operator):
        Site.objects.filter(pk=site.pk).update(retired_on="2026-01-01")
        first = PlannedStation.objects.order_by("number")[0]
        with pytest.raises(RuleViolation) as refusal:
            services.add_stations(
                site=Site.objects.get(pk=site.pk),
                wanted=[Wanted(first.public_id, "NEW-2")],
                version="1.6",
            )
    assert refusal.value.code == "site_retired"
