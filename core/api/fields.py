"""Serializer fields of their own."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.inputs import Input
from core.tenancy.places import place_source


class ObjectField(serializers.DictField):
    """A JSON object that PostgreSQL can store: no NUL, no lone surrogate, no infinity."""

    default_error_messages = {"unstorable": _("Holds a character or number that no JSON has.")}

    def to_internal_value(self, data: Any) -> dict[Any, Any]:
        """The object as given."""
        value = super().to_internal_value(data)
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            text.encode()
        except (ValueError, RecursionError):
            self.fail("unstorable")
        if "\\u0000" in text:
            self.fail("unstorable")
        return value


class SiteKeysField(serializers.ListField):
    """Sites by their public id."""

    child = serializers.CharField(max_length=24)

    def to_internal_value(self, data: Any) -> list[int]:
        """Their keys; refuses one that the operator does not have."""
        given = super().to_internal_value(data)
        known = place_source().keys(given)
        missing = [one for one in given if one not in known]
        if missing:
            raise serializers.ValidationError(f"There is no site {', '.join(missing)}.")
        return [known[one] for one in given]


class ReasonSerializer(Input):
    """Why something is done; kept in the audit trail."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
