"""The common part of planners: rows of one model, checked by the model's own rules."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from core.accounts.models import Operator
from core.imports.spec import ImportRow


class ModelPlanner:
    """Base of planners. ``apart``: names in the values that are no fields to check."""

    model: ClassVar[type[models.Model]]
    apart: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, operator: Operator) -> None:
        self.operator = operator

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """Nothing to load."""

    def current(self, found: Any, name: str) -> Any:
        """The field's value."""
        return getattr(found, name)

    def check(self, values: Mapping[str, Any], found: Any) -> models.Model:
        """The model's own checks of the fields that are set; uniqueness is the room's."""
        fields = {name: value for name, value in values.items() if name not in self.apart}
        row = copy.copy(found) if found is not None else self.model(**self.base())
        for name, value in fields.items():
            setattr(row, name, value)
        # References were looked up already; checking them again would ask for each row.
        own = {field.name for field in self.model._meta.fields if not field.is_relation}
        others = {field.name for field in self.model._meta.fields} - (own & set(fields))
        errors: dict[str, Any] = {}
        try:
            row.clean_fields(exclude=others)
        except ValidationError as error:
            errors = error.error_dict
        if errors:
            raise ValidationError(errors)
        return row

    def base(self) -> dict[str, Any]:
        """What a new row has besides its values."""
        return {"operator": self.operator}
