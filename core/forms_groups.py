"""Long forms in groups of fields, each with a heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise

Group = tuple[str | Promise, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A heading and the fields below it."""

    title: str | Promise
    fields: list[BoundField]

    @property
    def has_errors(self) -> bool:
        """Whether something is wrong in here."""
        return any(field.errors for field in self.fields)


class GroupedForm(forms.BaseForm):
    """A form whose ``GROUPS`` name every field; components/form_groups.html shows it."""

    GROUPS: ClassVar[Sequence[Group]] = ()

    def groups(self) -> list[ShownGroup]:
        """The groups with the fields that this form has."""
        shown = [
            ShownGroup(title, [self[name] for name in names if name in self.fields])
            for title, names in self.GROUPS
        ]
        return [group for group in shown if group.fields]


class ListChoiceField(forms.MultipleChoiceField):
    """Some of several choices, as check boxes; its value is a list in the order of the choices."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.CheckboxSelectMultiple, **kwargs})

    def clean(self, value: Any) -> list[str]:
        """The chosen ones, in the order in which they are offered."""
        chosen = set(super().clean(value))
        return [str(key) for key, _label in self.choices if str(key) in chosen]  # type: ignore[union-attr,misc]  # choices are pairs here
