"""Applying validated changes to a row, with the before and after that the audit keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models


def apply_changes(
    instance: models.Model, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the fields that differ; returns what they were and what they are now (unsaved)."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in changes.items():
        old = getattr(instance, name)
        if old != value:
            before[name], after[name] = old, value
            setattr(instance, name, value)
    return before, after
