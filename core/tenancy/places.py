"""A second scope inside the operator's: the places that a limited member works with.

The kernel does not know what a place is. A table says by which column its rows belong to one
(``Placing``), its manager leaves out the rows of all other places, and whoever knows the places
plugs in by the setting ``PLACE_SOURCE``. Without a limit nothing is filtered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any, Protocol, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

M = TypeVar("M", bound=models.Model)
_places: ContextVar[frozenset[int] | None] = ContextVar("places", default=None)


@dataclass(frozen=True, slots=True)
class Placing:
    """How a row belongs to a place: its column, and the table of which that is the key.

    Without ``through`` the column is the place itself. No foreign key is needed.
    """

    column: str
    through: str = ""

    def value(self, row: models.Model) -> Any:
        """What ``row`` has in the column."""
        return row.pk if self.column == "pk" else getattr(row, self.column)


@dataclass(frozen=True, slots=True)
class ObjectPlacing:
    """A row is about another one, named by table and key; it belongs where that one does."""

    type_column: str = "object_type"
    key_column: str = "object_id"


class Holder(Enum):
    """Who can be limited to places."""

    MEMBER = auto()
    TOKEN = auto()


@dataclass(frozen=True, slots=True)
class AnyPlacing:
    """A row belongs where one of its columns says; where all are empty it is about every place."""

    placings: tuple[Placing, ...]


class PlaceSource(Protocol):
    """What the floor that knows places offers to the kernel."""

    def places_of(self, holder: Holder, pk: int) -> frozenset[int]:
        """The places of a limited member or token; none when none was chosen."""
        ...

    def names(self, holder: Holder, pks: Collection[int]) -> Mapping[int, list[str]]:
        """Names of the chosen places by member or token, in order."""
        ...

    def joined_names(self, holder: Holder) -> Combinable:
        """Expression over members or tokens: the names of the chosen places in one text."""
        ...

    def choices(self) -> list[tuple[int, str]]:
        """All places of the operator in scope that may be chosen, with their names."""
        ...

    def keys(self, public_ids: Collection[str]) -> Mapping[str, int]:
        """Keys of the places with these public ids, of those that are there."""
        ...

    def assign(self, holder: Holder, pk: int, operator_id: int, places: Collection[int]) -> None:
        """Make these the places of a member or token; raises InvalidInput for one that is not
        there."""
        ...


@cache
def place_source() -> PlaceSource:
    """The source that the installation names."""
    source: PlaceSource = import_string(settings.PLACE_SOURCE)()
    return source


@contextmanager
def limited_to(places: frozenset[int] | None) -> Iterator[None]:
    """See only rows of ``places``; None: of every place."""
    token = _places.set(places)
    try:
        yield
    finally:
        _places.reset(token)


def current_places() -> frozenset[int] | None:
    """The places in scope; None when there is no limit."""
    return _places.get()


def within_places(queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """``queryset`` without the rows of places that are not in scope."""
    places = _places.get()
    placing = placing_of(queryset.model)
    if places is None or placing is None:
        return queryset
    if isinstance(placing, ObjectPlacing):
        return queryset.filter(_about(placing, places))
    if isinstance(placing, AnyPlacing):
        return queryset.filter(_any(placing, places))
    return queryset.filter(**{f"{placing.column}__in": _allowed(placing, places)})


def is_within_places(row: models.Model) -> bool:
    """Whether ``row`` belongs to a place in scope, or to none by its nature."""
    places = _places.get()
    placing = placing_of(type(row))
    if places is None or placing is None:
        return True
    if isinstance(placing, ObjectPlacing):
        return _is_about(placing, places, row)
    if isinstance(placing, AnyPlacing):
        named = [one for one in placing.placings if one.value(row) is not None]
        return not named or any(_is_at(one, places, row) for one in named)
    return _is_at(placing, places, row)


def _is_at(placing: Placing, places: frozenset[int], row: models.Model) -> bool:
    value = placing.value(row)
    if not placing.through:
        return value in places
    return _keys(placing.through, places).filter(pk=value).exists()


def placing_of(model: type[models.Model]) -> Placing | ObjectPlacing | AnyPlacing | None:
    """How rows of ``model`` belong to a place; None when they do not."""
    placing: Placing | ObjectPlacing | AnyPlacing | None = getattr(model, "placing", None)
    return placing


@cache
def _placed_tables() -> dict[str, Placing]:
    """The tables that rows about objects may name, as they name them."""
    return {
        model._meta.label_lower: placing
        for model in apps.get_models()
        if isinstance(placing := placing_of(model), Placing)
        and isinstance(model._meta.pk, models.AutoField)
    }


def _about(placing: ObjectPlacing, places: frozenset[int]) -> models.Q:
    """Rows about objects of the places, and about objects that belong to none."""
    tables = _placed_tables()
    found = ~models.Q(**{f"{placing.type_column}__in": list(tables)})
    for name in tables:
        keys = _keys(name, places).annotate(_key=Cast("pk", models.CharField())).values("_key")
        found |= models.Q(**{placing.type_column: name, f"{placing.key_column}__in": keys})
    return found


def _any(placing: AnyPlacing, places: frozenset[int]) -> models.Q:
    """Rows of the places by one of the columns, and rows that name none."""
    found, nowhere = models.Q(), models.Q()
    for one in placing.placings:
        found |= models.Q(**{f"{one.column}__in": _allowed(one, places)})
        nowhere &= models.Q(**{f"{one.column}__isnull": True})
    return found | nowhere


def _is_about(placing: ObjectPlacing, places: frozenset[int], row: models.Model) -> bool:
    name = getattr(row, placing.type_column)
    if name not in _placed_tables():
        return True
    return _keys(name, places).filter(pk=getattr(row, placing.key_column)).exists()


def _allowed(placing: Placing, places: frozenset[int]) -> Iterable[int] | models.QuerySet[Any]:
    return _keys(placing.through, places) if placing.through else places


def _keys(table: str, places: frozenset[int]) -> models.QuerySet[Any]:
    """Keys of the rows of a table that belong to the places, as a query."""
    model = apps.get_model(table)
    inner = placing_of(model)
    if not isinstance(inner, Placing):
        raise TypeError(f"{table} does not say how its rows belong to a place.")
    rows: models.QuerySet[Any] = models.QuerySet(model=model)
    return rows.order_by().filter(**{f"{inner.column}__in": _allowed(inner, places)}).values("pk")


class PlacedManager(models.Manager[M]):
    """Default manager of rows that have no operator column of the usual kind, but a place."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        """Rows of the places in scope."""
        return within_places(super().get_queryset())
