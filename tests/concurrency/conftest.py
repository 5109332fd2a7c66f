"""One pair of servers for a module; bridges come and go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.embedded import scratch_servers
from tests.concurrency.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scratch_servers({}) as pair:
        made = World(pair, tmp_path_factory.mktemp("world"))
        made.prepare()
        yield made
