"""Named ways out of the operator's scope; an allow-list test names every user of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django_scopes import scope, scopes_disabled

from core.tenancy.places import limited_to


@contextmanager
def operator_scope(operator: Any) -> Iterator[None]:
    """See only rows of ``operator`` (an Operator)."""
    with scope(operator=operator):
        yield


@contextmanager
def across_operators(why: str) -> Iterator[None]:
    """See rows of all operators and places. ``why`` states the purpose, for the reader."""
    if not why:
        raise ValueError("Say why all operators' rows are needed.")
    with scopes_disabled(), limited_to(None):
        yield
