"""Reading what payers were told."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When

from customers.notices.models import NoticeState, PayerNotice


def notices() -> QuerySet[PayerNotice]:
    """All of them with their ``state``, the latest first."""
    state: Any = Case(
        When(sent_at__isnull=False, then=Value(NoticeState.SENT.value)),
        When(next_at__isnull=False, then=Value(NoticeState.WAITING.value)),
        default=Value(NoticeState.GIVEN_UP.value),
        output_field=CharField(),
    )
    rows: QuerySet[PayerNotice] = PayerNotice.objects.select_related("account").annotate(
        state=state
    )
    return rows.order_by("-created_at", "-id")
