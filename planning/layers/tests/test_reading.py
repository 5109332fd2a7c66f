"""Reading files: what they are, how they are meant, and what is wrong with them by name."""

from __future__ import annotations

import json
import sqlite3
import struct
from typing import Any

import pytest

from planning.layers.mapping import FileMapping, guessed
from planning.layers.numbers import number_of
from planning.layers.plan import LayerPlan, plan_of
from planning.layers.reading.files import fit_to_keep, read_file
from planning.layers.reading.table import FileError

LUND_TM = (386_500.0, 6_174_900.0)


def _plan(raw: bytes, kind: str = "population", **changes: Any) -> LayerPlan:
    table = read_file(raw)
    mapping = FileMapping(**{**guessed(table, kind).as_json(), **changes})
    return plan_of(table, mapping, kind)


def _codes(plan: LayerPlan) -> list[tuple[str, int]]:
    return [(one.code, one.row) for one in plan.problems]


def test_swedish_csv_is_read_as_it_is_meant() -> None:
    raw = (
        "Tätort;Öst;Nord;Folkmängd\n"
        f"Lund;{LUND_TM[0]:.0f};{LUND_TM[1]:.0f};94 393\n"
        "Malmö;374027,5;6163560,25;362 133,5\n"
    ).encode("cp1252")

    plan = _plan(raw)

    assert (plan.epsg, plan.problem_count) == (3006, 0)
    assert [(one.label, one.weight) for one in plan.spots] == [("Lund", 94393), ("Malmö", 362133.5)]
    assert plan.spots[0].latitude == pytest.approx(55.70, abs=0.02)
    assert plan.spots[0].longitude == pytest.approx(13.19, abs=0.02)


def test_geojson_lines_stand_at_their_middle_with_their_geometry() -> None:
    line = {"type": "LineString", "coordinates": [[13.0, 55.6], [13.2, 55.7], [13.4, 55.8]]}
    raw = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": line, "properties": {"ÅDT": 31000, "väg": "E22"}}
            ],
        }
    ).encode()

    (spot,) = _plan(raw, "traffic", weight="ÅDT").spots

    assert (spot.longitude, spot.latitude) == pytest.approx((13.2, 55.7), abs=1e-6)
    assert (spot.weight, spot.label, spot.geometry) == (31000, "E22", line)


def test_a_stretch_of_road_without_a_length_has_none() -> None:
    line = {"type": "LineString", "coordinates": [[13.0, 55.6], [13.2, 55.7]]}
    ends = {"from": "Malmö", "to": "Lund", "road": "E22"}
    feature = {"type": "Feature", "geometry": line, "properties": ends}
    raw = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()

    (spot,) = _plan(raw, "roads").spots

    assert (spot.weight, spot.values["from"], spot.values["to"]) == (0, "Malmö", "Lund")


def _geopackage(path: Any) -> bytes:
    with sqlite3.connect(path) as file:
        file.executescript(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id);"
            "INSERT INTO gpkg_spatial_ref_sys VALUES (3006, 'EPSG', 3006);"
            "CREATE TABLE gpkg_contents (table_name, data_type);"
            "INSERT INTO gpkg_contents VALUES ('places', 'features');"
            "CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id);"
            "INSERT INTO gpkg_geometry_columns VALUES ('places', 'geom', 3006);"
            "CREATE TABLE places (fid, geom, namn, capacity_kw)"
        )
        blob = b"GP\x00\x01" + struct.pack("<i", 3006) + struct.pack("<BIdd", 1, 1, *LUND_TM)
        file.execute("INSERT INTO places VALUES (1, ?, 'Lund', 630)", [blob])
    file.close()
    return bytes(path.read_bytes())


def test_geopackage_names_its_own_system(tmp_path: Any) -> None:
    raw = _geopackage(tmp_path / "a.gpkg")

    plan = _plan(raw, "grid")

    assert (plan.epsg, plan.spots[0].label, plan.spots[0].weight) == (3006, "Lund", 630)
    assert plan.spots[0].latitude == pytest.approx(55.70, abs=0.02)
    with pytest.raises(FileError, match="not_geopackage"):
        read_file(raw[:3000])


HEAD = "name,lon,lat,population\n"


@pytest.mark.parametrize(
    ("rows", "changes", "codes"),
    [
        ("A,55.6,13.0,1\nB,59.3,18.0,2\n", {}, [("swapped", 0)]),
        ("A,386500,6174900,1\n", {"epsg": 4326}, [("other_system", 0)]),
        ("A,13.0,55.6,1\n", {"epsg": 3006}, [("other_system", 0)]),
        ("A,6174900,386500,1\n", {"epsg": 3006}, [("swapped", 0)]),
        ("A,13.0,55.6,-1\nB,13.1,55.6,\nC,13.2,55.6,many\nD,,55.6,1\n", {},
         [("negative_weight", 2), ("missing_weight", 3), ("no_number", 4), ("no_position", 5)]),
        ("A,13.0,55.6,1\nB,13.1,55.6,1\nC,0,0,1\n", {}, [("at_zero", 4)]),
        ("A,13.0,55.6,1\nB,13.0,55.6,2\n", {"duplicates": "refuse"}, [("double", 3)]),
        ("A,13.0,55.6,1\n", {"weight": ""}, [("no_weight_column", 0)]),
        ("A,13.0,55.6,1\n", {"latitude": "", "epsg": 99},
         [("no_latitude", 0), ("unknown_system", 0)]),
        ("A,13.0,55.6,-1\n", {"leaves_out_wrong": True}, [("nothing_left", 0)]),
    ],
)  # fmt: skip
def test_bad_input_is_named(
    rows: str, changes: dict[str, Any], codes: list[tuple[str, int]]
) -> None:
    plan = _plan((HEAD + rows).encode(), **changes)

    assert _codes(plan) == codes
    assert not plan.is_good


def test_the_probable_system_is_told() -> None:
    plan = _plan((HEAD + "A,1320000,6170000,1\n").encode(), epsg=3006)

    assert plan.problems[0].params == {"epsg": 3021, "chosen": 3006}


def test_odd_rows_are_told_and_kept_or_left_out() -> None:
    rows = "A,13.0,55.6,1\nB,13.0,55.6,2\nC,19.0,58.3,3\nD,14.0,56.0,x\n"

    kept = _plan((HEAD + rows).encode(), leaves_out_wrong=True)
    added = _plan((HEAD + rows).encode(), leaves_out_wrong=True, duplicates="sum")

    assert [(one.code, one.count, one.rows) for one in kept.warnings] == [
        ("wrong_left_out", 1, ()), ("doubles_kept", 1, (3,)), ("at_sea", 1, (4,)),
    ]  # fmt: skip
    assert (len(kept.spots), kept.left_out, kept.is_good) == (3, 1, True)
    assert [one.weight for one in added.spots] == [3, 3]
    assert added.left_out == 2


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"  \n", "empty_file"),
        (b"name,lon,lat\n", "no_rows"),
        (b'{"type": "FeatureCollection", "features": []}', "no_rows"),
        (b'{"type": "FeatureCollection"', "not_json"),
        (b'{"a": 1}', "strange_json"),
        (b"PK\x03\x04rest", "archive"),
        ("namn,lon\nMalmÃ¶,1\n".encode(), "broken_before"),
        ("namn,lon\nHörby,1\n".encode("cp850"), "other_encoding"),
        (b"SQLite format 3\x00 and nothing", "not_geopackage"),
        (b"lon,lat\n" + b"1,2\n" * 100_001, "too_many_rows"),
        (b"a" * 25_000_001, "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw: bytes, code: str) -> None:
    with pytest.raises(FileError) as refused:
        read_file(raw)

    assert refused.value.code == code


def test_stations_of_open_charge_map_are_kept_without_people() -> None:
    raw = json.dumps(
        [
            {
                "ID": 7,
                "AddressInfo": {"Title": "Torget", "Latitude": 55.7, "Longitude": 13.2},
                "Connections": [{"PowerKW": 150, "Quantity": 2}, {"PowerKW": 22}],
                "UserComments": [{"UserName": "Somebody"}],
                "MediaItems": [{"User": {"Username": "Somebody"}}],
            }
        ]
    ).encode()

    (spot,) = _plan(raw, "existing_stations").spots

    assert (spot.label, spot.weight, spot.values["power_kw"]) == ("Torget", 3, 150)
    assert b"Somebody" not in fit_to_keep(raw)


def test_stations_of_nobil_and_ocpi() -> None:
    nobil = {"chargerstations": [{
        "csmd": {"id": 1, "name": "Torget", "Position": "(55.7,13.2)", "Number_charging_points": 4},
        "attr": {"conn": {"1": {"5": {"trans": "150 kW DC"}}}},
    }]}  # fmt: skip
    ocpi = {"data": [{
        "id": "L1", "name": "Torget", "coordinates": {"latitude": "55.7", "longitude": "13.2"},
        "evses": [{"status": "AVAILABLE", "connectors": [{"max_electric_power": 50000}]},
                  {"status": "REMOVED", "connectors": []}],
    }]}  # fmt: skip

    found = [_plan(json.dumps(one).encode(), "existing_stations").spots for one in (nobil, ocpi)]

    assert [(one[0].weight, one[0].values["power_kw"]) for one in found] == [(4, 150), (1, 50)]
    assert [(one[0].longitude, one[0].latitude) for one in found] == [(13.2, 55.7)] * 2


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1 234,5", 1234.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("−3", -3), ("12.500", 12.5)],
)
def test_numbers_as_people_write_them(cell: str, number: float) -> None:
    assert number_of(cell) == number
