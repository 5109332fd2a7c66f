"""Histories of areas: read from files, fitted all at once as one by one, used by demand."""

from __future__ import annotations

import math

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import operator_scope
from planning.demand.area_growth import fitted_all, grown
from planning.demand.growth import fitted
from planning.demand.services import create_model
from planning.layers.facts import Spot, points_of_spots
from planning.layers.kinds import LayerKind
from planning.layers.mapping import guessed
from planning.layers.plan import LayerPlan, plan_of
from planning.layers.reading.csv_file import read_csv
from planning.studies import services
from planning.studies.parameters import Parameters
from tests.factories.core import make_operator, make_person
from tests.factories.planning import make_layer

LONG = """kommun;år;elbilar;lon;lat
Lund;2021;1000;13,19;55,70
Lund;2022;1800;13,19;55,70
Lund;2023;3000;13,19;55,70
Lund;2024;4600;13,19;55,70
Eslöv;2024;200;13,30;55,84
"""
WIDE = """kommun,lon,lat,2021,2022,2023,2024
Lund,13.19,55.70,1000,1800,3000,4600
Eslöv,13.30,55.84,,..,,200
"""


def read(text: str) -> LayerPlan:
    table = read_csv(text.encode())
    return plan_of(table, guessed(table, LayerKind.VEHICLES), LayerKind.VEHICLES)


@pytest.mark.parametrize("text", [LONG, WIDE])
def test_rows_or_columns_of_years_become_a_history(text: str) -> None:
    plan = read(text)

    assert plan.is_good
    lund, eslov = plan.spots
    assert (lund.label, lund.weight) == ("Lund", 4600)
    assert lund.values["history"] == [[2021, 1000], [2022, 1800], [2023, 3000], [2024, 4600]]
    assert (eslov.label, eslov.weight) == ("Eslöv", 200)
    assert [(one.code, one.count) for one in plan.warnings] == [("histories", 1)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Lund;förra året;4600;13,19;55,70\n", "no_year"),
        ("Lund;2024;4700;13,19;55,70\n", "year_twice"),
        ("Lund;2025;-1;13,19;55,70\n", "negative_weight"),
    ],
)
def test_a_year_that_cannot_be_is_named_by_its_row(row: str, code: str) -> None:
    plan = read(LONG + row)

    assert [(one.code, one.row) for one in plan.problems] == [(code, 7)]


@settings(max_examples=15, deadline=None)
@given(st.floats(500, 50_000), st.floats(0.2, 0.7), st.floats(2021, 2030), st.integers(0, 10_000))
def test_all_at_once_is_as_one_by_one(top: float, rate: float, middle: float, seed: int) -> None:
    history = [
        [
            year,
            round(top / (1 + math.exp(-rate * (year - middle))) * (1 + (seed * year % 7 - 3) / 90)),
        ]
        for year in range(2014, 2025)
    ]
    alone = fitted([one[0] for one in history], [one[1] for one in history])
    others = [Spot(13, 57, 1, "short", {"history": history[:3]}), Spot(14, 57, 5, "none")]
    spots = [Spot(13, 57, history[-1][1], "A", {"history": history}), *others]

    curves = fitted_all(points_of_spots(spots))

    assert curves.areas.tolist() == [0]
    if alone.most < 50 * history[-1][1]:
        assert curves.at(2028)[0] == pytest.approx(alone.at(2028), rel=0.02)


def test_all_cars_are_the_most_there_can_be() -> None:
    history = [[2020 + at, 100 * 2**at] for at in range(5)]
    row = {"history": history, "all_cars": 2_000}

    found = grown(points_of_spots([Spot(13, 57, 1_600, "A", row)]), 2060)

    assert found.areas[0].value == pytest.approx(2_000, rel=0.01)
    assert found.areas[0].low <= found.areas[0].value <= found.areas[0].high
    assert found.vehicles.values[0]["growth"] == pytest.approx(2_000 / 1_600, rel=0.2)
    assert found.years[0]["known"] == 100


@pytest.mark.django_db
def test_areas_grow_by_their_own_curves_and_a_study_by_all_of_them() -> None:
    operator: Operator = make_operator()
    quick = [[2020, 100], [2021, 200], [2022, 400], [2023, 800], [2024, 1_600]]
    slow = [[2020, 800], [2021, 1_000], [2022, 1_150], [2023, 1_250], [2024, 1_300]]
    spots = [
        Spot(13.0, 57.0, 1_600, "Quick", {"history": quick}),
        Spot(14.0, 57.0, 1_300, "Slow", {"history": slow}),
        Spot(15.0, 57.0, 100, "Unknown"),
    ]
    layer = make_layer(operator=operator, kind="vehicles", spots=spots)

    with operator_scope(operator):
        model = create_model(operator=operator, name="Cars", layers=[layer], target_year=2027)
        parameters, _layers = services.from_model(Parameters(), {}, model)
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    page = client.get(reverse("demand_model_detail", args=[model.public_id]))
    told = client.get(f"/api/v1/demand/{model.public_id}/result/").json()

    growth = {one["label"]: one["factors"]["growth"] for one in told["places"]}
    assert growth["Quick"] > 1.5 > growth["Slow"] > 1
    assert growth["Slow"] < growth["Unknown"] == model.assumptions["growth"] < growth["Quick"]
    assert [one["label"] for one in page.context["areas"]] == ["Quick", "Slow"]
    assert {one["label"] for one in told["areas"]} == {"Quick", "Slow"}
    assert told["growth"][0] == told["growth"][0] | {"year": 2020, "known": 900}
    assert all(one["low"] <= one["value"] <= one["high"] for one in told["growth"])
    assert parameters.target_year == 2027
    assert parameters.demand_in(0) == 1 < parameters.demand_in(1) < parameters.demand_in(5)
