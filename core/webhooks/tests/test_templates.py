"""Webhooks for ticket systems: bodies from templates, sealed headers, tickets out of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from core.webhooks.delivering import deliver_due
from core.webhooks.extra_headers import MASK, opened
from core.webhooks.models import WebhookEndpoint, WebhookEvent, WebhookTicket
from core.webhooks.template import TemplateError, at_pointer, parsed, rendered, unknown_paths
from core.webhooks.tests.receiver import Receiver, receiver
from tests.factories.api import api_client
from tests.factories.core import make_delivery, make_operator, make_person

pytestmark = pytest.mark.django_db
TEMPLATE = json.dumps(
    {
        "fields": {
            "project": {"key": "OPS"},
            "summary": "{{data.station.name}}: {{data.incident.summary}}",
            "evse": "{{data.incident.evse}}",
            "parent": "{{ticket.id}}",
        }
    }
)


@pytest.fixture
def inbox(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with receiver() as running:
        running.body = json.dumps({"key": "OPS-7", "self": "https://tickets.example/7"}).encode()
        yield running


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@given(value=st.text() | st.integers() | st.none())
def test_whatever_an_event_says_the_body_stays_json(value: Any) -> None:
    template = parsed('{"a": "{{x}}", "b": "<{{ x }}>", "c": ["{{y.z}}", 1]}')

    body = json.loads(json.dumps(rendered(template, {"x": value})))

    assert set(body) == {"a", "b", "c"}
    assert (body["a"], body["c"]) == (value, [None, 1])


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ('{"a": {{x}}}', "json", "1:8"),
        ("[1]", "object", "1:1"),
        ('{"{{x}}": 1}', "key", "{{x}}"),
        ('{"a": NaN}', "json", "1:1"),
    ],
)
def test_what_is_wrong_with_a_template_is_named(text: str, code: str, at: str) -> None:
    with pytest.raises(TemplateError) as error:
        parsed(text)
    assert (error.value.code, error.value.at) == (code, at)


def test_places_and_pointers_that_lead_nowhere() -> None:
    template = parsed('{"a": "{{x}} {{y}}", "b": ["{{x.z}}", "{{ x"]}')

    assert unknown_paths(template, [{"x": {"z": 1}}]) == ["y", "{{ x"]
    document = {"a/b": [{"c~d": 5}]}
    assert at_pointer(document, "/a~1b/0/c~0d") == 5
    assert [at_pointer(document, one) for one in ("/x", "/a~1b/9", "x", "/a~1b/c")] == [None] * 4


def test_an_incident_becomes_a_ticket_and_the_ticket_is_kept(
    client: Client, operator: Operator, inbox: Receiver
) -> None:
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    form = {
        "name": "Tickets", "url": inbox.url, "events": ["incident.opened"], "template": TEMPLATE,
        "headers": "Authorization: Bearer abc\nX-Own: 1", "id_pointer": "/key",
        "url_pointer": "/self",
    }  # fmt: skip
    preview = client.post(reverse("webhook_create"), form | {"preview": "1"}).content.decode()
    wrong = client.post(
        reverse("webhook_create"), form | {"template": '{"a": "{{data.incident.nothing}}"}'}
    ).content.decode()
    client.post(reverse("webhook_create"), form)
    with across_operators("the test looks at all of them"):
        webhook: WebhookEndpoint = WebhookEndpoint.objects.get(operator=operator)
        delivery = make_delivery(operator=operator, endpoint=webhook)
        event = {
            "id": "evt_1", "type": "incident.opened", "timestamp": "2026-05-01T12:00:00Z",
            "data": {"incident": {"id": "inc_1", "summary": 'Says "no"', "evse": 2},
                     "station": {"name": "Norra 1"}},
        }  # fmt: skip
        WebhookEvent.objects.filter(pk=delivery.event_id).update(
            kind="incident.opened", body=json.dumps(event)
        )
        deliver_due(now=timezone.now())
        ticket = WebhookTicket.objects.get()
    edit = reverse("webhook_edit", args=[webhook.public_id])
    page = client.get(edit).content.decode()
    client.post(edit, form | {"headers": f"Authorization: {MASK}", "name": "Renamed"})

    assert "Norra torget 1: The station reports: GroundFailure." in preview
    assert "data.incident.nothing" in wrong
    ((_path, headers, body),) = inbox.requests
    assert json.loads(body)["fields"] == {
        "project": {"key": "OPS"}, "summary": 'Norra 1: Says "no"', "evse": 2, "parent": None,
    }  # fmt: skip
    assert (headers["authorization"], headers["x-own"]) == ("Bearer abc", "1")
    assert (ticket.about, ticket.ref, ticket.ticket, ticket.url) == (
        "incident", "inc_1", "OPS-7", "https://tickets.example/7",
    )  # fmt: skip
    assert "Bearer abc" not in page
    assert f"Authorization: {MASK}" in page
    with across_operators("the test looks at all of them"):
        webhook.refresh_from_db()
    assert opened(webhook) == {"Authorization": "Bearer abc"}
    assert (webhook.name, webhook.header_names) == ("Renamed", ["Authorization"])


def test_the_api_previews_and_names_what_is_wrong(operator: Operator) -> None:
    api = api_client(operator)
    events = ["work_order.opened", "incident.opened"]
    template = '{"t": "{{data.work_order.title}}"}'

    shown = api.post("/api/v1/webhook-preview/", {"template": template, "events": events}).json()
    base = {"name": "T", "url": "https://tickets.example/", "events": ["incident.opened"]}
    bad = [
        api.post("/api/v1/webhooks/", base | more)
        for more in (
            {"template": "{"},
            {"template": template},
            {"template": template, "events": ["station.connected", "work_order.opened"]},
            {"headers": {"Host": "x"}},
            {"headers": {"X": "a\nb"}},
            {"id_pointer": "key"},
        )
    ]
    made = api.post("/api/v1/webhooks/", base | {"headers": {"X-Token": "abc"}}).json()

    assert {row["event"]: row["body"] for row in shown} == {
        "work_order.opened": {"t": "Screen is dark"}, "incident.opened": {"t": None},
    }  # fmt: skip
    assert [one.status_code for one in bad] == [422] * 6
    assert made["headers"] == ["X-Token"]
    assert "abc" not in json.dumps(made)
