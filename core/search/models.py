"""The texts that the search looks into, kept by triggers of the tables they come from."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What one row of another table is found by: its texts, a line each, and their trigrams.

    Written by triggers (core/search/sql.py), so whatever writes the row, ORM or not, keeps it; new
    rows of hot paths a moment later (core/search/filling.py). No foreign key: a row of it is
    written for every session that begins.
    """

    pk = models.CompositePrimaryKey("kind", "object_id")
    kind = models.CharField(_("kind"), max_length=20)
    object_id = models.BigIntegerField(_("object"))
    operator_id = models.BigIntegerField(_("operator"))
    text = models.TextField(_("text"))
    grams: ArrayField[list[str], list[str]] = ArrayField(models.TextField())

    class Meta:
        ordering = ["kind", "object_id"]
        # A short list of what is not yet in the index: every search reads it from end to end.
        indexes = [GinIndex(fields=["grams"], name="search_grams_idx", gin_pending_list_limit=256)]
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchFill(models.Model):
    """How far a table's new rows are known to have entries (core/search/filling.py)."""

    kind = models.CharField(_("kind"), max_length=20, primary_key=True)
    floor_id = models.BigIntegerField(_("looked for above this id"), default=0)
    next_id = models.BigIntegerField(_("the next floor"), default=0)
    next_at = models.DateTimeField(_("when that was the highest id"), null=True)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("search fill")
        verbose_name_plural = _("search fills")

    def __str__(self) -> str:
        return f"{self.kind} above {self.floor_id}"
