"""Studies that tests ask, run and look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators, operator_scope
from planning.layers.facts import Spot
from planning.layers.models import Layer
from planning.studies import running, services
from planning.studies.models import Study
from planning.studies.parameters import Parameters
from tests.factories.core import make_person
from tests.factories.planning import make_layer

TOWNS = [
    ("Norby", 17.0, 59.0, 4000.0), ("Norby by", 17.02, 59.01, 900.0),
    ("Mellan", 17.8, 59.4, 2500.0), ("Soder", 18.4, 58.7, 1500.0), ("Fjarran", 15.0, 61.0, 700.0),
]  # fmt: skip
SPOTS = [
    ("Torget", 17.0, 59.0, 1.0), ("Rondellen", 17.05, 59.02, 1.0), ("Macken", 17.8, 59.4, 1.0),
    ("Hamnen", 18.4, 58.7, 1.0),
]  # fmt: skip
ASKED = Parameters(sites=2, whole_km=3, last_km=10, time_limit_s=20)


def layer_of(operator: Operator, kind: str, rows: list[tuple[str, float, float, float]]) -> Layer:
    spots = [Spot(longitude, latitude, weight, name) for name, longitude, latitude, weight in rows]
    return make_layer(operator=operator, kind=kind, spots=spots)


def asked(operator: Operator, layers: dict[str, list[Layer]], **changes: Any) -> Study:
    with operator_scope(operator):
        return services.ask_study(
            operator=operator, name="Next", parameters=replace(ASKED, **changes), layers=layers
        )


def run(study: Study) -> Study:
    with across_operators("as the task does"):
        running.run_next(study.pk)
        study.refresh_from_db()
        return study


def client_of(operator: Operator, role: str = Role.OWNER) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=role))
    return client
