"""Mail by a provider: at the edge of HTTP, never against the provider itself."""

from __future__ import annotations

import hashlib
import hmac
import json
from smtplib import SMTPException
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from billing.invoices.delivery_models import Delivery, MailEvent
from billing.sellers.models import Seller
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.invoices import make_issued

pytestmark = pytest.mark.django_db
KEY = "signing-key"
HOOK = "/api/hooks/mailgun"


@pytest.fixture(autouse=True)
def _mailgun(settings: Any) -> None:
    settings.EMAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "key", "MAILGUN_SENDER_DOMAIN": "laddnat.example",
        "MAILGUN_WEBHOOK_SIGNING_KEY": KEY, "MAILGUN_API_URL": "https://mail.example/v3",
    }  # fmt: skip


def sent(seller: Seller, message_id: str) -> Delivery:
    with operator_scope(seller.operator):
        invoice = make_issued(seller, make_account(operator=seller.operator), "400")
        made: Delivery = Delivery.objects.create(
            operator=seller.operator, public_id=f"dlv_{message_id[1]}", invoice=invoice,
            way="email", addresses=["a@kund.example"], state="sent", message_id=message_id,
            sent_at=timezone.now(),
        )  # fmt: skip
    return made


def told(message_id: str, event: str, key: str, signing_key: str = KEY) -> Any:
    stamp, token = "1764000000", uuid4().hex
    signature = hmac.new(signing_key.encode(), f"{stamp}{token}".encode(), hashlib.sha256)
    body = {
        "signature": {"timestamp": stamp, "token": token, "signature": signature.hexdigest()},
        "event-data": {
            "event": event, "id": key, "timestamp": 1764000000.1, "severity": "permanent",
            "message": {"headers": {"message-id": message_id.strip("<>")}},
            "recipient": "a@kund.example",
            "delivery-status": {"code": 550, "message": "no such person"},
        },
    }  # fmt: skip
    client = Client(raise_request_exception=False)
    return client.post(HOOK, json.dumps(body), content_type="application/json")


def test_signed_events_are_kept_and_applied_once(settings: Any) -> None:
    seller = make_seller(operator=make_operator())
    good, bad = sent(seller, "<a@laddnat.example>"), sent(seller, "<b@laddnat.example>")

    forged = told(bad.message_id, "failed", "e0", signing_key="guess")
    with operator_scope(seller.operator):
        assert not MailEvent.objects.exists()
    answers = [
        told(good.message_id, "delivered", "e1"),
        told(bad.message_id, "failed", "e2"),
        told(bad.message_id, "failed", "e2"),
        told("<nobody@laddnat.example>", "failed", "e3"),
    ]

    assert forged.status_code == 400
    assert [one.status_code for one in answers] == [200] * 4
    with operator_scope(seller.operator):
        good.refresh_from_db()
        bad.refresh_from_db()
        assert (good.state, good.delivered_at is not None) == ("sent", True)
        assert (bad.state, bad.delivered_at) == ("bounced", None)
        assert "no such person" in bad.error
        kept = MailEvent.objects.order_by("key")
        assert [(one.key, one.delivery_id) for one in kept] == [("e1", good.pk), ("e2", bad.pk)]
        assert kept[1].raw["event-data"]["delivery-status"]["code"] == 550
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.delete()
    settings.ANYMAIL = settings.ANYMAIL | {"MAILGUN_WEBHOOK_SIGNING_KEY": ""}
    assert told(good.message_id, "failed", "e4", signing_key="").status_code == 404


def test_a_mail_goes_by_the_api_and_a_refusal_is_a_mail_servers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def answer(_session: Any, **params: Any) -> requests.Response:
        asked.append(params)
        made = requests.Response()
        made.status_code = 200 if len(asked) == 1 else 500
        made._content = b'{"id": "<x@laddnat.example>", "message": "Queued"}'
        return made

    monkeypatch.setattr(requests.Session, "request", answer)
    connection = get_connection("core.mail_provider.MailgunBackend")
    mail = EmailMessage("Faktura", "Hej", "f@laddnat.example", ["a@kund.example"])

    assert connection.send_messages([mail]) == 1
    assert mail.anymail_status.message_id == "<x@laddnat.example>"  # type: ignore[attr-defined]  # set by the backend
    assert asked[0]["url"].startswith("https://mail.example/v3/laddnat.example/")
    with pytest.raises(SMTPException):
        connection.send_messages([mail])
