"""A POST with an idempotency key acts once, however often and whenever it is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.apitokens import create_api_token
from core.accounts.models import ApiToken
from core.api import idempotency
from core.api.models import IdempotentCall
from core.api.tasks import drop_idempotent_calls
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_api_token, make_operator

MAKE = "core.apitokens.api.create_api_token"
PATH = "/api/v1/api-tokens/"
BODY = {"name": "Job", "permissions": ["network.view"]}


def post(client: APIClient, key: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(PATH, BODY if body is None else body, headers={"Idempotency-Key": key})


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with across_operators("the test counts rows of any operator"):
        yield


def made() -> int:
    return int(ApiToken.objects.filter(name="Job").count())


@pytest.mark.django_db
def test_a_repeat_gets_the_same_answer_and_does_nothing() -> None:
    client = api_client(make_operator())

    first, again = post(client, "k-1"), post(client, "k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert made() == 1


@pytest.mark.django_db
def test_what_was_shown_once_lies_sealed_in_the_database() -> None:
    secret = post(api_client(make_operator()), "k-1").json()["secret"].encode()

    call = IdempotentCall.objects.get()

    assert secret not in bytes(call.sealed_answer)
    assert "k-1" not in call.key_digest


@pytest.mark.django_db
def test_a_refusal_is_repeated_too() -> None:
    client = api_client(make_operator())

    answers = [post(client, "k-1", {"name": "Job"}) for _n in range(2)]

    assert [a.status_code for a in answers] == [422, 422]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    client = api_client(make_operator())
    post(client, "k-1")

    answer = post(client, "k-1", {**BODY, "name": "Job 2"})

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert ApiToken.objects.filter(name="Job 2").count() == 0


@pytest.mark.django_db
def test_a_key_belongs_to_its_caller() -> None:
    operator = make_operator()

    for client in (api_client(operator), api_client(operator), api_client(make_operator())):
        assert post(client, "k-1").status_code == 201

    assert made() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "a\x7f"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    answer = post(api_client(make_operator()), key)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_form")
    assert made() == 0


@pytest.mark.django_db
def test_a_call_that_never_answered_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    client = api_client(make_operator())
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(MAKE, lambda **_values: 1 / 0)
        assert post(client, "k-1").status_code == 500

    soon = post(client, "k-1")
    IdempotentCall.objects.update(created_at=timezone.now() - idempotency.RUNNING_FOR * 2)
    later = post(client, "k-1")

    assert (soon.status_code, soon.json()["code"]) == (409, "idempotency_in_progress")
    assert (later.status_code, later.json()["code"]) == (409, "idempotency_unknown")
    assert made() == 0


@pytest.mark.django_db
def test_a_key_may_be_used_again_after_a_day() -> None:
    client = api_client(make_operator())
    post(client, "k-1")
    IdempotentCall.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert post(client, "k-1").status_code == 201
    assert made() == 2

    IdempotentCall.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    drop_idempotent_calls()
    assert IdempotentCall.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_at_once_only_one_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    operator = make_operator()
    _token, secret = make_api_token(operator=operator)
    client, other = APIClient(), APIClient()
    for each in (client, other):
        each.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    inside, go_on = threading.Event(), threading.Event()

    def slowly(**values: Any) -> Any:
        inside.set()
        assert go_on.wait(20)
        return create_api_token(**values)

    monkeypatch.setattr(MAKE, slowly)
    answers: list[Any] = []

    def first() -> None:
        try:
            answers.append(post(client, "k-1"))
        finally:
            connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(20)
    meanwhile = post(other, "k-1")
    go_on.set()
    thread.join(20)
    afterwards = post(other, "k-1")

    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "idempotency_in_progress")
    assert answers[0].status_code == 201
    assert afterwards.content == answers[0].content
    assert made() == 1
    assert operator_of_rows() == {operator.pk}


def operator_of_rows() -> set[int]:
    return set(IdempotentCall.objects.values_list("operator_id", flat=True))
