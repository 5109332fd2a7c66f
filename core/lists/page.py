"""A list as asked for by an address: filtered, sorted, cut to a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.accounts.middleware import has_permission
from core.lists.chips import Chip, applied
from core.lists.filters import ListFilterSet
from core.lists.paging import CappedPaginator, page_number, page_size, window
from core.lists.spec import PAGE_SIZES, ListAction, ListSpec
from core.lists.tables import ListTable, stable


@dataclass(frozen=True, slots=True)
class ListPage:
    """What the template shows."""

    spec: ListSpec
    filterset: ListFilterSet
    table: ListTable
    paginator: CappedPaginator
    chips: list[Chip]
    actions: list[ListAction]
    sort: str
    size: int

    @property
    def number(self) -> int:
        """The page shown."""
        return int(self.table.page.number)

    @property
    def numbers(self) -> list[int | None]:
        """Pages to link to."""
        return window(self.number, self.paginator.num_pages)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Page sizes to choose from."""
        return PAGE_SIZES

    @property
    def filters(self) -> list[Any]:
        """Bound fields of the filters, without the quick search."""
        return [self.filterset.form[name] for name in self.filterset.form.fields if name != "q"]

    @property
    def filter_chips(self) -> int:
        """Applied filters, without the quick search."""
        return sum(chip.label != str(self.filterset.form.fields["q"].label) for chip in self.chips)


def filtered(request: HttpRequest, spec: ListSpec) -> tuple[ListFilterSet, QuerySet[Any]]:
    """The filters of the address and the rows they leave."""
    filterset = spec.filterset(request.GET, queryset=spec.queryset(request), request=request)
    return filterset, filterset.result


def ordered(request: HttpRequest, spec: ListSpec, rows: QuerySet[Any]) -> ListTable:
    """The table, sorted as the address says; unknown columns are ignored."""
    sort = request.GET.get("sort", "")
    table = spec.table(rows, order_by=sort.split(",") if sort else None)
    table.data.data = stable(table.data.data)
    return table


def list_page(request: HttpRequest, spec: ListSpec) -> ListPage:
    """One page of the list."""
    filterset, rows = filtered(request, spec)
    table = ordered(request, spec, rows)
    size = page_size(request.GET.get("per_page"), spec.page_size)
    counter = CappedPaginator(table.rows, size, cap=spec.count_cap)
    number = page_number(request.GET.get("page"), counter.num_pages)
    table.page = counter.page(number)
    table.paginator = counter
    actions = [a for a in spec.actions if not a.permission or has_permission(request, a.permission)]
    return ListPage(
        spec, filterset, table, counter, applied(filterset, request.GET), actions,
        request.GET.get("sort", ""), size,
    )  # fmt: skip
