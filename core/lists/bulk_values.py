"""Values of an API call as the form of a bulk action takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.errors import NON_FIELD
from core.lists.actions import BulkAction


def form_of(
    action: BulkAction, request: HttpRequest, values: Mapping[str, Any]
) -> tuple[forms.Form, QueryDict]:
    """The valid form and what it was filled with; ValidationError names each value at fault."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, _texts(value))
    form = action.form(request, data)
    unknown = {
        name: [_("This call takes no such member.")]
        for name in sorted(set(values) - set(form.fields))
    }
    if unknown or not form.is_valid():
        found: dict[str, Any] = {
            NON_FIELD if name == "__all__" else name: list(errors)
            for name, errors in form.errors.items()
        }
        raise serializers.ValidationError({"values": {**found, **unknown}})
    return form, data


def described(action: BulkAction, request: HttpRequest) -> list[dict[str, Any]]:
    """The members of ``values``: name, label, whether it must be given, what may be chosen."""
    form = action.form(request, None)
    return [
        {
            "name": name,
            "label": str(field.label or name),
            "is_required": field.required,
            "choices": [str(value) for value, _label in _choices(field) if value not in (None, "")],
        }
        for name, field in form.fields.items()
    ]


def _choices(field: forms.Field) -> list[tuple[Any, Any]]:
    """Flat, also where they stand in groups."""
    flat: list[tuple[Any, Any]] = []
    for value, label in getattr(field, "choices", ()) or ():
        flat += list(label) if isinstance(label, list | tuple) else [(value, label)]
    return flat


def _texts(value: Any) -> list[str]:
    """As a browser would send it: false and null are not sent, an object is JSON."""
    if value is None or value is False:
        return []
    if isinstance(value, list):
        return [_text(one) for one in value]
    return [_text(value)]


def _text(value: Any) -> str:
    if value is True:
        return "on"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
