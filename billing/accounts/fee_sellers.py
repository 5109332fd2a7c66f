"""The door for who knows sellers: who may bill a fee (``FEE_SELLERS``)."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class FeeSellers(Protocol):
    """Whoever knows the operator's sellers."""

    def choices(self) -> list[tuple[str, str]]:
        """Public id and name of the sellers in use."""
        ...

    def name(self, ref: str) -> str:
        """What a seller is called; empty for none."""
        ...


def fee_sellers() -> FeeSellers:
    """The source that the installation names."""
    return _source(str(settings.FEE_SELLERS))


@cache
def _source(path: str) -> FeeSellers:
    found: FeeSellers = import_string(path)()
    return found
