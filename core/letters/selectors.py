"""Reading what became of letters."""

from __future__ import annotations

from django.db.models import QuerySet

from core.letters.models import Letter


def letters_about(kind: str, ref: str) -> QuerySet[Letter]:
    """Those about one thing of the operator in scope, the latest first."""
    rows: QuerySet[Letter] = Letter.objects.filter(kind=kind, ref=ref)
    return rows.order_by("-sent_at", "-pk")
