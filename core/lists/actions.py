"""What may be done to many rows of a list at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from core.forms import ReasonForm

Text = str | Promise
FormFactory = Callable[[HttpRequest, QueryDict | None], forms.Form]


def reason_form(_request: HttpRequest, data: QueryDict | None) -> forms.Form:
    """Only why."""
    return ReasonForm(data)


@dataclass(frozen=True, slots=True)
class BulkContext:
    """What an action knows besides the row: the person's request, the form, the run's id."""

    request: HttpRequest
    values: dict[str, Any]
    run_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """One action on chosen rows.

    ``apply`` is called row by row, each in a transaction of its own, with a row of the list's
    queryset; it calls a service, may return a sentence for the result page, and raises
    RuleViolation to refuse the row. ``form`` asks why and for what else is needed; it is
    checked again with the same input when the work is done. ``url_name`` names a page (with
    the run's id as argument) that shows more of the result.
    """

    name: str
    label: Text
    permission: str
    consequence: Text
    apply: Callable[[Any, BulkContext], str | None]
    form: FormFactory = reason_form
    icon: str = "list-details"
    is_dangerous: bool = True
    url_name: str = ""
    url_label: Text = ""
