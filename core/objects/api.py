"""How the API names the object that a note or a file is about."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from core.api.permissions import may
from core.errors import InvalidInput
from core.objects.find import find_object
from core.objects.kinds import ObjectKind, kind_of_type, kinds


def named_object(request: Request, kind: str, reference: str) -> tuple[ObjectKind, Any]:
    """The object of a body; InvalidInput when there is none, 403 when it may not be seen."""
    try:
        found, instance = find_object(kind, reference)
    except Http404 as error:
        raise InvalidInput("no_object", str(error), field="object") from error
    if not may(request, found.view):
        raise PermissionDenied(_("You may not see this object."))
    return found, instance


def visible(request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows about kinds of objects that the caller may see."""
    types = [kind.type_name for kind in kinds().values() if may(request, kind.view)]
    return rows.filter(object_type__in=types)


def kind_name(type_name: str) -> str:
    """The word for a table; the table itself where nobody declared it."""
    kind = kind_of_type(type_name)
    return kind.name if kind else type_name
