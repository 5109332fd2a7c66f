"""Kinds of objects: what a note, a file or an entry of the audit trail may be about.

Each app declares its own by the setting OBJECT_KINDS; the rest (history, notes, files, their
pages and API) works for every declared kind. One line in a template shows it::

    {% history site %}  {% notes site %}  {% files site %}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectKind:
    """One kind: its word in addresses, how a row is found, where its page is, who may see it.

    ``key`` is the field that addresses name; ``arguments`` says what the address of ``page``
    takes where that is more than the key, and ``related`` what it reads for that. ``shares_files``:
    a file may be shown to the customer that the row is.
    """

    name: str
    label: str | Promise
    model: type[models.Model]
    page: str
    view: str
    key: str = "public_id"
    arguments: Callable[[Any], list[Any]] | None = None
    related: tuple[str, ...] = ()
    has_notes: bool = False
    has_files: bool = False
    shares_files: bool = False

    def rows(self) -> QuerySet[Any]:
        """All rows; inside the operator's scope."""
        found: QuerySet[Any] = self.model._default_manager.all()
        return found.select_related(*self.related) if self.related else found

    def url(self, instance: models.Model) -> str:
        """The page of a row."""
        given = self.arguments(instance) if self.arguments else [getattr(instance, self.key)]
        return reverse(self.page, args=given)

    @property
    def type_name(self) -> str:
        """What the audit trail calls it, such as ``stations.site``."""
        return self.model._meta.label_lower

    def reference(self, instance: models.Model) -> str:
        """How addresses and the API name the row."""
        return str(getattr(instance, self.key))


KindSource = Callable[[], Iterable[ObjectKind]]


@cache
def kinds() -> Mapping[str, ObjectKind]:
    """All kinds by name."""
    found: dict[str, ObjectKind] = {}
    for path in settings.OBJECT_KINDS:
        module, _separator, name = path.rpartition(".")
        source: KindSource = getattr(import_module(module), name)
        found |= {kind.name: kind for kind in source()}
    return found


def kind_of(instance: models.Model) -> ObjectKind | None:
    """The kind of a row; None when its table is not declared."""
    return kind_of_type(instance._meta.label_lower)


def kind_of_type(type_name: str) -> ObjectKind | None:
    """The kind of a table as the audit trail names it."""
    for kind in kinds().values():
        if kind.type_name == type_name:
            return kind
    return None
