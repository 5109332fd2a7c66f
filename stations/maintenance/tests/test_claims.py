"""Warranties of stations, and claims from the fault to the money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from stations.maintenance import claims
from stations.maintenance.models import WorkOrder
from stations.maintenance.parts import add_part
from stations.maintenance.warranties import save_warranty
from stations.maintenance.warranty_attention import WarrantyAttention
from stations.maintenance.warranty_models import StationWarranty, WarrantyClaim
from tests.factories.api import api_client
from tests.factories.core import make_person
from tests.factories.incidents import make_incident
from tests.factories.maintenance import make_order, make_partner
from tests.factories.stations import make_limited_member, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station() -> Station:
    made: Station = make_station(name="Norra 1", evses=1, serial_number="SN-77", vendor="Maker")
    partner = make_partner(made.operator, name="Supplier AB", is_supplier=True)
    with operator_scope(made.operator):
        ends_on = timezone.now().date() + timedelta(days=20)
        save_warranty(station=made, supplier=partner, ends_on=ends_on)
    return made


def test_a_claim_gathers_what_proves_it_and_ends_with_the_money(
    client: Client, station: Station
) -> None:
    incident = make_incident(station, error_code="GroundFailure")
    order = make_order(station, incident=incident, fault_codes="E12")
    with operator_scope(station.operator):
        add_part(order=order, name="Contactor", serial_out="C-1", serial_in="C-2")
        reasons = [one.reason.code for one in WarrantyAttention().concerns(timezone.now())]
    client.force_login(make_person(operator=station.operator, role=Role.CONTROL_ROOM))
    page = client.get(reverse("incident_detail", args=[incident.public_id])).content.decode()
    url = f"{reverse('claim_create')}?incident={incident.public_id}"
    form = client.get(url)

    made = client.post(
        url,
        {
            "serial_number": form.context["form"]["serial_number"].value(),
            "fault_codes": form.context["form"]["fault_codes"].value(),
            "description": "Trips at once", "claimed_amount": "1200.50", "currency": "SEK",
            "orders": form.context["form"]["orders"].value(),
        },
    )  # fmt: skip
    with operator_scope(station.operator):
        claim = WarrantyClaim.objects.get()
        assert not list(WarrantyAttention().concerns(timezone.now()))
    step = reverse("claim_step", args=[claim.public_id])
    for values in (
        {"state": "sent"},
        {"state": "refused"},  # the answer is missing
        {"state": "accepted", "answer": "Yes"},
        {"state": "settled"},  # the money is missing
        {"state": "settled", "recovered_amount": "1000"},
    ):
        client.post(step, values)

    assert reasons == ["warranty_ends"]
    assert url in page
    assert made["Location"] == reverse("claim_detail", args=[claim.public_id])
    assert (claim.serial_number, claim.fault_codes) == ("SN-77", "GroundFailure, E12")
    claim = _again(claim)
    assert (claim.state, claim.recovered_amount, claim.answer) == ("settled", Decimal(1000), "Yes")
    file = client.get(reverse("claim_file", args=[claim.public_id])).content.decode()
    assert "SN-77" in file
    assert f"W1,part,{order.number},Contactor,,1,C-1,C-2" in file
    paper = client.get(reverse("claim_print", args=[claim.public_id])).content.decode()
    assert "Contactor" in paper
    with operator_scope(station.operator):
        assert AuditEntry.objects.filter(verb="warranty_claim.step").count() == 3


def test_nothing_is_claimed_too_late_twice_or_out_of_turn(station: Station) -> None:
    other = make_order(make_station(operator=station.operator, site=station.site))
    with operator_scope(station.operator):
        claim = claims.make_claim(station=station)
        with pytest.raises(RuleViolation) as skipped:
            claims.step_claim(claim=claim, state="settled", recovered_amount=Decimal(1))
        claims.step_claim(claim=claim, state="sent")
        with pytest.raises(RuleViolation) as sent:
            claims.change_claim(claim=claim, description="more")
        claims.change_claim(claim=claim, reference="RMA 5")
        with pytest.raises(RuleViolation) as kept:
            claims.delete_claim(claim=claim)
        with pytest.raises(RuleViolation) as elsewhere:
            claims.make_claim(station=station, orders=[other])
        StationWarranty.objects.update(ends_on="2020-01-01")
        with pytest.raises(RuleViolation) as late:
            claims.make_claim(station=station)
    codes = [one.value.code for one in (skipped, sent, kept, elsewhere, late)]
    assert codes == ["claim_step", "claim_sent", "claim_sent", "orders", "warranty_over"]


def test_the_api_writes_warranties_and_takes_claims_through(station: Station) -> None:
    api = api_client(station.operator)
    order = make_order(station)
    supplier = StationWarranty.objects
    with operator_scope(station.operator):
        partner = supplier.get().supplier
    assert partner is not None
    saved = api.patch(
        f"/api/v1/stations/{station.public_id}/warranty/",
        {"ends_on": "2099-01-31", "supplier": partner.public_id, "note": "Parts only"},
    ).json()
    bad = api.patch(f"/api/v1/stations/{station.public_id}/warranty/", {"supplier": "par_x"})

    made = api.post(
        "/api/v1/warranty-claims/",
        {"station": station.public_id, "orders": [order.public_id], "claimed_amount": "10.00"},
    ).json()
    one = f"/api/v1/warranty-claims/{made['id']}/"
    early = api.post(f"{one}step/", {"state": "settled", "recovered_amount": "1"})
    api.post(f"{one}step/", {"state": "sent"})
    changed = api.patch(one, {"reference": "RMA 5"}).json()

    assert (saved["is_under_warranty"], bad.status_code) == (True, 422)
    assert (made["orders"], early.status_code) == ([order.public_id], 409)
    assert (changed["state"], changed["reference"]) == ("sent", "RMA 5")
    assert api.get(f"/api/v1/warranty-claims/?order={order.public_id}").json()["count"] == 1
    assert api.get("/api/v1/warranties/?state=valid").json()["count"] == 1
    assert api.get("/api/v1/work-orders/?warranty=true").json()["count"] == 1
    assert api.delete(one).status_code == 409
    assert "W1" in api.get(f"{one}file/").content.decode()


def _again(claim: WarrantyClaim) -> WarrantyClaim:
    with operator_scope(claim.operator):
        found: WarrantyClaim = WarrantyClaim.objects.get(pk=claim.pk)
        return found


def test_a_member_limited_to_sites_takes_the_operators_next_number(
    client: Client, station: Station
) -> None:
    other = make_station(operator=station.operator, name="Annan 1", evses=1)
    make_order(other)
    with operator_scope(station.operator):
        warranty = StationWarranty.objects.get()
        save_warranty(station=other, supplier=warranty.supplier, ends_on=warranty.ends_on)
        claims.make_claim(station=other)
    client.force_login(
        make_limited_member(station.site, operator=station.operator, role=Role.CONTROL_ROOM)
    )

    claim = client.post(
        f"{reverse('claim_create')}?station={station.public_id}", {"currency": "SEK"}
    )
    order = client.post(
        reverse("order_create"),
        {"site": station.site_id, "title": "Look", "kind": "repair", "priority": "P1"},
    )

    assert (claim.status_code, order.status_code) == (302, 302)
    with operator_scope(station.operator):
        assert sorted(WarrantyClaim.objects.values_list("number", flat=True)) == [1, 2]
        assert sorted(WorkOrder.objects.values_list("number", flat=True)) == [1, 2]
