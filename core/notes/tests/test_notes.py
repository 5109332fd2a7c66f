"""Notes on objects: written, changed within a day by their author, pinned; on page and API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.notes.models import Note
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_token
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def site(operator: Operator) -> Any:
    return make_site(operator=operator)


@pytest.fixture
def olga(client: Client, operator: Operator) -> User:
    person = make_person(operator=operator, role=Role.CONTROL_ROOM, name="Olga")
    client.force_login(person)
    return person


def rows(model: Any) -> list[Any]:
    with across_operators("the test looks at all of them"):
        return list(model.objects.order_by("pk"))


def test_a_note_stands_on_its_object_with_its_history(
    client: Client, olga: User, site: Any
) -> None:
    client.post(f"/notes/site/{site.public_id}/", {"text": " Key in <b>box</b> 7 \r\nleft "})

    (note,) = rows(Note)
    assert (note.text, note.author, note.object_type) == (
        "Key in <b>box</b> 7 \nleft",
        olga,
        "stations.site",
    )
    (entry,) = rows(AuditEntry)
    assert (entry.verb, entry.object_id, entry.after["text"]) == (
        "note.write",
        str(site.pk),
        note.text,
    )
    page = client.get(f"/sites/{site.public_id}/").content.decode()
    assert "Key in &lt;b&gt;box&lt;/b&gt; 7" in page
    assert "note.write" in page


def test_only_the_author_changes_a_note_and_only_for_a_day(
    client: Client, olga: User, site: Any, operator: Operator
) -> None:
    client.post(f"/notes/site/{site.public_id}/", {"text": "one"})
    (note,) = rows(Note)
    client.post(f"/notes/{note.pk}/edit/", {"text": "two"})
    (note,) = rows(Note)
    assert (note.text, note.edited_at is None) == ("two", False)
    assert rows(AuditEntry)[-1].before == {"note": note.pk, "text": "one"}

    client.force_login(make_person(operator=operator, role=Role.OWNER))
    other = client.post(f"/notes/{note.pk}/edit/", {"text": "three"})
    assert b"Only its author may change a note" in other.content

    client.force_login(olga)
    with across_operators("the test makes the note old"):
        Note.objects.update(created_at=timezone.now() - timedelta(hours=25))
    late = client.post(f"/notes/{note.pk}/edit/", {"text": "four"})
    assert b"for 24 hours" in late.content
    assert [n.text for n in rows(Note)] == ["two"]
    assert len(rows(AuditEntry)) == 2


@pytest.mark.usefixtures("olga")
def test_pinned_notes_stand_first(client: Client, site: Any) -> None:
    address = f"/notes/site/{site.public_id}/"
    for text in ("the older", "the newer"):
        client.post(address, {"text": text})
    first, _second = rows(Note)

    client.post(f"/notes/{first.pk}/pin/", {"pinned": "1"})
    client.post(f"/notes/{first.pk}/pin/", {"pinned": "1"})

    page = client.get(address).content.decode()
    assert page.index('<p class="note-text">the older') < page.index('<p class="note-text">the n')
    assert [entry.verb for entry in rows(AuditEntry)] == ["note.write", "note.write", "note.pin"]


def test_a_viewer_reads_but_does_not_write(client: Client, operator: Operator, site: Any) -> None:
    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    token = make_token(operator=operator)

    answer = client.post(f"/notes/site/{site.public_id}/", {"text": "x"})

    assert answer.status_code == 403
    assert client.get(f"/notes/token/{token.pk}/").status_code == 403
    assert (rows(Note), rows(AuditEntry)) == ([], [])
    page = client.get(f"/sites/{site.public_id}/").content.decode()
    assert "No notes yet." in page
    assert "New note" not in page
    assert 'id="history-title"' not in page


@pytest.mark.usefixtures("olga")
@pytest.mark.parametrize("text", ["", " \x00 ", "x" * 4001])
def test_a_text_that_is_none_or_too_long_is_refused(client: Client, site: Any, text: str) -> None:
    answer = client.post(f"/notes/site/{site.public_id}/", {"text": text})

    assert answer.status_code == 200
    assert b"form-error" in answer.content
    assert rows(Note) == []


@pytest.mark.usefixtures("olga")
def test_there_is_nothing_to_note_about_what_is_not_there(client: Client, site: Any) -> None:
    foreign = make_site()
    for kind, ref in (("site", foreign.public_id), ("nothing", "1"), ("evse", "1"), ("token", "x")):
        assert client.post(f"/notes/{kind}/{ref}/", {"text": "x"}).status_code == 404
    assert rows(Note) == []


def test_the_api_writes_finds_changes_and_pins(operator: Operator, site: Any) -> None:
    client = api_client(operator)
    station = make_station(site=site)
    body = {"kind": "station", "object": station.public_id, "text": "loose cable"}

    made = client.post("/api/v1/notes", body)
    client.post("/api/v1/notes", {"kind": "site", "object": site.public_id, "text": "other"})

    assert made.status_code == 201
    assert made.json()["kind"] == "station"
    found = client.get("/api/v1/notes", {"about": f"station:{station.public_id}"}).json()
    assert [note["text"] for note in found["results"]] == ["loose cable"]
    number = made.json()["id"]
    assert client.patch(f"/api/v1/notes/{number}", {"is_pinned": True}).json()["is_pinned"] is True
    fixed = client.patch(f"/api/v1/notes/{number}", {"text": "by a machine"})
    assert (fixed.status_code, fixed.json()["error"]["code"]) == (409, "note_fixed")
    wrong = client.post("/api/v1/notes", {"kind": "site", "object": "site_x", "text": "x"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "object")
    assert len(rows(Note)) == 2


def test_the_api_keeps_notes_about_unseen_kinds_back(operator: Operator) -> None:
    token = make_token(operator=operator)
    body = {"kind": "token", "object": str(token.pk), "text": "lost and found"}
    api_client(operator).post("/api/v1/notes", body)
    narrow = api_client(operator, permissions=["network.view", "note.write"])

    assert narrow.get("/api/v1/notes").json()["results"] == []
    assert narrow.post("/api/v1/notes", body).status_code == 403
    assert len(rows(Note)) == 1
