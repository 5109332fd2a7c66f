"""Comparing belief and record: every kind of difference, and none where all is well."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from stations.simulator.comparison import Recorded, compare, summary

BELIEVED: dict[str, Any] = {
    "station": "CP-1",
    "transaction_id": "7",
    "energy_wh": 5200.4,
    "meter_fault": "none",
    "delivered": True,
}
RECORDED = Recorded(
    station="CP-1", transaction_id="7", state="ended", energy_wh=Decimal(5200), is_held=False
)


def kinds(believed: list[dict[str, Any]], recorded: list[Recorded]) -> list[str]:
    return [difference.kind for difference in compare(believed, recorded)]


def test_rounding_to_whole_watt_hours_is_no_difference() -> None:
    assert kinds([BELIEVED], [RECORDED]) == []
    assert summary([BELIEVED], [RECORDED], [])["agree"] is True


@pytest.mark.parametrize(
    ("believed", "recorded", "kind"),
    [
        ([BELIEVED], [], "missing"),
        ([], [RECORDED], "extra"),
        ([BELIEVED], [RECORDED, RECORDED], "twice"),
        ([BELIEVED], [replace(RECORDED, state="active")], "open"),
        ([BELIEVED], [replace(RECORDED, energy_wh=Decimal(5203))], "energy"),
        ([BELIEVED], [replace(RECORDED, energy_wh=None)], "energy"),
        ([{**BELIEVED, "meter_fault": "reset"}], [replace(RECORDED, energy_wh=None)], "not_held"),
    ],
)
def test_each_difference_is_told(
    believed: list[dict[str, Any]], recorded: list[Recorded], kind: str
) -> None:
    assert kinds(believed, recorded) == [kind]


def test_what_a_bad_meter_spoilt_may_be_held() -> None:
    spoilt = replace(RECORDED, energy_wh=Decimal(12), is_held=True)

    assert kinds([{**BELIEVED, "meter_fault": "zero_stop"}], [spoilt]) == []


def test_nothing_from_a_silent_meter_is_what_it_said() -> None:
    nothing = replace(RECORDED, energy_wh=Decimal(0))

    assert kinds([{**BELIEVED, "meter_fault": "silent"}], [nothing]) == []
    assert kinds([BELIEVED], [nothing]) == ["energy"]


def test_what_was_never_delivered_may_be_missing() -> None:
    assert kinds([{**BELIEVED, "delivered": False}], []) == []
