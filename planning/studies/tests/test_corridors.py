"""Corridor studies, candidates on hexagons, grid and areas, and demand models as their demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.errors import InvalidInput
from core.tenancy.scopes import across_operators, operator_scope
from planning.demand.generating import generate_candidates
from planning.demand.models import DemandModel
from planning.demand.services import create_model
from planning.layers.facts import Spot, points_of_spots
from planning.layers.hexagons import Grid
from planning.layers.models import Layer
from planning.studies import running, services
from planning.studies.afir import Pool, chain, judged, pool_at, pools_judged, too_long
from planning.studies.models import Study
from planning.studies.nearby import connected, inside
from planning.studies.parameters import Parameters
from planning.studies.question import Place
from planning.studies.report import view_of
from planning.studies.roads import Roads
from planning.studies.words import failure_text
from tests.factories.core import make_operator, make_person
from tests.factories.planning import make_demand_model, make_layer

pytestmark = pytest.mark.django_db


TOWNS = [
    Spot(13 + at, 57, 10_000, name) for at, name in enumerate(("Asby", "Boda", "Cedra", "Dala"))
]
ROADS = [
    Spot(13.5, 57, 80, "E9", {"from": "Asby", "to": "Boda", "road": "E9"}),
    Spot(14.5, 57, 70, "E9", {"from": "Boda", "to": "Cedra", "road": "E9"}),
    Spot(15.5, 57, 130, "E9", {"from": "Cedra", "to": "Dala", "road": "E9"}),
]


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def ask(
    operator: Operator,
    roads: list[Spot] = ROADS,
    more: Mapping[str, list[Layer]] | None = None,
    **changes: Any,
) -> Study:
    parameters = Parameters(objective="corridor", sites=2, range_km=150, counts_own_sites=False)
    layers: dict[str, list[Layer]] = {
        "demand": [make_layer(operator=operator, kind="population", spots=TOWNS)],
        "roads": [make_layer(operator=operator, kind="roads", spots=roads)] if roads else [],
        **(more or {}),
    }
    with operator_scope(operator):
        study = services.ask_study(
            operator=operator, name="E9", parameters=replace(parameters, **changes), layers=layers
        )
    with across_operators("as the task does"):
        running.run_next(study.pk)
        study.refresh_from_db()
    return study


def test_stations_stand_where_most_trips_pass(operator: Operator) -> None:
    study = ask(operator)

    assert (study.state, study.gap) == ("done", 0)
    with operator_scope(operator):
        labels = {one.label for one in study.sites.all()}
        worth = study.sites.order_by("rank")[0].figures["worth"]
    assert len(labels) == 2
    assert study.objective_value == pytest.approx(study.result["after_kwh"])
    assert {one["towards"] for one in study.result["roads"]} == {"Asby", "Dala"}
    for road in study.result["roads"]:
        assert (road["road"], road["km"], road["network"]) == ("E9", 280, "core")
        assert road["gap_km"] >= 70
        assert road["is_met"] is False
    assert worth["evses"] >= 1
    assert study.result["pools"][0]["dates"][0]["wanted_kw"] == 800
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    page = client.get(reverse("study_detail", args=[study.public_id])).content.decode()
    assert "Distances along roads" in page
    with operator_scope(operator), translation.override("en"):
        paper = view_of(study)
    assert paper["roads"]["rows"][0][0] == "E9"
    assert "over 60 km" in page.lower()
    assert float(paper["stretches"]["rows"][0][4]) > 0
    assert "2025: " in paper["pools"]["rows"][0][4]
    assert {row[1] for row in paper["money"]["rows"]} == {"Low", "Middle", "High"}
    assert ["Range of a car (km)", "150.0"] in paper["question"]["rows"]
    assert client.get(reverse("study_pdf", args=[study.public_id])).content.startswith(b"%PDF-")


def test_stations_of_a_corridor_stand_within_the_areas(operator: Operator) -> None:
    ring = [[13.5, 56.0], [16.5, 56.0], [16.5, 58.0], [13.5, 58.0], [13.5, 56.0]]
    area = Spot(15.0, 57.0, 1, "", {}, {"type": "Polygon", "coordinates": [ring]})
    layer = make_layer(operator=operator, kind="areas", spots=[area])

    study = ask(operator, more={"areas": [layer]}, sites=1)
    fixed = ask(operator, more={"areas": [layer]}, fixed=("Asby",))

    with operator_scope(operator):
        assert study.sites.get().label in ("Boda", "Cedra", "Dala")
        labels = {one.label for one in fixed.sites.all()}
        named = {other["label"] for one in study.sites.all() for other in one.figures["neighbours"]}
    assert "Asby" in labels
    assert "Asby" not in named
    refused = ask(operator, more={"areas": [layer]}, sites=4)
    assert (refused.failure, refused.failure_values) == (
        "too_few_candidates", {"asked": 4, "there": 3},
    )  # fmt: skip


def test_a_range_that_is_too_short_names_the_stretch(operator: Operator) -> None:
    study = ask(operator, range_km=60.0)

    assert (study.state, study.failure) == ("failed", "stretch_too_long")
    with translation.override("en"):
        assert "from Boda to Cedra, 70.0 km" in failure_text(study)
    unknown = [*ROADS, Spot(16, 57, 9, "", {"from": "Dala", "to": "Nowhere"})]
    assert ask(operator, unknown).failure == "unknown_end"
    apart = ask(operator, [replace(ROADS[0], weight=20), replace(ROADS[2], weight=20)])
    assert (apart.failure, apart.failure_values) == ("falls_apart", {"parts": 2})
    with translation.override("en"):
        assert "2 parts that nothing joins" in failure_text(apart)
    with pytest.raises(InvalidInput):
        ask(operator, [])


def test_chains_go_from_end_to_end() -> None:
    assert [km for _one, km in chain([(2, 1, 5.0), (0, 1, 7.0)])] in ([0, 5, 12], [0, 7, 12])


def test_a_road_is_judged_in_all_its_parts_and_both_ways() -> None:
    names = tuple("ABCDEFGH")
    edges = (
        (0, 1, 50.0), (1, 2, 40.0), (1, 0, 70.0), (2, 1, 40.0),  # a row for each direction
        (1, 3, 30.0),  # branches off
        (4, 5, 90.0), (5, 6, 20.0),  # lies apart
    )  # fmt: skip
    roads = Roads(names, ((0.0, 0.0),) * 8, edges, ("E9",) * 7, ())

    everywhere = [Pool(one, names[one]) for one in (0, 1, 2, 4)]
    found = {(one["towards"], one["km"]): one for one in judged(roads, everywhere)}
    met = judged(Roads(names, roads.points, edges[:2], ("E9",) * 2, ()), [Pool(1, "B")])

    assert found["G", 110]["gap_km"] == found["E", 110]["gap_km"] == 110
    assert found["G", 110]["is_met"] is False
    ways = sorted(one["km"] for one in found.values())
    assert ways in ([30, 30, 90, 110, 110, 110], [40, 40, 80, 100, 110, 110])
    assert [(one["gap_km"], one["is_met"]) for one in met] == [(50, True), (50, True)]


def test_a_pool_towards_one_end_serves_that_direction_alone() -> None:
    names = ("Asby", "Boda", "Cedra")
    edges = ((0, 1, 50.0), (1, 2, 55.0))
    roads = Roads(
        names, ((0.0, 0.0),) * 3, edges, ("E9", "E9"), (),
        networks=("comprehensive",) * 2, light=(2_000.0, 2_500.0),
    )  # fmt: skip
    pools = [
        pool_at(1, "Strong", "cedra", 4, 150, stands=True),
        pool_at(1, "Weak", "", 2, 50, stands=True),
    ]

    ways = {one["towards"]: one for one in judged(roads, pools)}

    assert (ways["Cedra"]["gap_km"], ways["Cedra"]["is_met"]) == (55, True)
    assert (ways["Asby"]["gap_km"], ways["Asby"]["misses_km"]) == (105, 45)
    assert [one["is_met"] for one in ways["Asby"]["dates"]] == [False, False, False]
    assert ways["Asby"]["eases"] == "farther"
    (stretch,) = too_long(ways.values())
    assert (stretch["towards"], stretch["from"], stretch["to"]) == ("Asby", "Cedra", "Asby")
    strong, weak = pools_judged(roads, pools)
    assert [one["missing_kw"] for one in strong["dates"]] == [0, 0, 0]
    assert [one["missing_kw"] for one in weak["dates"]] == [500, 500, 1_100]
    assert weak["dates"][2]["missing_strong"] == 4
    assert judged(replace(roads, networks=("", "")), [])[0]["dates"] == []


def test_a_gap_goes_on_where_the_network_changes() -> None:
    names = ("Asby", "Boda", "Cedra")
    roads = Roads(
        names, ((0.0, 0.0),) * 3, ((0, 1, 50.0), (1, 2, 50.0)), ("E22", "E22"), (),
        networks=("core", "comprehensive"),
    )  # fmt: skip

    ends = judged(roads, [Pool(0, "Asby"), Pool(2, "Cedra")])
    met = judged(roads, [Pool(1, "Boda")])

    assert {one["network"] for one in ends} == {"core", "comprehensive"}
    assert [(one["km"], one["gap_km"], one["met_share"]) for one in ends] == [(50, 100, 0)] * 4
    assert not any(one["is_met"] for one in ends)
    assert [one["towards"] for one in too_long(ends)] == ["Asby", "Cedra"]
    assert [(one["gap_km"], one["is_met"], one["stations"]) for one in met] == [(50, True, 1)] * 4


def test_a_direction_that_leads_nowhere_is_refused_by_name(operator: Operator) -> None:
    def standing(towards: str) -> Mapping[str, list[Layer]]:
        spot = Spot(14, 57, 2, "Bodamacken", {"towards": towards})
        return {"existing": [make_layer(operator=operator, kind="existing_stations", spots=[spot])]}

    both = ask(operator, more=standing("Båda  riktningarna"), sites=1)
    unknown = ask(operator, more=standing("N"), sites=1)

    assert both.state == "done"
    assert all(one["stations"] >= 1 for one in both.result["roads"])
    assert (unknown.failure, unknown.failure_values) == (
        "unknown_towards", {"name": "N", "place": "Bodamacken"},
    )  # fmt: skip
    with translation.override("en"):
        assert "“Bodamacken” serves only the direction towards “N”" in failure_text(unknown)


def test_a_town_beside_the_road_tells_the_direction_too() -> None:
    names = ("Asby", "Boda", "Cedra", "Dala")
    roads = Roads(
        names, ((0.0, 0.0),) * 4, ((0, 1, 40.0), (1, 2, 40.0), (2, 3, 30.0)),
        ("E9", "E9", "E6"), (),
    )  # fmt: skip

    found = judged(roads, [Pool(1, "Boda", "dala")])
    ways = {one["towards"]: one for one in found if one["road"] == "E9"}

    assert (ways["Cedra"]["gap_km"], ways["Asby"]["gap_km"]) == (40, 80)


def test_what_was_not_foreseen_fails_the_study_and_keeps_nothing(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(running, "_site", broken)

    study = ask(operator)

    assert (study.state, study.failure, study.result) == ("failed", "error", {})
    with operator_scope(operator):
        assert not study.sites.exists()


def test_hexagons_lie_near_demand_and_roads(operator: Operator) -> None:
    towns = make_layer(operator=operator, kind="population", spots=TOWNS[:2])
    line = {"type": "LineString", "coordinates": [[13.0, 57.0], [13.02, 57.0]]}
    roads = make_layer(operator=operator, kind="roads", spots=[Spot(13.0, 57.0, 1, "E9", {}, line)])

    with operator_scope(operator):
        layer = generate_candidates(
            operator=operator, name="Hexagons", demand=[towns], roads=[roads],
            grid=Grid(7, 8.0, 4.0),
        )  # fmt: skip
        rows = list(layer.points.all())
        with pytest.raises(InvalidInput, match="too many hexagons"):
            generate_candidates(operator=operator, name="Fine", demand=[towns], grid=Grid(8, 100.0))

    assert (layer.kind, layer.origin, layer.read_as) == ("candidates", "generated", "H3 7")
    assert 3 < len(rows) < 40
    assert all(abs(one.longitude - 13.0) < 0.15 and one.label.startswith("Asby") for one in rows)


def test_hexagons_are_ranked_by_energy_not_by_unlike_numbers(operator: Operator) -> None:
    cars = make_layer(operator=operator, kind="vehicles", spots=[Spot(13, 57, 5_000, "Cars")])
    visits = make_layer(
        operator=operator, kind="places_of_interest", spots=[Spot(15, 57, 6_000, "Mall")]
    )

    with operator_scope(operator):
        layer = generate_candidates(
            operator=operator, name="Hexagons", demand=[cars, visits], grid=Grid(6, 3.0)
        )
        first, *_others, last = layer.points.order_by("number")

    assert first.label.startswith("Cars")
    assert last.label.startswith("Mall")
    assert first.weight == pytest.approx(5_000 * 0.22 * 11_500 * 0.19 * 1.08 * 0.6 / 1000, rel=1e-4)


def test_grid_and_areas_say_what_a_candidate_is_worth() -> None:
    places = (Place(13.0, 57.0, "A"), Place(14.0, 57.0, "B", grid_kw=50.0))
    grid = points_of_spots([Spot(13.01, 57.0, 200, "", {"connection_cost": 9_000})])
    ring = [[12.5, 56.5], [13.5, 56.5], [13.5, 57.5], [12.5, 57.5], [12.5, 56.5]]

    first, second = connected(places, grid)

    assert (first.grid_kw, first.connection) == (200, 9_000)
    assert second == places[1]
    assert inside(places, [{"type": "Polygon", "coordinates": [ring]}]) == places[:1]
    assert inside(places, []) == places


def test_a_demand_model_is_made_on_its_page_and_asked_with(operator: Operator) -> None:
    layer = make_layer(operator=operator, kind="vehicles", spots=TOWNS)
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    form = client.get(reverse("demand_model_create")).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    made = client.post(
        reverse("demand_model_create"),
        data | {"name": "Cars", "layers": [layer.pk], "without_parking": "50"},
    )

    with operator_scope(operator):
        model = DemandModel.objects.get()
    assert (model.assumptions, model.version) == ({"without_parking": 0.5}, 1)
    page = client.get(made["Location"])
    assert page.context["found"]["total_kwh"] == pytest.approx(
        40_000 * 0.5 * 11_500 * 0.19 * 1.08 * 0.6
    )
    assert page.context["sways"][0]["name"] in {"public_share", "without_parking"}
    edit = reverse("demand_model_edit", args=[model.public_id])
    assert client.post(edit, data | {"name": "Cars", "layers": [layer.pk]}).status_code == 302
    with operator_scope(operator):
        model.refresh_from_db()
    assert (model.assumptions, model.version) == ({}, 2)
    years = "2019 1234567\n2020 1560000\n2021 2110000; \n2022 3198000\n2023 4292000"
    bad = client.post(edit, data | {"name": "Cars", "layers": [layer.pk], "history": "2019"})
    assert "has no number from 0" in bad.context["form"].errors["history"][0]
    grown = data | {"history": years.replace(";", ""), "target_year": "2026", "name": "Cars"}
    assert client.post(edit, grown | {"layers": [layer.pk]}).status_code == 302
    page = client.get(made["Location"])
    assert page.context["growth"][-1]["year"] == 2028
    assert page.context["calibration"].sites == ()
    told = client.get(f"/api/v1/demand/{model.public_id}/result/").json()
    assert [one["year"] for one in told["growth"]] == list(range(2019, 2029))
    assert told["calibration"] == {"factor": None, "low": None, "high": None, "sites": []}
    with operator_scope(operator):
        model.refresh_from_db()
    assert 1.1 < model.assumptions["growth"] < 3
    again = client.get(edit).context["form"].initial["history"]
    assert again.splitlines()[0] == "2019 1234567"
    refused = client.post(reverse("demand_model_calibrate", args=[model.public_id]))
    assert refused.status_code == 302
    question = client.get(f"{reverse('study_create')}?demand_model={model.public_id}")
    form = question.context["form"]
    asked = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(reverse("study_create"), asked | {"name": "S"})
    assert answer.status_code == 302, answer.context["form"].errors
    with operator_scope(operator):
        study = Study.objects.get()
        assert study.parameters["demand_model"] == f"{model.public_id} (3)"
        assert [one.layer_id for one in study.used_layers.all()] == [layer.pk]


@pytest.mark.parametrize("pair", [[2020, -1], [2020, float("nan")], [2020.5, 1], [3000, 1]])
def test_a_history_that_cannot_be_is_refused(operator: Operator, pair: list[float]) -> None:
    layer = make_layer(operator=operator)

    with operator_scope(operator), pytest.raises(InvalidInput) as refused:
        create_model(operator=operator, name="Cars", layers=[layer], history=[[2019, 1], pair])

    assert refused.value.code == "history"
    with operator_scope(operator):
        assert not DemandModel.objects.exists()


def test_who_may_only_look_changes_no_demand_model(operator: Operator) -> None:
    model = make_demand_model(make_layer(operator=operator))
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.VIEWER))

    for name in ("demand_model_edit", "demand_model_delete"):
        assert client.post(reverse(name, args=[model.public_id]), {}).status_code == 403

    assert client.get(reverse("demand_model_detail", args=[model.public_id])).status_code == 200
    with operator_scope(operator):
        assert DemandModel.objects.get().version == 1
