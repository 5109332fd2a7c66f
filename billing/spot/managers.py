"""Market data: rows of one operator, or of nobody and then seen by all."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db import models

from core.tenancy.managers import TenantQuerySet, current_operator_id, refuse_foreign_rows

M = TypeVar("M", bound=models.Model)


class MarketQuerySet(TenantQuerySet[M]):
    """Reads see the market's rows too; writes in a scope reach the operator's own alone."""

    def own(self) -> MarketQuerySet[M]:
        """Rows of the operator in scope alone; all rows where scopes are disabled."""
        operator_id = current_operator_id()
        return self if operator_id is None else self.filter(operator_id=operator_id)

    def update(self, **kwargs: Any) -> int:
        """Change own rows."""
        return super(MarketQuerySet, self.own()).update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete own rows."""
        return super(MarketQuerySet, self.own()).delete()


class MarketManager(models.Manager[M]):
    """Rows of the operator in scope and of the market; ScopeError outside any scope."""

    use_in_migrations = False

    def get_queryset(self) -> MarketQuerySet[M]:
        """What the operator in scope may see."""
        operator_id = current_operator_id()
        queryset: MarketQuerySet[M] = MarketQuerySet(self.model, using=self._db)
        if operator_id is not None:
            mine = models.Q(operator_id=operator_id) | models.Q(operator_id=None)
            return queryset.filter(mine)
        return queryset


class MarketModel(models.Model):
    """A row of market data. Without operator it is the market's, the same for all operators,
    and only the installation writes it; with one it holds for that operator alone."""

    operator = models.ForeignKey(
        "core.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[MarketManager[Any]] = MarketManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to write a row of the market or of another operator inside a scope."""
        refuse_foreign_rows([self])
        super().save(*args, **kwargs)

    @property
    def is_own(self) -> bool:
        """Whether the row holds for its operator alone."""
        return self.operator_id is not None
