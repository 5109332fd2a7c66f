"""How the API names the object that a note or a file is about."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from core.api.permissions import may
from core.errors import InvalidInput
from core.objects.find import find_object
from core.objects.kinds import ObjectKind, kind_of_type, kinds
from core.tenancy.places import current_places


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
    """Rows about objects that the caller may see: by kind, and by place where it is limited."""
    seen = [kind for kind in kinds().values() if may(request, kind.view)]
    if current_places() is None:
        return rows.filter(object_type__in=[kind.type_name for kind in seen])
    within = Q(pk__in=[])
    for kind in seen:
        keys = kind.rows().order_by().annotate(_key=Cast("pk", TextField())).values("_key")
        within |= Q(object_type=kind.type_name, object_id__in=keys)
    return rows.filter(within)


def kind_name(type_name: str) -> str:
    """The word for a table; the table itself where nobody declared it."""
    kind = kind_of_type(type_name)
    return kind.name if kind else type_name
