"""A town that stands in the summer of 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from core.tenancy.scopes import operator_scope
from tests.scenarios.town import Town


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """Its operator's rows are in scope until the test ends."""
    with time_machine.travel("2026-08-01T06:00:00+00:00", tick=False) as clock:
        made = Town(clock)
        with operator_scope(made.operator):
            yield made
