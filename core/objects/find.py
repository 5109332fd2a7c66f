"""Finding the object that an address or an API call names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, models
from django.http import Http404
from django.utils.translation import gettext as _

from core.objects.kinds import ObjectKind, kind_of_type, kinds


def find_object(kind_name: str, reference: str) -> tuple[ObjectKind, Any]:
    """Kind and row of the operator in scope; Http404 when there is none."""
    kind = kinds().get(kind_name)
    if kind is None:
        raise Http404(_("There is no such kind of object."))
    row = _row(kind, **{kind.key: reference})
    if row is None:
        raise Http404(_("There is no such object."))
    return kind, row


def object_behind(type_name: str, object_id: str) -> tuple[ObjectKind, Any] | None:
    """The same by what rows about objects store: table and primary key."""
    kind = kind_of_type(type_name)
    row = _row(kind, pk=object_id) if kind else None
    return (kind, row) if kind and row is not None else None


def _row(kind: ObjectKind, **lookup: str) -> models.Model | None:
    try:
        row: models.Model | None = kind.rows().filter(**lookup).first()
    except (ValueError, FieldError, ValidationError, DataError, OverflowError):
        return None
    return row
