"""Charging profiles in either spelling."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stations.ocpp.profile_shapes import in_version, is_16, numbered, own_number

PERIODS = st.lists(
    st.fixed_dictionaries(
        {"startPeriod": st.integers(0, 86_400), "limit": st.integers(0, 64)},
        optional={"numberPhases": st.integers(1, 3)},
    ),
    min_size=1,
    max_size=4,
)
PROFILES = st.fixed_dictionaries(
    {
        "chargingProfileId": st.integers(1, 2**31 - 1),
        "stackLevel": st.integers(0, 9),
        "chargingProfilePurpose": st.sampled_from(
            ["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]
        ),
        "chargingProfileKind": st.sampled_from(["Absolute", "Recurring", "Relative"]),
        "chargingSchedule": st.fixed_dictionaries(
            {"chargingRateUnit": st.sampled_from(["A", "W"]), "chargingSchedulePeriod": PERIODS},
            optional={"duration": st.integers(1, 86_400)},
        ),
    },
    optional={"transactionId": st.integers(-(2**31), 2**31 - 1)},
)


@given(PROFILES)
def test_there_and_back_loses_nothing(profile: dict[str, Any]) -> None:
    newer = in_version(profile, "2.0.1")

    assert not is_16(newer)
    assert own_number(newer) == profile["chargingProfileId"]
    assert in_version(newer, "1.6") == profile
    assert in_version(profile, "1.6") == profile


@given(PROFILES, st.integers(1, 2**31 - 1))
def test_a_number_is_written_where_the_version_has_it(profile: dict[str, Any], number: int) -> None:
    for version, name, other in (
        ("1.6", "chargingProfileId", "id"),
        ("2.0.1", "id", "chargingProfileId"),
    ):
        shaped = numbered(in_version(profile, version), number)
        assert shaped[name] == number
        assert other not in shaped
