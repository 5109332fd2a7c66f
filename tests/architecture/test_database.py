"""What holds for every table of the product."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from tests.architecture.tree import PACKAGES

# One row per station or bridge, never listed.
UNORDERED = {"StationLink", "BridgeLease"}


def own_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.partition(".")[0] in PACKAGES:
            yield model


def fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.get_fields() if isinstance(field, models.Field)]


def indexed_first(model: type[models.Model]) -> set[str]:
    """The columns that an index, a constraint or the key starts with."""
    found = set()
    for index in model._meta.indexes:
        if index.fields:
            found.add(index.fields[0].lstrip("-"))
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            found.add(constraint.fields[0])
    return found | {group[0] for group in model._meta.unique_together if group}


# A row for every message of every station, never searched by operator alone.
UNSEARCHED = {"SessionFact.operator"}


def test_every_foreign_key_has_an_index() -> None:
    bare = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in fields(model)
        if isinstance(field, models.ForeignKey)
        and not (getattr(field, "db_index", False) or field.unique)
        and field.name not in indexed_first(model)
    ]

    assert set(bare) == UNSEARCHED


def test_every_table_has_an_order() -> None:
    loose = {model.__name__ for model in own_models() if not model._meta.ordering}

    assert loose - UNORDERED == set()


def test_amounts_are_never_floats() -> None:
    floats = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in fields(model)
        if isinstance(field, models.FloatField)
        and any(word in field.name for word in ("amount", "price", "cost", "fee", "energy"))
    ]

    assert floats == []


def test_instants_and_dates_are_named_for_what_they_are() -> None:
    wrong = []
    for model in own_models():
        for field in fields(model):
            if field.model is not model or not type(field).__module__.startswith("django"):
                continue
            if isinstance(field, models.DateTimeField):
                good = field.name.endswith("_at") or field.name in (
                    "at",
                    "last_login",
                    "date_joined",
                )
            elif isinstance(field, models.DateField):
                good = field.name.endswith("_on")
            else:
                good = not field.name.endswith(("_at", "_on"))
            if not good:
                wrong.append(f"{model.__name__}.{field.name}")

    assert wrong == []


def test_each_process_of_a_run_speaks_with_a_valkey_of_its_own() -> None:
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert settings.CACHES["default"]["LOCATION"] == os.environ["REDIS_URL"]
