"""``manage.py reconcile`` from outside: JSON lines in, one JSON list out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stations.management.reconcile_lines import UnreadableInput, reconcile_lines

ROOT = Path(__file__).resolve().parents[3]
CASE = (ROOT / "tests" / "corpus" / "plain-16.jsonl").read_bytes()
GOOD = {
    "at": "2026-05-04T08:00:01Z",
    "station": "CP1",
    "ocpp": "1.6",
    "frame": [2, "1", "Heartbeat", {}],
}


def run(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "reconcile"],
        input=data,
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=False,
        timeout=120,
    )


def errors_of(*items: object) -> list[tuple[str, str]]:
    data = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in items)
    out = reconcile_lines(data.encode())
    return [(one["error"]["code"], one["error"]["at"]) for one in out if "error" in one]


def test_command_prints_only_json_with_an_empty_environment() -> None:
    done = run(CASE)

    assert done.returncode == 0
    [session] = json.loads(done.stdout)
    assert list(session) == [
        *("station", "connector", "id_token", "started_at", "stopped_at"),
        *("energy_wh", "state", "findings"),
    ]
    assert session["energy_wh"] == "7420"


def test_unreadable_input_exits_with_2() -> None:
    done = run(b"\xff\xfe{}")

    assert done.returncode == 2
    assert done.stdout == b""
    assert b"not UTF-8" in done.stderr


def test_no_input_is_no_session() -> None:
    assert reconcile_lines(b"") == []
    assert reconcile_lines(b"\n \n") == []


def test_input_without_any_json_is_unreadable() -> None:
    with pytest.raises(UnreadableInput, match="No line"):
        reconcile_lines(b"station,at\nCP1,now\n")


def test_byte_order_mark_and_carriage_returns_are_tolerated() -> None:
    data = b"\xef\xbb\xbf" + CASE.replace(b"\n", b"\r\n")

    assert reconcile_lines(data) == reconcile_lines(CASE)


@pytest.mark.parametrize(
    ("item", "code", "where"),
    [
        ("{", "not_json", "line 2"),
        ("[" * 100_000, "not_json", "line 2"),
        ([1], "not_an_object", "line 2"),
        ({"context": []}, "bad_context", "line 2"),
        ({"context": {"CP1": {"zone": "Nowhere"}}}, "bad_context", "line 2: context"),
        (GOOD | {"station": ""}, "bad_station", "line 2: station"),
        (GOOD | {"station": 7}, "bad_station", "line 2: station"),
        (GOOD | {"dir": "up"}, "bad_direction", "line 2: dir"),
        (GOOD | {"ocpp": "1.5"}, "bad_version", "line 2: ocpp"),
        (GOOD | {"ocpp": []}, "bad_version", "line 2: ocpp"),
        (GOOD | {"at": "soon"}, "bad_time", "line 2: at"),
        (GOOD | {"at": 7}, "bad_time", "line 2: at"),
        (GOOD | {"frame": {}}, "bad_frame", "line 2: frame"),
        (GOOD | {"frame": [2, "1"]}, "bad_frame", "line 2: frame"),
        (GOOD | {"frame": [2, "1", "Heartbeat"]}, "bad_frame", "line 2: frame"),
        (GOOD | {"frame": [2, "1", 7, {}]}, "bad_frame", "line 2: frame"),
        (GOOD | {"frame": [2, "1", "StopTransaction", {}]}, "unreadable_message", "line 2: frame"),
        (GOOD | {"frame": [2, "1", "StopTransaction", 5]}, "unreadable_message", "line 2: frame"),
    ],
)
def test_bad_line_is_an_item_and_loses_nothing(item: Any, code: str, where: str) -> None:
    assert errors_of(GOOD, item) == [(code, where)]

    text = item if isinstance(item, str) else json.dumps(item)
    out = reconcile_lines(CASE + text.encode())
    assert out[0] == reconcile_lines(CASE)[0]
    assert len(out) == 2


def test_other_frames_are_passed_over() -> None:
    others = [
        GOOD,
        GOOD | {"frame": [3, "1", {"currentTime": "2026-05-04T08:00:01Z"}]},
        GOOD | {"frame": [4, "1", "InternalError", "", {}]},
        GOOD | {"frame": [2, "1", "NoSuchAction", {}]},
        GOOD | {"dir": "out", "frame": [3, "unasked", {"transactionId": 5}]},
        GOOD | {"dir": "out", "frame": [4, "1", "InternalError", "", {}]},
        GOOD | {"dir": "out", "frame": [2, "1", "Reset", {"type": "Hard"}]},
    ]

    assert reconcile_lines("\n".join(json.dumps(one) for one in others).encode()) == []


def test_stations_are_compared_as_given() -> None:
    other = CASE.replace(b'"CP1"', b'"cp1"')

    out = reconcile_lines(CASE + other)
    assert [one["station"] for one in out] == ["CP1", "cp1"]


def test_answer_belongs_to_the_last_call_of_its_id_before_it() -> None:
    def start(at: str, connector: int, number: int) -> list[dict[str, Any]]:
        payload = {"connectorId": connector, "idTag": "T", "meterStart": 0, "timestamp": at}
        call = GOOD | {"at": at, "frame": [2, "same", "StartTransaction", payload]}
        later = at.replace(":00Z", ":02Z")
        answer = {"transactionId": number, "idTagInfo": {"status": "Accepted"}}
        return [call, GOOD | {"at": later, "dir": "out", "frame": [3, "same", answer]}]

    def stop(at: str, number: int, meter: int) -> dict[str, Any]:
        payload = {"transactionId": number, "meterStop": meter, "timestamp": at}
        return GOOD | {"at": at, "frame": [2, "same", "StopTransaction", payload]}

    lines = [
        *start("2026-05-04T08:00:00Z", 1, 5),
        *start("2026-05-04T08:10:00Z", 2, 6),
        stop("2026-05-04T08:20:00Z", 6, 600),
        stop("2026-05-04T08:30:00Z", 5, 500),
    ]

    out = reconcile_lines("\n".join(json.dumps(one) for one in reversed(lines)).encode())
    assert [(one["connector"], one["energy_wh"], one["findings"]) for one in out] == [
        (1, "500", []),
        (2, "600", []),
    ]
