"""The log of API requests: noted while served, stored in batches, found by filter, forgotten."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings
from redis import Redis

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.api import requestlog
from core.api.models import ApiRequest
from core.api.tasks import drop_api_requests, store_api_requests
from core.audit.api import Caller
from core.tenancy.scopes import across_operators
from tests.factories.core import make_api_token, make_operator, make_person
from tests.factories.customers import make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    Redis.from_url(settings.REDIS_URL).delete(requestlog.KEY)
    requestlog.pause.end()
    return make_operator()


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def stored() -> list[tuple[str, str, int]]:
    with across_operators("the test looks at all of them"):
        rows = ApiRequest.objects.order_by("id")
        return list(rows.values_list("method", "path", "status"))


def test_requests_of_a_token_are_listed_by_page_and_api(operator: Operator) -> None:
    token, secret = make_api_token(operator=operator, name="Nightly")
    _other, foreign = make_api_token(operator=make_operator(), name="Foreign")
    client = Client()
    client.get("/api/v1/me/?q=Anna", headers=bearer(secret) | {"x-request-id": "abc"})
    client.get("/api/v1/stations/cs_missing/", headers=bearer(secret))
    client.get("/api/v1/me/", headers=bearer("cnp_wrong"))
    client.get("/api/v1/me/", headers=bearer(foreign))
    assert stored() == []

    store_api_requests()

    assert stored() == [
        ("GET", "/api/v1/me/", 200), ("GET", "/api/v1/stations/cs_missing/", 404),
        ("GET", "/api/v1/me/", 200),
    ]  # fmt: skip
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    page = client.get(f"/api-requests/?token={token.pk}&answer=4").content.decode()
    assert "GET /api/v1/stations/cs_missing/" in page
    assert "GET /api/v1/me/" not in page
    (told,) = client.get("/api/v1/api-requests/?request_id=abc").json()["results"]
    assert (told["token_name"], told["status"], told["path"]) == ("Nightly", 200, "/api/v1/me/")
    assert told["duration_ms"] >= 0
    assert "Foreign" not in client.get("/api-requests/").content.decode()


def test_who_may_not_manage_the_api_sees_no_requests(operator: Operator) -> None:
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.VIEWER))

    assert client.get("/api-requests/").status_code == 403
    assert client.get("/api/v1/api-requests/").status_code == 403


def test_notes_wait_for_a_database_that_fails_and_old_ones_go(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    _token, secret = make_api_token(operator=operator)
    for _time in range(3):
        Client().get("/api/v1/me/", headers=bearer(secret))

    def broken(_notes: object) -> int:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(requestlog, "_store", broken)
        with pytest.raises(DatabaseError):
            store_api_requests()
    store_api_requests()
    assert len(stored()) == 3
    with across_operators("the test ages two rows"):
        first, second, _third = ApiRequest.objects.order_by("id")
        ApiRequest.objects.filter(pk__in=[first.pk, second.pk]).update(
            at=timezone.now() - timedelta(days=31)
        )
    monkeypatch.setattr(requestlog, "DELETED_AT_ONCE", 1)

    drop_api_requests()

    assert len(stored()) == 1


def test_a_request_that_fails_with_an_error_of_ours_is_noted(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    _token, secret = make_api_token(operator=operator)

    def broken(_view: object, _request: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Caller, "get", broken)

    answer = Client(raise_request_exception=False).get("/api/v1/me/", headers=bearer(secret))
    store_api_requests()

    assert answer.status_code == 500
    assert stored() == [("GET", "/api/v1/me/", 500)]


def test_the_ids_of_cards_are_not_kept_with_the_path(operator: Operator) -> None:
    _token, secret = make_api_token(operator=operator)
    card = make_token(operator=operator, uid="04A2B3C4")

    for path in (f"tokens/{card.uid}/", f"token-use/{card.uid}", "tokens/en/t%2Fo/"):
        Client().get(f"/api/v1/{path}", headers=bearer(secret))
    store_api_requests()

    assert [path for _method, path, _status in stored()] == [
        "/api/v1/tokens/{uid}/", "/api/v1/token-use/{uid}", "/api/v1/tokens/{uid}/",
    ]  # fmt: skip


def test_an_address_that_is_none_is_told(operator: Operator) -> None:
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.OWNER))

    page = client.get("/api-requests/?source_ip=abc")
    answer = client.get("/api/v1/api-requests/?source_ip=abc")

    assert (page.status_code, answer.status_code) == (200, 422)
    assert answer.json()["errors"][0]["pointer"] == "?source_ip"
    assert client.get("/api/v1/api-requests/?source_ip=::1").json()["results"] == []


def test_a_redis_that_does_not_answer_is_asked_once_in_a_while(
    operator: Operator, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    token, _secret = make_api_token(operator=operator)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        for _time in range(3):
            requestlog.note_request(token, RequestFactory().get("/api/v1/me/"), 200, 0.1)

        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()
    requestlog.pause.end()

    assert [one.levelname for one in caplog.records if one.name == requestlog.__name__] == [
        "WARNING"
    ]
