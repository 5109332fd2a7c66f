"""Operators, people and API tokens for tests. Rows of a tenant need no scope here."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from core.accounts.apitokens import create_api_token
from core.accounts.models import ApiToken, Membership, Operator, User
from core.accounts.permissions import ALWAYS_LIMITED, Permission, Role
from core.tenancy.scopes import across_operators
from core.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from core.webhooks.secrets import sealed

_numbers = itertools.count(1)


def number() -> int:
    """A number that no other row of this run has."""
    return next(_numbers)


def make_operator(**fields: Any) -> Operator:
    """An operator with a name of its own."""
    n = number()
    values = {"name": f"Operator {n}", "slug": f"operator-{n}", "party_id": "ABC"} | fields
    return Operator.objects.create(**values)


def make_person(*, operator: Operator | None = None, role: str = Role.OWNER, **fields: Any) -> User:
    """A user; a member of ``operator`` with ``role`` when one is given."""
    n = number()
    user = User.objects.create_user(**({"email": f"person{n}@example.com"} | fields))
    if operator is not None:
        with across_operators("tests make rows of any operator"):
            Membership.objects.create(
                operator=operator, user=user, role=role, is_limited=role in ALWAYS_LIMITED
            )
    return user


def make_api_token(
    *, operator: Operator, permissions: Iterable[str] = Permission.values, **fields: Any
) -> tuple[ApiToken, str]:
    """An API token and its secret; every permission unless told."""
    with across_operators("tests make rows of any operator"):
        return create_api_token(
            operator=operator, permissions=permissions, **({"name": f"Token {number()}"} | fields)
        )


WEBHOOK_KEY = b"k" * 32


def make_webhook(*, operator: Operator, **fields: Any) -> WebhookEndpoint:
    """A webhook that hears of connections, with WEBHOOK_KEY."""
    n = number()
    values = {
        "public_id": f"wh_{n}",
        "name": f"Webhook {n}",
        "url": "https://hooks.example/in",
        "events": ["station.connected"],
        "sealed_secret": sealed(WEBHOOK_KEY),
    } | fields
    with across_operators("tests make rows of any operator"):
        webhook: WebhookEndpoint = WebhookEndpoint.objects.create(operator=operator, **values)
    return webhook


def make_delivery(
    *, operator: Operator, endpoint: WebhookEndpoint | None = None, **fields: Any
) -> WebhookDelivery:
    """A delivery that waits, to a webhook of its own unless one is given."""
    n = number()
    endpoint = endpoint or make_webhook(operator=operator)
    with across_operators("tests make rows of any operator"):
        event = WebhookEvent.objects.create(
            operator=operator,
            public_id=f"evt_{n}",
            key=f"key-{n}",
            kind="station.connected",
            happened_at=timezone.now(),
            body=f'{{"id":"evt_{n}"}}',
        )
        delivery: WebhookDelivery = WebhookDelivery.objects.create(
            operator=operator, endpoint=endpoint, event=event, **fields
        )
    return delivery
