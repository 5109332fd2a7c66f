"""Base table and the columns that lists are made of."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.utils import A

from core.ui import html, units

Label = str | Promise


class ListTable(django_tables2.Table):
    """Base of all tables. Set ``order_by`` for the default order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, order_by_field="sort", page_field="page", **kwargs)

    class Meta:
        template_name = "core/lists/table.html"
        attrs = {"class": "list"}
        empty_text = ""


def stable(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The same order with the primary key at the end, so that pages never overlap."""
    order = queryset.query.order_by or tuple(queryset.model._meta.ordering or ())
    last = str(order[-1]) if order else ""
    if last.lstrip("-") in {"pk", "id"}:
        return queryset.order_by(*order)
    return queryset.order_by(*order, "-pk" if last.startswith("-") else "pk")


def _path(dotted: str) -> A:
    """An accessor of a dotted path (the library itself writes ``__``)."""
    return A(dotted.replace(".", "__"))


class TextColumn(django_tables2.Column):
    """Plain text. ``end=True`` sets it right; ``card_hide=True`` leaves it out on phones."""

    css = ""

    def __init__(
        self, label: Label, *, end: bool = False, card_hide: bool = False, **kwargs: Any
    ) -> None:
        names = [self.css, "end" if end else "", "card-hide" if card_hide else ""]
        classes = " ".join(filter(None, names))
        attrs = {"td": {"class": classes}, "th": {"class": "end" if end else ""}} if classes else {}
        super().__init__(verbose_name=label, attrs=attrs, default=html.none_html(), **kwargs)


class TitleColumn(TextColumn):
    """The row's name, linked to its page; the heading of the card on phones.

    ``detail`` is the URL name and ``key`` the accessor of its argument, from the row.
    """

    css = "card-title"

    def __init__(self, label: Label, *, detail: str, key: str = "pk", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.detail, self.key = detail, _path(key)

    def render(self, value: object, record: Any) -> SafeString:
        """A real link, so that it opens in a new tab."""
        url = reverse(self.detail, args=[self.key.resolve(record)])
        return format_html('<a class="title" href="{}">{}</a>', url, value)


class LinkColumn(TextColumn):
    """A related object linked to its page; ``key`` is resolved from the row."""

    def __init__(self, label: Label, *, detail: str, key: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.detail, self.key = detail, _path(key)

    def render(self, value: object, record: Any) -> SafeString:
        """A real link."""
        url = reverse(self.detail, args=[self.key.resolve(record)])
        return format_html('<a href="{}">{}</a>', url, value)


class StatusColumn(TextColumn):
    """Colour, icon and word of a state; ``stale`` names an accessor that is true when offline."""

    def __init__(
        self, label: Label, *, kind: str = "connector", stale: str = "", **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.kind, self.stale = kind, _path(stale) if stale else None

    def render(self, value: object, record: Any, bound_column: Any) -> SafeString:
        """The state itself, not its display text."""
        raw = bound_column.accessor.resolve(record, quiet=True)
        stale = bool(self.stale and self.stale.resolve(record, quiet=True))
        return html.status_html(value if raw is None else raw, self.kind, stale=stale)


class MomentColumn(TextColumn):
    """Absolute time, relative in the tooltip; ``ago=True`` the other way round."""

    def __init__(
        self, label: Label, *, seconds: bool = False, ago: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.seconds, self.ago = seconds, ago

    def render(self, value: Any) -> SafeString:
        """The zone stands once, below the list."""
        return html.moment_html(value, seconds=self.seconds, zone=False, relative_first=self.ago)


class IdColumn(TextColumn):
    """An id in monospace with a copy button."""

    def render(self, value: object) -> SafeString:
        """The whole id."""
        return html.copyable_html(value)


class EnergyColumn(TextColumn):
    """Wh shown as kWh, right-aligned."""

    def __init__(self, label: Label, **kwargs: Any) -> None:
        super().__init__(label, end=True, **kwargs)

    def render(self, value: Any) -> str:
        """Two decimals."""
        return units.energy(value)


class PowerColumn(EnergyColumn):
    """W shown as kW, right-aligned."""

    def render(self, value: Any) -> str:
        """One decimal."""
        return units.power(value)


class DurationColumn(EnergyColumn):
    """A timedelta or seconds, right-aligned."""

    def render(self, value: Any) -> str:
        """Hours and minutes."""
        return units.duration(value)


class MoneyColumn(TextColumn):
    """An amount in the currency of its row, right-aligned."""

    def __init__(self, label: Label, *, currency: str = "currency", **kwargs: Any) -> None:
        super().__init__(label, end=True, **kwargs)
        self.currency = _path(currency)

    def render(self, value: Any, record: Any) -> str:
        """In the decimals of the currency."""
        return units.money(value, str(self.currency.resolve(record)))
