"""Bodies of requests: what a call does not know is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Strict(serializers.BaseSerializer[Any]):
    """Mixed into every serializer that reads a body: refuses members it does not take.

    A member that is told wrongly is as likely a slip of the pen as one that is missing, so
    both are told at once, each by its name.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The values; ValidationError names unknown members beside wrong ones."""
        unknown = self._unknown(data)
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if isinstance(error.detail, dict):
                raise serializers.ValidationError({**error.detail, **unknown}) from error
            raise
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def _unknown(self, data: Any) -> dict[str, list[str]]:
        if not isinstance(data, Mapping):
            return {}
        fields: Mapping[str, Any] = getattr(self, "fields", {})
        taken = {name for name, field in fields.items() if not field.read_only}
        return {
            str(name): [_("This call takes no such member.")]
            for name in sorted(set(map(str, data)) - taken)
        }


class Input(Strict, serializers.Serializer[Any]):
    """Base of the bodies of calls."""
