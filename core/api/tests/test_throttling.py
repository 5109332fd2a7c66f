"""Each caller has a limit of calls per minute of its own."""

from __future__ import annotations

from typing import Any

import pytest
from redis import RedisError

from tests.factories.api import api_client
from tests.factories.core import make_operator

pytestmark = pytest.mark.django_db
PATH = "/api/v1/me"


@pytest.fixture(autouse=True)
def limit(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    monkeypatch.setattr("core.api.throttling.time.time", lambda: 60_000_015.5)


def test_a_call_too_many_is_told_when_to_come_again() -> None:
    operator = make_operator()
    client, other = api_client(operator), api_client(operator)

    answers = [client.get(PATH) for _n in range(3)]

    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "45"
    assert answers[2].headers["Content-Type"] == "application/problem+json"
    assert answers[2].json()["code"] == "throttled"
    assert other.get(PATH).status_code == 200


def test_the_next_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    client = api_client(make_operator())
    assert [client.get(PATH).status_code for _n in range(3)] == [200, 200, 429]

    monkeypatch.setattr("core.api.throttling.time.time", lambda: 60_000_061.0)

    assert client.get(PATH).status_code == 200


def test_no_limit_and_no_redis_let_every_call_pass(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise RedisError("away")

    client = api_client(make_operator())
    monkeypatch.setattr("core.api.throttling.cache.add", away)
    assert {client.get(PATH).status_code for _n in range(4)} == {200}

    settings.API_CALLS_PER_MINUTE = 0

    assert {client.get(PATH).status_code for _n in range(4)} == {200}
