"""Open data: what anyone reads, its form, its freshness, and what stays private."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from billing.rating.coming import ComingPrice
from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from customers.opendata import loading
from customers.opendata.models import OpenDataDocument, OpenDataFeed, OpenDataFetch
from customers.opendata.tests import schemas
from stations.hardware.models import Connector, StationLink
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station
from tests.factories.tariffs import energy_document, make_assignment, make_tariff, make_version

_WHY = "tests look at everything"
pytestmark = pytest.mark.django_db
DATEX = "/open/quay/datex2"
OCPI = "/open/quay/ocpi/2.2.1"


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def network(document: dict[str, Any] | None = None, **feed: Any) -> Operator:
    """A public place with two EVSEs, a private one, and one without a position."""
    operator = make_operator(slug="quay", name="Quay Charge")
    where = {"address": "Kajen 1", "city": "Malmö", "postal_code": "211 20"}
    spot = make_site(
        operator=operator, name="Quay", public_access="public", latitude=Decimal("55.6"),
        longitude=Decimal("13.0"), opening_hours={"twentyfourseven": True}, **where,
    )  # fmt: skip
    private = make_site(
        operator=operator, name="Yard", public_access="private", latitude=1, longitude=1, **where
    )
    make_site(operator=operator, name="Nowhere", public_access="public")
    station = make_station(site=spot, evses=2)
    make_station(site=private)
    with across_operators(_WHY):
        OpenDataFeed.objects.create(operator=operator, **{"is_open": True} | feed)
        StationLink.objects.filter(station=station).update(is_connected=True)
        rows = Connector.objects.filter(evse__station=station)
        rows.update(connector_type="IEC_62196_T2", status_received_at=timezone.now())
        rows.filter(evse__number=1).update(status="available")
        rows.filter(evse__number=2).update(status="faulted")
    tariff = make_tariff(operator=operator)
    make_version(tariff, document)
    make_assignment(tariff)
    return operator


def test_anyone_reads_public_places_in_both_forms_and_they_are_well_formed() -> None:
    network()
    client = Client()

    table = client.get(f"{DATEX}/table.json")
    status = client.get(f"{DATEX}/status.json").json()
    locations = client.get(f"{OCPI}/locations")
    tariffs = client.get(f"{OCPI}/tariffs").json()["data"]

    for name, body in (("table", table.json()), ("status", status)):
        jsonschema.validate(body, schemas.DATEX[name])
    (place,) = locations.json()["data"]
    jsonschema.validate(place, schemas.LOCATION)
    for one in tariffs:
        jsonschema.validate(one, schemas.TARIFF)
    assert (place["name"], place["country"], locations["X-Total-Count"]) == ("Quay", "SWE", "1")
    assert [one["status"] for one in place["evses"]] == ["AVAILABLE", "OUTOFORDER"]
    assert place["evses"][0]["connectors"][0]["tariff_ids"] == [one["id"] for one in tariffs]
    assert "Yard" not in table.content.decode()
    # Every status and price refers to something that the table has.
    assert schemas.references(status) <= schemas.names(table.json())
    prices = schemas.values(status, "energyPrice")
    assert prices
    assert all(one["priceType"]["value"] in schemas.PRICES for rows in prices for one in rows)
    assert client.get(f"{OCPI}/locations/{place['id']}").json()["data"]["id"] == place["id"]
    assert client.get(f"{OCPI}/sessions").status_code == 404


def test_what_has_not_changed_is_not_sent_again_and_readers_are_known() -> None:
    operator = network()
    client = Client(headers={"user-agent": "nap/1"})

    first = client.get(f"{OCPI}/locations")
    again = client.get(f"{OCPI}/locations", headers={"if-none-match": first["ETag"]})
    since = client.get(f"{OCPI}/locations", headers={"if-modified-since": first["Last-Modified"]})
    with across_operators(_WHY):
        Connector.objects.filter(evse__number=1).update(status="charging")
    cache.clear()
    client.get(f"{OCPI}/tariffs", REMOTE_ADDR="2001:db8:1:2:3:4:5:6")
    changed = client.get(f"{OCPI}/locations", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, since.status_code, changed.status_code) == (304, 304, 200)
    assert first["Cache-Control"] == "public, max-age=15"
    with across_operators(_WHY):
        fetch = OpenDataFetch.objects.get(name="locations")
        other = OpenDataFetch.objects.get(name="tariffs")
        document = OpenDataDocument.objects.get(operator=operator, name="locations")
    assert (fetch.name, fetch.reader, fetch.times) == ("locations", "nap/1 (127.0.0.0/24)", 2)
    assert other.reader == "nap/1 (2001:db8:1::/48)"
    assert document.changed_at == document.checked_at


def test_a_spot_price_stands_beside_the_other_parts_without_tax_and_only_while_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fee = {"type": "FLAT", "price": 5, "vat": 25, "step_size": 1}
    network(
        energy_document(
            elements=[{"price_components": [fee]}], extras={"spot": {"area": "SE4", "vat": 25}}
        )
    )
    now, client = timezone.now(), Client()
    told = ComingPrice(now, now, Decimal("1.25"))
    monkeypatch.setattr(loading, "coming_prices", lambda *_args, **_values: [told])

    (tariff,) = client.get(f"{OCPI}/tariffs").json()["data"]
    table = client.get(f"{DATEX}/table.json").json()
    cache.clear()
    monkeypatch.setattr(loading, "coming_prices", lambda *_args, **_values: [])
    unknown = client.get(f"{OCPI}/tariffs").json()["data"]

    jsonschema.validate(tariff, schemas.TARIFF)
    parts = [one for element in tariff["elements"] for one in element["price_components"]]
    assert [(one["type"], one["price"]) for one in parts] == [("FLAT", 4.0), ("ENERGY", 1.0)]
    for prices in schemas.values(table, "energyPrice"):
        assert [(one["value"], one["taxRate"]) for one in prices] == [(1.25, 25.0), (5.0, 25.0)]
    assert unknown == []


def test_an_evse_without_a_connector_of_a_known_type_is_left_out() -> None:
    network()
    with across_operators(_WHY):
        Connector.objects.filter(evse__number=2).update(connector_type="UNKNOWN")

    (place,) = Client().get(f"{OCPI}/locations").json()["data"]

    jsonschema.validate(place, schemas.LOCATION)
    assert [one["status"] for one in place["evses"]] == ["AVAILABLE"]


def test_a_closed_feed_a_key_and_an_outsider() -> None:
    operator = network(is_open=False)
    owner = Client()
    owner.force_login(make_person(operator=operator, role="owner"))
    tore = Client()
    tore.force_login(make_person(operator=operator, role="technician"))
    client = Client()

    assert client.get(f"{DATEX}/table.json").status_code == 404
    refused = tore.post("/open-data/", {"is_open": "on"}).status_code
    with across_operators(_WHY):
        assert (refused, OpenDataFeed.objects.get().is_open) == (403, False)
    owner.post("/open-data/", {"is_open": "on", "national_id": "SE-1"})
    table = client.get(f"{DATEX}/table.json").json()
    key = api_client(operator).post("/api/v1/open-data/key", {"is_needed": True}).json()["key"]

    assert schemas.values(table, "nationalIdentifier") == ["SE-1"]
    assert client.get(f"{DATEX}/table.json").status_code == 401
    given = {"authorization": f"Token {key}"}
    assert client.get(f"{DATEX}/table.json", headers=given).status_code == 200
    page = owner.get("/open-data/").content.decode()
    assert "Nowhere" in page
    assert key not in page
    with across_operators(_WHY):
        verbs = AuditEntry.objects.filter(verb__startswith="open_data").values_list("verb")
    assert sorted(verb for (verb,) in verbs) == ["open_data.change", "open_data.key"]
