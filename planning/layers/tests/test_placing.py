"""Tables with names or codes alone take their positions from the places of another layer."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from planning.layers.facts import Spot
from planning.layers.models import Layer
from planning.layers.placing import key_of
from tests.factories.core import make_operator, make_person
from tests.factories.planning import make_layer

CARS = "kommun;elbilar\n1280;120\nLUND;80\n180;900\n"
AREA = {
    "type": "Polygon",
    "coordinates": [[[17.9, 59.2], [18.2, 59.2], [18.2, 59.4], [17.9, 59.2]]],
}
PLACES = (
    Spot(13.0007, 55.6059, 1, "Malmö", {"kommunkod": 1280}),
    Spot(13.1913, 55.7047, 1, "Lund", {"kommunkod": 1281, "cars": 180}),
    Spot(18.1, 59.2667, 1, "Stockholm", {"kommunkod": "0180"}, AREA),
    Spot(14.0, 56.0, 1, "Berg", {"kommunkod": 1}),
    Spot(15.0, 63.0, 1, "Berg", {"kommunkod": 2}),
)


@pytest.fixture
def operator(db: None) -> Operator:
    return make_operator()


@pytest.fixture
def places(operator: Operator) -> Layer:
    return make_layer(operator=operator, name="Kommuner", spots=PLACES)


def client_of(operator: Operator) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role="owner"))
    return client


def uploaded(client: Client, content: str) -> str:
    file = SimpleUploadedFile("bilar.csv", content.encode())
    answer = client.post("/layers/import/", {"kind": "vehicles", "file": file})
    return str(answer["Location"])


def chosen(client: Client, columns: str, **changes: Any) -> Any:
    form = client.get(columns).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | changes
    sent = client.post(columns, data)
    assert sent.status_code == 302, sent.context["form"].errors
    return client.get(sent["Location"]).context["plan"]


def test_names_and_codes_are_compared_as_people_write_them() -> None:
    assert key_of("0180") == key_of(180) == key_of(180.0) == "180"
    assert key_of("  Upplands \u00a0Väsby ") == "upplands väsby"
    assert (key_of(None), key_of("00"), key_of("0580C1010")) == ("", "0", "0580c1010")


def test_rows_take_positions_by_name_or_code(operator: Operator, places: Layer) -> None:
    client = client_of(operator)
    columns = uploaded(client, CARS)
    form = client.get(columns).context["form"]
    preview = columns.removesuffix("columns/")

    plan = chosen(client, columns, placed_from=places.public_id)
    page = client.get(preview)
    given = {"shown": page.context["form"]["shown"].value(), "name": "Bilar", "source": "SCB"}
    done = client.post(preview, given)

    assert form["placed_by"].value() == "kommun"
    assert [(one.longitude, one.weight) for one in plan.spots] == [
        (13.0007, 120), (13.1913, 80), (plan.spots[2].longitude, 900),
    ]  # fmt: skip
    assert "take their positions from the other layer" in page.content.decode()
    assert done.status_code == 302
    with operator_scope(operator):
        layer = Layer.objects.get(name="Bilar")
        last = layer.points.get(number=3)
    assert (layer.mapping["placed_from"], last.geometry) == (places.public_id, AREA)


def test_rows_without_one_place_are_named_and_nothing_is_kept(
    operator: Operator, places: Layer
) -> None:
    client = client_of(operator)
    columns = uploaded(client, CARS + "Atlantis;7\nBerg;9\n")
    preview = columns.removesuffix("columns/")

    plan = chosen(client, columns, placed_from=places.public_id)
    shown = client.get(preview).context["form"]["shown"].value()
    refused = client.post(preview, {"shown": shown, "name": "B", "source": "S"})
    left = chosen(client, columns, placed_from=places.public_id, leaves_out_wrong="on")

    assert [(one.code, one.row, one.value) for one in plan.problems] == [
        ("no_match", 5, "Atlantis"), ("several_matches", 6, "Berg"),
    ]  # fmt: skip
    assert "Atlantis" in refused.content.decode()
    with operator_scope(operator):
        assert list(Layer.objects.all()) == [places]
    assert (len(left.spots), left.left_out) == (3, 2)


def test_the_api_places_by_a_layer_of_the_operator_alone(operator: Operator, places: Layer) -> None:
    client = client_of(operator)
    body = {"kind": "vehicles", "content": base64.b64encode(CARS.encode()).decode()}
    draft = client.post("/api/v1/layer-files/", body, content_type="application/json").json()
    here = f"/api/v1/layer-files/{draft['id']}/"
    foreign = make_layer(operator=make_operator())

    def read(**changes: str) -> Any:
        return client.patch(here, changes, content_type="application/json")

    assert [one["code"] for one in draft["problems"]] == ["no_longitude", "no_latitude"]
    assert read(placed_from=foreign.public_id).status_code == 422
    assert read(placed_from=places.public_id).json()["row_count"] == 3
    assert read(placed_by="").json()["problems"][0]["code"] == "no_placed_by"
