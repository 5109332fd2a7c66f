"""What this installation can import, from the setting IMPORT_SPECS."""

from __future__ import annotations

from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from core.accounts.middleware import has_permission
from core.imports.spec import ImportSpec


@cache
def specs() -> dict[str, ImportSpec]:
    """All kinds by name, in the order of the setting."""
    found = [import_string(path) for path in settings.IMPORT_SPECS]
    return {spec.name: spec for spec in found}


def allowed(request: HttpRequest) -> dict[str, ImportSpec]:
    """The kinds that the caller may import, with the columns that they may write."""
    may = partial(has_permission, request)
    return {n: spec.narrowed(may) for n, spec in specs().items() if may(spec.permission)}
