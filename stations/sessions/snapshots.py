"""Token snapshots without the people in them, for readers who may not see drivers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rest_framework.request import Request

from core.accounts.permissions import Permission
from core.api.permissions import may

PEOPLE: Final = frozenset(
    {
        "driver",
        "driver_name",
        "employee_number",
        "cost_centre",
        "company",
        "company_name",
        "label",
        "vehicle",
        "registration_number",
    }
)


def without_people(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot without names and ids of people and companies."""
    return {name: value for name, value in snapshot.items() if name not in PEOPLE}


def shown_to(request: Request | None, snapshot: Mapping[str, Any] | None) -> dict[str, Any]:
    """The snapshot as the API caller may see it."""
    sees = request is not None and may(request, Permission.DRIVER_VIEW)
    return dict(snapshot or {}) if sees else without_people(snapshot or {})
