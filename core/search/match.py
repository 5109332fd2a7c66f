"""Finding rows by a part of their texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from core.search.models import SearchEntry
from core.search.trigrams import SHORTEST, fold, trigrams
from core.tenancy.managers import current_operator_id

RARE = 2
"""Runs that are looked for where it is known which are rare."""


def is_findable(text: str) -> bool:
    """Whether ``text`` is long enough for the index."""
    return len(fold(text)) >= SHORTEST and bool(trigrams(text))


def matching(kind: str, text: str, sample: Sequence[str] = ()) -> QuerySet[SearchEntry, int]:
    """Ids of the rows of ``kind`` that have ``text`` in one of their texts, in any case.

    Only rows of the operator in scope; none when the text is too short for the index. Of a
    ``sample`` of folded texts is learnt which runs of three characters are rare: the index then
    looks for those alone, since a run that all have costs time and leaves nothing out.
    """
    entries = having(kind, text)
    if not is_findable(text):
        return entries.none().values_list("object_id", flat=True)
    found = entries.filter(grams__contains=rarest(trigrams(text), sample))
    return found.values_list("object_id", flat=True)


def rarest(grams: Sequence[str], sample: Sequence[str]) -> list[str]:
    """Those few that fewest texts of a sample have; all of them without a sample."""
    if not sample:
        return list(grams)
    seen = {gram: sum(gram in text for text in sample) for gram in grams}
    return sorted(sorted(grams, key=lambda gram: (seen[gram], gram))[:RARE])


def having(kind: str, text: str) -> QuerySet[SearchEntry]:
    """Entries of ``kind`` that have ``text``, read one by one: to be asked about few rows."""
    entries: QuerySet[SearchEntry] = SearchEntry.objects.filter(kind=kind)
    operator_id = current_operator_id()
    if operator_id is not None:
        entries = entries.filter(operator_id=operator_id)
    return entries.filter(text__contains=fold(text)).order_by()


def among(field: str, ids: QuerySet[Any, Any]) -> Q:
    """Condition: ``field`` is one of ``ids``, which are read first.

    Unlike ``__in``, several of these joined by *or* can each use the index of their column.
    """
    condition = Func(
        F(field),
        ArraySubquery(ids),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    return Q(condition)
