"""From a file to a layer: page by page, all or nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from planning.layers.models import Layer, LayerDraft
from tests.factories.core import make_operator, make_person
from tests.factories.planning import make_layer

TOWNS = "namn;öst;nord;antal\nLund;386500;6174900;94 393\nMalmö;374027;6163560;362 133\n"


@pytest.fixture
def operator(db: None) -> Operator:
    return make_operator()


def _client(operator: Operator, role: str = "control_room") -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=role))
    return client


def _upload(client: Client, content: str) -> str:
    file = SimpleUploadedFile("orter.csv", content.encode("cp1252"))
    answer = client.post("/layers/import/", {"kind": "population", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_file_becomes_a_layer(operator: Operator) -> None:
    client = _client(operator)
    mapping = _upload(client, TOWNS)
    preview = mapping.removesuffix("columns/")

    before = client.get(preview).content.decode()
    chosen = {
        "kind": "population", "longitude": "öst", "latitude": "nord", "system": "3006",
        "weight": "antal", "label": "namn", "duplicates": "keep",
    }  # fmt: skip
    assert client.post(mapping, chosen)["Location"] == preview
    page = client.get(preview).content.decode()
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown is not None
    given = {"shown": shown[1], "name": "Orter", "source": "SCB", "licence": "CC0"}
    stale = client.post(preview, given | {"shown": "x"})
    done = client.post(preview, given)

    assert "This kind of layer needs a number for each place." in before
    assert "the file is read differently now" in stale.content.decode()
    with operator_scope(operator):
        layer = Layer.objects.get()
        assert not LayerDraft.objects.exists()
        assert [(one.label, one.weight) for one in layer.points.all()] == [
            ("Lund", 94393.0), ("Malmö", 362133.0),
        ]  # fmt: skip
    assert done["Location"] == f"/layers/{layer.public_id}/"
    assert layer.read_as == "CSV, Windows-1252, “;”, EPSG:3006"
    kept = client.get(f"/layers/{layer.public_id}/file/")
    assert kept.content == TOWNS.encode("cp1252")
    assert "362,133" in client.get(str(done["Location"])).content.decode()


def test_a_file_with_a_wrong_row_keeps_nothing(
    operator: Operator, django_capture_on_commit_callbacks: Any
) -> None:
    client = _client(operator)
    preview = _upload(client, TOWNS.replace("antal", "folkmängd") + "X;374900;;-1\n").removesuffix(
        "columns/"
    )

    page = client.get(preview).content.decode()
    with operator_scope(operator):
        draft = LayerDraft.objects.get()
    client.post(preview, {"shown": "x", "name": "Orter", "source": "SCB"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{preview}discard/")

    assert "The row has no position." in page
    assert "Keep as a layer" not in page
    assert not default_storage.exists(draft.file)
    with operator_scope(operator):
        assert not Layer.objects.exists()
        assert not LayerDraft.objects.exists()


@pytest.mark.parametrize(
    ("file", "kind", "first", "count"),
    [
        ("swedish-places.csv", "population", ("Stockholm", 1_515_017.0), 1323),
        ("candidate-sites.csv", "candidates", ("Helsingborg", 1.0), 128),
    ],
)
def test_examples_are_read_right_without_a_change(
    operator: Operator, file: str, kind: str, first: tuple[str, float], count: int
) -> None:
    client = _client(operator)
    raw = (Path(__file__).resolve().parents[3] / "docs" / "examples" / file).read_bytes()
    sent = client.post("/layers/import/", {"kind": kind, "file": SimpleUploadedFile(file, raw)})
    form = client.get(str(sent["Location"])).context["form"]
    read = {name: form[name].value() for name in form.fields if form[name].value()}

    preview = str(client.post(str(sent["Location"]), read)["Location"])
    shown = re.search(r'name="shown" value="(\w+)"', client.get(preview).content.decode())
    assert shown is not None
    done = client.post(preview, {"shown": shown[1], "name": "Example", "source": "GeoNames"})

    with operator_scope(operator):
        layer = Layer.objects.get()
        point = layer.points.get(number=1)
    assert (layer.row_count, layer.left_out_count, layer.kind) == (count, 0, kind)
    assert (point.label, point.weight) == first
    assert client.get(str(done["Location"])).status_code == 200


def test_who_only_looks_cannot_import(operator: Operator) -> None:
    client = _client(operator, "viewer")

    refused = client.post("/layers/import/", {"kind": "population"})

    assert client.get("/layers/").status_code == 200
    assert refused.status_code == 403
    with operator_scope(operator):
        assert not LayerDraft.objects.exists()


def test_putting_a_layer_away_and_its_undo_say_what_is_wanted(operator: Operator) -> None:
    client, layer = _client(operator), make_layer(operator=operator)
    address = f"/layers/{layer.public_id}/archive/"

    def is_archived(**posted: str) -> bool:
        answer = client.post(address, {"reason": "old"} | posted)
        assert answer.status_code == 302
        with operator_scope(operator):
            layer.refresh_from_db()
        return layer.is_archived

    form = client.get(address).context["form"]
    assert form["is_archived"].value() == "1"
    assert is_archived(is_archived="1") is True
    page = client.get(f"/layers/{layer.public_id}/").content.decode()
    assert '<input type="hidden" name="is_archived" value="0">' in page
    assert is_archived(is_archived="1") is True
    assert is_archived(is_archived="0") is False
    assert is_archived(is_archived="0") is False
    assert client.post(address, {"reason": "old"}).status_code == 200
