"""A station's surroundings from JSON."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from stations.hardware.quirks import NAMED_QUIRKS, Quirks
from stations.sessions.context import SessionContext, parse_context


def test_everything_is_optional() -> None:
    assert parse_context({}) == SessionContext()
    assert parse_context({"zone": None, "max_power_w": None, "quirks": None}).zone is UTC


def test_members_are_read() -> None:
    context = parse_context(
        {"zone": "Europe/Stockholm", "max_power_w": 22000, "quirks": {"energy_unit": "Wh"}}
    )

    assert context.zone == ZoneInfo("Europe/Stockholm")
    assert context.max_power_w == Decimal(22000)
    assert context.quirks == Quirks(energy_unit="Wh")


def test_named_quirks_stand_for_members() -> None:
    context = parse_context({"quirks": ["energy_without_unit_is_kwh", "single_phase"]})

    assert context.quirks == Quirks(default_energy_unit="kWh", phases=1)
    assert parse_context({"quirks": {"single_phase": False}}).quirks == Quirks()
    for name in NAMED_QUIRKS:
        assert parse_context({"quirks": [name]}).quirks != Quirks()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "must be an object"),
        ({"zone": "Mars/Base"}, "unknown zone"),
        ({"zone": "../../etc"}, "unknown zone"),
        ({"max_power_w": 0}, "max_power_w"),
        ({"max_power_w": "lots"}, "max_power_w"),
        ({"max_power_w": True}, "max_power_w"),
        ({"max_power_w": "NaN"}, "max_power_w"),
        ({"quirks": 7}, "quirks must be"),
        ({"quirks": {"warp": 1}}, "unknown quirk 'warp'"),
        ({"quirks": ["warp"]}, "unknown quirk 'warp'"),
        ({"quirks": {"energy_unit": "MWh"}}, "energy_unit"),
        ({"quirks": {"phases": 4}}, "phases"),
        ({"quirks": {"phases": True}}, "phases"),
        ({"quirks": {"energy_factor": -1}}, "energy_factor"),
        ({"quirks": {"register_modulus_wh": {}}}, "register_modulus_wh"),
    ],
)
def test_what_is_wrong_is_named(data: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_context(data)
