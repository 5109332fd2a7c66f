"""Keeping layers: what they hold stays, and is read back as arrays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import operator_scope
from planning.layers.facts import Spot
from planning.layers.models import Layer, LayerPoint
from planning.layers.selectors import points_of
from planning.layers.services import delete_layer, keep_layer
from tests.factories.core import make_operator
from tests.factories.planning import make_demand_model, make_layer


@pytest.fixture
def operator(db: None) -> Operator:
    return make_operator()


def test_points_come_back_as_they_were_kept(operator: Operator) -> None:
    spots = [
        Spot(13.0, 55.6, 7.5, "Å\\\t\nÖ", {"heavy": 0.1, "note": 'a "b"'}),
        Spot(18.0, 59.3, 0, "", {}, {"type": "Point", "coordinates": [18.0, 59.3]}),
    ]
    layer = make_layer(operator=operator, spots=spots)

    with operator_scope(operator):
        found = points_of([layer])
        kept = LayerPoint.objects.get(layer=layer, number=2)
        entry = AuditEntry.objects.get(verb="layer.create")

    assert found.labels == ("Å\\\t\nÖ", "")
    assert found.values == ({"heavy": 0.1, "note": 'a "b"'}, {})
    assert found.weight.tolist() == [7.5, 0.0]
    assert found.longitude.tolist() == [13.0, 18.0]
    assert kept.geometry == {"type": "Point", "coordinates": [18.0, 59.3]}
    assert (layer.row_count, layer.weight_total) == (2, 7.5)
    assert entry.after["content_sha256"] == layer.content_sha256


def test_what_a_layer_holds_never_changes(operator: Operator) -> None:
    layer = make_layer(operator=operator)

    with operator_scope(operator):
        with pytest.raises(IntegrityError), transaction.atomic():
            LayerPoint.objects.filter(layer=layer).update(weight=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Layer.objects.filter(pk=layer.pk).update(content_sha256="x")


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(operator: Operator, weight: float) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_layer(operator=operator, spots=[Spot(13, 55, weight)])

    with operator_scope(operator):
        assert not Layer.objects.exists()


def test_an_empty_layer_is_refused(operator: Operator) -> None:
    with operator_scope(operator), pytest.raises(InvalidInput) as refused:
        keep_layer(operator=operator, kind="grid", origin="file", spots=[], name="x", source="y")

    assert refused.value.code == "empty_layer"


def test_a_layer_in_use_stays(operator: Operator) -> None:
    used, spare = make_layer(operator=operator), make_layer(operator=operator)
    make_demand_model(used)

    with operator_scope(operator):
        with pytest.raises(RuleViolation) as refused:
            delete_layer(layer=used)
        delete_layer(layer=spare)

        assert refused.value.code == "layer_in_use"
        assert list(Layer.objects.all()) == [used]
        assert LayerPoint.objects.count() == 3
