"""``manage.py plan``: JSON in, JSON out, from an empty environment."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from planning.management.plan_items import UnreadableInput, plan_item, plan_items
from planning.solving import neighbours

ROOT = Path(__file__).resolve().parents[3]
EDGES = [[1, 2, 3], [2, 3, 4], [3, 1, 5]]


def test_command_prints_json_alone_with_an_empty_environment() -> None:
    problem = {"model": "p-median", "p": 1, "edges": EDGES}
    wrong = {"model": "p-median", "p": "one", "edges": EDGES}

    ended = subprocess.run(
        [sys.executable, "manage.py", "plan"],
        cwd=ROOT, env={}, check=True, capture_output=True,
        input=json.dumps([problem, wrong]).encode(),
    )  # fmt: skip

    solved, refused = json.loads(ended.stdout)
    assert solved == {
        "chosen": [2], "objective": 7, "bound": 7, "gap": 0.0, "seconds": solved["seconds"],
    }  # fmt: skip
    assert refused == {
        "error": {"code": "not_a_number", "message": "A number is wanted here", "at": "[1].p"}
    }


def test_unreadable_input_exits_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = io.TextIOWrapper(io.BytesIO(b"{"))
    monkeypatch.setattr(sys, "stdin", reading)
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("plan", stdout=out, stderr=err)

    assert (ended.value.code, out.getvalue()) == (2, "")
    assert err.getvalue().startswith("The input is not JSON")


@pytest.mark.parametrize("data", [b"", b"\xff", b"3", b'"x"', b"[" * 100_000])
def test_unreadable_input_is_told_from_bad_problems(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        plan_items(data)


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ({"model": None}, "missing", "model"),
        ({"model": "best"}, "unknown_model", "model"),
        ({"p": None}, "missing", "p"),
        ({"p": -1}, "negative", "p"),
        ({"p": 1.5}, "not_whole", "p"),
        ({"p": True}, "not_a_number", "p"),
        ({"edges": []}, "empty", "edges"),
        ({"edges": {}}, "not_a_list", "edges"),
        ({"edges": [[1, 2]]}, "wrong_length", "edges[0]"),
        ({"edges": [[1, 0, 3]]}, "out_of_range", "edges[0][1]"),
        ({"edges": [[1, 2, -3]]}, "negative", "edges[0][2]"),
        ({"edges": [[1, 2, float("nan")]]}, "not_finite", "edges[0][2]"),
        ({"edges": [[1, 2, 10**400]]}, "not_finite", "edges[0][2]"),
        ({"edges": [[1, 99999, 3]]}, "out_of_range", "edges[0][1]"),
        ({"points": [[0, 0]]}, "missing", "edges"),
        ({"weights": [1, 1]}, "wrong_length", "weights"),
        ({"weights": [1, -1, 1]}, "negative", "weights[1]"),
        ({"existing": [4]}, "out_of_range", "existing[0]"),
        ({"existing": [2, 2]}, "duplicate", "existing[1]"),
        ({"time_limit": 0}, "not_positive", "time_limit"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], code: str, at: str) -> None:
    answer = plan_item({"model": "p-median", "p": 1, "edges": EDGES, **change}, "")

    assert (answer["error"]["code"], answer["error"]["at"]) == (code, at)


def test_more_pairs_in_reach_than_memory_holds_are_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbours, "MOST_PAIRS", 3)
    problem = {"model": "mclp", "p": 1, "radius": 9, "demand": [[0, 0], [1, 1], [2, 2]]}

    found = plan_item(problem, "")

    assert found["error"]["code"] == "too_large"
