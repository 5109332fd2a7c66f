"""Rights of API callers: the same table as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.accounts.middleware import has_permission
from core.accounts.models import ApiToken, Operator

if TYPE_CHECKING:
    # rest_framework.views itself imports the default permission classes, that is this module.
    from rest_framework.views import APIView

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def may(request: Request | HttpRequest, permission: str) -> bool:
    """Whether the caller has ``permission``: by token, or by membership."""
    return has_permission(request, permission)


def operator_of(request: Request) -> Operator:
    """The operator the caller works for; only call behind TablePermission."""
    if isinstance(request.auth, ApiToken):
        return request.auth.operator
    operator: Operator = request.operator  # type: ignore[attr-defined]  # read further down
    return operator


class TablePermission(BasePermission):
    """Views name ``read_permission`` and ``write_permission``; a view without is closed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Look the needed permission up in the caller's rights."""
        if not request.user.is_authenticated:
            return False
        safe = request.method in SAFE
        needed = getattr(view, "read_permission" if safe else "write_permission", None)
        return needed is not None and may(request, needed)
