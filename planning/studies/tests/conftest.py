"""An operator with layers for a study."""

from __future__ import annotations

import pytest

from core.accounts.models import Operator
from planning.layers.models import Layer
from planning.studies.tests.asking import SPOTS, TOWNS, layer_of
from tests.factories.core import make_operator


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def layers(operator: Operator) -> dict[str, list[Layer]]:
    return {
        "demand": [layer_of(operator, "vehicles", TOWNS)],
        "candidates": [layer_of(operator, "candidates", SPOTS)],
    }
