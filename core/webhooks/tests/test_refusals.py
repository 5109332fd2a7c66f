"""What a webhook of one operator must not do: stop those of others, or give its secrets away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.accounts.models import Operator
from core.errors import InvalidInput
from core.sealing import seal
from core.tenancy.scopes import across_operators
from core.webhooks import services
from core.webhooks.delivering import deliver_due
from core.webhooks.extra_headers import MASK
from core.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from core.webhooks.template import DEEPEST, TemplateError, parsed
from core.webhooks.templating import check_template, shown_body, subject_of
from core.webhooks.tests.receiver import Receiver, receiver
from tests.factories.api import api_client
from tests.factories.core import make_delivery, make_operator, make_webhook

pytestmark = pytest.mark.django_db
HALF = '{"a": "\\ud800"}'


def nested(times: int) -> str:
    return '{"a": ' * (times - 1) + "{}" + "}" * (times - 1)


@pytest.fixture
def inbox(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with receiver() as running, across_operators("the test looks at all of them"):
        yield running


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def about_incident(delivery: WebhookDelivery, name: str = "inc_1") -> WebhookDelivery:
    event = {"id": "evt_1", "type": "incident.opened", "data": {"incident": {"id": name}}}
    WebhookEvent.objects.filter(pk=delivery.event_id).update(
        kind="incident.opened", body=json.dumps(event), subject=subject_of(event)
    )
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HALF, "sign"),
        ('{"\\udfff": 1}', "sign"),
        ('{"a": 1e999}', "json"),
        (nested(DEEPEST + 1), "deep"),
        (nested(500), "deep"),
        ('{"a":' + "[" * 9000 + "]" * 9000 + "}", "deep"),
    ],
)
def test_a_template_that_cannot_be_sent_is_refused_with_words(text: str, code: str) -> None:
    with pytest.raises(TemplateError) as error:
        parsed(text)
    assert error.value.code == code
    with pytest.raises(InvalidInput) as refusal:
        check_template(text, ["incident.opened"])
    assert refusal.value.message


def test_what_nests_as_deep_as_it_may_is_taken() -> None:
    assert parsed(nested(DEEPEST)) == json.loads(nested(DEEPEST))


@pytest.mark.parametrize("text", [HALF, nested(3000)])
def test_a_template_that_breaks_is_a_failure_of_its_own_webhook_alone(
    operator: Operator, inbox: Receiver, text: str
) -> None:
    broken = make_webhook(
        operator=operator, url=inbox.url, template=text, events=["incident.opened"]
    )
    bad = about_incident(make_delivery(operator=operator, endpoint=broken))
    other = make_operator()
    good = make_delivery(operator=other, endpoint=make_webhook(operator=other, url=inbox.url))

    assert deliver_due(now=timezone.now()) == 2

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, bad.response_status) == ("pending", 1, None)
    assert "template" in bad.error
    assert good.state == "delivered"
    assert shown_body(bad) == bad.event.body


def test_a_ticket_is_waited_for_and_what_was_sent_stays_shown(
    operator: Operator, inbox: Receiver, django_assert_num_queries: Any
) -> None:
    template = '{"parent": "{{ ticket.id }}"}'
    webhook = make_webhook(
        operator=operator, url=inbox.url, template=template, id_pointer="/key",
        events=["incident.opened"],
    )  # fmt: skip
    inbox.status, inbox.body = 503, b'{"key": "OPS-7"}'
    first, second, apart = (
        about_incident(make_delivery(operator=operator, endpoint=webhook), name)
        for name in ("inc_1", "inc_1", "inc_2")
    )
    tries = [deliver_due(now=timezone.now()), deliver_due(now=timezone.now())]
    inbox.status = 200
    tries += [deliver_due(now=timezone.now() + timedelta(seconds=8)) for _turn in range(2)]
    rows = api_client(operator).get("/api/v1/webhook-deliveries/").json()["results"]

    assert tries == [2, 0, 2, 1]
    bodies = [json.loads(body) for _path, _headers, body in inbox.requests]
    assert [one["parent"] for one in bodies] == [None, None, None, None, "OPS-7"]
    shown = {row["id"]: json.loads(row["body"]) for row in rows}
    assert shown[first.pk] == {"parent": None}
    assert shown[second.pk] == {"parent": "OPS-7"}
    WebhookEndpoint.objects.update(template="")
    second.refresh_from_db()
    with django_assert_num_queries(0):
        assert json.loads(shown_body(second)) == {"parent": "OPS-7"}
    assert apart.event.subject == "incident:inc_2"


@pytest.mark.parametrize("kept", [{}, {"headers": {"Authorization": MASK}}])
def test_kept_headers_do_not_follow_to_another_address(
    operator: Operator, kept: dict[str, Any]
) -> None:
    api = api_client(operator)
    new = {"name": "T", "url": "https://tickets.example/a", "events": ["incident.opened"]}
    made = api.post("/api/v1/webhooks/", new | {"headers": {"Authorization": "Bearer abc"}})
    own = f"/api/v1/webhooks/{made.json()['id']}/"

    refused = api.patch(own, {"url": "https://thief.example/a"} | kept)
    plain = api.patch(own, {"url": "https://tickets.example:8443/a"} | kept)
    path = api.patch(own, {"url": "https://tickets.example/b"} | kept)
    again = api.patch(
        own, {"url": "https://thief.example/a", "headers": {"Authorization": "Bearer new"}}
    )

    assert (refused.status_code, plain.status_code) == (422, 422)
    assert "write the headers" in refused.content.decode()
    assert (path.status_code, again.status_code) == (200, 200)


def test_headers_under_another_key_are_asked_for_and_named(
    operator: Operator, inbox: Receiver
) -> None:
    webhook = make_webhook(
        operator=operator, url=inbox.url, sealed_headers=seal(b"{}", "another"),
        header_names=["X-Token"],
    )  # fmt: skip
    delivery = make_delivery(operator=operator, endpoint=webhook)
    deliver_due(now=timezone.now())
    delivery.refresh_from_db()

    with pytest.raises(InvalidInput, match="write them again"):
        services.change_webhook(endpoint=webhook, headers={"X-Token": MASK, "X-More": "1"})
    assert delivery.error == "The headers cannot be read any more. Write their values again."
