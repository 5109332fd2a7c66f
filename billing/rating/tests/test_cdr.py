"""CDRs hold to OCPI 2.2.1 and 2.3.0, checked by schemas written after both texts."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from billing.rating.cdr import VERSIONS, cdr_of, credit_cdr_of, plain
from billing.rating.models import RatedSession
from billing.rating.selectors import revisions
from billing.rating.tests.cdr_schemas import cdr_schema
from billing.rating.tests.test_signed import PUBLIC, record
from core.accounts.models import Operator
from core.tenancy.scopes import across_operators
from stations.hardware.models import Evse
from stations.sessions.models import Session, SessionFact
from tests.factories.core import make_operator, make_person
from tests.factories.rating import ATTRIBUTOR, energy_price, make_ended, make_price, rate_all
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(settings: Any) -> Operator:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    made = make_operator()
    idle = {"type": "PARKING_TIME", "price": 6, "vat": 25, "step_size": 60}
    document = energy_price(5)
    document["elements"][0]["price_components"].append(idle)
    make_price(made, document | {"min_price": {"before_taxes": 1}})
    return made


def rated(operator: Operator, **site: Any) -> RatedSession:
    place = {"latitude": Decimal("59.3"), "longitude": Decimal("18.1"), "city": "Solna"} | site
    make_ended(station=make_station(site=make_site(operator=operator, **place)))
    rate_all()
    with across_operators("a test reads"):
        row: RatedSession = revisions().get(is_current=True)
    return row


@pytest.mark.parametrize("version", VERSIONS)
def test_cdr_holds_to_its_version(operator: Operator, version: str) -> None:
    row = rated(operator)

    with across_operators("a test reads"):
        cdr = json.loads(json.dumps(plain(cdr_of(row, version))))
        credit = json.loads(json.dumps(plain(credit_cdr_of(row, version))))

    for document in (cdr, credit):
        jsonschema.validate(document, cdr_schema(version))
    total = "excl_vat" if version == "2.2.1" else "before_taxes"
    assert (cdr["total_energy"], cdr["total_time"], cdr["total_cost"][total]) == (10, 1, 40)
    assert (credit["credit"], credit["credit_reference_id"]) == (True, cdr["id"])
    assert credit["total_cost"][total] == -40
    assert credit["total_energy_cost"] == cdr["total_energy_cost"]
    price = cdr["tariffs"][0]["elements"][0]["price_components"][0]["price"]
    assert price == (4 if version == "2.2.1" else 5)


def test_signed_energy_is_billed_and_its_value_goes_out_as_it_came(operator: Operator) -> None:
    """Pitfall 38: 57.584 to 58.685 kWh; the readings say 1 105 Wh, the key is the meter's."""
    signed = record()
    station = make_station(site=make_site(operator=operator, latitude=59, longitude=18, city="A"))
    note = {"code": "signed_data", "severity": "info", "params": {}}
    session = make_ended(station=station, wh=1105, findings=[note])
    sample = {"raw": "", "signed_data": signed, "public_key": "aa"}
    fact = {"readings": [{"at_raw": "", "samples": [sample]}]}
    with across_operators("a test tells"):
        Evse.objects.update(meter_public_key=PUBLIC)
        SessionFact.objects.create(
            operator=operator, station=station, session=session, key="k", kind="stop",
            received_at=session.stopped_at, fact=fact,
        )  # fmt: skip
        Session.objects.filter(pk=session.pk).update(reconciled_at=session.stopped_at)
    rate_all()

    with across_operators("a test reads"):
        row = revisions().get(is_current=True)
        cdrs = [json.loads(json.dumps(plain(cdr_of(row, version)))) for version in VERSIONS]
    assert (row.energy_wh, row.gross) == (Decimal(1101), Decimal("5.51"))
    for version, cdr in zip(VERSIONS, cdrs, strict=True):
        jsonschema.validate(cdr, cdr_schema(version))
        [value] = cdr["signed_data"]["signed_values"]
        assert base64.b64decode(value["signed_data"]).decode() == signed
        assert value["plain_data"] == (signed[:512] if version == "2.2.1" else signed)
        assert cdr["signed_data"]["public_key"] == PUBLIC


def test_site_without_position_has_no_cdr(operator: Operator, client: Client) -> None:
    row = rated(operator, latitude=None, longitude=None)
    client.force_login(make_person(operator=operator))

    answer = client.get(reverse("rated_cdr", args=[row.public_id]), follow=True)

    assert "needs the position of the site" in answer.content.decode()
