"""The tariff behind an address, and what its pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from billing.tariffs.models import Tariff, TariffVersion, VersionState
from billing.tariffs.selectors import tariff_rows
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission


def tariff_or_404(public_id: str) -> Tariff:
    """The tariff of the operator in scope, with the figures of lists."""
    found: Tariff = get_object_or_404(tariff_rows(timezone.now()), public_id=public_id)
    return found


def draft_of(tariff: Tariff) -> TariffVersion | None:
    """The draft, if there is one."""
    found: TariffVersion | None = tariff.versions.filter(state=VersionState.DRAFT).first()
    return found


def newest_of(tariff: Tariff) -> TariffVersion | None:
    """The draft, or else the latest version: what an editor starts from."""
    found: TariffVersion | None = (
        tariff.versions.exclude(state=VersionState.RETIRED).order_by("-number").first()
        or tariff.versions.order_by("-number").first()
    )
    return found


def rights(request: HttpRequest) -> dict[str, Any]:
    """What the reader may do, for templates and services."""
    return {"can_edit": has_permission(request, Permission.TARIFF_EDIT)}


def may_be_negative(request: HttpRequest) -> bool:
    """Whether the writer may set prices below zero."""
    return has_permission(request, Permission.TARIFF_NEGATIVE)
