"""Letters: under which id they went, and what the provider tells of them, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from billing.dunning.attention import source
from billing.dunning.models import DunningStep
from billing.dunning.services import send_letters
from billing.invoices.tests.test_mail_events import _mailgun, told  # noqa: F401 - a fixture
from billing.settlement.tests.test_statements import Story
from core.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from core.ids import public_id
from core.letters.models import Letter, LetterEvent
from core.letters.services import send_letter
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.invoices import make_issued

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TOLD_AT = datetime(2025, 11, 25, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _everything() -> Iterator[None]:
    with across_operators("tests read any operator's rows"):
        yield


def reminder() -> DunningStep:
    operator = make_operator()
    account = make_account(operator=operator, emails=["a@kund.example", "b@kund.example"])
    invoice = make_issued(make_seller(operator=operator), account, "400")
    step: DunningStep = DunningStep.objects.create(
        operator=operator, public_id=public_id("dst"), invoice=invoice, account=account,
        step="reminder", done_on=NOW.date(), owed=400, total=400, currency="SEK", language="sv",
        subject="Reminder", letter="Pay, please",
    )  # fmt: skip
    return step


def test_a_reminder_that_reaches_nobody_waits_to_be_printed(client: Client) -> None:
    step = reminder()
    assert send_letters(now=NOW) == 1
    first, second = Letter.objects.order_by("pk")
    assert [first.address, second.address] == ["a@kund.example", "b@kund.example"]
    assert mail.outbox[0].extra_headers["Message-ID"] == first.message_id != second.message_id

    answers = [
        told(first.message_id, "failed", "e1"),
        told(first.message_id, "failed", "e1"),
        told(second.message_id, "delivered", "e2"),
    ]
    step.refresh_from_db()
    assert [one.status_code for one in answers] == [200] * 3
    assert (step.sent_to, step.error, step.sent_at) == (["b@kund.example"], "no such person", NOW)
    assert list(source.concerns(NOW)) == []

    told(second.message_id, "complained", "e3")
    step.refresh_from_db()
    assert (step.sent_to, step.sent_at) == ([], None)
    assert send_letters(now=NOW) == 0
    assert [one.reason.code for one in source.concerns(TOLD_AT)] == ["letter_came_back"]
    assert LetterEvent.objects.count() == 3
    for change in (Letter.objects.all().delete, lambda: Letter.objects.update(address="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    client.force_login(make_person(operator=step.operator, role=Role.ACCOUNTANT))
    page = client.get(reverse("dunning_letter", args=[step.public_id])).content.decode()
    assert "no such person" in page
    api = api_client(step.operator, [Permission.PAYMENT_VIEW])
    rows = api.get(f"/api/v1/dunning-letters/{step.public_id}/mails").json()["results"]
    assert [(row["address"], row["state"]) for row in rows] == [
        ("b@kund.example", "bounced"), ("a@kund.example", "bounced"),
    ]  # fmt: skip


def test_nothing_is_kept_of_a_letter_that_the_server_refuses(monkeypatch: Any) -> None:
    def refuse(*_args: Any, **_more: Any) -> int:
        raise OSError("no server")

    monkeypatch.setattr(EmailMessage, "send", refuse)

    with pytest.raises(OSError, match="no server"):
        send_letter(EmailMessage("a", "b", to=["c@x.example"]), operator_id=1, kind="x", ref="y")
    assert not Letter.objects.exists()


def test_a_statement_goes_to_its_host_in_its_language_and_may_come_back() -> None:
    story = Story()
    story.sold(date(2026, 5, 3), "1000")
    statement = story.issued()
    operator = story.site.operator
    anna = api_client(operator, ROLE_PERMISSIONS[Role.ACCOUNTANT])
    own = f"/api/v1/statements/{statement.public_id}"

    assert api_client(operator, [Permission.SETTLEMENT_VIEW]).post(f"{own}/send").status_code == 403
    assert mail.outbox == []
    (sent,) = anna.post(f"{own}/send").json()
    (message,) = mail.outbox
    assert (message.to, sent["state"]) == ([story.host.email], "sent")
    assert message.subject.startswith("Avräkning")
    assert message.attachments[0][0].endswith(".pdf")
    told(Letter.objects.get().message_id, "failed", "e9")
    (row,) = anna.get(f"{own}/letters").json()["results"]
    assert (row["state"], row["error"]) == ("bounced", "no such person")
    found = [anna.get(f"{own}/pdf{query}") for query in ("", "?language=en", "?language=de")]
    assert [one.status_code for one in found] == [200, 200, 422]
