"""Which columns a list shows and exports: its own, and those that a person chose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.lists.spec import CsvColumn, ListSpec
from core.lists.tables import TextColumn
from core.ui import html, units

ALL: Final = "all"
"""Value of ``columns`` in the address that means every column of the files."""


class ExtraColumn(TextColumn):
    """A column of the files that the table has not by itself."""

    def __init__(self, label: str, column: CsvColumn, *, field: str = "") -> None:
        order = {"order_by": field} if field else {"orderable": False}
        super().__init__(label, accessor="pk", card_hide=True, **order)
        self.csv_column = column

    def render(self, record: Any) -> str | SafeString:
        """The value by its kind."""
        return shown(self.csv_column.value(record))


def shown(value: object) -> str | SafeString:
    """A raw value as people read it."""
    if value is None or value == "":
        return html.none_html()
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime | date):
        return html.moment_html(value, zone=False)
    if isinstance(value, timedelta):
        return units.duration(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column to choose; ``position`` counts from 1 within what is shown."""

    key: str
    label: str
    is_shown: bool
    position: int


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """The columns of one request. ``is_chosen``: not simply what the list has by itself."""

    spec: ListSpec
    keys: tuple[str, ...]
    is_chosen: bool

    @property
    def extra(self) -> list[tuple[str, ExtraColumn]]:
        """Columns to add to the table."""
        extras = extras_of(self.spec)
        return [
            (key, ExtraColumn(_label(self.spec, extras[key]), extras[key], field=_field(self, key)))
            for key in self.keys
            if key in extras
        ]

    @property
    def hidden(self) -> tuple[str, ...]:
        """Columns of the table that are not shown."""
        return tuple(key for key in self.spec.table.base_columns if key not in self.keys)

    @property
    def files(self) -> list[CsvColumn]:
        """What an export holds: everything, or what was chosen in its order."""
        if not self.is_chosen:
            return list(self.spec.csv)
        by_key: dict[str, list[CsvColumn]] = {}
        for column in self.spec.csv:
            by_key.setdefault(table_key(self.spec, column) or column.name, []).append(column)
        return [column for key in self.keys for column in by_key.get(key, [])]

    @property
    def choices(self) -> list[ColumnChoice]:
        """Everything that may be shown: first what is, in its order."""
        labels = labels_of(self.spec)
        rest = [key for key in labels if key not in self.keys]
        order = [*self.keys, *rest]
        return [ColumnChoice(k, labels[k], k in self.keys, n) for n, k in enumerate(order, 1)]

    @property
    def address(self) -> str:
        """The value of ``columns`` in an address that others may open."""
        return ",".join(self.keys) if self.is_chosen else ""


def plan(spec: ListSpec, asked: str, kept: Iterable[str]) -> ColumnPlan:
    """The address wins over what the person keeps; unknown names are left out."""
    if asked == ALL:
        return ColumnPlan(spec, own(spec), False)
    keys = known(spec, asked.split(",")) or known(spec, kept)
    return ColumnPlan(spec, keys or own(spec), bool(keys) and keys != own(spec))


def known(spec: ListSpec, keys: Iterable[str]) -> tuple[str, ...]:
    """The names that the list has, each once, in the given order."""
    labels = labels_of(spec)
    return tuple(dict.fromkeys(key for key in keys if key in labels))


def own(spec: ListSpec) -> tuple[str, ...]:
    """What the list shows by itself."""
    return tuple(spec.table.base_columns)


def labels_of(spec: ListSpec) -> dict[str, str]:
    """Every column that can be shown, with its word."""
    found = {key: str(column.verbose_name) for key, column in spec.table.base_columns.items()}
    extras = {key: _label(spec, column) for key, column in extras_of(spec).items()}
    return found | extras


def extras_of(spec: ListSpec) -> dict[str, CsvColumn]:
    """Columns of the files that no column of the table shows."""
    return {c.name: c for c in spec.csv if table_key(spec, c) is None}


def table_key(spec: ListSpec, column: CsvColumn) -> str | None:
    """The table's column that shows the same as a column of the files."""
    if column.column:
        return column.column
    dotted = column.path
    for key, one in spec.table.base_columns.items():
        accessor = one.accessor if isinstance(one.accessor, str) else ""
        names = {key, str(accessor).replace("__", ".")} - {"", "pk"}
        if {column.name, dotted, dotted.removesuffix(".name")} & names:
            return str(key)
    return None


def _model(spec: ListSpec) -> type[models.Model] | None:
    model: type[models.Model] | None = spec.filterset._meta.model
    return model


def _fields(spec: ListSpec, dotted: str) -> list[Any]:
    """The model's fields along a path; none when it leaves them."""
    model, found = _model(spec), []
    for part in filter(None, dotted.split(".")):
        if model is None:
            return []
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return []
        found.append(field)
        model = field.related_model if isinstance(field.related_model, type) else None
    return found


def _label(spec: ListSpec, column: CsvColumn) -> str:
    if column.label:
        return str(column.label)
    fields = _fields(spec, column.path)
    words: list[str | Promise] = [getattr(field, "verbose_name", field.name) for field in fields]
    if words:
        return capfirst(": ".join(str(word) for word in words))
    return capfirst(column.name.replace("_", " "))


def _field(plan: ColumnPlan, key: str) -> str:
    """The field to sort by; none for a computed value."""
    column = extras_of(plan.spec)[key]
    fields = _fields(plan.spec, column.path)
    sortable = fields and not isinstance(fields[-1], models.JSONField)
    return column.path.replace(".", "__") if sortable else ""
