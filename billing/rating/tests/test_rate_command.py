"""``manage.py rate`` from outside: JSON in, JSON out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from billing.management.rate_items import UnreadableInput, rate_items

DIMENSIONS = ("TIME", "PARKING_TIME", "ENERGY", "MAX_POWER", "MIN_CURRENT")
ROOT = Path(__file__).resolve().parents[3]
TARIFF: dict[str, Any] = {
    "currency": "SEK",
    "elements": [
        {
            "price_components": [
                {"type": "ENERGY", "price": 4.05, "vat": 25.0, "step_size": 1},
                {"type": "TIME", "price": 1, "vat": 25.0, "step_size": 1},
            ]
        }
    ],
    "tax_included": "NO",
}
PERIOD = {
    "start_date_time": "2026-06-15T08:00:00Z",
    "duration_s": 1000,
    "dimensions": [{"type": "TIME", "volume": 0.277778}, {"type": "ENERGY", "volume": 10.1}],
}
SESSION: dict[str, Any] = {
    "time_zone": "Europe/Stockholm",
    "start_date_time": "2026-06-15T08:00:00Z",
    "end_date_time": "2026-06-15T08:16:40Z",
    "charging_periods": [PERIOD],
}
ITEM = {"tariff": TARIFF, "session": SESSION}


FULL_TARIFF = TARIFF | {
    "elements": [
        {
            "price_components": TARIFF["elements"][0]["price_components"],
            "restrictions": {
                "start_time": "08:00",
                "end_time": "20:00",
                "start_date": "2026-01-01",
                "max_kwh": 20,
                "min_power": 1,
                "max_duration": 7200,
                "day_of_week": ["MONDAY"],
            },
        }
    ],
    "min_price": {"before_taxes": 1, "after_taxes": 1.25},
    "extras": {
        "idle": {
            "grace_seconds": 900,
            "cap": 200,
            "free_hours": [{"start_time": "22:00", "end_time": "07:00"}],
        },
        "minimum": {"energy_wh": 100},
        "spot": {"area": "SE3", "mark_up": [{"price": 0.1, "from": "2026-01-01"}]},
    },
}

FULL_SESSION = SESSION | {
    "charging_periods": [
        PERIOD | {"dimensions": [{"type": name, "volume": 1} for name in DIMENSIONS]},
        PERIOD | {"start_date_time": "2026-06-15T08:16:40Z", "reservation": "RESERVATION"},
    ],
    "spot_prices": [
        {
            "start_date_time": "2026-06-15T08:00:00Z",
            "end_date_time": "2026-06-15T09:00:00Z",
            "price": 1,
        }
    ],
    "idle_free_until": "2026-06-15T08:10:00Z",
    "evse_max_power_kw": 22,
}


def run(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "rate"],
        input=data,
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=False,
        timeout=120,
    )


def rated(item: Any) -> Any:
    return rate_items(json.dumps(item).encode())


def component(**values: Any) -> dict[str, Any]:
    return TARIFF | {"elements": [{"price_components": [{"type": "ENERGY", "price": 1} | values]}]}


def restricted(**limits: Any) -> dict[str, Any]:
    price = {"type": "ENERGY", "price": 1}
    return TARIFF | {"elements": [{"price_components": [price], "restrictions": limits}]}


def test_command_prints_only_json_with_an_empty_environment() -> None:
    done = run(json.dumps([ITEM, {"tariff": TARIFF}]).encode())

    assert done.returncode == 0
    assert json.loads(done.stdout) == [
        {
            "currency": "SEK",
            "total_before_taxes": "41.18277777777777777778",
            "total_after_taxes": "51.47847222222222222222",
            "lines": [
                {
                    "type": "ENERGY",
                    "billed_quantity": "10100",
                    "unit": "Wh",
                    "price": "4.05",
                    "vat": "25.0",
                    "amount": "40.905",
                },
                {
                    "type": "TIME",
                    "billed_quantity": "1000",
                    "unit": "s",
                    "price": "1",
                    "vat": "25.0",
                    "amount": "0.27777777777777777778",
                },
            ],
        },
        {"error": {"code": "missing", "message": "session is missing", "at": "[1].session"}},
    ]


def test_unreadable_input_exits_with_2() -> None:
    done = run(b'{"tariff": ')

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"not JSON" in done.stderr


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"7", b'"text"', b"[" * 100_000])
def test_what_is_no_list_and_no_object_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        rate_items(data)


def test_one_object_gives_one_object_and_vectors_a_list() -> None:
    assert rated({"vectors": [ITEM], "title": "any"}) == [rated(ITEM)]


def test_version_2_2_1_gives_the_same() -> None:
    limits = {"min_price": {"before_taxes": 50, "after_taxes": 62.5}}
    old = {key: value for key, value in TARIFF.items() if key != "tax_included"}
    old_limits = {"min_price": {"excl_vat": 50, "incl_vat": 62.5}}

    new = rated(ITEM | {"tariff": TARIFF | limits})

    assert new["total_after_taxes"] == "62.5"
    assert rated(ITEM | {"tariff": old | old_limits}) == new


@pytest.mark.parametrize(
    ("tariff", "code", "where"),
    [
        (5, "not_an_object", "tariff"),
        (TARIFF | {"currency": "XXX"}, "unknown_currency", "tariff.currency"),
        (TARIFF | {"elements": []}, "missing", "tariff.elements"),
        (TARIFF | {"elements": [{}]}, "missing", "tariff.elements[0].price_components"),
        (
            TARIFF | {"elements": TARIFF["elements"] * 2},
            *("two_defaults", "tariff.elements[1]"),
        ),
        (
            TARIFF | {"start_date_time": "2026-02-01T00:00:00Z", "end_date_time": "2026-01-01"},
            *("ends_before_start", "tariff.end_date_time"),
        ),
        (TARIFF | {"ocpi_version": "3.0"}, "wrong_version", "tariff.ocpi_version"),
        (TARIFF | {"min_price": 5}, "wrong_version", "tariff.min_price"),
        ({"status_code": 1000, "data": TARIFF}, "not_a_tariff", "tariff"),
        (
            TARIFF | {"min_price": {"before_taxes": 1, "excl_vat": 1}},
            *("mixed_versions", "tariff.min_price"),
        ),
        (
            component(price=-1),
            *("negative_price", "tariff.elements[0].price_components[0].price"),
        ),
        (component(type="POWER"), "unknown_value", "tariff.elements[0].price_components[0].type"),
        (
            component(price="NaN"),
            *("bad_number", "tariff.elements[0].price_components[0].price"),
        ),
        (
            component(step_size=0),
            *("too_small", "tariff.elements[0].price_components[0].step_size"),
        ),
        (
            restricted(min_kwh=5, max_kwh=5),
            *("impossible_restriction", "tariff.elements[0].restrictions.max_kwh"),
        ),
        (
            restricted(start_date="2026-02-01", end_date="2026-01-01"),
            *("impossible_restriction", "tariff.elements[0].restrictions.end_date"),
        ),
        (
            restricted(start_time="08:00", end_time="08:00"),
            *("impossible_restriction", "tariff.elements[0].restrictions.end_time"),
        ),
        (
            restricted(start_time="24:00"),
            *("bad_clock", "tariff.elements[0].restrictions.start_time"),
        ),
        (
            restricted(reservation="RESERVATION"),
            *("impossible_restriction", "tariff.elements[0].restrictions.reservation"),
        ),
        (
            restricted(max_speed=5),
            *("unknown_field", "tariff.elements[0].restrictions.max_speed"),
        ),
        (
            TARIFF | {"extras": {"idle": {"grace": 5}}},
            *("unknown_field", "tariff.extras.idle.grace"),
        ),
    ],
)
def test_bad_tariff_is_an_item(tariff: Any, code: str, where: str) -> None:
    [good, bad] = rated([ITEM, {"tariff": tariff, "session": SESSION}])

    assert good["currency"] == "SEK"
    assert (bad["error"]["code"], bad["error"]["at"]) == (code, f"[1].{where}")


@pytest.mark.parametrize(
    ("session", "code", "where"),
    [
        (SESSION | {"time_zone": "Mars/Base"}, "unknown_zone", "session.zone"),
        (SESSION | {"start_date_time": "soon"}, "bad_time", "session.start_date_time"),
        (
            SESSION | {"end_date_time": "2026-06-15T07:00:00Z"},
            *("ends_before_start", "session.ended_at"),
        ),
        (
            SESSION | {"charging_periods": [PERIOD, PERIOD]},
            *("overlap", "session.charging_periods[1].start_date_time"),
        ),
        (
            SESSION | {"charging_periods": [PERIOD | {"duration_s": -1}]},
            *("too_small", "session.charging_periods[0].duration_s"),
        ),
        (
            SESSION | {"charging_periods": [PERIOD | {"dimensions": [{"type": "ENERGY"}]}]},
            *("missing", "session.charging_periods[0].dimensions[0].volume"),
        ),
    ],
)
def test_bad_session_is_an_item(session: Any, code: str, where: str) -> None:
    error = rated({"tariff": TARIFF, "session": session})["error"]

    assert (error["code"], error["at"]) == (code, where)


def test_missing_spot_price_is_never_guessed() -> None:
    spot = TARIFF | {"elements": [], "extras": {"spot": {"area": "SE3", "vat": 25}}}
    known = {
        "start_date_time": "2026-06-15T08:00:00Z",
        "end_date_time": "2026-06-15T09:00:00Z",
        "price": "0.5",
    }

    priced = rated({"tariff": spot, "session": SESSION | {"spot_prices": [known]}})
    missing = rated(
        {"tariff": spot, "session": SESSION | {"spot_prices": [known | {"price": None}]}}
    )

    assert priced["total_after_taxes"] == "6.3125"
    assert missing["error"]["code"] == "spot_price_missing"


JUNK: tuple[Any, ...] = (
    *(None, True, -1, 0, 1e300, "", "x", "NaN", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    *([], [None], {}, {"x": []}, "\ud800", "../../etc/passwd", 10**40, "1e-27", 0.1 + 0.2),
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside."""
    if not isinstance(value, dict | list):
        return [at]
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [at, *(path for key, one in inner for path in places(one, (*at, key)))]


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = value.copy()
    copy[path[0]] = replaced(copy[path[0]], path[1:], junk)
    return copy


def test_any_member_may_be_junk() -> None:
    full = {"tariff": FULL_TARIFF, "session": FULL_SESSION}
    items = [replaced(full, path, junk) for path in places(full) if path for junk in JUNK]

    answers = rated(items)

    assert len(answers) == len(items) > 500
    assert all("error" in one or "currency" in one for one in answers)
    json.dumps(answers).encode()
