"""A list as asked for by an address: filtered, sorted, cut to a page, in chosen columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest

from core.accounts.middleware import has_permission
from core.lists.actions import BulkAction
from core.lists.chips import Chip, applied, without
from core.lists.columns import ColumnPlan, plan
from core.lists.filters import ListFilterSet
from core.lists.grid import GridRow, rows_of
from core.lists.models import SavedView
from core.lists.paging import CappedPaginator, page_number, page_size, window
from core.lists.saved import NO_VIEW, Kept, kept_by
from core.lists.spec import PAGE_SIZES, ListAction, ListSpec
from core.lists.tables import ListTable, stable

SEARCH_CAP: Final = 2_000
"""Hits of a search that are counted where a list does not count all its rows."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """What the template shows."""

    spec: ListSpec
    filterset: ListFilterSet
    table: ListTable
    paginator: CappedPaginator
    chips: list[Chip]
    actions: list[ListAction]
    bulk: list[BulkAction]
    columns: ColumnPlan
    kept: Kept
    request: HttpRequest
    size: int

    @property
    def number(self) -> int:
        """The page shown."""
        return int(self.table.page.number)

    @property
    def rows(self) -> Iterator[GridRow]:
        """The rows of the page as HTML."""
        return rows_of(self.table)

    @property
    def numbers(self) -> list[int | None]:
        """Pages to link to."""
        return window(self.number, self.paginator.num_pages)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Page sizes to choose from."""
        return PAGE_SIZES

    @property
    def sort(self) -> str:
        """The order as the address has it."""
        return self.request.GET.get("sort", "")

    @property
    def filters(self) -> list[Any]:
        """Bound fields of the filters, without the quick search."""
        return [self.filterset.form[name] for name in self.filterset.form.fields if name != "q"]

    @property
    def filter_chips(self) -> int:
        """Applied filters, without the quick search."""
        return sum(chip.label != str(self.filterset.form.fields["q"].label) for chip in self.chips)

    @property
    def view(self) -> SavedView | None:
        """The saved view that is open."""
        return self.kept.view(self.request.GET.get("view"))

    @property
    def is_own_view(self) -> bool:
        """Whether the open view is the reader's own."""
        return self.view is not None and self.view.owner_id == self.request.user.pk

    @property
    def shows_default(self) -> bool:
        """Whether the open view is the one with which the list opens."""
        return self.view is not None and self.view.pk == self.kept.default_id

    @property
    def view_parameter(self) -> str:
        """``view`` of the next address: the open one, or none although there is a default."""
        if self.view is not None:
            return str(self.view.pk)
        return NO_VIEW if self.kept.default_id else ""

    @property
    def all_url(self) -> str:
        """The list without any filter."""
        return self.request.path + (f"?view={NO_VIEW}" if self.kept.default_id else "")

    @property
    def shared_url(self) -> str:
        """This very list, columns too, for somebody else."""
        query = self.request.GET.copy()
        for name in ("view", "page", "columns"):
            query.pop(name, None)
        query["columns"] = self.columns.address or ",".join(self.columns.keys)
        return f"{self.request.path}?{query.urlencode()}"

    @property
    def default_columns_url(self) -> str:
        """The same list without columns in the address."""
        return self.request.path + without(self.request.GET, "columns")

    @property
    def query(self) -> str:
        """Filters, sort and columns as a schedule keeps them."""
        query = self.request.GET.copy()
        for name in ("view", "page", "per_page", "columns"):
            query.pop(name, None)
        if self.columns.address:
            query["columns"] = self.columns.address
        return query.urlencode()


def filtered(request: HttpRequest, spec: ListSpec) -> tuple[ListFilterSet, QuerySet[Any]]:
    """The filters of the address and the rows they leave."""
    filterset = spec.filterset(request.GET, queryset=spec.queryset(request), request=request)
    return filterset, filterset.result


def ordered(
    request: HttpRequest, spec: ListSpec, rows: QuerySet[Any], columns: ColumnPlan | None = None
) -> ListTable:
    """The table, sorted as the address says; unknown columns are ignored."""
    sort = request.GET.get("sort", "")
    shape: dict[str, Any] = {}
    if columns is not None and columns.is_chosen:
        shape = {
            "extra_columns": columns.extra,
            "exclude": columns.hidden,
            "sequence": (*columns.keys, "..."),
        }
    table = spec.table(rows, order_by=sort.split(",") if sort else None, **shape)
    table.data.data = stable(table.data.data)
    table.request = request
    return table


def _cap(request: HttpRequest, spec: ListSpec) -> int | None:
    """How far to count: less far where words are looked for in a list of millions, since each
    hit must be looked up and nobody leafs through thousands of them."""
    searches = spec.count_cap is not None and bool(request.GET.get("q", "").strip())
    return min(spec.count_cap or SEARCH_CAP, SEARCH_CAP) if searches else spec.count_cap


def list_page(request: HttpRequest, spec: ListSpec) -> ListPage:
    """One page of the list."""
    filterset, rows = filtered(request, spec)
    kept = kept_by(request, spec)
    columns = plan(spec, request.GET.get("columns", ""), kept.columns)
    table = ordered(request, spec, rows, columns)
    size = page_size(request.GET.get("per_page"), spec.page_size)
    counter = CappedPaginator(table.rows, size, cap=_cap(request, spec))
    number = page_number(request.GET.get("page"), counter.num_pages)
    table.page = counter.page(number)
    table.paginator = counter
    return ListPage(
        spec=spec,
        filterset=filterset,
        table=table,
        paginator=counter,
        chips=applied(filterset, request.GET),
        actions=[
            a for a in spec.actions if not a.permission or has_permission(request, a.permission)
        ],
        bulk=[action for action in spec.bulk if has_permission(request, action.permission)],
        columns=columns,
        kept=kept,
        request=request,
        size=size,
    )
