"""The door for who knows where nobody invoices (setting ``UNINVOICED_PLACES``): sessions there need
no billing account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

Place = tuple[int, date]
"""A site, by key, on a day."""


class UninvoicedPlaces(Protocol):
    """Whoever knows the contracts of sites."""

    def among(self, places: Collection[Place]) -> Collection[Place]:
        """Those of ``places`` at which nobody invoices that day, of any operator; the number of
        queries does not depend on how many there are."""
        ...


def uninvoiced() -> UninvoicedPlaces:
    """The source that the installation names."""
    return _uninvoiced(str(settings.UNINVOICED_PLACES))


@cache
def _uninvoiced(path: str) -> UninvoicedPlaces:
    found: UninvoicedPlaces = import_string(path)()
    return found
