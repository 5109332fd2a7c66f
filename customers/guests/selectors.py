"""Reads of guests' visits for the operator's pages and the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from customers.guests.models import GuestVisit


def visits() -> QuerySet[Any]:
    """All in scope with what lists show, the latest first."""
    rows: QuerySet[Any] = GuestVisit.objects.select_related(
        "operator", "evse__station__site", "account", "command",
        "card_payment__card_account__seller", "card_payment__payment", "session",
    ).defer("session__intervals")  # fmt: skip
    return rows.order_by("-created_at", "-pk")
