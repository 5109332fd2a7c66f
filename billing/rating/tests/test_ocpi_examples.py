"""The worked examples of the OCPI text (2.2.1 and 2.3.0, mod_tariffs and mod_cdrs).

Where the text contradicts itself the arithmetic counts: the Saturday of the complex tariff is
114 min at 1.25, and a step of 100 Wh is applied.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from billing.rating.engine import rate
from billing.rating.tests.building import element, in_phases, local, price, tariff
from billing.tariffs.model import Tariff

NOON = "2026-06-15T10:00"  # a Monday
WEEK = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
KWH, FEE = price("ENERGY", "0.25", "10"), price("FLAT", "0.50", "20")
MIN_PRICE = {"before_taxes": "0.5", "after_taxes": "0.55"}
MAX_PRICE = {"before_taxes": 10, "after_taxes": 11}


def euro(*elements: dict[str, Any], **more: Any) -> Tariff:
    return tariff(*elements, currency="EUR", **more)


RESERVED_60 = euro(
    element(price("TIME", "5", "20", 60), reservation="RESERVATION"), element(FEE, KWH)
)
RESERVED_FEE = euro(
    element(price("FLAT", "2", "20"), price("TIME", "5", "20", 300), reservation="RESERVATION"),
    element(FEE, KWH),
)
EXPIRE_FEE = euro(
    element(price("FLAT", "4", "20"), reservation="RESERVATION_EXPIRES"),
    element(price("TIME", "2", "20", 600), reservation="RESERVATION"),
    element(FEE, KWH),
)
EXPIRE_TIME = euro(
    element(price("TIME", "6", "20", 600), reservation="RESERVATION_EXPIRES"),
    element(price("TIME", "3", "20", 600), reservation="RESERVATION"),
    element(FEE, KWH),
)
COMPLEX = euro(
    element(price("FLAT", "2.5", "15")),
    element(price("TIME", "1", "20", 900), max_current=32),
    element(price("TIME", "2", "20", 600), min_current=32, day_of_week=WEEK),
    element(price("TIME", "1.25", "20", 600), min_current=32, day_of_week=["SATURDAY", "SUNDAY"]),
    element(
        price("PARKING_TIME", "5", "10", 300),
        start_time="09:00", end_time="18:00", day_of_week=WEEK,
    ),
    element(
        price("PARKING_TIME", "6", "10", 300),
        start_time="10:00", end_time="17:00", day_of_week=["SATURDAY"],
    ),
)  # fmt: skip
STEPS = euro(
    element(price("TIME", "1.2", None, 1800), price("PARKING_TIME", "1", None, 900),
            start_time="00:00", end_time="17:00"),
    element(price("TIME", "2.4", None, 900), price("PARKING_TIME", "1", None, 900),
            start_time="17:00", end_time="20:00"),
    element(price("TIME", "2.4", None, 900), start_time="20:00", end_time="00:00"),
)  # fmt: skip
BY_POWER = euro(
    element(price("ENERGY", "0.2", "20"), max_power=16),
    element(price("ENERGY", "0.35", "20"), max_power=32),
    element(price("ENERGY", "0.5", "20")),
)
BY_DURATION = euro(
    element(price("ENERGY", "0", "20"), max_duration=1800),
    element(price("ENERGY", "0.25", "20"), max_duration=3600),
    element(price("ENERGY", "0.4", "20")),
)
HOUR_20 = (("charging", 60, "20"),)
LONG = (("charging", 150, "9"),)
PARKING = price("PARKING_TIME", "2", "20", 900)


@pytest.mark.parametrize(
    ("priced", "start", "phases", "before", "after"),
    [
        (euro(element(KWH)), NOON, HOUR_20, "5.00", "5.50"),
        (euro(element(FEE, KWH)), NOON, HOUR_20, "5.50", "6.10"),
        (euro(element(KWH), min_price=MIN_PRICE), NOON, HOUR_20, "5.00", "5.50"),
        (euro(element(KWH), min_price=MIN_PRICE), NOON, [("charging", 9, "1.9")], "0.50", "0.55"),
        (euro(element(FEE, KWH, PARKING)), NOON, [*HOUR_20, ("idle", 40, "0")], "7.00", "7.90"),
        (euro(element(FEE, KWH), max_price=MAX_PRICE), NOON, [("charging", 90, "50")], "10", "11"),
        (
            euro(element(FEE, KWH), max_price=MAX_PRICE),
            *(NOON, [("charging", 90, "30")], "8.00", "8.85"),
        ),
        (euro(element(price("TIME", "2", "10", 60))), NOON, LONG, "5.00", "5.50"),
        (
            euro(element(price("TIME", "3", "10", 60), price("PARKING_TIME", "5", "20", 300))),
            *(NOON, [("charging", 150, "9"), ("idle", 42, "0")], "11.25", "12.75"),
        ),
        (euro(element(price("TIME", "1.9", "5.2", 300))), NOON, LONG, "4.75", "5.00"),
        (
            euro(element(FEE, price("ENERGY", "0.25", "10", 100))),
            *(NOON, [("charging", 60, "20.45")], "5.63", "6.24"),
        ),
        (
            euro(element(FEE, price("ENERGY", "0.22", "10", 100))),
            *(NOON, [("charging", 60, "20.45")], "5.01", "5.56"),
        ),
        (euro(element(price("FLAT", "0", None, 0))), NOON, HOUR_20, "0.00", "0.00"),
        (RESERVED_60, NOON, [("reserved", 15, "0"), *HOUR_20], "6.75", "7.60"),
        (RESERVED_FEE, NOON, [("reserved", 13, "0"), *HOUR_20], "8.75", "10.00"),
        (EXPIRE_FEE, NOON, [("reserved", 22, "0"), *HOUR_20], "6.50", "7.30"),
        (EXPIRE_FEE, NOON, [("expired", 60, "0")], "6.00", "7.20"),
        (EXPIRE_TIME, NOON, [("reserved", 22, "0"), *HOUR_20], "7.00", "7.90"),
        (EXPIRE_TIME, NOON, [("expired", 90, "0")], "9.00", "10.80"),
        (STEPS, "2026-06-15T16:55", [("charging", 10, "1"), ("idle", 2, "0")], "0.55", "0.55"),
        (STEPS, "2026-06-15T16:35", [("charging", 35, "2")], "1.30", "1.30"),
        (STEPS, "2026-06-15T19:40", [("charging", 12, "1"), ("idle", 20, "0")], "0.73", "0.73"),
        (
            BY_POWER,
            *(NOON, [("charging", 10, "1"), ("charging", 50, "40"), ("charging", 7.5, "0.5")]),
            *("20.30", "24.36"),
        ),
        (BY_DURATION, NOON, [("charging", 30, "5"), ("charging", 10, "1.2")], "0.30", "0.36"),
        (euro(element(price("ENERGY", "0.25"))), NOON, [("charging", 1, "0.1152")], *["0.029"] * 2),
        (
            euro(element(price("ENERGY", "0.25", None, 25))),
            *(NOON, [("charging", 1, "0.101")], "0.031", "0.031"),
        ),
        (
            euro(element(price("ENERGY", "0.25", None, 25))),
            *(NOON, [("charging", 1, "0.125")], "0.031", "0.031"),
        ),
        (
            euro(element(price("ENERGY", "0.25", None, 500))),
            *(NOON, [("charging", 1, "0.001")], "0.125", "0.125"),
        ),
        (
            euro(element(price("TIME", "2.10")), tax_included="YES"),
            *(NOON, [("charging", 150, "20")], "5.25", "5.25"),
        ),
    ],
)  # fmt: skip
def test_worked_example(
    priced: Tariff, start: str, phases: list[tuple[str, float, str]], before: str, after: str
) -> None:
    result = rate(priced, in_phases(local(start), *phases))

    assert shown(result.exact_net, before) == Decimal(before)
    assert shown(result.exact_gross, after) == Decimal(after)


@pytest.mark.parametrize(
    ("start", "amps", "minutes", "parked", "before", "after"),
    [
        ("2026-06-15T09:30", "16", 165, 42, "9.00", "10.30"),
        ("2026-06-20T13:30", "43", 114, 71, "12.375", "13.975"),
    ],
)
def test_complex_example(
    start: str, amps: str, minutes: int, parked: int, before: str, after: str
) -> None:
    phases = (("charging", minutes, "20"), ("idle", parked, "0"))

    result = rate(COMPLEX, in_phases(local(start), *phases, amps=Decimal(amps)))

    assert shown(result.exact_net, before) == Decimal(before)
    assert shown(result.exact_gross, after) == Decimal(after)


def test_two_elements_share_one_step_by_the_last_price() -> None:
    result = rate(STEPS, in_phases(local("2026-06-15T16:35"), ("charging", 35, "2")))

    assert [(one.element, int(one.quantity), int(one.billed_quantity)) for one in result.lines] == [
        (0, 1500, 1500),
        (1, 600, 1200),
    ]


def test_charging_before_parking_is_not_rounded() -> None:
    priced = euro(element(price("TIME", "1", None, 300), price("PARKING_TIME", "1", None, 300)))

    result = rate(priced, in_phases(local(NOON), ("charging", 21, "5"), ("idle", 7, "0")))

    assert [(one.type, int(one.billed_quantity)) for one in result.lines] == [
        ("TIME", 1260),
        ("PARKING_TIME", 600),
    ]


def test_the_dimension_priced_last_is_rounded_when_charging_resumes() -> None:
    priced = euro(element(price("TIME", "1", None, 300), price("PARKING_TIME", "1", None, 300)))
    phases = (("charging", 4, "1"), ("idle", 7, "0"), ("charging", 2, "1"))

    result = rate(priced, in_phases(local(NOON), *phases))

    assert [(one.type, int(one.quantity), int(one.billed_quantity)) for one in result.lines] == [
        ("TIME", 360, 600),
        ("PARKING_TIME", 420, 420),
    ]


def test_expired_reservation_is_not_held_to_the_least_price() -> None:
    priced = euro(
        element(price("TIME", "1"), reservation="RESERVATION"),
        element(KWH),
        min_price={"before_taxes": 5},
    )

    assert rate(priced, in_phases(local(NOON), ("expired", 30, "0"))).net == Decimal("0.50")


def shown(value: Fraction, like: str) -> Decimal:
    """A figure as the text prints it: half up, with as many decimals."""
    exact = Decimal(value.numerator) / value.denominator
    return exact.quantize(Decimal(like), ROUND_HALF_UP)
