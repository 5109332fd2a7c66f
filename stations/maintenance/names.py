"""Names that one operator gives once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput


def refuse_taken(row: Any) -> None:
    """Refuse a row whose name another of its kind has, in the scope."""
    if type(row).objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise InvalidInput("name_taken", _("This name is taken."), field="name")
