"""Managers that see only the operator and the places in scope.

The state is django-scopes'. Its own disabled queryset leaves ``exists()``, ``async for``
and others open, so here a manager outside any scope refuses before a queryset is made, and
writes in bulk are checked against the scope.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django.db import models
from django_scopes import ScopeError, get_scope

from core.tenancy.places import is_within_places, within_places

M = TypeVar("M", bound=models.Model)


def current_operator_id() -> int | None:
    """Primary key of the operator in scope; None where scopes are disabled.

    Raises ScopeError outside any scope.
    """
    scope = get_scope()
    if not scope.get("_enabled", True):
        return None
    operator = scope.get("operator")
    if operator is None:
        raise ScopeError("Tenant rows may only be read or written inside an operator's scope.")
    return int(getattr(operator, "pk", operator))


class TenantQuerySet(models.QuerySet[M]):
    """Queryset of tenant rows; bulk writes must belong to the operator in scope."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Insert rows of the operator in scope."""
        rows = list(objs)
        refuse_foreign_rows(rows)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> int:
        """Update rows of the operator in scope."""
        rows = list(objs)
        refuse_foreign_rows(rows)
        return super().bulk_update(rows, *args, **kwargs)


def refuse_foreign_rows(rows: Iterable[models.Model]) -> None:
    """Raise ScopeError if a row belongs to another operator or place than those in scope."""
    operator_id = current_operator_id()
    for row in rows:
        if operator_id is not None and getattr(row, "operator_id", None) != operator_id:
            raise ScopeError(f"A {row._meta.label} of another operator cannot be written here.")
        if not is_within_places(row):
            raise ScopeError(f"A {row._meta.label} of another place cannot be written here.")


class TenantManager(models.Manager[M]):
    """Default manager of tenant rows: filtered by scope, an error without one."""

    use_in_migrations = False

    def get_queryset(self) -> TenantQuerySet[M]:
        """Rows of the operator and the places in scope; ScopeError outside any operator's."""
        operator_id = current_operator_id()
        queryset: TenantQuerySet[M] = TenantQuerySet(self.model, using=self._db)
        if operator_id is not None:
            queryset = queryset.filter(operator_id=operator_id)
        return cast("TenantQuerySet[M]", within_places(queryset))
