"""Photos and documents on objects: added, handed out with care, deleted; on page and API."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.attachments import services
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_limited_member, make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def site(operator: Operator) -> Any:
    return make_site(operator=operator)


@pytest.fixture
def tore(client: Client, operator: Operator) -> Client:
    client.force_login(make_person(operator=operator, role=Role.TECHNICIAN, name="Tore"))
    return client


def rows(model: Any) -> list[Any]:
    with across_operators("the test looks at all of them"):
        return list(model.objects.order_by("pk"))


def picture(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="text/html")


def test_a_photo_is_kept_anew_and_shown(tore: Client, site: Any) -> None:
    address = f"/files/of/site/{site.public_id}/"
    tore.post(address, {"file": upload("../../gate<1>.html", picture()), "caption": "The gate"})

    (file,) = rows(Attachment)
    assert (file.kind, file.name, file.content_type) == ("photo", "gate 1.jpg", "image/jpeg")
    assert file.path.startswith(f"operators/{site.operator_id}/")
    assert "gate" not in file.path
    page = tore.get(f"/sites/{site.public_id}/").content.decode()
    assert f"/files/{file.public_id}/thumbnail/" in page
    (entry,) = rows(AuditEntry)
    assert (entry.verb, entry.object_id) == ("file.add", str(site.pk))

    answer = tore.get(f"/files/{file.public_id}/content/")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")


def test_a_document_is_downloaded_as_it_came(tore: Client, site: Any) -> None:
    text = "Öppet 7–19\n".encode()
    address = f"/files/of/site/{site.public_id}/"
    tore.post(address, {"file": upload('å "x".exe', text)})

    (file,) = rows(Attachment)
    answer = tore.get(f"/files/{file.public_id}/content/")
    assert answer.content == text
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A5%20x.txt"
    assert file.name.endswith(".txt")
    assert tore.get(f"/files/{file.public_id}/thumbnail/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jpg", b"", "The file is empty."),
        ("a.png", b"<svg onload=x()></svg>", "SVG drawings are not taken"),
        ("a.jpg", b"\xff\xd8\xff\xe0 nothing", "This is no picture that can be read."),
        ("a.pdf", b"MZ\x90\x00\x03", "Files of this kind are not taken."),
        ("a.txt", b"<html>", "Web pages and XML files are not taken."),
    ],
)
def test_what_is_not_taken_is_told_and_nothing_is_kept(
    tore: Client, site: Any, name: str, data: bytes, words: str
) -> None:
    answer = tore.post(f"/files/of/site/{site.public_id}/", {"file": upload(name, data)})

    assert words in answer.content.decode()
    assert (rows(Attachment), rows(AuditEntry)) == ([], [])
    assert not default_storage.exists(f"operators/{site.operator_id}")


def test_a_file_that_is_too_large_or_there_already_is_told(
    tore: Client, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/files/of/site/{site.public_id}/"
    tore.post(address, {"file": upload("a.txt", b"one")})
    again = tore.post(address, {"file": upload("b.txt", b"one")})
    monkeypatch.setattr(services, "LARGEST_BYTES", 2_000_000)
    large = tore.post(address, {"file": upload("c.txt", b"x" * 2_000_001)})

    assert b"This file is there already." in again.content
    assert b"The file is larger than 2 MB." in large.content
    assert len(rows(Attachment)) == 1
    folders, _files = default_storage.listdir(f"operators/{site.operator_id}")
    kept = [default_storage.listdir(f"operators/{site.operator_id}/{one}")[1] for one in folders]
    assert sum(map(len, kept)) == 1


def test_a_file_is_deleted_with_a_reason(
    tore: Client, site: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    tore.post(f"/files/of/site/{site.public_id}/", {"file": upload("a.png", picture())})
    (file,) = rows(Attachment)

    assert tore.post(f"/files/{file.public_id}/delete/", {}).status_code == 200
    assert len(rows(Attachment)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        tore.post(f"/files/{file.public_id}/delete/", {"reason": "shows a number plate"})

    assert rows(Attachment) == []
    assert not default_storage.exists(file.path)
    assert not default_storage.exists(file.thumbnail_path)
    entry = rows(AuditEntry)[-1]
    assert (entry.verb, entry.reason) == ("file.delete", "shows a number plate")
    assert entry.before["name"] == "a.jpg"


def test_who_may_see_and_who_may_add(client: Client, operator: Operator, site: Any) -> None:
    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    address = f"/files/of/site/{site.public_id}/"

    assert client.post(address, {"file": upload("a.txt", b"x")}).status_code == 403
    assert client.get(address).status_code == 200
    client.force_login(make_person(operator=make_operator(), role=Role.OWNER))
    assert client.post(address, {"file": upload("a.txt", b"x")}).status_code == 404
    assert rows(Attachment) == []


def test_a_limited_member_finds_only_files_of_its_sites(
    client: Client, operator: Operator, site: Any
) -> None:
    other = make_station(operator=operator)
    whole = api_client(operator)
    for kind, ref in (("site", site.public_id), ("station", other.public_id)):
        body = {"kind": kind, "object": ref, "file": upload("a.txt", ref.encode())}
        assert whole.post("/api/v1/files", body, format="multipart").status_code == 201
    client.force_login(make_limited_member(site, operator=operator, role=Role.TECHNICIAN))

    found = client.get("/api/v1/files").json()["results"]

    assert [file["about_kind"] for file in found] == ["site"]
    hidden = rows(Attachment)[1].public_id
    assert client.get(f"/files/{hidden}/content/").status_code == 404
    assert client.get(f"/api/v1/files/{hidden}/content").status_code == 404


def test_the_api_adds_finds_reads_and_deletes(operator: Operator, site: Any) -> None:
    client = api_client(operator)
    body = {"kind": "site", "object": site.public_id, "file": upload("plan.pdf", b"%PDF-1.7 x")}

    made = client.post("/api/v1/files", body, format="multipart")
    ref = made.json()["id"]

    assert (made.status_code, made.json()["name"]) == (201, "plan.pdf")
    about = {"about": f"site:{site.public_id}", "kind": "document"}
    assert client.get("/api/v1/files", about).json()["count"] == 1
    assert client.get(f"/api/v1/files/{ref}/content").content == b"%PDF-1.7 x"
    assert client.delete(f"/api/v1/files/{ref}").status_code == 422
    assert client.delete(f"/api/v1/files/{ref}", {"reason": "old"}).status_code == 204
    assert rows(Attachment) == []
    wrong = client.post(
        "/api/v1/files", {**body, "file": upload("a", b"<svg>")}, format="multipart"
    )
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "file_svg")
