"""Notifications that go to a person's own address: asked for, signed, tried again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.notifications import delivery
from core.notifications.models import Notification, NotificationDelivery, NotificationSettings
from core.tenancy.scopes import across_operators
from core.webhooks import signing
from core.webhooks.tests.receiver import receiver
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 20, 30, tzinfo=UTC)
FORM = {"wanted": ["station.offline:webhook"], "digest_time": "07:00"}
ADDRESS = "/me/notifications/"


def one(model: Any) -> Any:
    with across_operators("the test looks at all of them"):
        return model.objects.get()


def test_what_goes_by_webhook_is_posted_signed_and_tried_again(
    client: Client, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    operator = make_operator(name="Norrsken")
    nora = make_person(operator=operator, role=Role.OWNER, language="en")
    client.force_login(nora)
    with receiver() as inbox:
        page = client.post(ADDRESS, FORM | {"webhook_url": inbox.url}, follow=True)
        shown = page.content.decode().split("whsec_")[1].split("<")[0].strip()
        with across_operators("the test makes something happen"):
            told = Notification.objects.create(
                operator=operator, user=nora, event="gone", url="/sites/", happened_at=NOW
            )
            NotificationDelivery.objects.create(
                operator=operator, notification=told, way="webhook", due_at=NOW
            )
            inbox.status = 500
            assert delivery.deliver_due(now=NOW) == 0
            assert one(NotificationDelivery).error == "HTTP 500"
            inbox.status = 204
            assert delivery.deliver_due(now=NOW + timedelta(minutes=1)) == 1

    (_path, headers, body), again = inbox.requests
    assert again[1]["webhook-id"] == headers["webhook-id"]
    stamp = int(headers["webhook-timestamp"])
    key = signing.key_of("whsec_" + shown)
    expected = signing.signature(key, headers["webhook-id"], stamp, body)
    assert headers["webhook-signature"] == expected
    sent = json.loads(body)
    assert (sent["operator"], sent["person"]) == ("Norrsken", nora.email)
    assert sent["text"] == f"gone:  {settings.PUBLIC_URL}/sites/"
    assert [row["id"] for row in sent["notifications"]] == [told.pk]


def test_an_address_is_needed_checked_and_kept(client: Client, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    nora = make_person(operator=make_operator(), role=Role.OWNER, language="en")
    client.force_login(nora)

    assert "Give an address, or untick" in client.post(ADDRESS, FORM).content.decode()
    inside = client.post(ADDRESS, FORM | {"webhook_url": "https://127.0.0.1/in"}).content.decode()
    assert "The address lies in a private network." in inside
    with across_operators("the test looks at all of them"):
        assert not NotificationSettings.objects.exists()
    form = FORM | {"webhook_url": " https://hooks.example.com/in "}
    assert "whsec_" in client.post(ADDRESS, form, follow=True).content.decode()
    sealed = bytes(one(NotificationSettings).sealed_webhook_secret)
    assert "whsec_" not in client.post(ADDRESS, form, follow=True).content.decode()

    kept = one(NotificationSettings)
    assert kept.webhook_url == "https://hooks.example.com/in"
    assert bytes(kept.sealed_webhook_secret) == sealed
    with across_operators("the test looks at all of them"):
        assert "whsec_" not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_no_role_is_given_a_webhook(client: Client) -> None:
    client.force_login(make_person(operator=make_operator(), role=Role.OWNER, language="en"))

    page = client.get("/operator/notifications/?role=viewer").content.decode()

    assert "station.offline:email" in page
    assert ":webhook" not in page
