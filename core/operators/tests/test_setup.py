"""The setup page and its API: data, logo, texts, test mail, checklist."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.operators.models import LegalText, OperatorSetup
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator(name="Norrsken")


@pytest.fixture
def owner(client: Client, operator: Operator) -> Client:
    client.force_login(make_person(operator=operator, role=Role.OWNER, email="nora@example.com"))
    return client


def rows(model: Any) -> list[Any]:
    with across_operators("the test looks at all of them"):
        return list(model.objects.order_by("pk"))


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (60, 20), "green").save(out, "PNG")
    return out.getvalue()


def test_data_is_checked_written_in_usual_form_and_audited(owner: Client) -> None:
    owner.post("/operator/legal/", {"organisation_number": "5560125790", "legal_name": "N AB"})
    owner.post("/operator/bank/", {"bankgiro": "50501055", "iban": "se4550000000058398257466"})
    wrong = owner.post("/operator/bank/", {"bankgiro": "1234567", "bic": "x"})

    (setup,) = rows(OperatorSetup)
    assert (setup.organisation_number, setup.bankgiro) == ("556012-5790", "5050-1055")
    assert b"This is no bankgiro number." in wrong.content
    entries = rows(AuditEntry)
    assert [entry.verb for entry in entries] == ["operator.change"] * 2
    assert entries[1].before == {"bankgiro": "", "iban": ""}
    assert entries[1].after["iban"] == "SE45 5000 0000 0583 9825 7466"


def test_the_main_language_is_one_of_the_languages(owner: Client, operator: Operator) -> None:
    form = {"name": "Ny", "currency": "EUR", "time_zone": "Europe/Helsinki", "languages": ["sv"]}
    owner.post("/operator/name/", form | {"language": "en"})

    operator.refresh_from_db()
    (setup,) = rows(OperatorSetup)
    assert (operator.name, operator.currency, operator.time_zone) == (
        "Ny",
        "EUR",
        "Europe/Helsinki",
    )
    assert setup.languages == ["en", "sv"]


def test_a_form_that_was_overtaken_is_refused(owner: Client) -> None:
    seen = owner.get("/operator/bank/").context["form"].initial["seen"]
    owner.post("/operator/mail/", {"sender_email": "a@example.com"})

    late = owner.post("/operator/bank/", {"bankgiro": "50501055", "seen": seen})

    assert b"Somebody changed this meanwhile." in late.content
    (setup,) = rows(OperatorSetup)
    assert (setup.bankgiro, len(rows(AuditEntry))) == ("", 1)


def test_a_logo_is_written_anew_and_what_is_none_refused(owner: Client) -> None:
    for data, words in (
        (b"<svg onload=x()/>", "SVG may carry scripts"),
        (b"GIF89a nothing", "This is no picture that can be read"),
    ):
        file = SimpleUploadedFile("logo.png", data)
        answer = owner.post("/operator/logo/", {"file": file}, follow=True)
        assert words in answer.content.decode()
    assert (rows(OperatorSetup), rows(AuditEntry)) == ([], [])

    owner.post("/operator/logo/", {"file": SimpleUploadedFile("x", picture())})

    (setup,) = rows(OperatorSetup)
    shown = owner.get("/operator/logo.png")
    assert shown.content.startswith(b"\x89PNG")
    assert shown["Content-Type"] == "image/png"
    assert default_storage.exists(setup.logo_path)
    owner.post("/operator/logo/", {"remove": "1"})
    assert owner.get("/operator/logo.png").status_code == 404


def test_texts_keep_their_versions_for_ever(owner: Client) -> None:
    form = {"kind": "terms", "language": "sv", "text": "Villkor <1>\r\n\r\nSlut"}
    owner.post("/operator/texts/", form)
    again = owner.post("/operator/texts/", form)
    owner.post("/operator/texts/", form | {"text": "Villkor 2"})

    assert b"This is the text that is in force already." in again.content
    first, second = rows(LegalText)
    assert [(t.version, t.text) for t in (first, second)] == [
        (1, "Villkor <1>\n\nSlut"),
        (2, "Villkor 2"),
    ]
    page = owner.get(f"/operator/texts/{first.pk}/").content.decode()
    assert "<p>Villkor &lt;1&gt;</p>" in page
    with (
        across_operators("the database itself refuses"),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        LegalText.objects.filter(pk=first.pk).update(text="x")


def test_a_test_mail_tells_what_the_server_said(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post("/operator/mail/", {"sender_email": "el@example.com", "reply_to": "re@example.com"})
    good = owner.post("/operator/test-mail/", follow=True)

    (message,) = mail.outbox
    assert (message.to, message.from_email) == (["nora@example.com"], "Norrsken <el@example.com>")
    assert message.reply_to == ["re@example.com"]
    assert b"took the mail to nora@example.com" in good.content

    def refuse(_self: object, _messages: object) -> int:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    bad = owner.post("/operator/test-mail/", follow=True)
    assert b"The mail was not sent." in bad.content
    assert b"Connection refused" in bad.content
    (setup,) = rows(OperatorSetup)
    assert "Connection refused" in setup.mail_test_error


def test_the_checklist_stands_on_the_home_page_of_owners(
    client: Client, owner: Client, operator: Operator
) -> None:
    page = owner.get("/").content.decode()
    assert "Before you start" in page
    assert 'href="/sites/new/"' in page

    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    assert "Before you start" not in client.get("/").content.decode()


def test_only_owners_change_the_operator(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))

    assert client.get("/operator/").status_code == 403
    assert client.post("/operator/bank/", {"bankgiro": "50501055"}).status_code == 403
    narrow = api_client(operator, permissions=["network.view", "network.edit"])
    assert narrow.patch("/api/v1/operator", {"name": "x"}).status_code == 403
    assert rows(OperatorSetup) == []
    assert not [entry for entry in rows(AuditEntry) if entry.verb.startswith("operator.")]


def test_the_api_does_the_same(operator: Operator) -> None:
    client = api_client(operator)

    before = client.get("/api/v1/operator").json()
    good = client.patch(
        "/api/v1/operator",
        {"bankgiro": "50501055", "sender_email": "a@example.com", "version": before["version"]},
    )
    late = client.patch("/api/v1/operator", {"name": "x", "version": before["version"]})
    wrong = client.patch("/api/v1/operator", {"vat_number": "SE1"})

    assert (before["name"], before["version"]) == ("Norrsken", "new")
    assert (good.status_code, good.json()["bankgiro"]) == (200, "5050-1055")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "changed_meanwhile")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "vat_number")
    text = {"kind": "privacy", "language": "sv", "text": "Vi sparar lite."}
    assert client.post("/api/v1/operator/texts", text).json()["version"] == 1
    assert len(client.get("/api/v1/operator/texts").json()) == 1
    sent = client.post("/api/v1/operator/test-mail").json()
    assert sent == {"is_sent": True, "error": ""}
    logo = {"file": SimpleUploadedFile("a.png", picture())}
    assert client.put("/api/v1/operator/logo", logo, format="multipart").json()["has_logo"] is True
    assert client.get("/api/v1/operator/logo").content.startswith(b"\x89PNG")
    assert client.delete("/api/v1/operator/logo").status_code == 204
