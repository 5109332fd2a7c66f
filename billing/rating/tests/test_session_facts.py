"""Idle time is billed only where the station said that the car did not ask for power."""

from __future__ import annotations

import pytest

from billing.rating.session_facts import facts_of
from core.tenancy.scopes import across_operators
from tests.factories.rating import make_ended, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("reason", "before", "after"),
    [
        ("vehicle", "idle", "idle"),
        ("connected", "suspended", "idle"),
        ("station", "suspended", "suspended"),
        ("measured", "suspended", "suspended"),
    ],
)
def test_what_a_pause_is_depends_on_who_paused(reason: str, before: str, after: str) -> None:
    told = stored([(0, 0), (60, 9000)])
    charging = told["intervals"][0]
    ten, fifty = (charging["started_at"].replace(":00:00", f":{m}:00") for m in (10, 50))
    pause = charging | {"kind": "idle", "reason": reason}
    told["intervals"] = [
        pause | {"stopped_at": ten},
        charging | {"started_at": ten, "stopped_at": fifty},
        pause | {"started_at": fifty},
    ]
    session = make_ended(intervals=told)

    with across_operators("a test reads"):
        kinds = [one.kind for one in facts_of(session).intervals]

    assert kinds == [before, "charging", after]
