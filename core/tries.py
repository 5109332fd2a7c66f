"""Counting tries: how often something may be done within a time."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from core.errors import RuleViolation

HOUR: Final = 3_600


def refuse_many(key: str, most: int, seconds: int = HOUR) -> None:
    """Refuse what was done more often than ``most`` times within so many seconds."""
    cache.add(key, 0, seconds)
    try:
        count = cache.incr(key)
    except ValueError:  # it lapsed in between
        return
    if count > most:
        raise RuleViolation("many_tries", _("Too many tries. Wait a while and try again."))
