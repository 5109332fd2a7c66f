"""Reading API tokens."""

from __future__ import annotations

from django.db.models import QuerySet

from core.accounts.models import ApiToken


def api_tokens() -> QuerySet[ApiToken]:
    """Tokens of the operator in scope with their makers, the newest first."""
    rows: QuerySet[ApiToken] = ApiToken.objects.select_related("created_by")
    return rows.order_by("-created_at", "-id")
