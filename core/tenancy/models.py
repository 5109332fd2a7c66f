"""Base class of every table that belongs to an operator."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from core.tenancy.managers import TenantManager, refuse_foreign_rows
from core.tenancy.places import AnyPlacing, ObjectPlacing, Placing


class TenantModel(models.Model):
    """A row of one operator. Reads need a scope; writes must match it.

    ``placing`` says how a row belongs to a place, for members who see chosen places alone.
    """

    placing: ClassVar[Placing | ObjectPlacing | AnyPlacing | None] = None
    operator = models.ForeignKey("core.Operator", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to write a row of another operator than the one in scope."""
        refuse_foreign_rows([self])
        super().save(*args, **kwargs)
