"""What a list page consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from core.lists.actions import BulkAction
from core.lists.filters import ListFilterSet
from core.lists.tables import ListTable

Text = str | Promise
Accessor = str | Callable[[Any], object]

PAGE_SIZES: Final = (25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """One column of the files: its machine name and where the value is.

    ``accessor``: a dotted path of attributes (default: the name) or a function of the row.
    ``column``: the column of the table that shows it, where neither name nor path tell.
    ``label``: what people read where the table has no such column; else the model's word.
    """

    name: str
    accessor: Accessor | None = None
    column: str = ""
    label: Text = ""

    @property
    def path(self) -> str:
        """The dotted path; empty for a function."""
        accessor = self.accessor or self.name
        return "" if callable(accessor) else accessor

    def value(self, row: Any) -> object:
        """The raw value of ``row``; None where a relation on the way is empty."""
        accessor = self.accessor or self.name
        if callable(accessor):
            return accessor(row)
        for part in accessor.split("."):
            row = getattr(row, part)
            if row is None:
                return None
        return row


@dataclass(frozen=True, slots=True)
class EmptyText:
    """What a list without any rows says, and the page that helps (if the reader may)."""

    title: Text
    text: Text = ""
    url_name: str = ""
    action: Text = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class ListAction:
    """A button above the list that leads to another page (``query``: what follows its ``?``)."""

    label: Text
    url_name: str
    icon: str = "plus"
    permission: str = ""
    primary: bool = True
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSpec:
    """Everything a list page needs; ``core.lists.views.list_view`` makes a view of it.

    ``keys``: columns by which the API names rows for bulk actions, the first as it shows them.
    ``queryset`` is called per request, inside the operator's scope. ``count_cap`` bounds
    counting for journals of millions of rows. ``live_topic`` refreshes the open list when
    something happens. ``bulk``: what may be done to many rows at once. ``context`` adds to the
    template's context; ``template`` may extend ``core/lists/list.html``.
    """

    name: str
    title: Text
    permission: str
    queryset: Callable[[HttpRequest], QuerySet[Any]]
    filterset: type[ListFilterSet]
    table: type[ListTable]
    csv: Sequence[CsvColumn]
    empty: EmptyText
    search_hint: Text = ""
    actions: Sequence[ListAction] = ()
    bulk: Sequence[BulkAction] = ()
    keys: Sequence[str] = ("public_id",)
    count_cap: int | None = None
    page_size: int = 50
    live_topic: str = ""
    template: str = "core/lists/list.html"
    context: Callable[[HttpRequest], Mapping[str, Any]] = field(default=lambda _request: {})

    def bulk_action(self, name: str) -> BulkAction | None:
        """The bulk action of this name."""
        return next((action for action in self.bulk if action.name == name), None)
