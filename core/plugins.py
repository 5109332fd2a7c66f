"""What upper floors plug into lower ones: settings of dotted paths (docs/architecture.md)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def plugged(setting: str) -> tuple[Any, ...]:
    """The objects that the dotted paths of ``setting`` name, in their order.

    Raises ImportError for a path that names nothing.
    """
    return _loaded(tuple(getattr(settings, setting)))


@cache
def _loaded(paths: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(import_string(path) for path in paths)
