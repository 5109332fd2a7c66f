"""Webhooks by page and by API: made, shown once, changed, switched, tested, replayed, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from core.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories.api import api_client
from tests.factories.core import make_delivery, make_operator, make_person, make_webhook

pytestmark = pytest.mark.django_db
VALUES = {
    "name": "Maintenance",
    "url": "https://hooks.example/in",
    "events": ["station.connected", "session.ended"],
}


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def owner(client: Client, operator: Operator) -> Client:
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    return client


def rows(model: Any) -> list[Any]:
    with across_operators("the test looks at all of them"):
        return list(model.objects.order_by("pk"))


def audit() -> list[str]:
    return [entry.verb for entry in rows(AuditEntry)]


def test_a_webhook_lives_on_pages(owner: Client) -> None:
    shown = owner.post("/webhooks/new/", VALUES).content.decode()
    (webhook,) = rows(WebhookEndpoint)
    path = f"/webhooks/{webhook.public_id}/"

    assert "whsec_" in shown
    assert "whsec_" not in owner.get(path).content.decode()
    owner.post(path + "edit/", VALUES | {"name": "Other"})
    assert b"whsec_" in owner.post(path + "secret/", {"reason": "leaked"}).content
    tested = owner.post(path + "test/", follow=True)
    assert b"webhook.test" in tested.content
    owner.post(path + "switch/", {"reason": "broken"})
    assert b"broken" in owner.get(path).content
    owner.post(path + "switch/", {"reason": "mended"})
    owner.post(path + "delete/", {"reason": "unused"})

    assert rows(WebhookEndpoint) == []
    assert audit() == [
        "webhook.create",
        "webhook.change",
        "webhook.renew_secret",
        "webhook.test",
        "webhook.switch_off",
        "webhook.switch_on",
        "webhook.delete",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "https://169.254.169.254/latest/"}, "private network"),
        ({"url": "http://hooks.example/"}, "must begin with https"),
        ({"events": []}, "This field is required"),
        ({"events": ["fly"]}, "Select a valid choice"),
    ],
)
def test_a_wrong_form_makes_nothing(owner: Client, changes: dict[str, Any], words: str) -> None:
    page = owner.post("/webhooks/new/", VALUES | changes)

    assert words in page.content.decode()
    assert (rows(WebhookEndpoint), audit()) == ([], [])


def test_a_delivery_is_replayed_from_its_page(owner: Client, operator: Operator) -> None:
    delivery = make_delivery(operator=operator, state="failed", attempts=11, error="HTTP 500")
    path = f"/webhook-deliveries/{delivery.pk}/"

    assert b"Send again" in owner.get(path).content
    assert b"HTTP 500" in owner.get("/webhook-deliveries/?state=failed").content
    owner.post(path + "replay/")
    owner.post(path + "replay/")

    (row,) = rows(WebhookDelivery)
    assert (row.state, row.attempts) == ("pending", 0)
    assert audit() == ["webhook.replay"]


def test_the_api_does_the_same(operator: Operator) -> None:
    client = api_client(operator)
    made = client.post("/api/v1/webhooks/", {**VALUES, "reason": "new"}).json()
    path = f"/api/v1/webhooks/{made['id']}/"

    assert made["secret"].startswith("whsec_")
    assert "secret" not in client.get(path).json()
    changed = client.patch(path, {"events": ["session.held"]}).json()
    assert changed["events"] == ["session.held"]
    refused = client.patch(path, {"events": ["fly"], "url": "https://10.0.0.1/"})
    assert (refused.status_code, refused.json()["code"]) == (422, "url")
    assert client.post(path + "test/").status_code == 202
    assert client.post(path + "switch/", {"on": True}).status_code == 409
    assert client.post(path + "switch/", {"on": False}).json()["state"] == "off"
    (sent,) = client.get("/api/v1/webhook-deliveries/").json()["results"]
    again = client.post(f"/api/v1/webhook-deliveries/{sent['id']}/replay/")
    assert (sent["state"], again.json()["code"]) == ("failed", "webhook_off")
    assert client.delete(path).status_code == 204
    assert rows(WebhookEndpoint) == []


def test_a_webhook_of_another_operator_is_not_there(owner: Client) -> None:
    foreign = make_webhook(operator=make_operator())

    assert owner.get(f"/webhooks/{foreign.public_id}/").status_code == 404
    assert owner.post(f"/webhooks/{foreign.public_id}/delete/", {"reason": "x"}).status_code == 404
    assert rows(WebhookEndpoint) == [foreign]
