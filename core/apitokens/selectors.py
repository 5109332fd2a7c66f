"""Reading API tokens and their requests."""

from __future__ import annotations

from django.db.models import QuerySet

from core.accounts.models import ApiToken
from core.api.models import ApiRequest
from core.tenancy.places import Holder, place_source


def api_tokens() -> QuerySet[ApiToken]:
    """Tokens of the operator in scope with their makers and sites, the newest first."""
    rows: QuerySet[ApiToken] = ApiToken.objects.select_related("created_by")
    rows = rows.annotate(site_names=place_source().joined_names(Holder.TOKEN))
    return rows.order_by("-created_at", "-id")


def api_requests() -> QuerySet[ApiRequest]:
    """Requests of the operator in scope with their tokens, the newest first."""
    rows: QuerySet[ApiRequest] = ApiRequest.objects.select_related("token")
    return rows.order_by("-at", "-id")
