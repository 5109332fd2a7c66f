"""CSV holds exactly the filtered rows."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient, Client

from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.lists.tests.conftest import make_entries
from tests.factories.core import make_operator, make_person

pytestmark = [pytest.mark.urls("core.lists.tests.pages")]


def rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.django_db
def test_all_pages_and_only_what_is_filtered(olga: Client, operator: Operator) -> None:
    make_entries(operator, 60)
    make_entries(make_operator(), 3)

    response = olga.get("/entries/?q=CP-001&sort=object_label&format=csv&page=2")

    body = body_of(response)
    assert body.startswith(b"\xef\xbb\xbf")
    assert rows(body)[0] == ["at", "object_label", "verb", "reason"]
    assert [row[1] for row in rows(body)[1:]] == [f"CP-001{n}" for n in range(10)]
    assert rows(body)[1][0] == "2026-11-01T22:00:00Z"
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="entries-20')


@pytest.mark.django_db
def test_formulas_of_others_are_defused(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1, object_label="=cmd|' /C calc'!A0")

    assert rows(body_of(olga.get("/entries/?format=csv")))[1][1] == "'=cmd|' /C calc'!A0"


@pytest.mark.django_db
def test_more_rows_than_a_chunk(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1201)

    assert len(rows(body_of(olga.get("/entries/?format=csv")))) == 1202


@pytest.mark.django_db
def test_a_wrong_filter_exports_nothing(olga: Client, operator: Operator) -> None:
    make_entries(operator, 3)

    response = olga.get("/entries/?format=csv&at_after=yesterday")

    assert response.status_code == 400
    assert b"CP-" not in response.content
    assert b"at:" in response.content


@pytest.mark.django_db
def test_the_export_is_guarded_like_the_page(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.VIEWER))

    assert client.get("/entries/?format=csv").status_code == 403


@pytest.mark.django_db(transaction=True)
async def test_under_asgi_it_streams_within_the_scope(async_client: AsyncClient) -> None:
    person = await _people()
    await async_client.aforce_login(person)

    response = await async_client.get("/entries/?format=csv")

    chunks = [chunk async for chunk in response]  # type: ignore[attr-defined]  # it streams
    assert len(chunks) == 3
    assert len(rows(b"".join(chunks))) == 1202
    await sync_to_async(connections.close_all)()


async def _people() -> User:
    return await sync_to_async(_make_people)()


def _make_people() -> User:
    operator = make_operator()
    make_entries(operator, 1201)
    return make_person(operator=operator)
