"""``manage.py uptime`` from outside: JSON in, JSON out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stations.management.uptime_items import UnreadableInput, uptime_items

ROOT = Path(__file__).resolve().parents[3]
VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "vectors.json").read_text(encoding="utf-8")
)
YEAR = ["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]
DAY = ["2025-03-10T00:00:00Z", "2025-03-11T00:00:00Z"]


def figures(item: Any) -> Any:
    return uptime_items(json.dumps(item).encode())


def run(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "uptime"],
        cwd=ROOT,
        input=data,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: str(one["id"]))
def test_a_vector_gives_exactly_its_figures(vector: dict[str, Any]) -> None:
    given = {name: value for name, value in vector.items() if name != "expected"}

    assert figures(given) == vector["expected"]


def test_the_command_needs_no_environment_and_keeps_the_order() -> None:
    bad = {"scheme": "NEVI", "period": YEAR, "outages": [["2025-02-01T00:00:00Z"]]}

    done = run(json.dumps([*VECTORS, bad]).encode())

    assert done.returncode == 0
    *found, error = json.loads(done.stdout)
    assert found == [vector["expected"] for vector in VECTORS]
    assert error == {
        "error": {
            "code": "bad_row",
            "message": "A row has 2 members",
            "at": f"[{len(VECTORS)}].outages[0]",
        }
    }


def test_unreadable_input_exits_with_2() -> None:
    done = run(b"{")

    assert done.returncode == 2
    assert done.stdout == b""
    assert b"not JSON" in done.stderr
    for data in (b"\xff", b"1", b'"text"', b"null"):
        with pytest.raises(UnreadableInput):
            uptime_items(data)


@pytest.mark.parametrize(
    ("item", "code", "at"),
    [
        (1, "not_an_object", ""),
        ({}, "missing", "scheme"),
        ({"scheme": "MOON"}, "unknown_scheme", "scheme"),
        ({"scheme": ["NEVI"]}, "bad_text", "scheme"),
        ({"scheme": "NEVI"}, "missing", "period"),
        ({"scheme": "NEVI", "period": YEAR[::-1]}, "bad_period", "period"),
        ({"scheme": "NEVI", "period": [YEAR[0], YEAR[0]]}, "bad_period", "period"),
        ({"scheme": "NEVI", "period": ["2025-01-01", YEAR[1]]}, "bad_time", "period[0]"),
        ({"scheme": "NEVI", "period": YEAR, "outages": [YEAR[::-1]]}, "bad_period", "outages[0]"),
        ({"scheme": "NEVI", "period": YEAR, "outages": {}}, "not_a_list", "outages"),
        ({"scheme": "NEVI", "period": YEAR, "hours": [6, 6]}, "bad_hours", "hours"),
        ({"scheme": "NEVI", "period": YEAR, "hours": [6.5, 22]}, "bad_hours", "hours"),
        (
            {"scheme": "NEVI", "period": YEAR, "denominator_min": -1},
            "bad_number",
            "denominator_min",
        ),
        ({"scheme": "OCPP_GAP", "period": DAY, "threshold_s": 600}, "missing", "messages"),
        (
            {"scheme": "OCPP_STATUS", "period": DAY, "statuses": [[DAY[0], "Happy"]]},
            "unknown_status",
            "statuses[0][1]",
        ),
        (
            {"scheme": "UK_PCPR_2023", "evses": [{"minutes_in_open_hours": {"FINE": 1}}]},
            "unknown_status",
            "evses[0].minutes_in_open_hours",
        ),
        (
            {"scheme": "CHARGEX_KPI", "attempts": [["d1", DAY[0], True]]},
            "bad_number",
            "attempts[0][2]",
        ),
        (
            {
                "scheme": "PORT_FROM_CONNECTORS",
                "period": DAY,
                "connector_faults": {"1": []},
                "mandatory": ["2"],
            },
            "unknown_connector",
            "mandatory",
        ),
    ],
)
def test_bad_input_is_named_with_its_place(item: Any, code: str, at: str) -> None:
    found = figures([item])[0]["error"]

    assert (found["code"], found["at"]) == (code, ".".join(("[0]", at)).rstrip("."))


def test_outages_that_overlap_count_once_and_open_ones_last_until_the_end() -> None:
    outages = [
        ["2025-12-30T00:00:00Z", "2025-12-31T12:00:00Z", "Faulted"],
        ["2025-12-31T00:00:00Z", None, "offline"],
        [None, "2025-01-01T01:00:00Z", "Faulted"],
    ]

    found = figures({"scheme": "NEVI", "period": YEAR, "outages": outages})

    assert found["T_outage_min"] == 2 * 1440 + 60


def test_what_the_rule_does_not_list_excludes_nothing() -> None:
    down = ["2025-02-01T00:00:00Z", "2025-02-03T00:00:00Z"]
    item = {"scheme": "NEVI", "period": YEAR, "outages": [[*down, "modem offline"]]}

    assert figures(item | {"exclusions": [[*down, "modem offline"]]})["T_excluded_min"] == 0
    assert figures(item | {"exclusions": [[*down, "Natural disaster"]]})["T_excluded_min"] == 2880


def test_a_leap_year_is_divided_by_the_minutes_of_the_rule() -> None:
    period = ["2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"]
    one_hour = [["2024-02-29T00:00:00Z", "2024-02-29T01:00:00Z"]]

    found = figures({"scheme": "NEVI", "period": period, "outages": one_hour})

    assert found["uptime_pct"] == round(100 * (525_600 - 60) / 525_600, 4)
    whole = figures({"scheme": "NEVI", "period": period, "outages": [period]})
    assert whole["uptime_pct"] == 0.0


def test_silence_at_the_edges_of_the_day_counts() -> None:
    item = {
        "scheme": "OCPP_GAP",
        "period": DAY,
        "threshold_s": 600,
        "messages": ["2025-03-10T01:00:00Z", "2025-03-10T01:05:00Z"],
    }

    found = figures(item)

    assert found["n_outages"] == 2
    assert found["outage_min_from_last_seen"] == 1440 - 5


def test_figures_of_nothing_are_null() -> None:
    assert figures({"scheme": "CHARGEX_KPI", "attempts": []})["visit_success_rate_pct"] is None
    assert figures({"scheme": "UK_PCPR_2023", "evses": []})["meets_99_A"] is None
    found = figures({"scheme": "OCPP_STATUS", "period": DAY, "statuses": []})
    assert found == {"outage_min": 0.0, "availability_pct": None}
