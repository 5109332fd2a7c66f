"""The rows of a page of a list as HTML.

The library works out for each cell anew which arguments a column's ``render`` takes and which
classes its cells have. Here that is done once for each column; a page of 200 rows has thousands
of cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_tables2.utils import signature

from core.lists.tables import ListTable


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its object, the attributes of ``<tr>``, its cells, and how its box is read aloud."""

    record: Any
    attrs: SafeString
    cells: SafeString
    choose: str


@dataclass(slots=True)
class _Column:
    """A column with what is the same for all of its cells."""

    bound: Any
    opening: SafeString
    wanted: frozenset[str]
    takes_all: bool

    def cell(self, row: Any, table: ListTable) -> SafeString:
        """One ``<td>``."""
        content = row._get_and_render_with(
            self.bound, render_func=self._renderer(row, table), default=self.bound.default
        )
        return format_html("{}{}</td>", self.opening, content)

    def _renderer(self, row: Any, table: ListTable) -> Callable[..., Any]:
        def render(bound: Any, value: Any = None) -> Any:
            given = {
                "value": value, "record": row.record, "column": bound.column,
                "bound_column": bound, "bound_row": row, "table": table,
            }  # fmt: skip
            taken = given if self.takes_all else {name: given[name] for name in self.wanted}
            content = bound.render(**taken)
            return bound.link(content, **given) if bound.link else content

        return render


def rows_of(table: ListTable) -> Iterator[GridRow]:
    """The rows of the table's page."""
    columns = [_column(bound) for bound in table.columns]
    words = _("Choose %(row)s")
    for row in table.paginated_rows:
        attrs = row.attrs
        yield GridRow(
            row.record,
            format_html(" {}", attrs.as_html()) if attrs else SafeString(),
            SafeString("".join([column.cell(row, table) for column in columns])),
            words % {"row": row.record},
        )


def _column(bound: Any) -> _Column:
    names, rest = signature(bound.render)
    css = bound.attrs["td"].get("class")
    opening = format_html(
        '<td{} data-label="{}">', format_html(' class="{}"', css) if css else "", bound.header
    )
    return _Column(bound, opening, frozenset(names), rest is not None)
