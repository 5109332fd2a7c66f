"""Months in forms: the browser's own field where it has one, else text as 2026-11."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.months import last_day, month_of

NO_MONTH: Final = _("Write a month as 2026-11.")


class FirstDayField(forms.CharField):
    """A month as 2026-11; its value is the first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def prepare_value(self, value: Any) -> Any:
        """A day as its month."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        """Refuses what is no month; None where none is needed and given."""
        text = super().clean(value)
        if not text:
            return None
        found = month_of(text)
        if found is None:
            raise forms.ValidationError(NO_MONTH)
        return found

    def comparable(self, value: Any) -> str:
        """The same for a day and for what was typed, when a form is checked for staleness."""
        return f"{value:%Y-%m}" if isinstance(value, date) else str(value or "")


class MonthField(forms.CharField):
    """A month as 2026-11; its value is the first and last day."""

    widget = forms.DateInput(attrs={"type": "month"})

    def clean(self, value: Any) -> tuple[date, date]:
        """Refuses what is no month."""
        found = month_of(super().clean(value))
        if found is None:
            raise forms.ValidationError(NO_MONTH)
        return found, last_day(found)
