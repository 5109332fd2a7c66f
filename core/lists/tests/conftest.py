"""Fixtures of list tests: an operator with entries, and olga who may read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from tests.factories.core import make_operator, make_person

FIRST_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def make_entries(operator: Operator, count: int, **fields: object) -> None:
    """Entries one hour apart, the n-th named ``CP-000n``."""
    with operator_scope(operator):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                operator=operator,
                **{
                    "actor_kind": "person", "actor_label": "olga", "verb": "edit",
                    "object_type": "station", "object_id": str(n), "object_label": f"CP-{n:04}",
                    "at": FIRST_AT + timedelta(hours=n), **fields,
                },
            )
            for n in range(count)
        )  # fmt: skip


@pytest.fixture
def operator(db: None) -> Operator:
    return make_operator()


@pytest.fixture
def olga(operator: Operator, client: Client) -> Client:
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    return client
