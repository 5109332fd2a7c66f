"""Forms and services: a refusal of a service becomes an error of the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from core.errors import RuleViolation

T = TypeVar("T")


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent by POST, be it nothing; None for a request that only looks."""
    return request.POST if request.method == "POST" else None


def day_widget() -> forms.DateInput:
    """The browser's own date field."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment_widget() -> forms.DateTimeInput:
    """The browser's own field for date and time, in the zone of the page."""
    return forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
    )


class ReasonForm(forms.Form):
    """Why something is done; kept in the audit trail."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )


def attempt(form: forms.BaseForm, call: Callable[[], T]) -> T | None:
    """What ``call`` returns; None when it refused, with the reason beside the field at fault."""
    try:
        return call()
    except RuleViolation as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal.message))
    except ValidationError as error:
        _add(form, error)
    return None


def attempted(form: forms.BaseForm, call: Callable[[], object]) -> bool:
    """Whether ``call`` was done, whatever it returns; else its refusal is in the form."""
    return attempt(form, lambda: (call(),)) is not None


def _add(form: forms.BaseForm, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
